// SPDX-License-Identifier: MIT
// Each way to leave has one outcome, in words, and none loses anything.
import { browser, check, equal, eventually, goAhead, onScreen, openFakeUi, openPage, spoken, test, testInChromium } from './harness.mjs';
import * as play from './scenarios.mjs';

const halfway = { ...play.happy, renew: [[...play.through('preflight', 'generate_key_pair'), play.step('sign_request'), { hold: 'go' }, ...play.through(...play.steps.slice(2)), play.result()]] };
const open = async (defer, scenario = play.happy, options = {}) => {
  const ui = defer(await openFakeUi(scenario, options));
  const page = await openPage(ui.url, { language: 'en', tolerate: ['Failed to load resource', 'ERR_CONNECTION'] });
  defer(page.context());
  return { ui, page };
};
async function toNotice(page) {
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
}
async function renewing(page) {
  await toNotice(page);
  await goAhead(page);
  await page.waitForSelector('.steps li:nth-child(3).running');
}

test('leaving: a reload in the middle shows the same progress, and the renewal goes on', async (defer) => {
  const { ui, page } = await open(defer, halfway);
  await renewing(page);
  await page.reload();
  await page.waitForSelector('.steps li:nth-child(3).running');
  equal(await page.locator('.steps .done').count(), 2, 'steps done:');
  check(!page.url().includes('#'), 'the capability is not in the address');
  ui.release('go');
  await onScreen(page, 'completed');
});

testInChromium('Playwright’s way back does not end in Firefox', 'leaving: back to another page and forward again', async (defer) => {
  const ui = defer(await openFakeUi(play.happy));
  const page = await openPage('about:blank', { language: 'en' });
  defer(page.context());
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  await page.goBack();
  await page.goForward();
  await onScreen(page, 'unlock');
});

test('leaving: close ends it and says so', async (defer) => {
  const { ui, page } = await open(defer);
  await onScreen(page, 'unlock');
  await page.click('.actions button:first-child');
  await onScreen(page, 'finished');
  equal(await page.textContent('#title'), 'Closed without renewing');
  equal(await ui.outcome(), 'closed');
});

test('leaving: closed at the notice, the worker that is ready changes nothing', async (defer) => {
  const { ui, page } = await open(defer);
  await toNotice(page);
  await page.click('.actions button:not(.primary)');
  await onScreen(page, 'finished');
  equal(await ui.outcome(), 'closed');
  equal(ui.jobs().map(({ job, type }) => job ?? type), ['inspect', 'renew']);
});

test('leaving: a closed tab lets the renewal finish, then koshin-ui ends', async (defer) => {
  const { ui, page } = await open(defer, halfway);
  await renewing(page);
  await page.close();
  ui.release('go');
  equal(await ui.outcome(), 'completed');
  equal(ui.jobs().filter(({ type }) => type === 'go').length, 1, 'renewals:');
});

test('leaving: a second tab takes over, and the first says where the page went', async (defer) => {
  const { ui, page } = await open(defer);
  await onScreen(page, 'unlock');
  const second = await openPage(`${ui.origin}/`, { context: page.context() });
  await onScreen(second, 'elsewhere');
  await second.click('.actions .primary');
  await onScreen(second, 'unlock');
  await onScreen(page, 'elsewhere');
  await page.click('.actions .primary');  // and back again
  await onScreen(page, 'unlock');
  await onScreen(second, 'elsewhere');
});

test('leaving: a duplicated tab has the page, and the first says where it went', async (defer) => {
  const { ui, page } = await open(defer);
  await onScreen(page, 'unlock');
  const [twin] = await Promise.all([page.context().waitForEvent('page'), page.evaluate(() => { window.open(location.href); })]);
  await onScreen(twin, 'unlock');
  await onScreen(page, 'elsewhere');
  await twin.fill('#pin', '123456');
  await twin.click('button[type=submit]');
  await onScreen(twin, 'notice');
  await onScreen(page, 'elsewhere');
  await twin.click('.actions button:not(.primary)');
  equal(await ui.outcome(), 'closed');
});

