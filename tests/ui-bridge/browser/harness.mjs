// SPDX-License-Identifier: MIT
// What the browser tests share: one browser (KOSHIN_BROWSER: chromium or firefox), a koshin-ui for each test, the desk fixture, and the list of tests.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
export const source = resolve(here, '../../..');
export const bin = process.env.KOSHIN_BIN ?? join(source, 'build/release/bin');
const npm = process.env.KOSHIN_NPM ?? join(source, 'build/npm');
/** Where each screen's pictures are kept; none are taken without. */
export const pictures = process.env.KOSHIN_PICTURES ?? '';
export const pin = '1234567890';
/** Pictures of an earlier run would tell of screens as they are no more. */
export function emptyPictures() {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  for (const name of readdirSync(pictures)) if (name.endsWith('.png')) rmSync(join(pictures, name));
}

export const packagesInstalled = () => existsSync(join(npm, 'node_modules/playwright-core'));
const require = createRequire(join(npm, 'index.js'));

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
/** The one browser of this run. */
export async function browser() {
  running ??= await require('playwright-core')[engine].launch(engines[engine].launch);
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

export async function closeBrowser() { await running?.close(); }
export const axeSource = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
export function temporaryFolder() { return mkdtempSync(join(scratch, 'koshin-page-')); }

/** A child whose standard output is read line by line. */
class Child {
  constructor(program, args, options) {
    this.process = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    this.lines = [];
    this.waiting = [];
    this.errors = '';
    this.ended = new Promise((done) => { this.process.on('close', (code, signal) => done(code ?? signal)); });
    this.process.on('error', (error) => { this.errors += error; });
    this.process.stdin.on('error', () => {});
    this.process.stderr.on('data', (data) => { this.errors += data; });
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      const next = this.waiting.shift();
      if (next) next(line);
      else this.lines.push(line);
    });
  }

  /** The next line; an error when the process ends first. */
  line() {
    if (this.lines.length) return Promise.resolve(this.lines.shift());
    return Promise.race([new Promise((done) => { this.waiting.push(done); }),
      this.ended.then((code) => { throw new Error(`ended with ${code}: ${this.errors}`); })]);
  }

  say(object) { this.process.stdin.write(`${JSON.stringify(object)}\n`); }
  kill(signal) { this.process.kill(signal); return this.ended; }
}

/** SoftHSM, the bank and settings; see fixture_main.cpp for its commands. */
export async function openDesk() {
  const child = new Child(join(bin, 'ui_bridge_fixture'), []);
  const desk = JSON.parse(await child.line());
  desk.do = async (name, more = {}) => {
    child.say({ do: name, ...more });
    const answer = JSON.parse(await child.line());
    if (answer.error) throw new Error(answer.error);
    return answer;
  };
  desk.close = async () => { child.process.stdin.end(); await child.ended; };
  return desk;
}

/** A desk with a token, a certificate on it that is due, and settings. */
export async function deskWith(defer, { days = 12, key = 'ec-p256', extra = '', provisioned = true, pin: secret = pin } = {}) {
  const desk = defer(await openDesk());
  await desk.do('token', { label: 'Sakura Token', pin: secret });
  if (provisioned) await desk.do('provision', { label: 'Sakura Token', days, key });
  desk.settings = (await desk.do('settings', { extra })).file;
  return desk;
}

