// SPDX-License-Identifier: MIT
// What the program refuses for a moment, or cannot write: the page says so, nothing goes on without it, and neither of them ends.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { check, equal, eventually, goAhead, join, onScreen, openFakeUi, openPage, spoken, test } from './harness.mjs';
import * as play from './scenarios.mjs';

const tolerate = ['Failed to load resource', '429', 'ERR_FAILED'];
const basic = '[authority]\nhttp_authentication = "basic"\nhttp_user = "user0001"\n';
const notTaken = () => spoken('This was not taken. Enter it again.');

export async function open(defer, options = {}, scenario = play.happy) {
  const ui = defer(await openFakeUi(scenario, options));
  const page = await openPage('about:blank', { language: 'en', tolerate });
  defer(page.context());
  return { ui, page };
}

/** An answer to `route` of that status which the program itself has proved: as where others keep it busy. */
export async function refuse(route, ui, status = 429) {
  const nonce = route.request().headers()['x-koshin-nonce'];
  const headers = { Origin: ui.origin, 'Content-Type': 'text/plain;charset=UTF-8', 'X-Koshin-Nonce': nonce };
  const hello = await fetch(`${ui.origin}/api/hello`, { method: 'POST', body: '', headers });
  // A page that has ended, or unroute(), may have seen to the request by now.
  await route.fulfill({ status, body: 'refused\n', headers: { 'X-Koshin-Proof': hello.headers.get('x-koshin-proof') } }).catch(() => {});
}

/** The paths of the requests that this page makes from now on. */
export function requestsOf(page) {
  const paths = [];
  page.on('request', (request) => paths.push(new URL(request.url()).pathname));
  return paths;
}

/** SQL on what koshin-ui remembers, while it runs. */
const onJournal = (ui, sql) => execFileSync('/usr/bin/python3', ['-c', 'import sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=20) as journal: journal.execute(sys.argv[2])',
  join(ui.folder, 'home/koshin/journal.sqlite'), sql]);

test('refused: while it has no time to say who it is, no secret is sent, and the page says that it was not taken', async (defer) => {
  const { ui, page } = await open(defer);
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  await page.route('**/api/hello', (route) => refuse(route, ui));
  const paths = requestsOf(page);
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await page.waitForSelector(`#pin-error:text-is("${notTaken()}")`);
  equal(paths.filter((path) => path.startsWith('/api/secret')), []);
  await page.unroute('**/api/hello');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
});

test('refused: no PIN follows a passphrase that was not taken', async (defer) => {
  const { ui, page } = await open(defer, { toml: basic });
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  const enter = async () => {
    await page.fill('#passphrase', 'open sesame');
    await page.fill('#pin', '123456');
    await page.click('button[type=submit]');
  };
  await page.route('**/api/secret/passphrase', (route) => refuse(route, ui));
  const paths = requestsOf(page);
  await enter();
  await page.waitForSelector(`#passphrase-error:text-is("${notTaken()}")`);
  equal(paths.filter((path) => path === '/api/secret/pin'), []);
  equal(await page.inputValue('#pin'), '123456', 'what was not sent is still there,');
  await page.unroute('**/api/secret/passphrase');
  await enter();
  await onScreen(page, 'notice');
});

test('refused: nothing is started with a code that was not taken', async (defer) => {
  const expired = play.certificate({ not_after: new Date(Date.now() - 40 * 86400000).toISOString().replace(/\.\d+/, '') });
  const { ui, page } = await open(defer, {}, { ...play.happy, inspect: [play.inspected(play.token({ certificates: [expired] }))] });
  await page.goto(ui.url);
  await onScreen(page, 'reissue');
  await page.route('**/api/secret/code', (route) => refuse(route, ui));
  await page.evaluate(() => {  // Firefox tells nobody else what a request holds
    const real = fetch;
    window.actions = [];
    window.fetch = (path, options) => {
      if (path === '/api/action') window.actions.push(JSON.parse(options.body).action);
      return real(path, options);
    };
  });
  await page.fill('#code', 'ABCD-EFGH-JKLM');
  await page.click('button[type=submit]');
  await page.waitForSelector(`#code-error:text-is("${notTaken()}")`);
  equal(await page.evaluate(() => window.actions.filter((action) => action !== 'stay')), []);
  await page.unroute('**/api/secret/code');
  await page.fill('#code', 'ABCD-EFGH-JKLM');
  await page.click('button[type=submit]');
  await onScreen(page, 'start');
});

