// SPDX-License-Identifier: MIT
// What pages on other origins, other users, other programs and unkind texts get.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { request } from 'node:http';
import { spawnSync } from 'node:child_process';
import { check, equal, eventually, goAhead, onScreen, openFakeUi, openPage, test } from './harness.mjs';
import * as play from './scenarios.mjs';

const open = async (defer, scenario = play.happy) => defer(await openFakeUi(scenario));

/** A request without a browser's manners. */
function ask(ui, { method = 'GET', path = '/', headers = {}, body = '' }) {
  return new Promise((done, fail) => {
    const asked = request({ host: '127.0.0.1', port: ui.port, method, path, headers: { Host: `127.0.0.1:${ui.port}`, ...headers } }, (response) => {
      let text = '';
      response.on('data', (piece) => { text += piece; });
      response.on('end', () => done({ status: response.statusCode, headers: response.headers, text }));
      response.on('error', fail);
    });
    asked.on('error', fail);
    asked.end(body);
  });
}
/** Bytes as they are, and all that comes back. */
const raw = (ui, bytes) => new Promise((done) => {
  let text = '';
  const socket = connect(ui.port, '127.0.0.1', () => socket.write(bytes));
  socket.on('data', (data) => { text += data; });
  socket.on('close', () => done(text));
  socket.on('error', () => done(text));
});
const own = (ui) => ({ Origin: ui.origin, 'Content-Type': 'text/plain;charset=UTF-8' });
const status = async (ui, options) => (await ask(ui, options)).status;

test('hostile: only the exact Host is answered (DNS rebinding)', async (defer) => {
  const ui = await open(defer);
  for (const host of [`localhost:${ui.port}`, `evil.test:${ui.port}`, '127.0.0.1', `127.0.0.1:${ui.port + 1}`, `[::1]:${ui.port}`]) {
    equal(await status(ui, { headers: { Host: host } }), 421, `Host ${host}`);
  }
  for (const lines of ['', `Host: 127.0.0.1:${ui.port}\r\nHost: evil.test\r\n`]) {
    check((await raw(ui, `GET / HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`)).startsWith('HTTP/1.1 4'), `none, or two: ${lines}`);
  }
  equal(await status(ui, {}), 200);
});

test('hostile: a POST needs the exact Origin', async (defer) => {
  const ui = await open(defer);
  const body = ui.capability;
  for (const origin of ['null', 'http://evil.test', `http://127.0.0.1:${ui.port + 1}`, `http://localhost:${ui.port}`, `https://127.0.0.1:${ui.port}`]) {
    equal(await status(ui, { method: 'POST', path: '/api/session', headers: { ...own(ui), Origin: origin }, body }), 403, origin);
  }
  equal(await status(ui, { method: 'POST', path: '/api/session', headers: { 'Content-Type': 'text/plain;charset=UTF-8' }, body }), 403, 'none');
  equal(await status(ui, { method: 'POST', path: '/api/session', headers: own(ui), body }), 200, 'its own');
});

test('hostile: the capability works once, a guessed one never, and after ten guesses none', async (defer) => {
  const first = await open(defer);
  const session = (ui, body) => status(ui, { method: 'POST', path: '/api/session', headers: own(ui), body });
  equal(await session(first, first.capability), 200);
  equal(await session(first, first.capability), 403, 'a stale one');
  const second = await open(defer);
  for (let i = 0; i < 10; i += 1) equal(await session(second, `${second.capability.slice(0, -1)}!`), 403, 'a guess');
  equal(await session(second, second.capability), 403, 'the right one, too late');
});

test('hostile: a session needs both its halves, and sets no cookie', async (defer) => {
  const ui = await open(defer);
  const opened = await ask(ui, { method: 'POST', path: '/api/session', headers: own(ui), body: ui.capability });
  equal(opened.headers['set-cookie'], undefined, 'cookies:');
  const { tab, browser } = JSON.parse(opened.text);
  const stay = { method: 'POST', path: '/api/action', body: '{"action":"stay"}' };
  const headers = { Origin: ui.origin, 'Content-Type': 'application/json' };
  const both = { ...headers, 'X-Koshin-Tab': tab, 'X-Koshin-Browser': browser };
  equal(await status(ui, { ...stay, headers: { ...headers, 'X-Koshin-Browser': browser } }), 401, 'the browser alone');
  equal(await status(ui, { ...stay, headers: { ...headers, 'X-Koshin-Tab': tab } }), 401, 'the tab alone');
  equal(await status(ui, { ...stay, headers: both }), 200, 'both');
  equal(await status(ui, { ...stay, headers: { ...headers, 'X-Koshin-Tab': tab, Cookie: `koshin-${ui.port}=${browser}` } }), 401, 'a cookie instead');
  equal(await status(ui, { ...stay, body: '{"action":"stay","more":1}', headers: both }), 400, 'an unknown member');
  equal(await status(ui, { path: '/api/events' }), 401, 'events without a session');
});

