// SPDX-License-Identifier: MIT
// The whole story once: Chromium logs in to the bank with the certificate on the token (NSS, the SoftHSM module, its PIN typed
// into the browser's own dialog, then the passphrase); the bank says that the certificate expires; it is renewed on the
// wizard's page; a new browser logs in with the new one; the old one is deleted. Needs Xvfb, xdotool and libnss3-tools.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { check, equal, eventually, onScreen, openDesk, openPage, openUi, packagesInstalled, pin, run, source, test } from './harness.mjs';

const tools = ['/usr/bin/Xvfb', '/usr/bin/xdotool', '/usr/bin/modutil', '/usr/bin/certutil'];
const missing = tools.filter((tool) => !existsSync(tool));
if (missing.length || !packagesInstalled()) {
  console.log(`skipped: not installed: ${[...missing, ...(packagesInstalled() ? [] : ['npm packages'])].join(', ')}`);
  process.exit(77);
}
const require = createRequire(join(process.env.KOSHIN_NPM ?? join(source, 'build/npm'), 'index.js'));

/** A screen nobody sees; its number is chosen by the X server. */
async function openDisplay() {
  const server = spawn('/usr/bin/Xvfb', ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await new Promise((ready, failed) => {
    server.stdout.once('data', (data) => ready(String(data).trim()));
    server.once('exit', () => failed(new Error('Xvfb ended')));
  });
  return { name: `:${number}`, close: () => new Promise((done) => { server.once('exit', done); server.kill(); }) };
}

/** The browser's certificate database knows the token's module and the bank's root. */
function prepareNss(desk) {
  const folder = join(desk.environment.HOME, '.pki/nssdb');
  mkdirSync(folder, { recursive: true });
  const options = { env: { ...process.env, ...desk.environment }, stdio: 'pipe' };
  execFileSync('/usr/bin/certutil', ['-N', '-d', `sql:${folder}`, '--empty-password'], options);
  execFileSync('/usr/bin/certutil', ['-A', '-d', `sql:${folder}`, '-n', 'bank', '-t', 'CT,,', '-i', desk.anchors], options);
  execFileSync('/usr/bin/modutil', ['-dbdir', `sql:${folder}`, '-add', 'softhsm', '-libfile', desk.module, '-force'], options);
}

/** Answers the browser's own dialogs, first the choice of a certificate, then the token's PIN, until `done` settles. */
async function answerDialogs(display, done) {
  const xdo = (...args) => { try { return execFileSync('/usr/bin/xdotool', args, { env: { DISPLAY: display }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }); } catch { return ''; } };
  let over = false;
  done.finally(() => { over = true; }).catch(() => {});
  let typed = false;
  while (!over) {
    const windows = xdo('search', '--onlyvisible', '--name', '.').trim().split('\n').filter(Boolean);
    const named = windows.map((id) => [id, xdo('getwindowname', id).trim()]);
    const asksPin = named.find(([, name]) => /sign in|password|PIN|token/i.test(name) && !/Chromium$/.test(name));
    const chooses = named.find(([, name]) => /select a certificate/i.test(name));
    if (asksPin && !typed) {
      xdo('windowfocus', '--sync', asksPin[0]);
      xdo('type', '--delay', '20', pin);
      xdo('key', 'Return');
      typed = true;
    } else if (chooses) {
      xdo('windowfocus', '--sync', chooses[0]);
      xdo('key', 'Return');
    } else if (windows.length) {
      if (process.env.KOSHIN_STORY_TALK) console.log(named.map(([, name]) => name).join(' | '));
    }
    await new Promise((wake) => { setTimeout(wake, 400); });
  }
}

async function login(desk, display, folder) {
  const context = await require('playwright-core').chromium.launchPersistentContext(join(desk.environment.HOME, folder), {
    headless: false, executablePath: '/usr/bin/chromium', locale: 'en-GB', env: { ...process.env, ...desk.environment, DISPLAY: display },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60000);
  const arrived = page.goto(`${desk.url}/login?lang=en`);
  await Promise.all([arrived, answerDialogs(display, arrived)]);
  await page.fill('input[name=passphrase]', 'sakura2026');
  await Promise.all([page.waitForNavigation(), page.click('button[type=submit], input[type=submit]')]);
  return { context, notices: await page.locator('#renewal-notice').count(), serial: await page.textContent('#serial') };
}

test('the whole story: log in, renew, log in again, delete the old certificate', async (defer) => {
  const desk = defer(await openDesk());
  await desk.do('token', { label: 'Sakura Token' });
  await desk.do('provision', { label: 'Sakura Token', days: 12, key: 'rsa-2048' });
  const settings = (await desk.do('settings')).file;
  prepareNss(desk);
  const display = defer(await openDisplay());

  const before = await login(desk, display.name, 'profile-1');
  defer(before.context);
  equal(before.notices, 1, 'notices of the bank:');

  const ui = defer(await openUi({ environment: desk.environment, settings }));
  const page = await openPage(ui.url, { context: before.context });
  await onScreen(page, 'unlock');
  await page.fill('#pin', pin);
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
  await page.click('.actions .primary');
  await onScreen(page, 'start');
  await page.click('.actions .primary');
  await onScreen(page, 'completed');
  await page.click('.actions .primary');
  equal(await ui.outcome(), 'completed');
  await before.context.close();  // all windows, as the page says

  const after = await login(desk, display.name, 'profile-2');
  defer(after.context);
  equal((await desk.do('state')).issued, 1, 'certificates issued:');
  equal(after.notices, 0, 'notices of the bank:');
  check(after.serial !== before.serial, 'another certificate');

  const again = defer(await openUi({ environment: desk.environment, settings }));
  const last = await openPage(again.url, { context: after.context });
  await onScreen(last, 'current');
  await last.click('.actions button:text("Delete")');
  await onScreen(last, 'delete_old');
  await last.click('.actions .danger');
  await onScreen(last, 'delete_confirm');
  await last.fill('#pin', pin);
  await last.click('.actions .danger');
  await eventually(() => last.locator('.note.good').count(), 'deleted');
});

await run(process.argv[2]);
