// SPDX-License-Identifier: MIT
// What a bank calls itself, its help desk and the PIN of its token, in both languages, with a real token and bank.
import { check, deskWith, equal, onScreen, openPage, openUi, test, unlock } from './harness.mjs';

const names = `branding.bank_name_ja = "さくら銀行"
branding.bank_name_en = "Sakura Bank"
branding.help_desk_ja = "0120-000-000 (平日 9:00～17:00)"
branding.help_desk_en = "+81 3 0000 0000"
branding.pin_name_ja = "トークンの暗証番号"
branding.pin_name_en = "token password"
`;
const body = (page) => page.evaluate(() => document.body.innerText);

async function pageWith(defer, extra, options = {}) {
  const desk = await deskWith(defer, { extra, ...options });
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url, { language: options.language ?? 'ja' });
  defer(page.context());
  await onScreen(page, 'unlock');
  return { page, desk };
}

test('names: a bank\'s own words stand on the page in the language that is read', async (defer) => {
  const { page } = await pageWith(defer, names);
  const japanese = await body(page);
  for (const wanted of ['さくら銀行', 'お問い合わせ: 0120-000-000 (平日 9:00～17:00)', 'トークンのトークンの暗証番号を入力してください'])
    check(japanese.includes(wanted), `${wanted} is not in: ${japanese}`);
  check(!japanese.includes('PIN'), `PIN is in: ${japanese}`);
  equal(await page.title(), 'トークンのトークンの暗証番号を入力してください – さくら銀行');
  await page.click('[data-language="en"]');
  const english = await body(page);
  for (const wanted of ['Sakura Bank', 'Help desk: +81 3 0000 0000', 'Enter the token password of your token', 'Token password'])
    check(english.includes(wanted), `${wanted} is not in: ${english}`);
  check(!/\bPIN\b/.test(english), `PIN is in: ${english}`);
  equal(page.problems, []);
});

test('names: a refused PIN is called by the bank\'s word too', async (defer) => {
  const { page } = await pageWith(defer, names.replaceAll('トークンの暗証番号', '暗証番号'));
  await unlock(page, '99999999');
  await page.waitForSelector('.note.bad');
  check((await page.textContent('.note.bad')).includes('暗証番号が違います'), await page.textContent('.note.bad'));
  await page.click('[data-language="en"]');
  check((await page.textContent('.note.bad')).includes('The token password was not right'), await page.textContent('.note.bad'));
  equal(page.problems, []);
});

test('names: a name in one language stands in the other too, but PIN stays PIN there', async (defer) => {
  const { page } = await pageWith(defer, 'branding.bank_name_ja = "さくら銀行"\nbranding.help_desk = "0120-1"\nbranding.pin_name_ja = "暗証番号"\n');
  await page.click('[data-language="en"]');
  const english = await body(page);
  for (const wanted of ['さくら銀行', 'Help desk: 0120-1', 'Enter the PIN of your token']) check(english.includes(wanted), `${wanted} is not in: ${english}`);
});

test('names: a person whom the administrator helps reads the help desk on the screen of the re-issue', async (defer) => {
  const desk = await deskWith(defer, { extra: names, days: -3 });
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url);
  defer(page.context());
  await onScreen(page, 'reissue');
  const shown = await page.textContent('#card');
  for (const wanted of ['ご自身がご契約の管理者の場合は', 'お問い合わせ: 0120-000-000']) check(shown.includes(wanted), `${wanted} is not in: ${shown}`);
});
