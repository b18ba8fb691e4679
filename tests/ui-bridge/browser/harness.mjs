// SPDX-License-Identifier: MIT
// What the browser tests share: a koshin-ui for each test, the desk fixture, pages, and what a person does on them.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { contextLike } from './engine.mjs';
import { inSystem, wine } from './system.mjs';
import { watch } from './runner.mjs';

export { axeSource, browser, closeBrowser, engine, missing, ownBrowser, packagesInstalled } from './engine.mjs';
export { leaveOut, run, test, testInChromium } from './runner.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const source = resolve(here, '../../..');
export const bin = process.env.KOSHIN_BIN ?? join(source, 'build/release/bin');
/** Where each screen's pictures are kept; none are taken without. */
export const pictures = process.env.KOSHIN_PICTURES ?? '';
export const pin = '73519264';
/** Pictures of an earlier run would tell of screens as they are no more. */
export function emptyPictures() {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  for (const name of readdirSync(pictures)) if (name.endsWith('.png')) rmSync(join(pictures, name));
}

const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
export function temporaryFolder() { return mkdtempSync(join(scratch, 'koshin-page-')); }

/** A child whose standard output is read line by line. */
export class Child {
  constructor(program, args, options) {
    this.process = spawn(...inSystem(program, args), { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    this.lines = [];
    this.waiting = [];
    this.errors = '';
    // Under Wine the desktop, which the first program with a window starts, holds that program's pipes open.
    this.ended = new Promise((done) => { this.process.on(wine ? 'exit' : 'close', (code, signal) => done(code ?? signal)); });
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
/** With `opens` it opens the browser itself, in that environment, and its address is not known here; `message`: it asks on the desktop first. */
export async function openUi({ programs = bin, environment = {}, args = [], settings, opens, message = false } = {}) {
  const child = new Child(join(programs, 'koshin-ui'), [...(message ? [] : ['--page-only']), ...(opens ? [] : ['--print-url']), ...(settings ? ['--settings', settings] : []), ...args],
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
export async function openFakeUi(scenario, { args = [], toml = '', journal, opens, message, folder = temporaryFolder() } = {}) {
  const programs = join(folder, 'bin');
  for (const name of ['bin', 'home', 'run']) mkdirSync(join(folder, name), { mode: 0o700, recursive: true });
  // A killed one of the same folder may not have ended yet, and a program that runs cannot be written to.
  rmSync(join(programs, 'koshin-ui'), { force: true });
  copyFileSync(join(bin, 'koshin-ui'), join(programs, 'koshin-ui'));
  copyFileSync(join(bin, 'koshin-desk-check'), join(programs, 'koshin-desk-check'));
  copyFileSync(join(bin, 'koshin-mail'), join(programs, 'koshin-mail'));
  copyFileSync(join(here, 'fake_worker.mjs'), join(programs, 'koshin-worker'));
  chmodSync(join(programs, 'koshin-worker'), 0o755);
  writeFileSync(join(programs, 'package.json'), '{"type":"module"}');
  writeFileSync(join(programs, 'scenario.json'), JSON.stringify(scenario));
  const settings = join(folder, 'koshin.toml');
  writeFileSync(settings, `${toml}\n`, { mode: 0o600 });
  const environment = { HOME: join(folder, 'home'), XDG_STATE_HOME: join(folder, 'home'), XDG_RUNTIME_DIR: join(folder, 'run'), XDG_CONFIG_HOME: join(folder, 'home') };
  if (journal) execFileSync(join(bin, 'ui_bridge_fixture'), ['journal'], { input: JSON.stringify(journal), env: { ...process.env, ...environment } });
  const ui = await openUi({ programs, environment, settings, args, opens, message });
  ui.folder = folder;
  ui.release = (name) => writeFileSync(join(programs, name), '');
  ui.jobs = () => (existsSync(join(programs, 'jobs.log')) ? readFileSync(join(programs, 'jobs.log'), 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : []);
  const stop = ui.stop;
  ui.stop = async () => { await stop(); rmSync(folder, { recursive: true, force: true }); };
  return ui;
}

/** In this language, whatever a test asks for; what is read from the page is given in the language that was asked for. */
const everywhere = process.env.KOSHIN_PAGE_LANGUAGE;
/** The areas of the catalogue that a page can show: its own texts, the calendar's, and what koshin-ui says of a failure. */
const shownAreas = ['page', 'calendar', 'old', 'language', 'failure'];
/** Of one language, what a page can show; the page's own texts by keys without "page.", as the page reads them. */
const catalogue = (name) => Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(new URL(`../../../agent/foundation/texts/${name}.json`, import.meta.url), 'utf8')))
    .filter(([key]) => shownAreas.includes(key.split('.')[0]))
    .map(([key, text]) => [key.replace(/^page\./, ''), text]));
const texts = { ja: catalogue('ja'), en: catalogue('en') };
/** The words of the steps come with the state of the page, not with its catalogue. */
if (everywhere) {
  const steps = JSON.parse(execFileSync(join(bin, 'ui_bridge_fixture'), ['steps'], { encoding: 'utf8' }));
  for (const [step, words] of Object.entries(steps)) for (const name of Object.keys(texts)) texts[name][`step.${step}`] = words[name];
}
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

/** A page in a context of its own; errors on its console fail the test. */
export async function openPage(url, { language: wanted = 'ja', theme = 'light', width = 1000, height = 900, scale = 1, context, tolerate = [] } = {}) {
  const language = everywhere ?? wanted;
  const own = context ?? await contextLike({
    locale: language === 'ja' ? 'ja-JP' : 'en-GB', colorScheme: theme, viewport: { width, height }, deviceScaleFactor: scale, timezoneId: 'Asia/Tokyo',
  });
  const page = await own.newPage();
  page.setDefaultTimeout(60000);
  watch(page);
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

export { join, rmSync };
