// SPDX-License-Identifier: MIT
// The stand-in bank's re-issue desk as an administrator uses it, and ./dev demo --ui as a person does.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { lines } from './desktop.mjs';
import { bin, check, deleteOld, deskWith, equal, goAhead, join, onScreen, openPage, openUi, pin, rmSync, source, temporaryFolder, test, unlock } from './harness.mjs';

test('a re-issue: the desk hands out a code, an expired certificate is replaced, and the old one is revoked', async (defer) => {
  const desk = await deskWith(defer, { days: -3 });
  const [old] = (await (await fetch(`${desk.control}/state`)).json()).certificates;
  const administrator = await openPage(`${desk.control}/desk?lang=en`, { language: 'en' });
  defer(administrator.context());
  await administrator.fill('#cn', '12345678901234 user0001');
  await administrator.click('button[type=submit]');
  const code = await administrator.textContent('#code');
  check(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/.test(code), code);

  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'reissue');
  check((await page.textContent('.lead')).includes('expired'), 'why');
  await page.fill('#code', code);
  await page.click('button[type=submit]');
  await onScreen(page, 'start');
  await page.click('.actions .primary');
  await unlock(page);
  await onScreen(page, 'completed');
  const after = await (await fetch(`${desk.control}/state`)).json();
  equal([after.issued, after.revoked], [1, old ? [old.serial] : after.revoked]);
  check(after.revoked.length === 1, `revoked: ${after.revoked}`);

  // The earlier one, which logs nobody in any more, can go: now, or another day.
  const onToken = () => JSON.parse(execFileSync(join(bin, 'koshin'), ['inspect', '--json', '--settings', desk.settings], { env: { ...process.env, ...desk.environment } })).tokens[0].certificates.length;
  equal(onToken(), 2, 'on the token:');
  equal(await page.locator('.actions button').count(), 2, 'offered at once, beside the way out:');
  await page.click('.actions .primary');
  await onScreen(page, 'finished');
  const later = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const other = await openPage(later.url, { language: 'en' });
  defer(other.context());
  await onScreen(other, 'current');
  await deleteOld(other, pin);
  equal(onToken(), 1, 'on the token:');
});

/** The journal of that desk's user. */
const journalOf = (desk) => join(desk.environment.XDG_STATE_HOME, 'koshin', 'journal.sqlite');

test('of three certificates of one name the page names each old one; a damaged journal is said, and the renewal goes on when it is tried again', async (defer) => {
  const desk = await deskWith(defer, { days: 10 });
  await desk.do('provision', { label: 'Sakura Token', days: 12 });
  execFileSync(join(bin, 'koshin'), ['status', '--settings', desk.settings], { env: { ...process.env, ...desk.environment } });
  writeFileSync(journalOf(desk), 'no database'.repeat(500));
  const begin = async () => {
    const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
    const page = await openPage(ui.url, { language: 'en' });
    defer(page.context());
    await unlock(page);
    return page;
  };
  const first = await begin();
  await first.waitForSelector('.note.bad');
  equal(await first.textContent('.note.bad code'), 'journal_unusable');
  check(readdirSync(dirname(journalOf(desk))).some((name) => name.includes('.damaged-')), 'it is kept under another name');

  const page = await begin();
  await goAhead(page);
  await onScreen(page, 'completed');
  const lines = await page.textContent('#card');
  check(lines.includes('the browser lists 3 certificates by this name: choose the one whose serial number begins with '), lines);
  equal(lines.split('Not the old one whose serial number begins with ').length - 1, 2, 'old ones named:');
});

test('./dev demo --ui prints the address where no browser can be opened, works, and leaves nothing behind', async (defer) => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'demo'));
  defer({ close: async () => rmSync(folder, { recursive: true, force: true }) });
  const environment = { ...process.env, KOSHIN_DEMO_PARENT: join(folder, 'demo'), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'BROWSER']) delete environment[name];
  const demo = spawn('/bin/bash', [join(source, 'tests/e2e/demo_ui.sh'), dirname(bin)], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise((done) => { demo.once('exit', done); });
  defer({ close: async () => { demo.kill(); await ended; } });
  const next = lines(demo.stdout);
  let said = '';
  let line;
  do {
    line = await next();
    said += `${line}\n`;
  } while (!line.startsWith('http://127.0.0.1:'));
  const page = await openPage(line, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
  await page.fill('#pin', /PIN is (\S+)\./.exec(said)[1]);
  await page.click('button[type=submit]');
  await goAhead(page);
  await onScreen(page, 'completed');
  await page.click('.actions .primary');
  equal(await ended, 0, 'it ended with');
  equal(readdirSync(join(folder, 'demo')), [], 'left behind:');
});
