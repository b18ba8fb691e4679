// SPDX-License-Identifier: MIT
// The browser of a run (KOSHIN_BROWSER: chromium or firefox), the contexts that its tests share, and browsers of their own.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endRelay, throughRelay } from './system.mjs';

const npm = process.env.KOSHIN_NPM ?? resolve(dirname(fileURLToPath(import.meta.url)), '../../../build/npm');
export const packagesInstalled = () => existsSync(join(npm, 'node_modules/playwright-core'));
const require = createRequire(join(npm, 'index.js'));
export const axeSource = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Which browser this run is in: "chromium" or "firefox". */
export const engine = process.env.KOSHIN_BROWSER ?? 'chromium';
const engines = {
  chromium: {
    program: '/usr/bin/chromium',
    launch: {
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
    },
  },
  // Debian's own, over WebDriver BiDi.
  firefox: { program: '/usr/bin/firefox-esr', launch: { channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr' } },
};
/** What this run needs and does not have, in words; empty when it can begin. */
export function missing() {
  if (!packagesInstalled()) return 'the npm packages of tests/ui-bridge are not installed (./dev setup installs them)';
  return existsSync(engines[engine].program) ? '' : `${engines[engine].program} is not installed`;
}

let running = null;
let sharing = false;
/** Pages of one site share a process, which saves each test the start of one. A benchmark starts them as people do. */
export const shareProcesses = () => { sharing = true; };
/** The one browser of this run. */
export async function browser() {
  const { args = [], ...launch } = engines[engine].launch;
  running ??= await require('playwright-core')[engine].launch({ ...launch, args: [...args, ...await throughRelay(), ...(sharing && engine === 'chromium' ? ['--process-per-site'] : [])] });
  return running;
}
/**
 * A browser of its own with its password manager on, and without what tells it that it is driven. `files()` gives a folder with
 * what it has written so far, `log` is a file with what it says.
 */
export const ownBrowser = (folder, { siteData = true } = {}) => (engine === 'chromium' ? ownChromium(folder, siteData) : ownFirefox(folder, siteData));

async function ownChromium(folder, siteData) {
  const profile = join(folder, 'profile');
  mkdirSync(join(profile, 'Default'), { recursive: true });
  const blocked = siteData ? {} : { default_content_setting_values: { cookies: 2 } };
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify({ credentials_enable_service: true, profile: { password_manager_enabled: true, ...blocked } }));
  const context = await require('playwright-core').chromium.launchPersistentContext(profile, { ...engines.chromium.launch, locale: 'en-GB', ignoreDefaultArgs: ['--enable-automation'] });
  return { context, log: '', files: () => profile, close: () => context.close() };
}

/** Playwright makes its profile and removes it as the browser ends, so what is in it is copied before. */
async function ownFirefox(folder, siteData) {
  const [program, log, place] = ['firefox', 'log', 'place'].map((name) => join(folder, name));
  writeFileSync(log, '');
  writeFileSync(program, `#!/bin/bash
for argument; do [ "$before" = --profile ] && echo "$argument" >'${place}'; before=$argument; done
exec /usr/bin/firefox-esr "$@" > >(tee -a '${log}') 2> >(tee -a '${log}' >&2)
`, { mode: 0o755 });
  const firefox = await require('playwright-core').firefox.launch({ ...engines.firefox.launch, executablePath: program, firefoxUserPrefs: {
    'signon.rememberSignons': true, 'signon.debug': true, 'devtools.console.stdout.chrome': true, 'browser.formfill.enable': true,
    'browser.sessionstore.resume_from_crash': true, 'browser.sessionstore.interval': 1000, 'browser.sessionstore.interval.idle': 1000,
    ...(siteData ? {} : { 'network.cookie.cookieBehavior': 2 }),
  } });
  const files = () => {
    const copy = mkdtempSync(join(folder, 'copy-'));
    cpSync(readFileSync(place, 'utf8').trim(), copy, { recursive: true, filter: (name) => !name.endsWith('lock') && !name.includes('cache2') });
    return copy;
  };
  return { context: await firefox.newContext({ locale: 'en-GB' }), log, files, close: () => firefox.close() };
}

export async function closeBrowser() {
  await running?.close();
  endRelay();
}

/** Contexts that no test has at the moment, by what they pretend to be. */
const idle = new Map();
/** A page that stays open keeps its process for the tests' pages, which are all on this address. */
let placeholder = null;
async function stay(context) {
  placeholder ??= await new Promise((ready) => {
    const server = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>stays</title>'));
    server.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${server.address().port}/`)).unref();
  });
  const page = await context.newPage();
  await page.goto(placeholder);
  return page;
}

/**
 * A context that nobody else has; closing it gives it back. What a page kept belongs to a port that is gone by then, and cookies
 * are taken out.
 */
export async function contextLike(looks) {
  const kind = JSON.stringify(looks);
  const free = idle.get(kind)?.pop();
  if (free) return free;
  const context = await (await browser()).newContext(looks);
  if (!sharing) return context;
  const kept = await stay(context);
  const close = context.close.bind(context);
  context.close = async () => {
    try {
      for (const page of context.pages()) if (page !== kept) await page.close();
      await context.clearCookies();
      idle.set(kind, [...(idle.get(kind) ?? []), context]);
    } catch {
      await close();
    }
  };
  return context;
}
