// SPDX-License-Identifier: MIT
// Firefox as a person has it – its own profile, windows on a screen, links that start programs – and driven by Marionette
// (firefox-source-docs.mozilla.org/testing/marionette). Playwright's Firefox starts no program for a link.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { bin, eventually, join } from './harness.mjs';

export const program = '/usr/bin/firefox-esr';

/** A profile that knows the bank's root and, by koshin browser add, the token's module. The certificate is chosen by Firefox itself. */
export function makeProfile(desk) {
  const folder = join(desk.environment.HOME, '.mozilla/firefox/log-in.default');
  mkdirSync(folder, { recursive: true });
  const options = { env: { ...process.env, ...desk.environment }, stdio: 'pipe' };
  execFileSync('/usr/bin/certutil', ['-N', '-d', `sql:${folder}`, '--empty-password'], options);
  execFileSync('/usr/bin/certutil', ['-A', '-d', `sql:${folder}`, '-n', 'bank', '-t', 'C,,', '-i', desk.anchors], options);
  execFileSync(join(bin, 'koshin'), ['--settings', desk.settings, 'browser', 'add'], options);
  const preferences = {
    'security.default_personal_cert': 'Select Automatically', 'marionette.port': 0, 'browser.shell.checkDefaultBrowser': false, 'browser.aboutwelcome.enabled': false,
    'browser.preonboarding.enabled': false, 'browser.startup.homepage_override.mstone': 'ignore', 'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.reportingpolicy.firstRun': false, 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
  };
  writeFileSync(join(folder, 'user.js'), Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
  return folder;
}

/** The protocol: "LENGTH:[0, number, command, parameters]", answered by "LENGTH:[1, number, error, result]". */
class Marionette {
  constructor(port) {
    this.socket = createConnection(port, '127.0.0.1');
    this.socket.on('error', () => {});
    this.number = 0;
    this.waiting = new Map();
    let bytes = Buffer.alloc(0);
    this.socket.on('data', (data) => {
      bytes = Buffer.concat([bytes, data]);
      for (;;) {
        const colon = bytes.indexOf(':');
        const length = Number(bytes.subarray(0, Math.max(colon, 0)));
        if (colon < 0 || bytes.length < colon + 1 + length) return;
        this.take(JSON.parse(bytes.subarray(colon + 1, colon + 1 + length)));
        bytes = bytes.subarray(colon + 1 + length);
      }
    });
  }

  take(message) {
    if (!Array.isArray(message)) return;  // its greeting
    const [, number, error, result] = message;
    const { done, fail } = this.waiting.get(number);
    this.waiting.delete(number);
    if (error) fail(new Error(`${error.error}: ${error.message}`));
    else done(result);
  }

  command(name, parameters = {}) {
    const number = ++this.number;
    const text = JSON.stringify([0, number, name, parameters]);
    return new Promise((done, fail) => {
      this.waiting.set(number, { done, fail });
      this.socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  }
}

/** Types the PIN into the window in which Firefox asks for it, once, until `done` settles. */
async function typePin(display, pin, done) {
  let over = false;
  done.finally(() => { over = true; }).catch(() => {});
  const xdo = (...args) => spawnSync('/usr/bin/xdotool', args, { env: { DISPLAY: display }, encoding: 'utf8' }).stdout.trim();
  while (!over) {
    const [window] = xdo('search', '--onlyvisible', '--name', '^Password Required').split('\n');
    if (window) {
      await new Promise((wake) => { setTimeout(wake, 1000); });  // until it takes keys
      xdo('windowfocus', '--sync', window, 'type', '--delay', '40', pin);
      xdo('key', 'Return');
      return;
    }
    await new Promise((wake) => { setTimeout(wake, 300); });
  }
}

/** Opens the address in a Firefox of its own; `pin`: for the dialog that comes with it. */
export async function openFirefox(profile, url, { display, environment = {}, pin, more = [] }) {
  const portFile = join(profile, 'MarionetteActivePort');
  rmSync(portFile, { force: true });
  const firefox = spawn(program, ['--marionette', ...more, '--profile', profile, url], { env: { ...process.env, ...environment, DISPLAY: display }, stdio: 'ignore' });
  const ended = new Promise((done) => { firefox.once('exit', done); });
  await eventually(() => existsSync(portFile), 'Firefox listens for its driver', 60000);
  const driver = new Marionette(Number(readFileSync(portFile, 'utf8')));
  const arrived = driver.command('WebDriver:NewSession', { capabilities: {} });
  const page = {
    driver,
    command: (name, parameters) => driver.command(name, parameters),
    /** What the script returns in the page. */
    async run(script, ...args) { return (await driver.command('WebDriver:ExecuteScript', { script, args })).value; },
    has: (selector) => page.run('return document.querySelector(arguments[0]) !== null', selector).catch(() => false),
    text: (selector) => page.run('return document.querySelector(arguments[0]).textContent', selector),
    count: (selector) => page.run('return document.querySelectorAll(arguments[0]).length', selector),
    waitFor: (selector) => eventually(() => page.has(selector), `${selector} in Firefox`, 60000),
    async element(selector) {
      await page.waitFor(selector);
      const found = await driver.command('WebDriver:FindElement', { using: 'css selector', value: selector });
      return Object.values(found.value)[0];
    },
    async click(selector) { await driver.command('WebDriver:ElementClick', { id: await page.element(selector) }); },
    async fill(selector, text) { await driver.command('WebDriver:ElementSendKeys', { id: await page.element(selector), text }); },
    onScreen: (name) => page.waitFor(`#card[data-screen="${name}"]`),
    /** Goes over to the tab that has come since there were `known`. */
    async toNewTab(known) {
      let fresh;
      await eventually(async () => {
        const handles = await driver.command('WebDriver:GetWindowHandles');
        fresh = handles.find((handle) => !known.includes(handle));
        return fresh;
      }, 'a new tab in Firefox', 60000);
      await driver.command('WebDriver:SwitchToWindow', { handle: fresh });
    },
    tabs: () => driver.command('WebDriver:GetWindowHandles'),
    async close() {
      driver.socket.destroy();
      firefox.kill();
      await ended;
    },
  };
  const ready = arrived.then(() => page.waitFor('h1'));
  await Promise.all([ready, pin ? typePin(display, pin, ready) : ready]);
  return page;
}
