// SPDX-License-Identifier: MIT
// Several certificates of one token that are due: one PIN, one after the other, with the real worker, SoftHSM and the stand-in bank where these can be had.
import { check, deskWith, equal, goAhead, onScreen, openFakeUi, openPage, openUi, pin, test, unlock } from './harness.mjs';
import * as play from './scenarios.mjs';

const purposes = 'renewal.purposes = ["login", "signature", "encryption"]\nauthority.encryption_label = "encryption"\n';
const usages = ['critical,digitalSignature,nonRepudiation', 'critical,keyAgreement'];

/** The page of a token with three certificates that are due; `label`: where those for signatures are asked for. */
async function pageOfThree(defer, { language = 'en', label = 'signature' } = {}) {
  const desk = await deskWith(defer, { extra: `${purposes}authority.signature_label = "${label}"\n` });
  for (const usage of usages) await desk.do('provision', { label: 'Sakura Token', days: 12, usage });
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url, { language });
  defer(page.context());
  return { desk, ui, page };
}
const lines = (page) => page.locator('.note p').allTextContents();

for (const [language, words] of Object.entries({
  ja: { due: '3 個の電子証明書が更新時期です', what: ['ログイン用', '署名用', '暗号化用'], title: 'すべての電子証明書を更新しました', renewed: '更新しました', choose: /シリアル番号が\s*[0-9A-F]{8}/ },
  en: { due: '3 certificates on this token are due', what: ['for logging in', 'for signatures', 'for encryption'], title: 'Your certificates have been renewed', renewed: 'renewed, valid until', choose: /begins with\s+[0-9A-F]{8}/ },
})) {
  if (process.env.KOSHIN_PAGE_LANGUAGE) continue;  // it is in both languages anyway
  test(`sitting: three certificates with one PIN, each with its result, ${language}`, async (defer) => {
    const { desk, ui, page } = await pageOfThree(defer, { language });
    await onScreen(page, 'unlock');
    const due = (await lines(page)).join('\n');
    check([words.due, ...words.what].every((part) => due.includes(part)), due);
    await unlock(page);
    await desk.do('switch', { name: 'slow', value: '400' });
    await goAhead(page);
    await page.waitForFunction((what) => document.querySelector('[data-screen=renewing] .note')?.textContent.includes(what), words.what[1]);
    await page.waitForFunction((what) => document.querySelector('[data-screen=renewing] .note')?.textContent.includes(what), words.what[2]);
    await onScreen(page, 'completed');
    equal(await page.textContent('h1'), words.title);
    const results = (await lines(page)).filter((line) => line.includes(words.renewed));
    equal(results.length, 3, 'results:');
    check(words.what.every((what, row) => results[row].startsWith(what)), results.join('\n'));
    equal((await lines(page)).filter((line) => words.choose.test(line)).length, 1, 'browsers list one pair, that for logging in:');
    const state = await desk.do('state');
    equal(state.issued, 3, 'certificates issued:');
    await page.click('.actions button:not(.link):last-child');
    await onScreen(page, 'finished');
    equal(await ui.outcome(), 'completed');
    equal(page.problems, []);
  });
}

test('sitting: one that is not what was asked for does not keep the others from being renewed', async (defer) => {
  const { desk, page } = await pageOfThree(defer, { label: 'encryption' });
  await unlock(page);
  await goAhead(page);
  await onScreen(page, 'completed');
  const said = (await lines(page)).join('\n');
  equal((await desk.do('state')).issued, 3, 'certificates issued:');
  const rows = process.env.KOSHIN_PAGE_LANGUAGE === 'ja' ? ['署名用: 更新できませんでした', '暗号化用: 更新しました'] : ['for signatures: not renewed', 'for encryption: renewed'];
  equal(await page.textContent('h1'), 'Not all certificates have been renewed');
  check(rows.every((row) => said.includes(row)), said);
  equal(page.problems, []);
});

// A PIV card's slot has one certificate, which the new one overwrites: hard to have cut there in a real card.
test('sitting: of a certificate whose slot was overwritten it is said where it is, beside what became of the others', async (defer) => {
  const signs = { sha256: 'ef'.repeat(32), key_id: '02', purpose: 'signature', serial: '3F0A91C2D47C' };
  const card = play.token({ pin_min: 6, pin_max: 8, management_key: 'behind_pin', certificates: [play.certificate(), play.certificate(signs)] });
  const done = play.result({
    token: { ...card, certificates: [play.certificate(), play.replaced(signs), play.renewed({ key_id: '02', purpose: 'signature' })] },
    old_certificate: play.replaced(signs), new_certificate: play.renewed({ key_id: '02', purpose: 'signature' }),
  });
  const cut = [...play.through('preflight'), play.step('write'), play.say('notice', { code: 'old_certificate_kept_in_journal', text: 'raw' }), play.failure('proof_failed', '403')];
  const ui = defer(await openFakeUi({ inspect: [play.inspected(card)], unlock: [play.ready], renew: [cut, [...play.through(...play.steps), done]] },
    { toml: 'token.profile = "piv"\nrenewal.key = "renew"\nrenewal.purposes = ["login", "signature"]\n' }));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await unlock(page, '123456');
  await goAhead(page);
  await onScreen(page, 'completed');
  const said = (await lines(page)).join('\n');
  const rows = process.env.KOSHIN_PAGE_LANGUAGE === 'ja' ? ['ログイン用: 更新できませんでした', 'このパソコンに控えがあり', '署名用: 更新しました'] : ['for logging in: not renewed', 'This computer keeps a copy', 'for signatures: renewed'];
  check(rows.every((row) => said.includes(row)), said);
  check(said.indexOf(rows[0]) < said.indexOf(rows[1]) && said.indexOf(rows[1]) < said.indexOf(rows[2]), said);
  equal(page.problems, []);
});

test('sitting: a wrong PIN is tried once, and no other certificate is', async (defer) => {
  const { desk, page } = await pageOfThree(defer);
  await unlock(page, `${pin.slice(1)}0`);
  await page.waitForSelector('#pin:not([disabled])');
  await onScreen(page, 'unlock');
  equal((await desk.do('state')).issued, 0, 'certificates issued:');
  await unlock(page);
  await goAhead(page);
  await onScreen(page, 'completed');
  equal((await desk.do('state')).issued, 3, 'certificates issued:');
});
