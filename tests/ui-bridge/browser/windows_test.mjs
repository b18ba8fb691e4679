// SPDX-License-Identifier: MIT
// koshin for Windows, under Wine, with the real Chromium of this system: the page that koshin-ui.exe serves, whom it refuses, and the way from a
// card in a reader (a winscard.dll of the tests' own) over koshin-agent.exe to the page.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { bin, check, Child, emptyPictures, equal, eventually, goAhead, hasTexts, join, missing, onScreen, openPage, openUi, pictures, rmSync, run, source, test, unlock } from './harness.mjs';
import { inSystem, windowsPath, wine } from './system.mjs';

if (!wine || missing()) {
  console.log(`skipped: ${wine ? missing() : 'KOSHIN_WINE names no wine'}`);
  process.exit(77);
}
emptyPictures();

/** Beside the programs: what lies in /tmp others can write, and koshin does not believe it. */
function ownFolder() {
  const all = join(bin, '../temporary');
  mkdirSync(all, { recursive: true });
  return mkdtempSync(join(all, 'page-'));
}

/** A token with a certificate that is due, the stand-in bank, settings and a user, all of them of Windows. */
async function openDesk(defer) {
  const folder = ownFolder();
  const environment = { LC_ALL: 'C.UTF-8' };
  for (const name of ['XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR']) {
    mkdirSync(join(folder, name));
    environment[name] = windowsPath(join(folder, name));
  }
  defer({ close: () => rmSync(folder, { recursive: true, force: true }) });
  const made = execFileSync(...inSystem(join(bin, 'koshin-provision'), [windowsPath(folder), '12']), { encoding: 'utf8', env: { ...process.env, ...environment } });
  const said = Object.fromEntries(made.trim().split(/\r?\n/).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  environment.SOFTHSM2_CONF = said.SOFTHSM2_CONF;
  const bank = new Child(join(bin, 'koshin-bank'), ['serve', windowsPath(join(folder, 'bank'))], { env: { ...process.env, ...environment } });
  defer({ async close() { bank.process.stdin.end(); await bank.ended; } });
  const { url, control } = JSON.parse((await bank.line()).replace('ready ', ''));
  const settings = join(folder, 'koshin.toml');
  writeFileSync(settings, `token.modules = ['${said.MODULE}']\nauthority.url = '${url}'\nauthority.trust_anchors = '${said.ANCHORS}'\nauthority.prove_url = '${url}/login'\n`, { mode: 0o600 });
  const issued = async () => (await (await fetch(`${control}/state`)).json()).certificates.length;
  return { folder, environment, settings: windowsPath(settings), pin: said.PIN, issued };
}

const reader = 'Fake Reader 0';

/** The smart card service of the agent's world: a service and one reader, whose card comes and goes. */
function openReaders(folder) {
  const file = join(folder, 'readers');
  let service = 1;
  let events = 0;
  let state = 'empty';
  const write = () => {
    writeFileSync(`${file}.new`, `service ${service}\nreader ${state} ${events} ${reader}\n`);
    renameSync(`${file}.new`, file);
  };
  write();
  return {
    file: windowsPath(file),
    insert() { state = 'card'; events += 1; write(); },
    pull() { state = 'empty'; events += 1; write(); },
    stop() { const before = service; service = 0; write(); return before; },
    start(before) { service = before + 1; events = 0; write(); },
  };
}

/** A folder with koshin's programs, beside the tests' winscard.dll. */
function installPrograms(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of ['koshin-agent', 'koshin-ui', 'koshin-worker', 'koshin-slot-watch']) copyFileSync(join(bin, `${name}.exe`), join(folder, `${name}.exe`));
  copyFileSync(join(bin, 'koshin-programs.dll'), join(folder, 'koshin-programs.dll'));
  copyFileSync(join(bin, 'smart_cards/winscard.dll'), join(folder, 'winscard.dll'));
}