test('leaving: another browser cannot take over', async (defer) => {
  const { ui, page } = await open(defer);
  await onScreen(page, 'unlock');
  const other = await openPage(ui.url, { language: 'en', tolerate: ['403'] });
  defer(other.context());
  await onScreen(other, 'elsewhere');
  await other.click('.actions .primary');
  await other.waitForSelector(`text=${spoken('It cannot be brought here.')}`);
  equal(await page.locator('#pin').count(), 1, 'the first page is still there,');
});

test('leaving: pulling the token ends it with a last page', async (defer) => {
  const { ui, page } = await open(defer);
  await onScreen(page, 'unlock');
  ui.say({ schema: 1, type: 'token_removed' });
  await onScreen(page, 'finished');
  equal(await page.textContent('#title'), 'The token was removed');
  equal(await ui.outcome(), 'token_removed');
});

test('leaving: pulling the token in the middle says what was done', async (defer) => {
  const { ui, page } = await open(defer, { ...halfway, renew: [[...play.through('preflight', 'generate_key_pair'), play.step('sign_request'), { hold: 'go' }, play.failure('token_removed')]] });
  await renewing(page);
  ui.say({ schema: 1, type: 'token_removed' });
  ui.release('go');
  await onScreen(page, 'finished');
  check((await page.textContent('.ticks')).includes('Make a new key pair on the token'), 'what was done');
  equal(await ui.outcome(), 'token_removed');
});

test('leaving: the end of the parent ends it', async (defer) => {
  const { ui, page } = await open(defer);
  await onScreen(page, 'unlock');
  ui.child.process.stdin.end();
  await onScreen(page, 'finished');
  equal(await ui.outcome(), 'closed');
});

test('leaving: koshin-ui killed, the page says that nothing is lost', async (defer) => {
  const { ui, page } = await open(defer);
  await onScreen(page, 'unlock');
  await ui.kill();
  await onScreen(page, 'lost');
  check((await page.textContent('.lead')).includes('not lost'), 'in words');
});

test('leaving: koshin-ui that has gone before its texts came is said in the document’s own words', async (defer) => {
  const ui = defer(await openFakeUi(play.happy));
  const page = await openPage('about:blank', { language: 'en' });
  defer(page.context());
  await page.route('**/*.json', (route) => route.abort());
  await page.goto(ui.url);
  await page.waitForSelector('#silent [lang=en]');
  equal(await page.isVisible('.waiting-mark'), false, 'nothing turns');
  await page.unroute('**/*.json');  // it was a mishap, and the person tries
  await page.click('[data-language=en]');
  await onScreen(page, 'unlock');
});

test('leaving: where the first language cannot be had, the other one speaks', async (defer) => {
  const ui = defer(await openFakeUi(play.happy));
  const page = await openPage('about:blank', { language: 'en' });
  defer(page.context());
  await page.route('**/en.json', (route) => route.abort());
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  equal(await page.getAttribute('html', 'lang'), 'ja');
});

test('leaving: a language that nobody serves any more leaves the page as it was', async (defer) => {
  const ui = defer(await openFakeUi(play.happy));
  const page = await openPage('about:blank', { language: 'ja' });
  defer(page.context());
  let asked = 0;
  await page.route('**/en.json', (route) => { asked += 1; return route.abort(); });
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  const title = await page.textContent('#title');
  await page.click('[data-language=en]');
  await eventually(() => asked > 1, 'asked for again');
  equal([await page.textContent('#title'), await page.getAttribute('html', 'lang')], [title, 'ja']);
  await page.unroute('**/en.json');
  await page.click('[data-language=en]');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
});

