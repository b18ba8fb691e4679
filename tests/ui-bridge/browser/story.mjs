// SPDX-License-Identifier: MIT
// The whole story once: Chromium logs in to the bank with the certificate on the token (NSS, the SoftHSM module, its PIN typed
// into the browser's own dialog, then the passphrase); the bank says that the certificate expires; the agent says so on the
// desktop; it is renewed on the page that this opens; a new browser logs in with the new one; the old one is deleted.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { login, missingForLogin, openDisplay, prepareNss } from './bank_login.mjs';
import { becomeDefaultBrowser, openDesktop, startAgent } from './desktop.mjs';
import { bin, check, deleteOld, equal, goAhead, onScreen, openDesk, openPage, openUi, run, test, unlock } from './harness.mjs';
import { memoryHolds } from './memory.mjs';

const missing = missingForLogin();
if (missing) {
  console.log(`skipped: not installed: ${missing}`);
  process.exit(77);
}

const pin = 'Zx7Unlikely91';  // found in memory, it can only have come from the person

async function renewOnPage(page) {
  await unlock(page, pin);
  await goAhead(page);
  await onScreen(page, 'completed');
}

const certificates = (desk, settings) => JSON.parse(execFileSync(join(bin, 'koshin'), ['inspect', '--json', '--settings', settings], { env: { ...process.env, ...desk.environment } }))
  .tokens[0].certificates.map(({ serial }) => serial);

test('the whole story: log in, be told, renew, log in again, delete the old certificate', async (defer) => {
  const desk = defer(await openDesk());
  await desk.do('token', { label: 'Sakura Token', pin });
  await desk.do('provision', { label: 'Sakura Token', days: 12, key: 'rsa-2048' });
  const settings = (await desk.do('settings', { extra: 'token.rescan_interval = 5' })).file;
  prepareNss(desk);
  const display = defer(await openDisplay());
  const desktop = defer(await openDesktop());
  const opener = defer(becomeDefaultBrowser(join(desk.folder, 'default-browser')));

  const before = await login(desk, display.name, 'profile-1', pin);
  defer(before.context);
  equal(before.notices, 1, 'notices of the bank:');

  const agent = defer(startAgent(desk, settings, desktop, opener));
  const message = await desktop.shown();
  check(message.actions.includes('renew'), JSON.stringify(message));
  desktop.press(message.id, 'renew');
  const page = await openPage(await opener.address(), { context: before.context });
  await renewOnPage(page);
  check(memoryHolds(agent.pid, 'Sakura Token'), 'the scan itself finds what is there');
  check(!memoryHolds(agent.pid, pin), 'the PIN is in the memory of the agent');
  await page.click('.actions .primary');
  await onScreen(page, 'finished');
  await before.context.close();  // all windows, as the page says

  const after = await login(desk, display.name, 'profile-2', pin);
  defer(after.context);
  equal((await desk.do('state')).issued, 1, 'certificates issued:');
  equal(after.notices, 0, 'notices of the bank:');
  check(after.serial !== before.serial, 'another certificate');
  equal(certificates(desk, settings).sort(), [before.serial, after.serial].sort(), 'on the token:');

  const again = defer(await openUi({ environment: desk.environment, settings }));
  const current = await openPage(again.url, { context: after.context });
  await onScreen(current, 'current');
  await deleteOld(current, pin);
  equal(certificates(desk, settings), [after.serial], 'on the token:');
  check(!agent.said().includes(pin), 'the PIN is in the log');
});

await run(process.argv[2]);
