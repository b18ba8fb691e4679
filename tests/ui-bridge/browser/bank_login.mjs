// SPDX-License-Identifier: MIT
// Logging in to the bank as a person does: Chromium with the token's module, the PIN typed into its own dialog, the passphrase.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { check, packagesInstalled, source } from './harness.mjs';

const require = createRequire(join(process.env.KOSHIN_NPM ?? join(source, 'build/npm'), 'index.js'));

/** What a log-in needs and this machine lacks, in words; empty when it can begin. */
export function missingForLogin() {
  const tools = ['/usr/bin/Xvfb', '/usr/bin/xdotool', '/usr/bin/modutil', '/usr/bin/certutil'].filter((tool) => !existsSync(tool));
  return [...tools, ...(packagesInstalled() ? [] : ['npm packages'])].join(', ');
}

/** A screen nobody sees; its number is chosen by the X server. */
export async function openDisplay() {
  const server = spawn('/usr/bin/Xvfb', ['-displayfd', '1', '-screen', '0', '1300x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const number = await new Promise((ready, failed) => {
    server.stdout.once('data', (data) => ready(String(data).trim()));
    server.once('exit', () => failed(new Error('Xvfb ended')));
  });
  return { name: `:${number}`, close: () => new Promise((done) => { server.once('exit', done); server.kill(); }) };
}

/** The browser's certificate database knows the token's module and the bank's root. */
export function prepareNss(desk) {
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
async function answerDialogs(display, done, pin) {
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

/** A browser of its own that logs in; what the bank's page then says, in that language. */
export async function login(desk, display, folder, pin, environment = {}, language = 'en') {
  const context = await require('playwright-core').chromium.launchPersistentContext(join(desk.environment.HOME, folder), {
    headless: false, executablePath: '/usr/bin/chromium', locale: language === 'ja' ? 'ja-JP' : 'en-GB', env: { ...process.env, ...desk.environment, ...environment, DISPLAY: display, LC_ALL: 'C.UTF-8' },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const [page] = context.pages();
  page.setDefaultTimeout(90000);
  const arrived = page.goto(`${desk.url}/login?lang=${language}`, { timeout: 90000 });
  await Promise.all([arrived, answerDialogs(display, arrived, pin)]);
  await page.fill('#passphrase', 'sakura2026');
  await page.click('button[type=submit]');
  await page.waitForSelector('#welcome');
  return { context, page, notices: await page.locator('#renewal-notice').count(), serial: await page.textContent('#serial') };
}
