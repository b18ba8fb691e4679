// SPDX-License-Identifier: MIT
// A new PIN on the page: the real token's, and what a token wants, refuses or leaves open.
import { check, deskWith, equal, onScreen, openFakeUi, openPage, openUi, pin, spoken, test } from './harness.mjs';
import * as play from './scenarios.mjs';

const newPin = '24681357';
const pageAt = async (defer, ui, options = {}) => { const page = await openPage(ui.url, { language: 'en', ...options }); defer(page.context()); return page; };
async function enter(page, first, fresh, again = fresh) {
  for (const [field, value] of [['old-pin', first], ['new-pin', fresh], ['again', again]]) await page.fill(`#${field}`, value);
  await page.click('button[type=submit]');
}
const changed = (more = {}) => [[play.say('notice', { code: 'pin_change_begins' }), play.say('pin_result', { token: play.token(), pin_file: '', ...more })]];
const works = (ui) => ui.jobs().filter(({ job }) => job !== 'inspect');

test('the PIN of the token is changed, and the renewal takes the new one and no more the old', async (defer) => {
  const desk = await deskWith(defer);
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await pageAt(defer, ui);
  await onScreen(page, 'unlock');
  await page.click(`button:text-is("${spoken('Change the PIN')}")`);
  await onScreen(page, 'pin_change');
  await enter(page, '99999999', newPin);
  await page.waitForSelector('.note.bad');
  equal(await page.textContent('.note.bad code'), 'pin_incorrect');
  equal(await page.inputValue('#new-pin'), '', 'nothing is left in the field,');
  await enter(page, pin, newPin);
  await onScreen(page, 'pin_changed');
  await page.click('.actions .primary');
  await onScreen(page, 'unlock');
  await page.fill('#pin', newPin);
  await page.click('button[type=submit]');
  await onScreen(page, 'notice');
  equal(page.problems, []);
});

test('a token that wants its PIN changed gets it before the renewal, which goes on with the new one', async (defer) => {
  const ui = defer(await openFakeUi({ ...play.happy, inspect: [play.inspected(play.token({ pin_to_be_changed: true }))], change_pin: changed() }));
  const page = await pageAt(defer, ui);
  await onScreen(page, 'pin_change');
  await enter(page, '123456', '864209');
  await onScreen(page, 'notice');
  equal(works(ui).map(({ job, secrets }) => [job, ...secrets].join(' ')), ['change_pin pin new_pin', 'renew pin']);
});

test('a locked PIN is set anew, and the file of unattended renewals that holds the old one is named', async (defer) => {
  const ui = defer(await openFakeUi({ ...play.happy, inspect: [play.inspected(play.token({ pin_locked: true }))], reset_pin: changed({ pin_file: '/etc/koshin/demo.pin' }) }));
  const page = await pageAt(defer, ui);
  await onScreen(page, 'interrupted');
  await page.click(`button:text-is("${spoken('Set a new PIN')}")`);
  await onScreen(page, 'pin_reset');
  await enter(page, 'officer-1', '864209');
  await onScreen(page, 'pin_changed');
  check((await page.textContent('.note.warn')).includes('/etc/koshin/demo.pin'), 'the file');
  equal(works(ui).map(({ job, secrets }) => [job, ...secrets].join(' ')), ['reset_pin security_officer_pin new_pin']);
});

test('a card asks for its PUK', async (defer) => {
  const card = play.token({ pin_locked: true, pin_min: 6, pin_max: 8, management_key: 'behind_pin' });
  const ui = defer(await openFakeUi({ ...play.happy, inspect: [play.inspected(card)], reset_pin: changed() }, { toml: '[token]\nprofile = "piv"\n' }));
  const page = await pageAt(defer, ui);
  await onScreen(page, 'interrupted');
  await page.click(`button:text-is("${spoken('Set a new PIN')}")`);
  await onScreen(page, 'pin_reset');
  equal(await page.textContent('label[for=old-pin]'), 'PUK');
  await enter(page, '12345678', '86420a');
  check((await page.textContent('#new-pin-error')).includes('Digits only.'), await page.textContent('#new-pin-error'));
  await enter(page, '12345678', '864209');
  await onScreen(page, 'pin_changed');
  equal(works(ui).map(({ secrets }) => secrets.join(' ')), ['puk new_pin']);
});

test('the rules of a new PIN are checked before a try is spent, on the page and by the program', async (defer) => {
  const ui = defer(await openFakeUi(play.happy));
  const page = await pageAt(defer, ui);
  await onScreen(page, 'unlock');
  await page.click(`button:text-is("${spoken('Change the PIN')}")`);
  await onScreen(page, 'pin_change');
  await enter(page, '123456', '864209', '864208');
  equal(await page.textContent('#again-error'), 'The two entries of the new PIN differ.');
  await enter(page, '123456', '864');
  check((await page.textContent('#new-pin-error')) !== '', 'too short');
  await enter(page, '', '864209');
  check((await page.textContent('#old-pin-error')) !== '', 'no old PIN');
  equal(works(ui), []);
  await enter(page, '123456', '111111');
  await page.waitForSelector('.note.bad');
  equal(await page.textContent('.note.bad code'), 'new_pin_refused');
  equal(works(ui), []);
});

test('a worker that dies while the PIN is changed leaves open which one counts, and it is said what to do', async (defer) => {
  const ui = defer(await openFakeUi({ ...play.happy, change_pin: [[play.say('notice', { code: 'pin_change_begins' }), { die: 'SIGKILL' }]] }));
  const page = await pageAt(defer, ui);
  await onScreen(page, 'unlock');
  await page.click(`button:text-is("${spoken('Change the PIN')}")`);
  await onScreen(page, 'pin_change');
  await enter(page, '123456', '864209');
  await page.waitForSelector('.note.bad');
  equal(await page.textContent('.note.bad code'), 'pin_change_unknown');
});