test('refused: a program that is busy as the page comes is asked again, and the address is not used up', async (defer) => {
  const { ui, page } = await open(defer);
  const busy = { '/api/hello': 2, '/api/session': 3, '/en.json': 2 };
  await page.route(({ pathname }) => busy[pathname] > 0, async (route) => {
    const { pathname } = new URL(route.request().url());
    if (busy[pathname] === 0) return route.continue();
    busy[pathname] -= 1;
    return pathname === '/api/hello' ? route.fulfill({ status: 429, body: 'too many requests\n' }) : refuse(route, ui);
  });
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  equal(Object.values(busy), [0, 0, 0], 'times that it was busy:');
});

test('refused: a page that gets no events for a while is not lost while somebody says why', async (defer) => {
  const { ui, page } = await open(defer);
  let asked = 0;
  await page.route('**/api/events', (route) => { asked += 1; return refuse(route, ui, asked === 1 ? 403 : 429); });
  await page.goto(ui.url);
  await eventually(() => asked > 8, 'it goes on asking', 60000);
  check(await page.evaluate(() => document.getElementById('card').dataset.screen !== 'lost'), 'it is not lost');
  await page.unroute('**/api/events');
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
});

/** A server of another program, on another port of this machine. */
async function otherProgram(defer) {
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.cookie ?? '');
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>another program</title>');
  });
  await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
  defer({ close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) });
  return { url: `http://127.0.0.1:${server.address().port}/`, seen };
}

test('refused: a tab of another site that asks without end does not keep the person from entering the PIN', async (defer) => {
  const { ui, page } = await open(defer);
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  const rude = await openPage((await otherProgram(defer)).url, { context: page.context(), language: 'en', tolerate: ['Failed to load', 'ERR_', '403', '429', 'blocked'] });
  await rude.evaluate((address) => {
    window.asked = 0;
    const ask = () => fetch(address, { mode: 'no-cors' }).catch(() => null).then(() => { window.asked += 1; if (!window.over) ask(); });
    for (let i = 0; i < 40; i += 1) ask();
  }, `${ui.origin}/`);
  await rude.waitForFunction(() => window.asked > 300);
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
  await rude.evaluate(() => { window.over = true; });
  await rude.close();
});

test('refused: nothing of the session goes to other ports, which get every cookie of 127.0.0.1', async (defer) => {
  const { ui, page } = await open(defer);
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  equal(await page.context().cookies(), [], 'cookies:');
  const { url, seen } = await otherProgram(defer);
  await openPage(url, { context: page.context(), language: 'en', tolerate });
  check(seen.length > 0 && seen.every((cookies) => cookies === ''), `another program gets ${seen}`);
});

test('refused: texts that nobody has proved are not shown, and none are asked for after the end', async (defer) => {
  const { ui, page } = await open(defer);
  await page.route('**/ja.json', (route) => route.abort());
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  await page.unroute('**/ja.json');
  const forged = JSON.stringify(Object.fromEntries(['unlock.title', 'lost.title', 'pin.label'].map((key) => [key, 'Enter your PIN at evil.test'])));
  await page.route('**/ja.json', (route) => route.fulfill({ status: 200, body: forged, contentType: 'application/json' }));
  await page.click('[data-language=ja]');
  await onScreen(page, 'lost');
  check(!(await page.innerText('body')).includes('evil.test'), await page.innerText('body'));
  const paths = requestsOf(page);
  await page.click('[data-language=ja]');
  await page.click('[data-language=en]');
  await page.waitForTimeout(500);
  equal(paths, []);
  equal(await page.textContent('#title'), 'The renewal program does not answer');
});

test('refused: a “remind me next time” that cannot be written is told, and the renewal can go on', async (defer) => {
  const { ui, page } = await open(defer);
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
  onJournal(ui, 'DROP TABLE token');
  await page.check('.check input');
  await page.click('.actions .primary');
  await page.waitForSelector('.note.bad');
  equal(await page.textContent('.note.bad code'), 'journal_unusable');
  await page.uncheck('.check input');
  await goAhead(page);
  await onScreen(page, 'completed');
});

test('refused: a journal that cannot be read does not end the page that tells of a failure', async (defer) => {
  const { ui, page } = await open(defer, {}, { ...play.happy, renew: [[...play.through('preflight'), { hold: 'go' }, play.failure('authority_unreachable', 'gone')]] });
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await goAhead(page);
  await onScreen(page, 'renewing');
  onJournal(ui, 'DROP TABLE renewal');
  ui.release('go');
  await onScreen(page, 'interrupted');
  equal(await page.textContent('.note.bad code'), 'authority_unreachable');
  await page.click('.actions .primary');
  await onScreen(page, 'unlock');
});
