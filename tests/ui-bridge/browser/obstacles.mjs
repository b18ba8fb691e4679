// SPDX-License-Identifier: MIT
// What stands in the way of everything is said on the page: wrong settings, no module; and nothing is offered there that cannot help.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { becomeDefaultBrowser, openDesktop } from './desktop.mjs';
import { bin, check, equal, join, onScreen, openFakeUi, openPage, temporaryFolder, test } from './harness.mjs';
import * as play from './scenarios.mjs';

async function open(defer, scenario, more = {}) {
  const ui = defer(await openFakeUi(scenario, more));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  return { ui, page };
}
function emptySettings() {
  const file = join(temporaryFolder(), 'koshin.toml');
  writeFileSync(file, '', { mode: 0o600 });
  return file;
}
const buttons = (page) => page.locator('.actions button').allTextContents();

test('obstacle: wrong settings open the page, which says where', async (defer) => {
  const { ui, page } = await open(defer, play.happy, { toml: 'nonsense = 1' });
  await onScreen(page, 'interrupted');
  equal(await page.textContent('.note.bad code'), 'settings_invalid');
  check((await page.textContent('.note.bad')).includes('koshin.toml:1:1: unknown key "nonsense"'), await page.textContent('.note.bad'));
  check(!(await buttons(page)).some((label) => label.includes('code')), `no re-issue code is offered: ${await buttons(page)}`);
  equal(ui.jobs(), [], 'no token was looked at:');
});

test('obstacle: of wrong settings that the agent has seen a message tells first, and its button opens the page', async (defer) => {
  const desktop = defer(await openDesktop());
  const opener = defer(becomeDefaultBrowser(join(temporaryFolder(), 'default-browser')));
  const opens = { ...opener.environment, ...desktop.environment, DISPLAY: ':nowhere' };
  const ui = defer(await openFakeUi(play.happy, { toml: 'nonsense = 1', opens, message: true, args: ['--reason', 'settings_invalid', '--language', 'en'] }));
  const { id, summary, body, actions } = await desktop.shown();
  equal(summary, 'Certificates cannot be renewed on this computer');
  check(body.includes('koshin.toml:1:1: unknown key') && body.includes('Ask your IT staff'), body);
  equal(actions, ['default', 'Open', 'renew', 'Open'], 'its buttons:');
  desktop.press(id, 'renew');
  const page = await openPage(await opener.address(), { language: 'en' });
  defer(page.context());
  await onScreen(page, 'interrupted');
  equal(await page.textContent('.note.bad code'), 'settings_invalid');
  equal(ui.jobs(), [], 'no token was looked at:');
});

test('obstacle: of settings that are right again by then nothing is told', async (defer) => {
  const desktop = defer(await openDesktop());
  const { status, stderr } = spawnSync(join(bin, 'koshin-ui'), ['--reason', 'settings_invalid', '--settings', emptySettings()], { env: { ...process.env, ...desktop.environment, HOME: temporaryFolder() }, encoding: 'utf8', timeout: 20000 });
  equal(status, 0);
  check(stderr.includes('put right meanwhile'), stderr);
});

for (const reason of ['module_not_configured', 'module_not_found', 'module_unsafe'])
  test(`obstacle: without a module no re-issue code is offered (${reason})`, async (defer) => {
    const { page } = await open(defer, { ...play.happy, inspect: [[play.failure(reason)]] });
    await onScreen(page, 'interrupted');
    equal(await page.textContent('.note.bad code'), reason);
    check(!(await buttons(page)).some((label) => label.includes('code')), `${await buttons(page)}`);
  });

test('obstacle: a wrong PIN is not said any more once something else is', async (defer) => {
  const { page } = await open(defer, { ...play.happy, unlock: [[play.failure('pin_incorrect')], play.ready], inspect: [play.inspected(play.token()), play.inspected(play.token())] });
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await page.waitForSelector('.note.bad code', { state: 'attached' });
  await page.fill('#pin', '12');
  await page.click('button[type=submit]');
  await page.waitForSelector('.note.bad', { state: 'detached' });
  check((await page.textContent('form')).includes('at least 4'), await page.textContent('form'));
  await page.fill('#pin', '123457');
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
});

test('obstacle: the computer can be checked from the page', async (defer) => {
  const checks = [{ name: 'token', status: 'failed', text: 'x', advice: 'y', id: 'token', subject: '', finding: '', reason: 'token_not_found', values: [''] }];
  const { page } = await open(defer, { ...play.happy, inspect: [[play.failure('module_not_found')]], doctor: [[play.say('doctor_result', { checks })]] });
  await onScreen(page, 'interrupted');
  await page.click('button:text-is("Check this computer")');
  await onScreen(page, 'computer');
  await page.waitForSelector('.checks li');
  const lines = await page.locator('.checks li').allTextContents();
  check(lines.some((line) => line.includes('token') && line.startsWith('✗')), `what the worker has found: ${lines}`);
  check(lines.some((line) => line.includes('smart card service')), `what koshin-desk-check has found: ${lines}`);
  await page.click('[data-language=ja]');
  await page.waitForFunction(() => document.querySelector('.checks').textContent.includes('スマートカードサービス'));
  await page.click('.actions .primary');
  await onScreen(page, 'interrupted');
});