test('hostile: every answer carries the headers that confine the page', async (defer) => {
  const ui = await open(defer);
  for (const path of ['/', '/app.js', '/ja.json', '/nothing', '/api/events']) {
    const { headers } = await ask(ui, { path });
    check(headers['content-security-policy'].startsWith("default-src 'none'; script-src 'self';"), path);
    check(!headers['content-security-policy'].includes('unsafe'), path);
    equal([headers['cache-control'], headers['x-content-type-options'], headers['referrer-policy'], headers['cross-origin-opener-policy'], headers['cross-origin-resource-policy']],
      ['no-store', 'nosniff', 'no-referrer', 'same-origin', 'same-origin'], path);
    check(!('access-control-allow-origin' in headers), path);
  }
  // Only what the desktop opened, or a person typed, has no opener to be cut off from.
  for (const [site, policy] of [['none', undefined], ['cross-site', 'same-origin'], ['same-site', 'same-origin']]) {
    const led = await ask(ui, { headers: { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' } });
    equal([led.status, led.headers['cross-origin-opener-policy']], [200, policy], site);
  }
  equal(await status(ui, { method: 'OPTIONS', path: '/api/session', headers: { Origin: 'http://evil.test', 'Access-Control-Request-Method': 'POST' } }), 405, 'preflight');
});

test('hostile: ten megabytes are refused unread, and so is a chunked flood', async (defer) => {
  const ui = await open(defer);
  const result = await ask(ui, { method: 'POST', path: '/api/session', headers: { ...own(ui), 'Content-Length': 10485760 }, body: '' }).catch((error) => error.code);
  equal(result.status ?? result, 413);
  const flood = await new Promise((done) => {
    const socket = connect(ui.port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => { text += data; });
    socket.on('close', () => done(text));
    socket.on('error', () => done(text));
    socket.write(`POST /api/session HTTP/1.1\r\nHost: 127.0.0.1:${ui.port}\r\nOrigin: ${ui.origin}\r\nContent-Type: text/plain;charset=UTF-8\r\nTransfer-Encoding: chunked\r\n\r\n`);
    for (let i = 0; i < 64; i += 1) socket.write(`400\r\n${'x'.repeat(1024)}\r\n`);
  });
  check(flood === '' || flood.startsWith('HTTP/1.1 413'), flood.slice(0, 40));
  equal(await status(ui, { headers: { 'X-Long': 'y'.repeat(20000) } }).catch(() => 431), 431, 'a head that is too long');
  equal(await status(ui, {}), 200, 'and it still answers');
});

test('hostile: ten megabytes that are really sent are neither read nor kept', async (defer) => {
  const ui = await open(defer);
  const highest = () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${ui.pid}/status`, 'utf8'))[1]);
  await ask(ui, {});
  const before = highest();
  const size = 10 * 1024 * 1024;
  const head = `POST /api/session HTTP/1.1\r\nHost: 127.0.0.1:${ui.port}\r\nOrigin: ${ui.origin}\r\nContent-Type: text/plain;charset=UTF-8\r\n`;
  const body = Buffer.alloc(size, 'x');
  for (const [how, framed] of [
    ['announced', [`Content-Length: ${size}\r\n\r\n`, body]],
    ['in chunks', [`Transfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n`, body]],
  ]) {
    const answer = await raw(ui, Buffer.concat([Buffer.from(head + framed[0]), framed[1]]));
    // The server hangs up with the rest unread, and that may overtake its answer.
    check(answer === '' || answer.startsWith('HTTP/1.1 413'), `${how}: ${answer.slice(0, 40)}`);
  }
  check(highest() - before < 1024, `${highest() - before} kB more`);
  equal(await status(ui, {}), 200, 'and it goes on,');
  equal(await status(ui, { method: 'POST', path: '/api/session', headers: own(ui), body: ui.capability }), 200, 'with the capability unspent,');
});

test('hostile: slow and idle connections are cut off, and leave room for the page', async (defer) => {
  const ui = await open(defer);
  const closed = [];
  for (let i = 0; i < 40; i += 1) {
    const socket = connect(ui.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHo'));
    socket.on('error', () => {});
    socket.on('close', () => closed.push(i));
  }
  // 24 at most are let in; the others are hung up on at once, the slow ones after 10 s.
  await eventually(() => closed.length >= 16, 'what is too many is hung up on', 5000);
  await eventually(() => closed.length === 40, 'all are closed by the server', 30000);
  equal(await status(ui, {}), 200);
});

test('hostile: too many requests are turned away', async (defer) => {
  const ui = await open(defer);
  const answers = await Promise.all(Array.from({ length: 20 }, async () => {
    const seen = [];
    for (let i = 0; i < 20; i += 1) seen.push(await status(ui, { path: '/nothing' }).catch(() => 0));
    return seen;
  }));
  check(answers.flat().includes(429), 'some are refused');
});

test('hostile: another user of the machine is refused before a byte is read', async (defer) => {
  if (process.getuid() !== 0) return console.log('        skipped: needs root to become another user');
  const ui = await open(defer);
  const attempt = (uid) => spawnSync('/usr/bin/curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '10', `${ui.origin}/`], { uid, gid: uid, encoding: 'utf8', env: {} });
  equal(attempt(0).stdout, '200', 'the same user');
  equal(attempt(65534).stdout, '000', 'nobody');
  return undefined;
});

test('hostile: a page on another origin can read nothing, post nothing, frame nothing', async (defer) => {
  const ui = await open(defer);
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
  const server = createServer((request_, response) => { response.setHeader('Content-Type', 'text/html'); response.end('<!doctype html><title>evil</title><body>'); });
  await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
  defer({ close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) });
  // the same host name on another port: the browser sends its cookies along
  const evil = await openPage(`http://127.0.0.1:${server.address().port}/`, { context: page.context(), tolerate: ['CORS', 'Failed to load', 'frame', 'Framing', 'Content Security', 'ERR_BLOCKED'] });
  const stolen = await evil.evaluate(async (origin) => {
    const attempt = async (path, options) => fetch(origin + path, options).then((response) => response.text().then((text) => `${response.type} ${response.status} ${text}`)).catch(() => 'blocked');
    const script = (path) => new Promise((done) => { const element = document.createElement('script'); element.src = origin + path; element.onload = () => done('loaded'); element.onerror = () => done('blocked'); document.body.append(element); });
    return [await attempt('/api/events', { credentials: 'include' }), await attempt('/ja.json', {}), await attempt('/api/action', { method: 'POST', credentials: 'include', body: '{"action":"close"}' }),
      (await attempt('/api/action', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"action":"close"}' })).replace(/\s+/g, ' ').trim(), await script('/app.js')];
  }, ui.origin);
  equal([stolen[0], stolen[1], stolen[2], stolen[4]], ['blocked', 'blocked', 'blocked', 'blocked']);
  check(stolen[3] === 'opaque 0' || stolen[3] === 'blocked', stolen[3]);
  await evil.evaluate((origin) => new Promise((done) => { const frame = document.createElement('iframe'); frame.src = origin; frame.onload = done; document.body.append(frame); }), ui.origin);
  equal(await evil.frames()[1].evaluate(() => document.getElementById('card')).catch(() => null), null, 'a frame');
  const opened = await evil.evaluate((origin) => new Promise((done) => {
    const other = window.open(origin);
    let looks = 0;
    const timer = setInterval(() => { if (other.closed || (looks += 1) > 200) { clearInterval(timer); done(other.closed); } }, 50);
  }), ui.origin);
  check(opened, 'a window that it opens is cut off from it');
  equal(await page.locator('#pin').count(), 1, 'the page is untouched,');
});

test('hostile: script in the certificate, the label and the authority’s text stays text', async (defer) => {
  const script = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
  const nasty = play.certificate({ common_name: script, organization: `"><b>${script}`, serial: '<i>1' });
  const label = play.token({ label: script, slot_description: script, certificates: [nasty] });
  const ui = await open(defer, {
    ...play.happy, inspect: [play.inspected(label)],
    renew: [[...play.through('preflight'), play.failure('authority_refused', `${script}\u202egnp.exe\u0007`)]],
  });
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
  check((await page.textContent('.facts')).includes(script), 'shown as it is');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await goAhead(page);
  await onScreen(page, 'interrupted');
  await page.click('summary');
  const detail = await page.textContent('.detail');
  check(detail.includes('<script>') && !/[\u202e\u0007]/.test(detail), 'text without control or direction characters');
  equal(await page.locator('#card img, #card script').count(), 0);
  check(!(await page.title()).includes('owned'), await page.title());
  equal(page.problems, []);
});
