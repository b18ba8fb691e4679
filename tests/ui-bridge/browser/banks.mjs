// SPDX-License-Identifier: MIT
// A company of two banks at one desk, through the real agent: each bank's certificate is told of, shown, renewed and written
// about as that bank's, whether they are on two tokens or on one.
import { execFileSync } from 'node:child_process';
import { becomeDefaultBrowser, openDesktop, openMailbox, startAgent } from './desktop.mjs';
import { bin, check, equal, goAhead, join, onScreen, openDesk, openPage, openUi, pin, test, unlock } from './harness.mjs';

const banks = {
  sakura: { token: 'Sakura Token', shown: 'さくら銀行', desk: '0120-111-111', user: '12345678901234 user0001', days: 12 },
  ume: { token: 'Ume Token', shown: 'うめ銀行', desk: '0120-222-222', user: '98765432109876 user0009', days: 9 },
};

/** A desk of both banks, whose certificates are on these tokens. */
async function openBanks(defer, tokenOf) {
  const desk = defer(await openDesk());
  await desk.do('bank', { bank: 'Ume' });
  for (const label of new Set(Object.keys(banks).map(tokenOf))) await desk.do('token', { label, pin });
  await desk.do('provision', { label: tokenOf('sakura'), days: banks.sakura.days, cn: banks.sakura.user });
  await desk.do('provision', { label: tokenOf('ume'), days: banks.ume.days, cn: banks.ume.user, bank: 'Ume' });
  const mailbox = defer(await openMailbox());
  const lines = (name) => `[bank.branding]\nbank_name = "${banks[name].shown}"\nhelp_desk = "${banks[name].desk}"\n[bank.mail]\nto = "${name}@company.example"\n`;
  const settings = (await desk.do('settings', {
    extra: `token.rescan_interval = 5\nmail.url = "smtp://localhost:${mailbox.port}"\nmail.starttls = false\nmail.from = "koshin@company.example"`,
    banks: [
      { name: 'sakura', issuer: 'CN=Sakura User CA,.*', lines: lines('sakura') },
      { name: 'ume', bank: 'Ume', issuer: 'CN=Ume User CA,.*', lines: lines('ume') },
    ],
  })).file;
  return { desk, mailbox, settings };
}

/** The agent at such a desk, with a desktop and a browser. */
async function openWithAgent(defer, tokenOf) {
  const scene = await openBanks(defer, tokenOf);
  const desktop = defer(await openDesktop());
  const opener = defer(becomeDefaultBrowser(join(scene.desk.folder, 'default-browser')));
  return { ...scene, desktop, opener, agent: defer(startAgent(scene.desk, scene.settings, desktop, opener)) };
}

/** The next message of the desktop that offers a renewal, and whose it says it is. */
async function toldOf(desktop) {
  let message;
  do message = await desktop.shown(); while (!message.actions.includes('renew'));
  const name = Object.keys(banks).find((each) => message.summary.includes(banks[each].shown));
  check(name, JSON.stringify(message));
  return { ...message, name };
}

/** The page that a message opens shows one bank, and renews what is that bank's. */
async function renewFrom(defer, { desktop, opener }, message, label) {
  desktop.press(message.id, 'renew');
  const page = await openPage(await opener.address());
  defer(page.context());
  await onScreen(page, 'unlock');
  const other = banks[message.name === 'ume' ? 'sakura' : 'ume'];
  const shown = await page.textContent('body');
  for (const wanted of [banks[message.name].shown, banks[message.name].desk, label]) check(shown.includes(wanted), `${wanted} is not in: ${shown}`);
  for (const wrong of [other.shown, other.desk]) check(!shown.includes(wrong), `${wrong} is in: ${shown}`);
  await unlock(page);
  await onScreen(page, 'notice');
  check((await page.textContent('#card')).includes(banks[message.name].user), await page.textContent('#card'));
  await goAhead(page);
  await onScreen(page, 'completed');
  await page.click('.actions .primary');
  await onScreen(page, 'finished');
  equal(page.problems, []);
}

const koshin = ({ desk, settings }, ...words) => JSON.parse(execFileSync(join(bin, 'koshin'), [...words, '--json', '--settings', settings], { env: { ...process.env, ...desk.environment } }));
const counts = async ({ desk }) => {
  const [sakura, ume] = [await desk.do('state'), await desk.do('state', { bank: 'Ume' })];
  return { issued: [sakura.issued, ume.issued], proved: [sakura.logins > 0, ume.logins > 0] };
};

async function renewBoth(defer, tokenOf) {
  const scene = await openWithAgent(defer, tokenOf);
  const first = await toldOf(scene.desktop);
  await renewFrom(defer, scene, first, tokenOf(first.name));
  equal(await counts(scene), first.name === 'sakura' ? { issued: [1, 0], proved: [true, false] } : { issued: [0, 1], proved: [false, true] }, 'after one:');
  const second = await toldOf(scene.desktop);
  check(second.name !== first.name, `told twice of ${first.name}`);
  await renewFrom(defer, scene, second, tokenOf(second.name));
  equal(await counts(scene), { issued: [1, 1], proved: [true, true] }, 'after both:');

  const mails = [await scene.mailbox.next(), await scene.mailbox.next()].sort((one, other) => one.to.localeCompare(other.to));
  equal(mails.map(({ to }) => to), ['sakura@company.example', 'ume@company.example']);
  equal(mails.map(({ body }) => Object.values(banks).filter(({ shown }) => body.includes(shown)).map(({ shown }) => shown)), [[banks.sakura.shown], [banks.ume.shown]], 'banks named:');
  equal(koshin(scene, 'history').records.map(({ bank, state }) => `${bank} ${state}`).sort(), ['sakura completed', 'ume completed']);
  equal(koshin(scene, 'inspect').tokens.flatMap(({ certificates }) => certificates).filter(({ replaced_by }) => !replaced_by)
    .map(({ bank, validity }) => `${bank} ${validity}`).sort(), ['sakura current', 'ume current']);
  check(!scene.agent.said().includes(pin), 'the PIN is in the log');
}

test('banks: two tokens of two banks at one desk are each told of, renewed and written about as that bank\'s', (defer) => renewBoth(defer, (name) => banks[name].token));
test('banks: one token with certificates of two banks is renewed at each of them', (defer) => renewBoth(defer, () => 'One Token'));

test('banks: a page that is opened by hand is that of the bank whose token is plugged in', async (defer) => {
  const { desk, settings } = await openBanks(defer, (name) => banks[name].token);
  for (const [name, gone] of [['sakura', 'ume'], ['ume', 'sakura']]) {
    await desk.do('remove', { label: banks[gone].token });
    const ui = defer(await openUi({ environment: desk.environment, settings }));
    const page = await openPage(ui.url);
    defer(page.context());
    await onScreen(page, 'unlock');
    const shown = await page.textContent('body');
    check(shown.includes(banks[name].shown) && !shown.includes(banks[gone].shown), shown);
    await desk.do('reinsert', { label: banks[gone].token });
  }
});