/** What Wine starts for an address instead of a browser: it notes the address. */
function becomeBrowser(folder) {
  mkdirSync(folder, { recursive: true });
  const noted = join(folder, 'address');
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >>'${noted}'\n`, { mode: 0o755 });
  const addresses = () => (existsSync(noted) ? readFileSync(noted, 'utf8').trim().split('\n') : []);
  return {
    environment: { PATH: `${folder}:${process.env.PATH}` },
    /** The page's own address, once the browser was given one: by itself, or in the file that leads to it. */
    async page(number = 1) {
      await eventually(() => addresses().length >= number, 'the browser is asked for the page', 60000);
      const given = addresses()[number - 1];
      if (given.startsWith('http://')) return given;
      return /url=(http:[^"]+)"/.exec(readFileSync(fileURLToPath(given), 'utf8'))[1];
    },
    count: () => addresses().length,
  };
}

function startAgent(defer, desk) {
  const folder = ownFolder();
  const readers = openReaders(folder);
  const browser = becomeBrowser(join(folder, 'browser'));
  installPrograms(join(folder, 'bin'));
  const agent = new Child(join(folder, 'bin/koshin-agent'), ['--settings', desk.settings], { env: { ...process.env, ...desk.environment, ...browser.environment,
    KOSHIN_FAKE_READERS: readers.file, WINEDLLOVERRIDES: 'winscard=n;mscoree,mshtml=' } });
  defer({ async stop() { if (agent.process.exitCode === null) await agent.kill('SIGKILL'); rmSync(folder, { recursive: true, force: true }); } });
  return { readers, browser, agent, logged: (words, limit) => eventually(() => agent.errors.includes(words), `the agent says “${words}”, and not only ${agent.errors}`, limit) };
}

/** All bytes that a connection of this system's own gets for a whole request. */
const answerTo = (port) => new Promise((done) => {
  let text = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
  socket.on('data', (data) => { text += data; });
  socket.on('error', () => done(text));
  socket.on('close', () => done(text));
});

test('the page of koshin-ui.exe, from the PIN to the renewed certificate', async (defer) => {
  const desk = await openDesk(defer);
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url, { width: 760, height: 800 });
  await onScreen(page, 'unlock');
  if (pictures) await page.screenshot({ path: join(pictures, 'windows-unlock.png'), animations: 'disabled', fullPage: true });
  const before = await desk.issued();
  await unlock(page, desk.pin);
  await goAhead(page);
  await onScreen(page, 'completed');
  if (pictures) await page.screenshot({ path: join(pictures, 'windows-completed.png'), animations: 'disabled', fullPage: true });
  equal(page.problems, [], 'on the console:');
  equal(await desk.issued() - before, 1, 'certificates issued:');
  await page.context().close();
});

/** What the page says by that key of the catalogue. */
const said = (key) => JSON.parse(readFileSync(join(source, 'agent/foundation/texts/ja.json'), 'utf8'))[`page.${key}`];
const showsText = (page, key) => page.waitForFunction((text) => document.querySelector('#card').innerText.includes(text), said(key), { timeout: 60000 });
/** Does to the user's store of certificates what Windows does to it. */
const storeTool = (desk, what) => new Child(join(bin, 'koshin-store-tool'), [what], { env: { ...process.env, ...desk.environment } });

test('Windows takes the new certificate over while the last screen is shown: Edge and Chrome find it', async (defer) => {
  const desk = await openDesk(defer);
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url);
  await onScreen(page, 'unlock');
  const propagation = storeTool(desk, 'wait');
  await unlock(page, desk.pin);
  await goAhead(page);
  await onScreen(page, 'completed');
  await showsText(page, 'completed.store_has_it');
  equal(await propagation.ended, 0, 'koshin-store-tool ends with');
  equal(page.problems, [], 'on the console:');
  equal(await storeTool(desk, 'remove').ended, 0, 'it takes away what it has put there:');
  await page.context().close();
});

test('Windows does not take it over: after ten seconds the last screen says so, and what helps; and when it has come after all', async (defer) => {
  const desk = await openDesk(defer);
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url);
  await onScreen(page, 'unlock');
  await unlock(page, desk.pin);
  await goAhead(page);
  await onScreen(page, 'completed');
  await showsText(page, 'completed.store_looking');
  await showsText(page, 'completed.store_lacks_it');
  if (pictures) await page.screenshot({ path: join(pictures, 'windows-store.png'), animations: 'disabled', fullPage: true });
  equal(await storeTool(desk, 'propagate').ended, 0, 'koshin-store-tool ends with');
  await showsText(page, 'completed.store_has_it');
  equal(await storeTool(desk, 'remove').ended, 0, 'it takes away what it has put there:');
  await page.context().close();
});

test('a program that is not this user\'s is refused before a byte is read, and the page goes on', async (defer) => {
  const desk = await openDesk(defer);
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  for (let i = 0; i < 3; i += 1) equal(await answerTo(ui.port), '', 'to a program of Linux, of which Windows knows no user:');
  await eventually(() => ui.child.errors.includes("they are not this user's"), 'the refusals are logged');
  const page = await openPage(ui.url);
  await onScreen(page, 'unlock');
  await page.context().close();
});

test('a second koshin-ui.exe with a link leads to the page that is open', async (defer) => {
  const desk = await openDesk(defer);
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url);
  await onScreen(page, 'unlock');
  const second = new Child(join(bin, 'koshin-ui'), ['--link', 'koshin://open', '--print-url'], { env: { ...process.env, ...desk.environment } });
  equal(await second.ended, 0, 'the second one ends with');
  const again = await ui.child.line();
  check(again.startsWith(ui.origin) && again !== ui.url, `the first one gives out a new address, and not ${again}`);
  await page.context().close();
});

test('a card: the agent notices it, asks SoftHSM\'s DLL, opens the page, and ends it when the card is pulled', async (defer) => {
  const desk = await openDesk(defer);
  const { readers, browser, agent, logged } = startAgent(defer, desk);
  await logged('Watching 1 card reader(s)');
  readers.insert();
  const page = await openPage(await browser.page());
  await onScreen(page, 'unlock');
  await hasTexts(page);
  await page.waitForTimeout(3000);  // its stream of events is there too: each connection takes long under Wine
  readers.pull();
  await onScreen(page, 'finished');
  await logged('koshin-ui tells the person.');
  await page.context().close();
  check(agent.process.exitCode === null, 'the agent goes on');
});

test('the smart card service stops and starts again: the agent waits for it and looks at the card anew', async (defer) => {
  const desk = await openDesk(defer);
  const { readers, browser, logged } = startAgent(defer, desk);
  await logged('Watching 1 card reader(s)');
  const before = readers.stop();
  await logged('The smart card service went away; waiting for it.');
  readers.insert();
  readers.start(before);
  const page = await openPage(await browser.page());
  await onScreen(page, 'unlock');
  await page.context().close();
});

test('a second agent of the session leaves', async (defer) => {
  const desk = await openDesk(defer);
  const { agent, logged } = startAgent(defer, desk);
  await logged('Watching 1 card reader(s)');
  const second = new Child(join(bin, 'koshin-agent'), ['--settings', desk.settings], { env: { ...process.env, ...desk.environment } });
  equal(await second.ended, 0, 'it ends with');
  await eventually(() => second.errors.includes('watches already; leaving'), 'it says why');
  check(agent.process.exitCode === null, 'the first one goes on');
});

await run(process.argv[2]);
