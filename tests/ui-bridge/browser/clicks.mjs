// SPDX-License-Identifier: MIT
// Clicks that the program does not take, and answers that nobody has proved: the person sees it, and what can be done.
import { Agent, request } from 'node:http';
import { check, equal, eventually, onScreen, test } from './harness.mjs';
import { open, refuse, requestsOf } from './refused.mjs';
import * as play from './scenarios.mjs';

/**
 * Does `work` while the program has no time for the page's session: what it answers in a second is used up all the while, by
 * requests from here, which a slow browser does not slow down.
 */
async function whileItHasNoTime(page, ui, work) {
  const halves = await page.evaluate(() => ({ 'X-Koshin-Tab': sessionStorage.getItem('koshin-tab'), 'X-Koshin-Browser': localStorage.getItem('koshin-browser') }));
  const agent = new Agent({ keepAlive: true });
  const options = { host: '127.0.0.1', port: ui.port, agent, method: 'POST', path: '/api/action', headers: { Host: `127.0.0.1:${ui.port}`, Origin: ui.origin, 'Content-Type': 'application/json', ...halves } };
  const ask = () => new Promise((done) => {
    request(options, (response) => { response.resume(); response.on('end', () => done(response.statusCode)); }).on('error', () => done(0)).end('{"action":"stay"}');
  });
  while (await ask() !== 429);
  let over = false;
  const asking = [0, 1].map(async () => { while (!over) await ask(); });
  try {
    return await work();
  } finally {
    over = true;
    await Promise.all(asking);
    agent.destroy();
  }
}

const lastTry = { ...play.happy, inspect: [play.inspected(play.token({ pin_final_try: true }))] };
/** What the page says beside its buttons; once it does. */
const told = async (page) => { await page.waitForSelector('#not-taken[role=alert]'); return page.textContent('#not-taken'); };

/** window.said: what the page has said beside its buttons since. */
const hearWhatIsTold = (page) => page.evaluate(() => {
  window.said = [];
  const look = (records) => { for (const { addedNodes } of records) for (const { id, textContent } of addedNodes) if (id === 'not-taken') window.said.push(textContent); };
  new MutationObserver(look).observe(document.getElementById('card'), { childList: true, subtree: true });
});

test('refused: a click that the program had no time for is said not to have been taken, and can be made again', async (defer) => {
  const { ui, page } = await open(defer, {}, lastTry);
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  const tick = '.note.bad input';
  const ofPage = (response) => response.url().endsWith('/api/action') && response.request().headers()['x-koshin-nonce'];
  // With the first key or click the page also reports that somebody is there; then for half a minute no more.
  const reported = page.waitForResponse(ofPage);
  await page.keyboard.press('Shift');
  await reported;
  const click = async (how) => {
    const answered = page.waitForResponse(ofPage);
    await how();
    return (await answered).status();
  };
  await hearWhatIsTold(page);
  // Beside a busy neighbour a click may fall into a moment in which the program has time again.
  await whileItHasNoTime(page, ui, () => eventually(async () => await click(() => page.click(tick)) === 429, 'the program’s own refusal'));
  // What the requests from here change in the program draws the page anew: that it was said counts, not for how long.
  await eventually(() => page.evaluate(() => window.said.length > 0), 'it is said');
  equal(await page.evaluate(() => window.said[0]), 'This was not taken. Please try again.');
  await eventually(async () => await click(() => page.click(tick)) === 200, 'it is taken');
  equal(await page.locator('#not-taken').count(), 0, 'still said');
});

for (const status of [429, 500]) {
  test(`refused: whatever a button asks for, a ${status} is told beside it`, async (defer) => {
    const { ui, page } = await open(defer, {}, lastTry);
    await page.goto(ui.url);
    await onScreen(page, 'unlock');
    await page.route('**/api/action', (route) => refuse(route, ui, status));
    await page.click('.note.bad input');
    equal(await told(page), 'This was not taken. Please try again.');
    check(!(await page.isChecked('.note.bad input')), 'a tick that the program does not know of');
    await page.click('.actions button:first-child');
    equal(await told(page), 'This was not taken. Please try again.');
    await page.unroute('**/api/action');
    await page.click('.note.bad input');
    await page.waitForSelector('button[type=submit]:enabled');
    equal(await page.locator('#not-taken').count(), 0, 'still said');
  });
}

test('refused: a button of a screen that is over by now is no failure', async (defer) => {
  const { ui, page } = await open(defer);
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  await hearWhatIsTold(page);
  for (const status of [409, 500]) {
    await page.route('**/api/action', (route) => refuse(route, ui, status));
    const answered = page.waitForResponse((response) => response.status() === status);
    await page.click('.actions button:first-child');
    await answered;
    await page.unroute('**/api/action');
  }
  await told(page);
  equal(await page.evaluate(() => window.said.length), 1, 'refusals that were said, of two:');
});

test('refused: a request that the program cannot read is refused by it, and the page goes on', async (defer) => {
  const { ui, page } = await open(defer);
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  await page.evaluate(() => {  // the nonce first, as Chromium and Firefox send what a page adds
    const real = fetch;
    window.fetch = (path, options) => real(path, path === '/api/action' ? { ...options, headers: { ...options.headers, 'X-Z-Long': 'x'.repeat(9000) } } : options);
  });
  const answered = page.waitForResponse((response) => response.status() === 431);
  await page.click('.actions button:first-child');
  check((await answered).headers()['x-koshin-proof'], 'the refusal is proved');
  equal(await told(page), 'This was not taken. Please try again.');
  await onScreen(page, 'unlock');
});

test('refused: an answer that nobody has proved ends the page, whatever it is', async (defer) => {
  for (const status of [200, 400, 409, 429, 431, 500]) {
    const { ui, page } = await open(defer);
    await page.goto(ui.url);
    await onScreen(page, 'unlock');
    await page.fill('#pin', '123456');
    await page.route('**/api/hello', (route) => route.fulfill({ status, body: 'too large\n' }));
    const paths = requestsOf(page);
    await page.click('button[type=submit]');
    await onScreen(page, 'lost');
    equal(paths.filter((path) => path.startsWith('/api/secret')), [], `after ${status}:`);
  }
});
