// SPDX-License-Identifier: MIT
// Links of the scheme koshin, as the desktop hands them to koshin-ui: what they open, and what a page is spared that is open already.
import { spawnSync } from 'node:child_process';
import { existsSync, utimesSync } from 'node:fs';
import { becomeDefaultBrowser, openDesktop } from './desktop.mjs';
import { check, equal, goAhead, join, onScreen, openFakeUi, openPage, temporaryFolder, test, unlock } from './harness.mjs';
import * as play from './scenarios.mjs';

/** A folder for a koshin-ui that opens the browser of this script. */
function place(defer) {
  const folder = temporaryFolder();
  const opener = defer(becomeDefaultBrowser(join(folder, 'default-browser')));
  return { folder, opener, environment: { ...opener.environment, DISPLAY: ':nowhere' } };
}
/** As the desktop does: another koshin-ui, with nothing but the address. `soon`: the last link was just now, however long the browser took meanwhile. */
function follow({ folder, environment }, link, { soon = false } = {}) {
  const last = join(folder, 'run/koshin/links.last');
  const then = new Date(Date.now() - (soon ? 0 : 60000));
  if (existsSync(last)) utimesSync(last, then, then);
  const own = { HOME: join(folder, 'home'), XDG_STATE_HOME: join(folder, 'home'), XDG_RUNTIME_DIR: join(folder, 'run'), XDG_CONFIG_HOME: join(folder, 'home'), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
  const { status, stdout, stderr } = spawnSync(join(folder, 'bin/koshin-ui'), ['--link', link], { env: { ...process.env, ...own, ...environment }, encoding: 'utf8', timeout: 20000 });
  return { status, said: stdout + stderr };
}
const openTab = async (defer, address, context) => {
  const page = await openPage(address, { language: 'en', context });
  if (!context) defer(page.context());
  return page;
};

test('links: koshin://renew opens the page as the menu does, koshin://reissue at the field for the code', async (defer) => {
  for (const [link, screen] of [['koshin://renew', 'unlock'], ['koshin://open/', 'unlock'], ['KOSHIN://reissue?code=ABCD', 'reissue']]) {
    const ui = defer(await openFakeUi(play.happy, { args: ['--link', link] }));
    await onScreen(await openTab(defer, ui.url), screen);
  }
});

test('links: what was begun comes before a re-issue that a link asks for', async (defer) => {
  const ui = defer(await openFakeUi(play.happy, { args: ['--link', 'koshin://reissue'], journal: play.waitsForApproval }));
  await onScreen(await openTab(defer, ui.url), 'pending');
});

test('links: a link while a page is open leads to that page, and its first tab says where it went', async (defer) => {
  const desk = place(defer);
  defer(await openFakeUi(play.happy, { folder: desk.folder, opens: desk.environment }));
  const first = await openTab(defer, await desk.opener.address());
  await onScreen(first, 'unlock');
  equal(follow(desk, 'koshin://reissue').status, 0);
  const second = await openTab(defer, await desk.opener.address(), first.context());
  await onScreen(second, 'unlock');  // as it was
  await onScreen(first, 'elsewhere');
  await unlock(second, '123456');
  await onScreen(second, 'notice');
  equal(second.problems, []);
});

test('links: a renewal that is running goes on beside a link', async (defer) => {
  const desk = place(defer);
  const halfway = { ...play.happy, renew: [[...play.through(...play.steps.slice(0, 2)), { hold: 'on' }, ...play.through(...play.steps.slice(2)), play.result()]] };
  const ui = defer(await openFakeUi(halfway, { folder: desk.folder, opens: desk.environment }));
  const first = await openTab(defer, await desk.opener.address());
  await unlock(first, '123456');
  await goAhead(first);
  await onScreen(first, 'renewing');
  equal(follow(desk, 'koshin://renew').status, 0);
  const second = await openTab(defer, await desk.opener.address(), first.context());
  await onScreen(second, 'renewing');
  ui.release('on');
  await onScreen(second, 'completed');
  equal(ui.jobs().filter(({ type }) => type === 'go').length, 1, 'renewals:');
});

test('links: a message of the desktop that waits for its answer is answered by the link', async (defer) => {
  const desk = place(defer);
  const desktop = defer(await openDesktop());
  defer(await openFakeUi(play.happy, { folder: desk.folder, opens: { ...desk.environment, ...desktop.environment }, message: true }));
  await desktop.shown();
  equal(follow(desk, 'koshin://renew').status, 0);
  await onScreen(await openTab(defer, await desk.opener.address()), 'unlock');
});

test('links: two within five seconds are one', async (defer) => {
  const desk = place(defer);
  defer(await openFakeUi(play.happy, { folder: desk.folder, opens: desk.environment }));
  const first = await openTab(defer, await desk.opener.address());
  await onScreen(first, 'unlock');
  equal(follow(desk, 'koshin://renew').status, 0);
  await onScreen(await openTab(defer, await desk.opener.address(), first.context()), 'unlock');
  const again = follow(desk, 'koshin://renew', { soon: true });
  equal(again.status, 0);
  check(again.said.includes('within five seconds'), again.said);
  equal(await Promise.race([desk.opener.address(), new Promise((done) => { setTimeout(() => done('none'), 1500); })]), 'none', 'a further address:');
});

test('links: what stands after the word is ignored, and the log says so without it', async (defer) => {
  const desk = place(defer);
  defer(await openFakeUi(play.happy, { folder: desk.folder, opens: desk.environment }));
  await desk.opener.address();
  const more = follow(desk, 'koshin://renew?pin=73519264');
  equal(more.status, 0);
  check(more.said.includes('a link held more than its word') && more.said.includes('KOSHIN_LINK="renew"'), more.said);
  check(!more.said.includes('73519264'), more.said);
  const bare = follow(desk, 'koshin://renew');
  check(!bare.said.includes('held more'), bare.said);
});

test('links: what is no link of koshin opens nothing, and nothing of it is repeated', async (defer) => {
  const desk = place(defer);
  defer(await openFakeUi(play.happy, { folder: desk.folder, opens: desk.environment }));
  await desk.opener.address();
  for (const link of ['koshin://prune', 'koshin:renew', 'koshin://renew:80', 'https://evil.test/secret', 'koshin://renewal?pin=73519264']) {
    const { status, said } = follow(desk, link);
    check(status !== 0 && said.includes('koshin-ui[') && said.includes('nothing was opened'), `${link} is not in the log: ${status} ${said}`);
    check(!/evil|73519264|prune/.test(said), said);
  }
});
