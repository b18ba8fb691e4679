// SPDX-License-Identifier: MIT
// Mishaps in the middle of a real renewal, with the real worker, token and bank: nothing is asked for twice, nothing is lost.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { check, deskWith, equal, eventually, goAhead, join, onScreen, openPage, openUi, pin, rmSync, temporaryFolder, test, unlock } from './harness.mjs';

/** A renewal that is waiting for the bank's answer: the key has been made, the request sent. */
async function halfway(defer) {
  const desk = await deskWith(defer);
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url, { language: 'en', tolerate: ['Failed to load resource', 'ERR_'] });
  defer(page.context());
  await unlock(page);
  await onScreen(page, 'notice');
  await page.click('.actions .primary');
  await onScreen(page, 'start');
  await desk.do('switch', { name: 'simplereenroll.slow', value: '600000' });
  await page.click('.actions .primary');
  await page.waitForSelector('.steps li:nth-child(4).running');
  await desk.do('switch', { name: 'simplereenroll.slow', value: '0' });
  return { desk, ui, page };
}

/** The worker that koshin-ui has started. */
function workerOf(ui) {
  const parent = (pid) => Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).find((pid) => {
    try {
      // Its guard is in between.
      return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'koshin-worker' && parent(parent(pid)) === ui.pid;
    } catch { return false; }  // it has just ended
  });
}

async function goesOn(page, desk) {
  await onScreen(page, 'unlock');
  check((await page.textContent('.lead')).includes('taken up again'), 'it is said that it goes on');
  await page.fill('#pin', pin);
  await page.click('button[type=submit]');
  await onScreen(page, 'start');
  await page.click('.actions .primary');
  await onScreen(page, 'completed');
  equal((await desk.do('state')).issued, 1, 'certificates issued:');
}

test('mishap: the worker is killed while the bank thinks; the same request goes on', async (defer) => {
  const { desk, ui, page } = await halfway(defer);
  process.kill(Number(workerOf(ui)), 'SIGKILL');
  await onScreen(page, 'interrupted');
  equal(await page.textContent('.note.bad code'), 'module_crashed');
  check((await page.textContent('.ticks')).includes('Make a new key pair on the token'), 'what was done');
  await page.click('.actions .primary');
  await goesOn(page, desk);
});

test('mishap: koshin-ui is killed while the bank thinks; the page says so, and the next one goes on', async (defer) => {
  const { desk, ui, page } = await halfway(defer);
  const worker = workerOf(ui);
  await ui.kill();
  await onScreen(page, 'lost');
  check((await page.textContent('.lead')).includes('not lost'), 'in words');
  await eventually(() => !existsSync(`/proc/${worker}`), 'the worker does not outlive it');
  const next = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const again = await openPage(next.url, { language: 'en' });
  defer(again.context());
  await goesOn(again, desk);
});

test('mishap: the token is pulled; the last page says what was done, and the next insertion goes on', async (defer) => {
  const { desk, ui, page } = await halfway(defer);
  await desk.do('remove', { label: 'Sakura Token' });
  ui.say({ schema: 1, type: 'token_removed' });
  process.kill(Number(workerOf(ui)), 'SIGKILL');  // a module whose token is gone would fail; this one is still asking the bank
  await onScreen(page, 'finished');
  equal(await page.textContent('#title'), 'The token was removed');
  check((await page.textContent('.ticks')).includes('Make a new key pair on the token'), 'what was done');
  equal(await ui.outcome(), 'token_removed');
  await desk.do('reinsert', { label: 'Sakura Token' });
  const next = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const again = await openPage(next.url, { language: 'en' });
  defer(again.context());
  await goesOn(again, desk);
});

test('mishap: a core of koshin-ui while it holds the PIN does not have the PIN, and none is written by itself', async (defer) => {
  const secret = 'Zx7-unlikely-91';
  const desk = await deskWith(defer, { pin: secret });
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
  await page.fill('#pin', secret);
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
  equal(/^Max core file size\s+(\d+)\s+(\d+)/m.exec(readFileSync(`/proc/${ui.pid}/limits`, 'utf8')).slice(1), ['0', '0']);
  const folder = temporaryFolder();
  defer({ close: async () => rmSync(folder, { recursive: true }) });
  execFileSync('/usr/bin/gcore', ['-o', join(folder, 'core'), String(ui.pid)], { stdio: 'pipe' });
  const core = readFileSync(join(folder, `core.${ui.pid}`));
  check(core.includes('Sakura Token'), 'the core has what is not secret');
  check(!core.includes(secret), 'the PIN is in the core');
  await goAhead(page);  // it did hold the PIN: the renewal works with it
  await onScreen(page, 'completed');
});
