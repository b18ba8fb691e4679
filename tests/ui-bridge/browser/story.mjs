// SPDX-License-Identifier: MIT
// The whole story once: Chromium logs in to the bank with the certificate on the token (NSS, the SoftHSM module, its PIN typed
// into the browser's own dialog, then the passphrase); the bank says that the certificate expires; the agent says so on the
// desktop; it is renewed on the page that this opens; a new browser logs in with the new one; the old one is deleted.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { becomeDefaultBrowser, openDesktop, startAgent } from './desktop.mjs';
import { bin, check, deleteOld, equal, goAhead, onScreen, openDesk, openPage, openUi, packagesInstalled, run, source, test, unlock } from './harness.mjs';
import { memoryHolds } from './memory.mjs';

const tools = ['/usr/bin/Xvfb', '/usr/bin/xdotool', '/usr/bin/modutil', '/usr/bin/certutil'];
const missing = tools.filter((tool) => !existsSync(tool));
if (missing.length || !packagesInstalled()) {
  console.log(`skipped: not installed: ${[...missing, ...(packagesInstalled() ? [] : ['npm packages'])].join(', ')}`);
  process.exit(77);
}
const require = createRequire(join(process.env.KOSHIN_NPM ?? join(source, 'build/npm'), 'index.js'));

const pin = 'Zx7Unlikely91';  // found in memory, it can only have come from the person

/** A screen nobody sees; its number is chosen by the X server. */
async function openDisplay() {
  const server = spawn('/usr/bin/Xvfb', ['-displayfd', '1', '-screen', '0', '1300x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
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

/**
 * Answers the browser's own dialogs until `done` settles: the token's PIN, once, then the choice of a certificate, which has no
 * window of its own. A Return that comes too early goes to the blank page, which does nothing with it.
 */
async function answerDialogs(display, done) {
  const xdo = (...args) => { try { return execFileSync('/usr/bin/xdotool', args, { env: { DISPLAY: display }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }); } catch { return ''; } };
  let over = false;
  done.finally(() => { over = true; }).catch(() => {});
  let typed = false;
  xdo('mousemove', '640', '700', 'click', '1');
  while (!over) {
    const [window] = xdo('search', '--onlyvisible', '--name', '^Unlock Security Device$').split('\n');
    if (window && !typed) {
      xdo('windowfocus', '--sync', window);
      xdo('type', '--delay', '20', pin);
      xdo('key', 'Return');
      typed = true;
    } else if (typed && !window) {
      xdo('key', 'Return');
    }
    await new Promise((wake) => { setTimeout(wake, 500); });
  }
  check(typed, 'the browser asked for the PIN of the token');
}

/** A browser of its own that logs in; what the bank's page then says. */
async function login(desk, display, folder) {
  const context = await require('playwright-core').chromium.launchPersistentContext(join(desk.environment.HOME, folder), {
    headless: false, executablePath: '/usr/bin/chromium', locale: 'en-GB', env: { ...process.env, ...desk.environment, DISPLAY: display, LC_ALL: 'C.UTF-8' },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const [page] = context.pages();
  page.setDefaultTimeout(90000);
  const arrived = page.goto(`${desk.url}/login?lang=en`, { timeout: 90000 });
  await Promise.all([arrived, answerDialogs(display, arrived)]);
  await page.fill('#passphrase', 'sakura2026');
  await page.click('button[type=submit]');
  await page.waitForSelector('#welcome');
  return { context, notices: await page.locator('#renewal-notice').count(), serial: await page.textContent('#serial') };
}

async function renewOnPage(page) {
  await unlock(page, pin);
  await goAhead(page);
  await onScreen(page, 'completed');
}

const certificates = (desk, settings) => JSON.parse(execFileSync(join(bin, 'koshin'), ['inspect', '--json', '--settings', settings], { env: { ...process.env, ...desk.environment } }))
  .tokens[0].certificates.map(({ serial }) => serial);

test('the whole story: log in, be told, renew, log in again, delete the old certificate', async (defer) => {
  const desk = defer(await openDesk());
  await desk.do('token', { label: 'Sakura Token', pin });
  await desk.do('provision', { label: 'Sakura Token', days: 12, key: 'rsa-2048' });
  const settings = (await desk.do('settings', { extra: 'token.rescan_interval = 5' })).file;
  prepareNss(desk);
  const display = defer(await openDisplay());
  const desktop = defer(await openDesktop());
  const opener = defer(becomeDefaultBrowser(join(desk.folder, 'default-browser')));

  const before = await login(desk, display.name, 'profile-1');
  defer(before.context);
  equal(before.notices, 1, 'notices of the bank:');

  const agent = defer(startAgent(desk, settings, desktop, opener));
  const message = await desktop.shown();
  check(message.actions.includes('renew'), JSON.stringify(message));
  desktop.press(message.id, 'renew');
  const page = await openPage(await opener.address(), { context: before.context });
  await renewOnPage(page);
  check(memoryHolds(agent.pid, 'Sakura Token'), 'the scan itself finds what is there');
  check(!memoryHolds(agent.pid, pin), 'the PIN is in the memory of the agent');
  await page.click('.actions .primary');
  await onScreen(page, 'finished');
  await before.context.close();  // all windows, as the page says

  const after = await login(desk, display.name, 'profile-2');
  defer(after.context);
  equal((await desk.do('state')).issued, 1, 'certificates issued:');
  equal(after.notices, 0, 'notices of the bank:');
  check(after.serial !== before.serial, 'another certificate');
  equal(certificates(desk, settings).sort(), [before.serial, after.serial].sort(), 'on the token:');

  const again = defer(await openUi({ environment: desk.environment, settings }));
  const current = await openPage(again.url, { context: after.context });
  await onScreen(current, 'current');
  await deleteOld(current, pin);
  equal(certificates(desk, settings), [after.serial], 'on the token:');
  check(!agent.said().includes(pin), 'the PIN is in the log');
});

await run(process.argv[2]);