test('leaving: the worker killed is said in words, and it can be tried again', async (defer) => {
  const { page } = await open(defer, { ...play.happy, renew: [[...play.through('preflight'), play.step('generate_key_pair'), { die: 'SIGSEGV' }], play.happy.renew[0]] });
  await toNotice(page);
  await goAhead(page);
  await onScreen(page, 'interrupted');
  equal(await page.textContent('.note.bad code'), 'module_crashed');
  await page.click('.actions .primary');
  await onScreen(page, 'unlock');
  equal(page.problems, [], 'every state on the way could be shown,');
});

test('leaving: sleep, with everything stopped for a while, and on it goes', async (defer) => {
  const { ui, page } = await open(defer, halfway);
  await renewing(page);
  ui.child.process.kill('SIGSTOP');
  await page.waitForTimeout(700);
  ui.child.process.kill('SIGCONT');
  ui.release('go');
  await onScreen(page, 'completed');
});

test('leaving: nobody there: a warning that can be answered, then the end', async (defer) => {
  const { ui, page } = await open(defer, play.happy, { toml: '[page]\nidle_timeout = "PT8S"\n' });
  await onScreen(page, 'unlock');
  await page.waitForSelector('dialog[open]');
  await page.click('dialog .primary');
  await page.waitForSelector('dialog', { state: 'hidden' });
  await onScreen(page, 'finished');
  equal(await page.textContent('#title'), 'Closed because nobody was there');
  equal(await ui.outcome(), 'idle');
});

test('leaving: a page that waits for approval offers to ask when the time has come', async (defer) => {
  await browser();  // it may take its time to start
  const soon = new Date((Math.floor(Date.now() / 1000) + 15) * 1000).toISOString().replace('.000', '');
  const journal = { pending: [{ token: play.token(), old_sha256: play.certificate().sha256, ask_again: soon }] };
  const { page, ui } = await open(defer, play.happy, { journal });
  await onScreen(page, 'pending');
  equal(await page.$$eval('.actions button', (found) => found.map((button) => button.className)), ['link', 'primary'], 'give up and close, before that:');
  await page.waitForSelector('.actions .primary:nth-child(3)');
  equal(await page.locator('.actions .primary').count(), 1, 'main buttons:');
  await page.click('.actions .primary');
  await onScreen(page, 'unlock');
  equal(ui.jobs().length, 1, 'jobs:');
});

test('leaving: cancelled in time it ends without a change, and says so', async (defer) => {
  const { page, ui } = await open(defer, { ...play.happy, renew: [[play.step('preflight'), { hold: 'never' }]] });
  await toNotice(page);
  await goAhead(page);
  await page.waitForSelector('[data-screen=renewing] .actions button:enabled');
  await page.click('.actions button');
  await onScreen(page, 'interrupted');
  equal(await page.textContent('.note.bad code'), 'interrupted');
  equal(ui.jobs().filter(({ type }) => type === 'go').length, 1, 'renewals:');
});

test('leaving: cancelled while it is still harmless, not after', async (defer) => {
  const { page, ui } = await open(defer, { ...play.happy, renew: [[play.step('preflight'), { hold: 'go' }, play.step('preflight', true), play.step('generate_key_pair'), { hold: 'never' }]] });
  await toNotice(page);
  await goAhead(page);
  await page.waitForSelector('.actions button:enabled');
  ui.release('go');
  await page.waitForSelector('.steps li:nth-child(2).running');
  check(await page.isDisabled('.actions button'), 'not once the key is being made');
  const status = await page.evaluate(() => fetch('/api/action', { method: 'POST', body: '{"action":"execute","token":"pkcs11:serial=a1b2c3d4"}', headers: { 'Content-Type': 'application/json', 'X-Koshin-Tab': sessionStorage.getItem('koshin-tab'), 'X-Koshin-Browser': localStorage.getItem('koshin-browser') } }).then((response) => response.status));
  equal(status, 409, 'an action of another screen:');
  await eventually(() => ui.jobs().filter(({ type }) => type === 'go').length === 1, 'one renewal only');
});
