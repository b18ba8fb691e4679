// SPDX-License-Identifier: MIT
// What the page says in each situation is true, in both languages.
import { equal, onScreen, openFakeUi, openPage, test, unlock } from './harness.mjs';
import * as play from './scenarios.mjs';

const day = 86400000;
const grace = '[renewal]\ngrace = "P30D"\n';
const showing = (page, language) => page.click(`[data-language=${language}]`).then(() => page.waitForFunction((wanted) => document.documentElement.lang === wanted, language));
/** The page at its first screen, beside a token as given. */
async function open(defer, token, more = {}) {
  const ui = defer(await openFakeUi({ ...play.happy, inspect: [play.inspected(token)] }, more));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  return page;
}

for (const [days, en, ja] of [
  [12.5, 'Your certificate expires soon / 12 days left', '電子証明書の有効期限が近づいています / あと 12 日'],
  [1.5, 'Your certificate expires soon / 1 day left', '電子証明書の有効期限が近づいています / あと 1 日'],
  [0.5, 'Your certificate expires soon / less than a day left', '電子証明書の有効期限が近づいています / 残り 24 時間未満'],
  [-0.5, 'Your certificate has expired / It expired less than a day ago', '電子証明書の有効期限が過ぎました / 過去 24 時間以内に期限切れ'],
  [-1.5, 'Your certificate has expired / It expired 1 day ago', '電子証明書の有効期限が過ぎました / 1 日前に期限切れ'],
  [-3.5, 'Your certificate has expired / It expired 3 days ago', '電子証明書の有効期限が過ぎました / 3 日前に期限切れ'],
]) {
  test(`words: the notice ${days} days before the expiry`, async (defer) => {
    const expiry = new Date(Math.floor((Date.now() + days * day) / 1000) * 1000);
    const page = await open(defer, play.token({ certificates: [play.certificate({ not_after: expiry.toISOString().replace('.000', '') })] }), { toml: grace });
    await unlock(page, '123456');
    await onScreen(page, 'notice');
    const until = new Date(expiry.getTime() + 30 * day + 9 * 3600000);  // the page is in Japan
    const two = (number) => String(number).padStart(2, '0');
    const month = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' }).format(until);
    const clock = [until.getUTCHours(), until.getUTCMinutes(), until.getUTCSeconds()];
    const lead = days > 0 ? {
      en: 'After that you can no longer log in with it. Renewing it takes a few minutes.', ja: '期限を過ぎると、この電子証明書ではログインできなくなります。更新は数分で終わります。',
    } : {
      en: `You can no longer log in with it. It can still be renewed until ${until.getUTCDate()} ${month} ${until.getUTCFullYear()}, ${clock.map(two).join(':')} (UTC+09:00); that takes a few minutes.`,
      ja: `この電子証明書ではログインできませんが、${until.getUTCFullYear()}年${until.getUTCMonth() + 1}月${until.getUTCDate()}日 ${clock[0]}時${two(clock[1])}分${two(clock[2])}秒 (UTC+09:00) まではまだ更新できます。更新は数分で終わります。`,
    };
    for (const [language, wanted] of [['en', en], ['ja', ja]]) {
      await showing(page, language);
      equal(`${await page.textContent('#title')} / ${await page.textContent('.count')}`, wanted);
      equal(await page.textContent('.lead'), lead[language]);
    }
  });
}

const expired = play.certificate({ not_after: '2026-01-31T14:59:59Z' });
const endings = {
  'a renewal': { token: play.token(), first: 'unlock',
    en: ['Closed without renewing', 'Your present certificate was not touched.', 'You will be asked again when you insert the token.'],
    ja: ['更新せずに終了しました', '今の電子証明書は変更していません。', 'トークンを挿し直すと、もう一度ご案内します。'] },
  'nothing to renew': { token: play.token({ certificates: [play.renewed()] }), first: 'current',
    en: ['Closed', 'There is nothing left to do. You will be told when the next renewal is due.'],
    ja: ['終了しました', '今、必要な手続きはありません。次の更新の時期が来たらお知らせします。'] },
  'a re-issue': { token: play.token({ certificates: [expired] }), first: 'reissue',
    en: ['Closed without a new certificate', 'No new certificate has been received. You can go on another time with a re-issue code; what was done so far is kept.'],
    ja: ['取得せずに終了しました', '新しい電子証明書は取得していません。ここまでの結果は記録してあり、再発行コードがあれば、あとで続きから取得できます。'] },
  'a token that cannot be read': { token: play.token({ certificates: [], initialized: false }), first: 'interrupted',
    en: ['Closed', 'Nothing on the token was changed. When there is something to do, you will be asked as you insert the token.'],
    ja: ['終了しました', 'トークンの中は何も変わっていません。手続きが必要なときは、トークンを挿すとご案内します。'] },
};
for (const [name, { token, first, ...texts }] of Object.entries(endings)) {
  for (const language of ['en', 'ja']) {
    test(`words: the last page after closing ${name} (${language})`, async (defer) => {
      const page = await open(defer, token);
      await onScreen(page, first);
      await showing(page, language);
      await page.click(`.actions button:text-is("${language === 'en' ? 'Close' : '閉じる'}")`);
      await onScreen(page, 'finished');
      equal([await page.textContent('#title'), ...await page.locator('.lead').allTextContents()], texts[language]);
    });
  }
}

test('words: who waits for approval is told that the PIN is needed again', async (defer) => {
  const ui = defer(await openFakeUi({ ...play.happy, renew: [[...play.through('preflight', 'generate_key_pair', 'sign_request'), play.step('submit'), play.pendingFor(30)]] }));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await unlock(page, '123456');
  for (const screen of ['notice', 'start']) {
    await onScreen(page, screen);
    await page.click('.actions .primary');
  }
  await onScreen(page, 'pending');
  equal(await page.locator('#card > p:not(.lead)').allTextContents(), ['You can close this page. You will be told when it is time and the token is inserted. You then enter the PIN again to receive the certificate.', 'Your present certificate was not touched.']);
  await showing(page, 'ja');
  equal(await page.locator('#card > p:not(.lead)').allTextContents(), ['この画面は閉じてかまいません。時刻を過ぎ、トークンが挿してあるときにお知らせします。もう一度 PIN を入力すると、電子証明書を取得できます。', '今の電子証明書は変更していません。']);
  await page.click('.actions button');
  await onScreen(page, 'finished');
  equal(await page.locator('.lead').allTextContents(), ['トークンを抜いてもかまいません。', '時刻を過ぎ、トークンが挿してあるときにお知らせします。もう一度 PIN を入力すると、電子証明書を取得できます。']);
});

for (const [characters, min, max, en, ja] of [
  ['any', 0, 0, '', ''],
  ['any', 4, 12, '4 to 12 characters', '4～12 文字'],
  ['any', 6, 6, '6 characters', '6 文字'],
  ['digits', 0, 0, 'Made of digits', '半角の数字を使えます。'],
  ['digits', 4, 12, '4 to 12 digits', '半角の数字で 4～12 文字'],
]) {
  test(`words: what a PIN is made of (${characters}, ${min} to ${max})`, async (defer) => {
    const page = await open(defer, play.token({ pin_min: min, pin_max: max }), { toml: `[token]\npin_characters = "${characters}"\n` });
    await onScreen(page, 'unlock');
    equal(await page.textContent('#pin-hint'), en);
    await showing(page, 'ja');
    equal(await page.textContent('#pin-hint'), ja);
    equal(await page.textContent('button[type=submit]'), '次へ', 'nothing that sounds like help with a locked token,');
  });
}
