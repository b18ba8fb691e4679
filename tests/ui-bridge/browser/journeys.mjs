// SPDX-License-Identifier: MIT
// The whole way, with the real worker, SoftHSM and the stand-in bank.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bin, check, deleteOld, deskWith, equal, eventually, goAhead, join, onScreen, openFakeUi, openPage, openUi, pin, spoken, test } from './harness.mjs';
import { memoryHolds, share } from './memory.mjs';
import * as play from './scenarios.mjs';

const uiAt = async (defer, desk, options = {}) => defer(await openUi({ environment: desk.environment, settings: desk.settings, ...options }));
const pageAt = async (defer, ui, options = {}) => { const page = await openPage(ui.url, options); defer(page.context()); return page; };

export async function unlock(page, secret = pin) {
  await onScreen(page, 'unlock');
  await page.fill('#pin', secret);
  await page.click('button[type=submit]');
}
async function toStart(page) {
  await unlock(page);
  await onScreen(page, 'notice');
  await page.click('.actions .primary');
  await onScreen(page, 'start');
}
const fact = (page, label) => page.textContent(`.facts div:has(dt:text-is("${spoken(label)}")) dd`);

for (const [language, words] of Object.entries({
  ja: { days: 'あと 11 日', cn: '名前 (CN)', o: '組織 (O)', date: /^\d{4}年\d{1,2}月\d{1,2}日 \d{1,2}時\d{2}分\d{2}秒 \(UTC\+09:00\)$/, until: '有効期限' },
  en: { days: '11 days left', cn: 'Common Name (CN)', o: 'Organization (O)', date: /^\d{1,2} [A-Z][a-z]+ \d{4}, \d{2}:\d{2}:\d{2} \(UTC\+09:00\)$/, until: 'Valid until' },
})) {
  if (process.env.KOSHIN_PAGE_LANGUAGE) continue;  // it is in both languages anyway
  test(`a renewal from PIN to the deleted old certificate, ${language}`, async (defer) => {
    const desk = await deskWith(defer);
    const ui = await uiAt(defer, desk);
    const page = await pageAt(defer, ui, { language });
    await unlock(page);
    await onScreen(page, 'notice');
    equal(await page.textContent('.count'), words.days);  // issued for 12 days, some moments ago
    check(words.date.test(await page.textContent('time')), `the date to the second: ${await page.textContent('time')}`);
    await page.click('.actions .primary');
    await onScreen(page, 'start');
    equal(await page.textContent('.choice strong'), 'Sakura Token');
    await page.click('.actions .primary');
    await onScreen(page, 'completed');
    equal(await fact(page, words.cn), '12345678901234 user0001');
    equal(await fact(page, words.o), 'Sakura Test Bank');
    check(words.date.test(await fact(page, words.until)), 'the new expiry');
    const state = await desk.do('state');
    equal(state.issued, 1, 'certificates issued:');
    check(state.logins >= 1, 'the new certificate has logged in');
    await deleteOld(page, pin);
    await onScreen(page, 'completed');
    equal(await page.locator('.actions button').count(), 1, 'nothing more to delete,');
    await page.click('.actions .primary');
    await onScreen(page, 'finished');
    equal(await ui.outcome(), 'completed');
    equal(page.problems, []);
  });
}

test('what the worker remarks is said in the page’s language, and what is of no use is not', async (defer) => {
  const remarks = ['tls_capped_at_1_2', 'pin_count_low', 'written_elsewhere', 'enrolled_before'].map((code) => play.say('notice', { code, text: `raw ${code}` }));
  const ui = defer(await openFakeUi({ ...play.happy, renew: [[...remarks, play.step('preflight'), { hold: 'never' }]] }));
  const page = await openPage(ui.url, { language: 'ja' });
  defer(page.context());
  await unlock(page, '123456');
  await goAhead(page);
  await page.waitForSelector('[data-screen=renewing] .note');
  const said = await page.locator('.note').allTextContents();
  equal(said.length, 2);
  check(said[0].includes('別のパソコン') && said[1].includes('前回取得した電子証明書'), said.join());
});

