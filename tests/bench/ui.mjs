// SPDX-License-Identifier: MIT
// What the wizard's page costs: from the click on the desktop message to the first paint, a whole renewal in the page beside
// the same renewal on the command line, and the memory of koshin-ui while its page is open. Judges nothing.
// usage: node ui.mjs [--json FILE]   (KOSHIN_BIN, KOSHIN_NPM as for the browser tests)
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { becomeDefaultBrowser, lines, openDesktop } from '../ui-bridge/browser/desktop.mjs';
import {
  bin, browser, closeBrowser, join, onScreen, openDesk, openUi, packagesInstalled, pin,
} from '../ui-bridge/browser/harness.mjs';
import { share } from '../ui-bridge/browser/memory.mjs';

const rounds = 11;
/** For what opening a tab or a screen leaves to be done. */
const settling = 300;
const figures = {};

function say(name, value, unit, atMost, words) {
  figures[name] = value;
  const limit = atMost === undefined ? '' : `at most ${atMost}: ${value <= atMost ? 'yes' : 'NO'}`;
  console.log(`${name.padEnd(28)} ${String(value).padStart(10)} ${unit.padEnd(6)} ${limit.padEnd(18)} ${words}`);
}
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value) => Math.round(value * 1000) / 1000;

/** A tab in the window of a browser in use; nothing of opening it is still under way. */
async function settledTab(context) {
  const page = await context.newPage();
  await new Promise((wake) => { setTimeout(wake, settling); });
  return page;
}

/** When the page was painted first, by the browser's own account, on this process' clock. */
const paintedAt = (page) => page.evaluate(() => new Promise((done) => {
  new PerformanceObserver((seen) => {
    for (const { startTime } of seen.getEntriesByName('first-contentful-paint')) done(performance.timeOrigin + startTime);
  }).observe({ type: 'paint', buffered: true });
}));
const now = () => performance.timeOrigin + performance.now();

/** The least there could be: a page of one word without style or script, from a server that is running. */
async function measureFloor(context) {
  const serve = 'require("http").createServer((request, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><title>floor</title><p>floor"))'
    + '.listen(0, "127.0.0.1", function () { console.log(this.address().port); })';
  const server = spawn(process.execPath, ['-e', serve], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await lines(server.stdout)();
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const page = await settledTab(context);
    const begin = now();
    await page.goto(`http://127.0.0.1:${port}/`);
    times.push(await paintedAt(page) - begin);
    await page.close();
  }
  server.kill();
  say('ui_first_paint_floor_ms', rounded(median(times)), 'ms', undefined, `an address given to the browser to the first paint of an empty page, median of ${rounds}`);
}

async function measureFirstPaint(desk) {
  const desktop = await openDesktop();
  const opener = becomeDefaultBrowser(join(desk.folder, 'default-browser'));
  const context = await (await browser()).newContext({ locale: 'ja-JP' });
  await context.newPage();  // the window with whatever the person works in
  await measureFloor(context);
  const times = { opener: [], paint: [] };
  for (let round = 0; round < rounds; round += 1) {
    const ui = spawn(join(bin, 'koshin-ui'), ['--settings', desk.settings, '--reason', 'due'], {
      stdio: ['pipe', 'ignore', 'ignore'], env: { ...process.env, ...desk.environment, ...opener.environment, ...desktop.environment },
    });
    const { id } = await desktop.shown();
    const page = await settledTab(context);
    const clicked = now();
    desktop.press(id, 'renew');
    const address = await opener.address();
    times.opener.push(now() - clicked);
    await page.goto(address);
    times.paint.push(await paintedAt(page) - clicked);
    ui.stdin.end();
    await new Promise((done) => { ui.once('exit', done); });
    await page.close();
  }
  await context.close();
  await opener.close();
  await desktop.close();
  say('ui_click_to_browser_ms', rounded(median(times.opener)), 'ms', undefined, 'of the next figure: until the browser is given the address');
  say('ui_first_paint_ms', rounded(median(times.paint)), 'ms', 150, `click on the desktop message to first contentful paint, median of ${rounds}`);
}

async function freshToken(desk, number) {
  const label = `Round ${number}`;
  await desk.do('token', { label });
  await desk.do('provision', { label, days: 12, key: 'rsa-2048' });
  return () => desk.do('remove', { label });
}

/**
 * How long the token takes to make its key pair, from the worker's log: nothing else of a renewal with RSA keys differs as
 * much from one time to the next (primes are found by luck), and on either path it is the same.
 */
function watchKeyGeneration(child) {
  const seen = {};
  createInterface({ input: child.stderr }).on('line', (line) => {
    for (const state of ['planned', 'generated']) if (line.includes(`KOSHIN_STATE="${state}"`)) seen[state] ??= performance.now();
  });
  return () => {
    if (!(seen.generated > seen.planned)) throw new Error('the log does not tell how long the key took');
    return seen.generated - seen.planned;
  };
}

function renewOnCommandLine(desk) {
  return new Promise((done, failed) => {
    const begin = performance.now();
    const child = spawn(join(bin, 'koshin'), ['renew', '--settings', desk.settings, '--pin-stdin', '--json'], { env: { ...process.env, ...desk.environment }, stdio: ['pipe', 'ignore', 'pipe'] });
    const key = watchKeyGeneration(child);
    let time = 0;
    child.stdin.end(`${pin}\n`);
    child.once('exit', () => { time = performance.now() - begin; });
    child.once('close', (code) => (code === 0 ? done({ time, key: key() }) : failed(new Error(`koshin renew ended with ${code}`))));
  });
}

/** From PIN to Completed, as fast as the page lets a script press its buttons. */
async function renewInPage(desk, page) {
  const ui = await openUi({ environment: desk.environment, settings: desk.settings });
  await page.goto(ui.url);
  const key = watchKeyGeneration(ui.child.process);
  await onScreen(page, 'unlock');
  await new Promise((wake) => { setTimeout(wake, settling); });  // as a person who types a PIN
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
  return { time, key: key(), memory: Math.max(...memory), left: existsSync(`/proc/${ui.pid}`) ? share(ui.pid) : 0 };
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
  const key = median([...inPage, ...onCommandLine].map((run) => run.key));
  const [pageTime, commandTime] = [inPage, onCommandLine].map((runs) => key + median(runs.map((run) => run.time - run.key)));
  say('ui_renewal_key_ms', rounded(key), 'ms', undefined, `of both: the token makes an RSA-2048 key pair, median of ${2 * rounds}`);
  say('ui_renewal_page_ms', rounded(pageTime), 'ms', undefined, `Unlock to Completed, median of ${rounds} with the median key`);
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