/** koshin-ui with its page open but nobody there yet. */
/** With `opens` it opens the browser itself, in that environment, and its address is not known here. */
export async function openUi({ programs = bin, environment = {}, args = [], settings, opens } = {}) {
  const child = new Child(join(programs, 'koshin-ui'), ['--page-only', ...(opens ? [] : ['--print-url']), ...(settings ? ['--settings', settings] : []), ...args],
    { env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', ...environment, ...opens } });
  const url = opens ? 'http://unknown/' : await child.line();
  return {
    url, origin: new URL(url).origin, capability: url.split('#')[1], port: Number(new URL(url).port), pid: child.process.pid, child,
    say: (message) => child.say(message),
    /** How it ended. */
    outcome: async () => { const line = await child.line(); await child.ended; return line; },
    kill: (signal = 'SIGKILL') => child.kill(signal),
    async stop() { if (child.process.exitCode === null && child.process.signalCode === null) { child.process.kill('SIGKILL'); await child.ended; } },
  };
}

/** koshin-ui beside a worker that plays `scenario`; nothing of the machine's own state is touched. `journal`: what it remembers. */
export async function openFakeUi(scenario, { args = [], toml = '', journal, opens, folder = temporaryFolder() } = {}) {
  const programs = join(folder, 'bin');
  for (const name of ['bin', 'home', 'run']) mkdirSync(join(folder, name), { mode: 0o700, recursive: true });
  copyFileSync(join(bin, 'koshin-ui'), join(programs, 'koshin-ui'));
  copyFileSync(join(here, 'fake_worker.mjs'), join(programs, 'koshin-worker'));
  chmodSync(join(programs, 'koshin-worker'), 0o755);
  writeFileSync(join(programs, 'package.json'), '{"type":"module"}');
  writeFileSync(join(programs, 'scenario.json'), JSON.stringify(scenario));
  const settings = join(folder, 'koshin.toml');
  writeFileSync(settings, `${toml}\n`, { mode: 0o600 });
  const environment = { HOME: join(folder, 'home'), XDG_STATE_HOME: join(folder, 'home'), XDG_RUNTIME_DIR: join(folder, 'run'), XDG_CONFIG_HOME: join(folder, 'home') };
  if (journal) execFileSync(join(bin, 'ui_bridge_fixture'), ['journal'], { input: JSON.stringify(journal), env: { ...process.env, ...environment } });
  const ui = await openUi({ programs, environment, settings, args, opens });
  ui.folder = folder;
  ui.release = (name) => writeFileSync(join(programs, name), '');
  ui.jobs = () => (existsSync(join(programs, 'jobs.log')) ? readFileSync(join(programs, 'jobs.log'), 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : []);
  const stop = ui.stop;
  ui.stop = async () => { await stop(); rmSync(folder, { recursive: true, force: true }); };
  return ui;
}

/** A page of its own context; errors on its console fail the test. */
/** In this language, whatever a test asks for; what is read from the page is given in the language that was asked for. */
const everywhere = process.env.KOSHIN_PAGE_LANGUAGE;
const texts = Object.fromEntries(['ja', 'en'].map((name) => [name, JSON.parse(readFileSync(new URL(`../../../ui-bridge/page/${name}.json`, import.meta.url), 'utf8'))]));
const literally = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** Each text of one language that stands in `shown`, replaced by the other language's. */
function translated(shown, from, to) {
  const keys = Object.keys(texts[from]).filter((key) => texts[from][key].length > 3).sort((a, b) => texts[from][b].length - texts[from][a].length);
  return keys.reduce((text, key) => {
    const names = [];
    const pattern = texts[from][key].split(/(\{\w+\})/).map((part) => {
      if (!/^\{\w+\}$/.test(part)) return literally(part);
      names.push(part);
      return '(.+?)';
    }).join('');
    return text.replace(new RegExp(pattern, 'g'), (...found) => names.reduce((result, name, index) => result.replace(name, found[index + 1]), texts[to][key]));
  }, shown);
}

/** An English text of the page, or the first sentence of one, in the language in which the page speaks. */
export function spoken(text) {
  const key = Object.keys(texts.en).find((name) => texts.en[name] === text) ?? Object.keys(texts.en).find((name) => texts.en[name].startsWith(text));
  if (!everywhere || !key) return text;
  return texts.en[key] === text ? texts[everywhere][key] : texts[everywhere][key].split('。')[0];
}

export async function openPage(url, { language: wanted = 'ja', theme = 'light', width = 1000, height = 900, scale = 1, context, tolerate = [] } = {}) {
  const language = everywhere ?? wanted;
  const own = context ?? await (await browser()).newContext({
    locale: language === 'ja' ? 'ja-JP' : 'en-GB', colorScheme: theme, viewport: { width, height }, deviceScaleFactor: scale, timezoneId: 'Asia/Tokyo',
  });
  const page = await own.newPage();
  page.setDefaultTimeout(30000);
  page.problems = [];
  if (language !== wanted) {
    const read = page.textContent.bind(page);
    page.textContent = async (...where) => translated(await read(...where), language, wanted);
  }
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !tolerate.some((text) => message.text().includes(text))) page.problems.push(message.text());
  });
  await page.goto(url);
  return page;
}
export const onScreen = (page, name) => page.waitForSelector(`#card[data-screen="${name}"]`);
/** Once it has the texts of every language, the page needs no server to switch. */
export const hasTexts = (page) => page.waitForFunction(() => performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('.json')).length === 2);
/** Enters the PIN where the page asks for it: the one of `openDesk`, unless a test has its own. */
export async function unlock(page, value = pin) {
  await onScreen(page, 'unlock');
  await page.fill('#pin', value);
  await page.click('button[type=submit]');
}

