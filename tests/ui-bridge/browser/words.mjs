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
  [0.5, 'Your certificate expires soon / less than a day left', '電子証明書の有効期限が近づいています / 残り 24 時間以内'],
  [-0.5, 'Your certificate has expired / It expired less than a day ago', '電子証明書の有効期限が過ぎました / 24 時間以内に期限切れ'],
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
      en: `You can no longer log in with it. It can still be renewed until ${until.getUTCDate()} ${month} ${until.getUTCFullYear()}, ${clock.map(two).join(':')}; that takes a few minutes.`,
      ja: `この電子証明書ではログインできませんが、${until.getUTCFullYear()}年${until.getUTCMonth() + 1}月${until.getUTCDate()}日 ${clock[0]}時${two(clock[1])}分${two(clock[2])}秒 まではまだ更新できます。更新は数分で終わります。`,
    };
    for (const [language, wanted] of [['en', en], ['ja', ja]]) {
      await showing(page, language);
      equal(`${await page.textContent('#title')} / ${await page.textContent('.count')}`, wanted);
      equal(await page.textContent('.lead'), lead[language]);
    }
  });
}
