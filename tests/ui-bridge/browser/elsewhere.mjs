// SPDX-License-Identifier: MIT
// A token that another computer has worked on: all that this one knows of it is what is on it.
import { spawnSync } from 'node:child_process';
import { bin, check, deskWith, equal, join, onScreen, openPage, openUi, pin, test, unlock } from './harness.mjs';

/** `koshin renew` on another computer, which has a journal of its own; whether the renewal came to its end there. */
function renewedElsewhere(desk) {
  const environment = { ...process.env, ...desk.environment, XDG_STATE_HOME: `${desk.environment.XDG_STATE_HOME}/elsewhere` };
  const { status } = spawnSync(join(bin, 'koshin'), ['renew', '--pin-stdin', '--settings', desk.settings], { env: environment, input: `${pin}\n` });
  return status === 0;
}

/** The page on this computer; it has the new certificate log in, and asks for nothing but the PIN. */
async function tryHere(defer, desk) {
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
  equal(await page.textContent('.lead'), 'Another computer has written your new certificate to this token. Enter the PIN, and it is tried here: it logs in once. Nothing on the token is changed.');
  await unlock(page);
  await onScreen(page, 'completed');
  equal(page.problems, []);
}

async function expectNothingDue(defer, desk) {
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'current');
}

test('elsewhere: a certificate that another computer has renewed is tried here once, and then nothing is due', async (defer) => {
  const desk = await deskWith(defer);
  check(renewedElsewhere(desk), 'it was renewed there');
  const before = await desk.do('state');
  await tryHere(defer, desk);
  const after = await desk.do('state');
  equal(after.issued, 1, 'certificates issued:');
  check(after.logins > before.logins, `log-ins: ${before.logins}, then ${after.logins}`);
  await expectNothingDue(defer, desk);
});

test('elsewhere: one that another computer has written and could not try is tried here', async (defer) => {
  const desk = await deskWith(defer);
  await desk.do('switch', { name: 'login.drop_after_issue', value: 'always' });
  check(!renewedElsewhere(desk), 'it could not be tried there');
  await desk.do('switch', { name: 'login.drop_after_issue', value: '0' });
  await tryHere(defer, desk);
  equal((await desk.do('state')).issued, 1, 'certificates issued:');
});
