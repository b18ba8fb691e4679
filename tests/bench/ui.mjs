// SPDX-License-Identifier: MIT
// What the wizard's page costs: from the click on the desktop message to the first paint, a whole renewal in the page beside
// the same renewal on the command line, and the memory of koshin-ui while its page is open. Judges nothing.
// usage: node ui.mjs [--json FILE]   (KOSHIN_BIN, KOSHIN_NPM as for the browser tests)
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { becomeDefaultBrowser, openDesktop } from '../ui-bridge/browser/desktop.mjs';
import {
  bin, browser, closeBrowser, join, onScreen, openDesk, openUi, packagesInstalled, pin,
} from '../ui-bridge/browser/harness.mjs';
import { share } from '../ui-bridge/browser/memory.mjs';

const rounds = 11;
const figures = {};

function say(name, value, unit, atMost, words) {
  figures[name] = value;
  const limit = atMost === undefined ? '' : `at most ${atMost}: ${value <= atMost ? 'yes' : 'NO'}`;
  console.log(`${name.padEnd(28)} ${String(value).padStart(10)} ${unit.padEnd(6)} ${limit.padEnd(18)} ${words}`);
}
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value) => Math.round(value * 1000) / 1000;

async function measureFirstPaint(desk) {
  const desktop = await openDesktop();
  const opener = becomeDefaultBrowser(join(desk.folder, 'default-browser'));
  const context = await (await browser()).newContext({ locale: 'ja-JP' });
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const ui = spawn(join(bin, 'koshin-ui'), ['--settings', desk.settings, '--reason', 'due'], {
      stdio: ['pipe', 'ignore', 'inherit'], env: { ...process.env, ...desk.environment, ...opener.environment, ...desktop.environment },
    });
    const { id } = await desktop.shown();
    const page = await context.newPage();
    const clicked = Date.now();
    desktop.press(id, 'renew');
    await page.goto(await opener.address());
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    times.push(await page.evaluate(() => performance.timeOrigin + performance.getEntriesByName('first-contentful-paint')[0].startTime) - clicked);
    ui.stdin.end();
    await new Promise((done) => { ui.once('exit', done); });
    await page.close();
  }
  await context.close();
  await opener.close();
  await desktop.close();
  say('ui_first_paint_ms', rounded(median(times)), 'ms', 150, `click on the desktop message to first contentful paint, median of ${rounds}`);
}

async function freshToken(desk, number) {
  const label = `Round ${number}`;
  await desk.do('token', { label });
  await desk.do('provision', { label, days: 12, key: 'rsa-2048' });
  return () => desk.do('remove', { label });
}

function renewOnCommandLine(desk) {
  return new Promise((done, failed) => {
    const begin = performance.now();
    const child = spawn(join(bin, 'koshin'), ['renew', '--settings', desk.settings, '--pin-stdin', '--json'], { env: { ...process.env, ...desk.environment }, stdio: ['pipe', 'ignore', 'inherit'] });
    child.stdin.end(`${pin}\n`);
    child.once('exit', (code) => (code === 0 ? done(performance.now() - begin) : failed(new Error(`koshin renew ended with ${code}`))));
  });
}

/** From PIN to Completed, as fast as the page lets a script press its buttons. */
async function renewInPage(desk, page) {
  const ui = await openUi({ environment: desk.environment, settings: desk.settings });
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  const memory = [share(ui.pid)];
  const time = await page.evaluate((secret) => new Promise((done) => {
    const card = document.getElementById('card');
    const begin = performance.now();
    const step = { notice: '.actions .primary', start: '.actions .primary' };
    const watch = new MutationObserver(() => {
      const { screen } = card.dataset;
      if (screen === 'completed' || screen === 'interrupted') {
        watch.disconnect();
        done(screen === 'completed' ? performance.now() - begin : card.textContent);
      } else if (step[screen]) {
        card.querySelector(step[screen]).click();
        delete step[screen];
      }
    });
    watch.observe(card, { attributes: true });
    card.querySelector('#pin').value = secret;
    card.querySelector('button[type=submit]').click();
  }), pin);
  if (typeof time === 'string') throw new Error(time);
  memory.push(share(ui.pid));
  await page.click('.actions .primary');
  await ui.outcome();
  return { time, memory: Math.max(...memory), left: existsSync(`/proc/${ui.pid}`) ? share(ui.pid) : 0 };
}

async function measureRenewal(desk) {
  const page = await (await browser()).newPage();
  const inPage = [];
  const onCommandLine = [];
  for (let round = 0; round < 2 * rounds; round += 1) {
    const remove = await freshToken(desk, round);
    if (round % 2 === 0) inPage.push(await renewInPage(desk, page));
    else onCommandLine.push(await renewOnCommandLine(desk));
    await remove();
  }
  const pageTime = median(inPage.map(({ time }) => time));
  const commandTime = median(onCommandLine);
  say('ui_renewal_page_ms', rounded(pageTime), 'ms', undefined, `Unlock to Completed, RSA-2048, median of ${rounds}`);
  say('ui_renewal_cli_ms', rounded(commandTime), 'ms', undefined, 'koshin renew, the same');
  say('ui_renewal_over_cli', rounded(pageTime / commandTime), 'x', 1.2, 'page over command line');
  say('ui_memory_kib', Math.max(...inPage.map(({ memory }) => memory)), 'KiB', 12288, 'koshin-ui with its page open (PSS), the highest seen');
  say('ui_memory_after_kib', Math.max(...inPage.map(({ left }) => left)), 'KiB', 0, 'after the wizard has ended');
}

if (!packagesInstalled()) {
  console.log('skipped: the npm packages of tests/ui-bridge are not installed (./dev setup installs them)');
  process.exit(77);
}
console.log('\nThe wizard’s page');
const desk = await openDesk();
desk.settings = (await desk.do('settings')).file;
try {
  await measureFirstPaint(desk);
  await measureRenewal(desk);
} finally {
  await closeBrowser();
  await desk.close();
}
const json = process.argv.indexOf('--json');
if (json > 0) writeFileSync(process.argv[json + 1], `${JSON.stringify(figures, null, 2)}\n`);
