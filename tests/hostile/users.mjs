// SPDX-License-Identifier: MIT
// The page's address, its port and its seats, with another user at work on them.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { becomeDefaultBrowser } from '../ui-bridge/browser/desktop.mjs';
import { browser, check, equal, eventually, join, onScreen, openFakeUi, openPage, test, unlock } from '../ui-bridge/browser/harness.mjs';
import * as play from '../ui-bridge/browser/scenarios.mjs';
import { other } from './other.mjs';

const head = (ui, method, path, more = '') => `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${ui.port}\r\nOrigin: ${ui.origin}\r\n${more}Connection: close\r\n`;
const post = (ui, path, body) => `${head(ui, 'POST', path, 'Content-Type: text/plain;charset=UTF-8\r\n')}Content-Length: ${body.length}\r\n\r\n${body}`;
const open = async (defer, options) => {
  const ui = defer(await openFakeUi(play.happy));
  const page = await openPage(ui.url, { language: 'en', ...options });
  defer(page.context());
  await onScreen(page, 'unlock');
  return { ui, page };
};

test('hostile: another user’s sockets get no byte, from whatever address and port', async (defer) => {
  const { ui, page } = await open(defer);
  const { ports } = await other.do('others', { port: ui.port });
  check(ports.length > 0, 'the browser’s sockets are there for all to see');
  for (const fromPort of [undefined, ...ports]) {
    for (const from of fromPort ? ['127.0.0.2', '127.1.2.3'] : ['127.0.0.1', '127.0.0.2']) {
      for (const bytes of [`${head(ui, 'GET', '/')}\r\n`, post(ui, '/api/hello', ''), post(ui, '/api/session', ui.capability)]) {
        const answer = await other.do('ask', { port: ui.port, from, fromPort, bytes });
        equal(answer.text, '', `from ${from}:${fromPort}: ${answer.how};`);
      }
    }
  }
  await unlock(page, '123456');
  await onScreen(page, 'notice');
});

test('hostile: another user who has the address cannot use it up, nor guess it away', async (defer) => {
  const ui = defer(await openFakeUi(play.happy));
  for (const body of [ui.capability, ...Array.from({ length: 20 }, () => 'a guess')]) {
    equal((await other.do('ask', { port: ui.port, bytes: post(ui, '/api/session', body) })).text, '');
  }
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
});

test('hostile: another user’s connections take no seat', async (defer) => {
  const ui = defer(await openFakeUi(play.happy));
  await other.do('hold', { port: ui.port, count: 200 });
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await unlock(page, '123456');
  await onScreen(page, 'notice');
});

/** koshin-ui that opens the browser itself; what xdg-open was given. */
async function opened(defer, choices = {}) {
  const folder = join(process.env.KOSHIN_FOLDER, 'victim', `browser-${Math.random().toString(36).slice(2)}`);
  const opener = defer(becomeDefaultBrowser(folder));
  // As the real one, it stays for a while.
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >'${folder}/addresses'\nsleep 2\n`, { mode: 0o755 });
  const ui = defer(await openFakeUi(play.happy, { opens: { ...opener.environment, DISPLAY: ':nowhere', ...choices.environment } }));
  return { ui, opener, address: await opener.address(), runtime: join(ui.folder, 'run/koshin') };
}

test('hostile: another user who reads every command line does not find the page’s address, and cannot read the file that has it', async (defer) => {
  await browser();  // it may take its time to start
  await other.do('watch');
  const { ui, address, runtime } = await opened(defer);
  check(address.startsWith('file:///'), address);
  const file = new URL(address).pathname;
  equal(await other.do('read', { path: file }), { error: 'EACCES' });
  const page = await openPage(address, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
  check(/^http:\/\/127\.0\.0\.1:\d+\/$/.test(page.url()), `the address shows no capability: ${page.url()}`);
  await eventually(() => !existsSync(file), 'the file is gone once the page has come');
  const { addresses } = await other.do('seen');
  // Other programs on this machine have pages of their own.
  const ours = addresses.filter((one) => one.includes(`:${new URL(page.url()).port}/`));
  equal(ours, [], 'addresses found on command lines:');
  await ui.kill();
  equal(readdirSync(runtime).filter((name) => name.endsWith('.html')), []);
});

test('hostile: what a killed koshin-ui has left of its address, the next one removes', async (defer) => {
  const first = await opened(defer);
  await first.ui.kill();
  const left = () => readdirSync(first.runtime).filter((name) => name.endsWith('.html'));
  equal(left().length, 1, 'left:');
  const next = defer(await openFakeUi(play.happy, { opens: { ...first.opener.environment, DISPLAY: ':nowhere' }, folder: first.ui.folder }));
  const address = await first.opener.address();
  equal(left().map((name) => `file://${first.runtime}/${name}`), [address], 'only the living one’s:');
  await next.kill();
});

test('hostile: a browser in a snap gets the address itself, which is of no use to another user', async (defer) => {
  const choices = join(process.env.KOSHIN_FOLDER, 'victim/choices');
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(choices, 'applications'), { recursive: true });
  writeFileSync(join(choices, 'applications/mimeapps.list'), '[Default Applications]\ntext/html=snapped.desktop\n');
  writeFileSync(join(choices, 'applications/snapped.desktop'), '[Desktop Entry]\nExec=/snap/bin/firefox %u\nMimeType=text/html;x-scheme-handler/http;\n');
  const { address } = await opened(defer, { environment: { XDG_DATA_HOME: choices } });
  const url = new URL(address);
  const ui = { port: Number(url.port), origin: url.origin };
  equal((await other.do('ask', { port: ui.port, bytes: post(ui, '/api/session', url.hash.slice(1)) })).text, '');
  const page = await openPage(address, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
});

test('hostile: a browser that does not come by the file gets the address after a while', async (defer) => {
  const { opener, address } = await opened(defer);
  check(address.startsWith('file:///'), address);
  const second = await opener.address();
  check(second.startsWith('http://127.0.0.1:'), second);
  const page = await openPage(second, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
});

test('hostile: cookies that another port of 127.0.0.1 sets do not keep the person out', async (defer) => {
  const ui = defer(await openFakeUi(play.happy));
  const { port } = await other.do('cookies', { name: `koshin-${ui.port}` });
  const page = await openPage(`http://127.0.0.1:${port}/`, { language: 'en' });
  defer(page.context());
  check((await page.context().cookies()).length > 12, 'the browser keeps them');
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  await page.goto(`http://127.0.0.1:${port}/`);  // and ours is overwritten
  await page.goto(`${ui.origin}/`);
  await onScreen(page, 'unlock');
  const second = await openPage(`${ui.origin}/`, { context: page.context(), language: 'en' });
  await onScreen(second, 'elsewhere');
  await second.click('.actions .primary');
  await unlock(second, '123456');
  await onScreen(second, 'notice');
});