/** From the notice over Start into the renewal. */
export async function goAhead(page) {
  await onScreen(page, 'notice');
  await page.click('.actions .primary');
  await onScreen(page, 'start');
  await page.click('.actions .primary');
}
/** From a screen that offers it to the deleted old certificate. */
export async function deleteOld(page, secret) {
  await page.click('.actions button:not(.link):not(.primary)');
  await onScreen(page, 'delete_old');
  await page.click('.actions .danger');
  await onScreen(page, 'delete_confirm');
  await page.fill('#pin', secret);
  await page.click('.actions .danger');
  await page.waitForSelector('.note.good');
}

export function check(condition, text) { if (!condition) throw new Error(text); }
export function equal(actual, expected, text = '') {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${text} expected ${b}, got ${a}`);
}
export async function eventually(probe, text, limit = 20000) {
  const end = Date.now() + limit;
  for (;;) {
    if (await probe()) return;
    if (Date.now() > end) throw new Error(`not in time: ${text}`);
    await new Promise((wake) => { setTimeout(wake, 50); });
  }
}

const tests = [];
export const test = (name, body) => tests.push({ name, body });
const leftOut = [];
/** A test that needs what only Chromium has; elsewhere the run says that it is left out, and why. */
export const testInChromium = (why, name, body) => (engine === 'chromium' ? test(name, body) : leftOut.push(`left out in ${engine}: ${name}: ${why}`));
/** What this run does not look at, in words. */
export const leaveOut = (what) => leftOut.push(`left out in ${engine}: ${what}`);

/** What was wrong, or an empty string. */
async function attempt({ name, body }) {
  const begin = Date.now();
  const cleanups = [];
  const defer = (thing) => { cleanups.unshift(() => (thing.stop ?? thing.close).call(thing)); return thing; };
  let wrong = '';
  try {
    await body(defer);
    console.log(`ok      ${name} (${Date.now() - begin} ms)`);
  } catch (error) {
    const lines = String(error?.stack ?? error).split('\n');
    wrong = lines[0] || 'an error without a text';
    console.log(`FAILED  ${name} (${Date.now() - begin} ms)\n        ${lines.slice(0, 6).join('\n        ')}`);
  }
  for (const cleanup of cleanups) await cleanup().catch(() => {});
  return wrong;
}

/** Runs all tests (or those whose name holds `only`); says how it went in one closing line. */
export async function run(only = '') {
  const chosen = tests.filter((entry) => entry.name.includes(only));
  let failed = [];
  for (const entry of chosen) {
    const wrong = await attempt(entry);
    if (wrong) failed.push({ entry, wrong });
  }
  if (process.env.KOSHIN_SECOND_TRY && failed.length <= 3) {  // ./dev test --second-try
    const first = failed;
    failed = [];
    for (const { entry, wrong } of first) {
      if (await attempt(entry)) failed.push(entry);
      else console.log(`second try: passed only then: ${entry.name}; at first: ${wrong}`);
    }
  }
  await closeBrowser();
  for (const line of leftOut) console.log(line);
  console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 && chosen.length > 0 ? 0 : 1;
}
export { join, rmSync };