test('a touch of the token is asked for while it waits for one, and no longer', async (defer) => {
  const begun = [play.step('preflight'), play.say('touch', { certain: true, over: false }), { hold: 'touched' }, play.say('touch', { certain: true, over: true })];
  const ui = defer(await openFakeUi({ ...play.happy, renew: [[...begun, { hold: 'slow' }, play.say('touch', { certain: false, over: false }), { hold: 'never' }]] }));
  const page = await openPage(ui.url, { language: 'ja' });
  defer(page.context());
  await unlock(page, '123456');
  await goAhead(page);
  await page.waitForSelector('[data-screen=renewing] .note [role=alert]');
  equal(await page.textContent('.note [role=alert]'), 'トークンに触れてください。');
  ui.release('touched');
  await page.waitForSelector('[data-screen=renewing] .note [role=alert]', { state: 'detached' });
  ui.release('slow');
  await page.waitForSelector('[data-screen=renewing] .note [role=alert]');
  check((await page.textContent('.note [role=alert]')).includes('点滅していたら'), 'a question, since nothing is known');
});

test('a wrong PIN costs one try and is said in words; the right one then goes on', async (defer) => {
  const desk = await deskWith(defer);
  const ui = await uiAt(defer, desk);
  const page = await pageAt(defer, ui, { language: 'en' });
  await unlock(page, '99999999');
  await page.waitForSelector('.note.bad[role=alert]');
  equal(await page.textContent('.note.bad code'), 'pin_incorrect');
  await page.waitForSelector('.note.warn');  // the token tells: a wrong PIN was entered before
  equal(await page.inputValue('#pin'), '', 'the field is empty,');
  await page.fill('#pin', pin);
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
});

test('PIN rules are checked before a try is spent', async (defer) => {
  const ui = defer(await openFakeUi(play.happy));
  const page = await pageAt(defer, ui, { language: 'en' });
  await onScreen(page, 'unlock');
  for (const [value, words] of [['', 'Enter the PIN.'], ['123', 'at least 4'], ['１２３４', 'Use only letters']]) {
    await page.fill('#pin', value);
    await page.click('button[type=submit]');
    check((await page.textContent('#pin-error')).includes(words), `${value}: ${await page.textContent('#pin-error')}`);
  }
  // One longer than the token takes is told, not cut to what fits: neither pasted, nor typed with the software keyboard.
  await page.fill('#pin', '');
  await page.focus('#pin');
  await page.keyboard.insertText('123456789012xx');
  await page.click('button[type=submit]');
  check((await page.textContent('#pin-error')).includes('at most 12'), `pasted: ${await page.textContent('#pin-error')}`);
  await page.fill('#pin', '123456789012');
  await page.click('button[aria-expanded]');
  await page.click('.key:text-is("3")');
  equal(await page.inputValue('#pin'), '1234567890123');
  await page.click('button[type=submit]');
  check((await page.textContent('#pin-error')).includes('at most 12'), `typed: ${await page.textContent('#pin-error')}`);
  // and by the server, should a page ever forget
  await page.evaluate(() => fetch('/api/secret/pin', { method: 'POST', body: '123', headers: { 'Content-Type': 'application/octet-stream', 'X-Koshin-Tab': sessionStorage.getItem('koshin-tab'), 'X-Koshin-Browser': localStorage.getItem('koshin-browser') } }));
  await page.waitForSelector('.note.bad');
  equal(await page.textContent('.note.bad code'), 'pin_length_invalid');
  equal(ui.jobs().filter(({ job }) => job !== 'inspect').length, 0, 'jobs with a PIN:');
});

test('a passphrase of 1024 bytes is taken; a longer one is told, and nothing of it is cut off', async (defer) => {
  const ui = defer(await openFakeUi(play.happy, { toml: '[authority]\nhttp_authentication = "basic"\nhttp_user = "user0001"\n' }));
  const page = await pageAt(defer, ui, { language: 'en' });
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  for (const tooLong of ['x'.repeat(1025), 'パ'.repeat(342)]) {
    await page.fill('#passphrase', tooLong);
    await page.click('button[type=submit]');
    check((await page.textContent('#passphrase-error')).includes('at most 1024 bytes'), await page.textContent('#passphrase-error'));
    equal(await page.inputValue('#passphrase'), tooLong, 'what is in the field,');
  }
  await page.fill('#passphrase', 'パ'.repeat(341));
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
});

