// SPDX-License-Identifier: MIT
// Several due tokens at once, through the real agent: one page, which lists them and takes them one after the other.
import { becomeDefaultBrowser, openDesktop, startAgent } from './desktop.mjs';
import { check, equal, eventually, goAhead, join, onScreen, openDesk, openPage, pin, test, unlock } from './harness.mjs';

/** An agent that has found tokens with so many days left, and the page that the person has opened from its message. */
async function pageOfAgent(defer, days) {
  const desk = defer(await openDesk());
  const label = (index) => `Token ${String(index + 1).padStart(2, '0')}`;
  for (const [index] of days.entries()) await desk.do('token', { label: label(index), pin });
  for (const [index, left] of days.entries()) await desk.do('provision', { label: label(index), days: left, cn: `12345678901234 user${index}` });
  const settings = (await desk.do('settings', { extra: 'token.rescan_interval = 5\n' })).file;
  const desktop = defer(await openDesktop());
  const opener = defer(becomeDefaultBrowser(join(desk.folder, 'default-browser')));
  const agent = defer(startAgent(desk, settings, desktop, opener));
  let message;
  do message = await desktop.shown(); while (!message.actions.includes('renew'));
  desktop.press(message.id, 'renew');
  const page = await openPage(await opener.address(), { language: 'en' });
  defer(page.context());
  return { desk, desktop, agent, page };
}
/** The rows of the list, in the language that was asked for whichever the page speaks. */
async function listed(page) {
  const rows = [];
  for (let row = 1, count = await page.locator('.others li').count(); row <= count; row += 1) rows.push(await page.textContent(`.others li:nth-child(${row})`));
  return rows;
}
const labelOf = (page) => page.textContent('.facts strong, .facts .strong dd');
/** How many times the agent has started koshin-ui. */
const pages = (agent) => agent.said().split('koshin-ui tells the person.').length - 1;

async function putOff(page) {
  await unlock(page);
  await onScreen(page, 'notice');
  await page.check('.check input');
  await page.click('.actions .primary');
}

test('several: of two due tokens one is renewed and the next put off on the same page, and the agent opens no other', async (defer) => {
  const { desk, agent, page } = await pageOfAgent(defer, [12, 9]);
  await onScreen(page, 'unlock');
  const first = await labelOf(page);
  const others = await listed(page);
  equal(others.length, 1, 'others:');
  check(/^Token 0[12]12345678901234 user[01] · (8|11) days left$/.test(others[0]) && !others[0].startsWith(first), others[0]);
  await unlock(page);
  await goAhead(page);
  await onScreen(page, 'completed');
  equal(await page.textContent('.actions .primary'), 'Next token');
  await page.click('.actions .primary');
  await onScreen(page, 'unlock');
  check(others[0].startsWith(await labelOf(page)), `the next one: ${await labelOf(page)}`);
  equal(await listed(page), [], 'others:');
  await putOff(page);
  await onScreen(page, 'finished');
  await eventually(() => agent.said().includes('KOSHIN_DECISION="snoozed"'), 'the agent has seen what became of the second', 40000);
  equal([(await desk.do('state')).issued, pages(agent)], [1, 1], 'certificates issued, pages opened:');
  equal(page.problems, []);
});

test('several: sixty due tokens are one page that lists them, twenty at a time', async (defer) => {
  const { agent, desktop, page } = await pageOfAgent(defer, Array.from({ length: 60 }, (_, index) => 20 - Math.floor(index / 6)));
  await onScreen(page, 'unlock');
  check((await page.textContent('.others h2')).endsWith(': 59'), await page.textContent('.others h2'));
  const others = await listed(page);
  equal([others.length, await page.textContent('.others p.sub')], [20, 'and 39 more'], 'listed:');
  check(others[0].endsWith('10 days left'), `the most urgent first: ${others[0]}`);
  await putOff(page);
  await onScreen(page, 'put_off');
  await page.click('.actions .primary');
  await onScreen(page, 'unlock');
  check(others[0].startsWith(await labelOf(page)), `the most urgent is the next: ${await labelOf(page)}`);
  check((await page.textContent('.others h2')).endsWith(': 58'), await page.textContent('.others h2'));
  equal(pages(agent), 1, 'pages opened:');
  await page.click('.actions button:first-child');  // enough for today: the next one is a message again, and only one
  await onScreen(page, 'finished');
  let message;
  do message = await desktop.shown(); while (!message.actions.includes('renew'));
  equal(pages(agent), 2, 'messages:');
});