test('the last try asks for confirmation first', async (defer) => {
  const ui = defer(await openFakeUi({ ...play.happy, inspect: [play.inspected(play.token({ pin_final_try: true }))] }));
  const page = await pageAt(defer, ui, { language: 'en' });
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  check(await page.isDisabled('button[type=submit]'), 'not before it is confirmed');
  await page.check('.note.bad input');
  await page.waitForSelector('button[type=submit]:enabled');
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
  equal(ui.jobs().at(-1).insist_final_try, true);
});

test('a pin pad: the last try is confirmed before it is risked', async (defer) => {
  const reader = play.token({ protected_path: true, pin_final_try: true });
  const ui = defer(await openFakeUi({ ...play.happy, inspect: [play.inspected(reader)] }));
  const page = await pageAt(defer, ui, { language: 'en' });
  await onScreen(page, 'unlock');
  check(await page.isDisabled('button[type=submit]'), 'not yet');
  await page.check('.note.bad input');
  await page.waitForSelector('button[type=submit]:enabled');
  await page.click('button[type=submit]');
  await goAhead(page);
  await onScreen(page, 'completed');
  equal(ui.jobs().at(-1).insist_final_try, true);
});

test('a pin pad: the page says where to type, and no PIN passes through it', async (defer) => {
  const reader = play.token({ protected_path: true });
  const ui = defer(await openFakeUi({ ...play.happy, inspect: [play.inspected(reader)], renew: [[play.step('preflight'), { hold: 'typed' }, ...play.through(...play.steps), play.result()]] }));
  const page = await pageAt(defer, ui, { language: 'en' });
  await onScreen(page, 'unlock');
  equal(await page.locator('#pin').count(), 0);
  await page.click('.actions .primary');
  await goAhead(page);
  await page.waitForSelector(`text=${spoken('Enter the PIN on the reader.')}`);
  ui.release('typed');
  await onScreen(page, 'completed');
  const job = ui.jobs().at(-1);
  equal([job.protected_path, job.secrets], [true, []]);
});

test('a key type is chosen where the settings leave a choice', async (defer) => {
  const desk = await deskWith(defer, { extra: '[renewal]\nkey_choices = ["same", "ec-p384", "rsa-2048"]\n' });
  const ui = await uiAt(defer, desk);
  const page = await pageAt(defer, ui, { language: 'en' });
  await toStart(page);
  equal(await page.$$eval('input[name=key]', (found) => found.map((input) => input.value)), ['same', 'ec-p384', 'rsa-2048']);
  await page.check('input[value=ec-p384]');
  await page.click('.actions .primary');
  await onScreen(page, 'completed');
});

test('remind me next time ends the wizard and is remembered', async (defer) => {
  const desk = await deskWith(defer);
  const ui = await uiAt(defer, desk);
  const page = await pageAt(defer, ui);
  await unlock(page);
  await onScreen(page, 'notice');
  await page.check('.check input');
  await page.click('.actions .primary');
  await onScreen(page, 'finished');
  equal(await ui.outcome(), 'snoozed');
  equal((await desk.do('state')).issued, 0, 'certificates issued:');
  const status = JSON.parse(execFileSync(join(bin, 'koshin'), ['status', '--json', '--settings', desk.settings], { env: { ...process.env, ...desk.environment }, encoding: 'utf8' }));
  check(status.tokens.some((token) => token.snoozed_at), `remembered: ${JSON.stringify(status.tokens)}`);
});

test('waiting for approval: closed, and taken up again with the same request', async (defer) => {
  const desk = await deskWith(defer);
  await desk.do('switch', { name: 'pending', value: '1' });
  await desk.do('switch', { name: 'retry_after', value: '1' });
  const first = await uiAt(defer, desk);
  const page = await pageAt(defer, first, { language: 'en' });
  await toStart(page);
  await page.click('.actions .primary');
  await onScreen(page, 'pending');
  // The main button is another one as soon as the time has come, which may be now.
  const close = (waiting) => waiting.click('.actions button:not(.link)');
  await close(page);
  equal(await first.outcome(), 'pending');
  await eventually(async () => {
    const again = await openUi({ environment: desk.environment, settings: desk.settings });
    const next = await openPage(again.url, { language: 'en' });
    defer(next.context());
    defer(again);
    const screen = await Promise.race([onScreen(next, 'unlock'), onScreen(next, 'pending')]).then((card) => card.getAttribute('data-screen'));
    if (screen === 'pending') {  // Retry-After has a floor
      await close(next);
      await again.outcome();
      return false;
    }
    await unlock(next);
    await onScreen(next, 'start');
    await next.click('.actions .primary');
    await onScreen(next, 'completed');
    return true;
  }, 'the authority may be asked again', 90000);
  equal((await desk.do('state')).issued, 1, 'certificates issued:');
});

test('a re-issue with the code of the desk, onto a token that is empty', async (defer) => {
  const desk = await deskWith(defer, { provisioned: false });
  const { code } = await desk.do('code');
  const ui = await uiAt(defer, desk, { args: ['--reason', 'certificate_missing'] });
  const page = await pageAt(defer, ui, { language: 'en' });
  await onScreen(page, 'reissue');
  await page.click('button[type=submit]');
  equal([await page.textContent('#user-error'), await page.textContent('#code-error')], ['Enter your user ID.', 'Enter the code.']);
  await page.fill('#user', '12345678901234 user0001');
  await page.fill('#code', code);
  await page.click('button[type=submit]');
  await onScreen(page, 'start');
  await page.click('.actions .primary');
  await unlock(page);
  await onScreen(page, 'completed');
  equal(await fact(page, 'Common Name (CN)'), '12345678901234 user0001');
  equal((await desk.do('state')).issued, 1, 'certificates issued:');
});

test('a wrong re-issue code is refused in words, and the field is there again', async (defer) => {
  const desk = await deskWith(defer, { provisioned: false });
  const ui = await uiAt(defer, desk, { args: ['--reason', 'certificate_missing'] });
  const page = await pageAt(defer, ui, { language: 'en' });
  await onScreen(page, 'reissue');
  await page.fill('#user', '12345678901234 user0001');
  await page.fill('#code', 'NOT-A-CODE');
  await page.click('button[type=submit]');
  await onScreen(page, 'start');
  await page.click('.actions .primary');
  await unlock(page);
  await onScreen(page, 'reissue');
  equal(await page.textContent('.note.bad code'), 'reissue_code_invalid');
  equal((await desk.do('state')).issued, 0, 'certificates issued:');
});

test('an interrupted renewal says what was done, and goes on from there', async (defer) => {
  const desk = await deskWith(defer, { extra: 'authority.attempts = 1' });
  await desk.do('switch', { name: 'drop_after_issue', value: 'always' });
  const ui = await uiAt(defer, desk);
  const page = await pageAt(defer, ui, { language: 'en' });
  await toStart(page);
  await page.click('.actions .primary');
  await onScreen(page, 'interrupted');
  check((await page.textContent('.ticks')).includes('Make a new key pair on the token'), 'what was done');
  await desk.do('switch', { name: 'drop_after_issue', value: '0' });
  await page.click('.actions .primary');
  await unlock(page);
  await onScreen(page, 'start');
  await page.click('.actions .primary');
  await onScreen(page, 'completed');
  equal((await desk.do('state')).issued, 1, 'certificates issued:');
});

test('the PIN is nowhere in koshin-ui after use, nor in the journal, nor in what was logged', async (defer) => {
  const secret = 'Zx7-unlikely-91';
  const desk = await deskWith(defer, { pin: secret });
  const ui = await uiAt(defer, desk);
  const page = await pageAt(defer, ui);
  await unlock(page, secret);
  await onScreen(page, 'notice');
  // Before any scan: reading all of a process brings every page of its files into memory.
  check(share(ui.pid) < 12 * 1024, `${share(ui.pid)} KiB (PSS)`);
  check(memoryHolds(ui.pid, 'Sakura Token'), 'the scan itself finds what is there');
  await goAhead(page);
  await onScreen(page, 'completed');
  check(!memoryHolds(ui.pid, secret), 'the PIN is in memory after use');
  check(!ui.child.errors.includes(secret), 'the PIN is in the log');
  const journal = readFileSync(`${desk.environment.XDG_STATE_HOME}/koshin/journal.sqlite`);
  check(!journal.includes(secret), 'the PIN is in the journal');
});
