// SPDX-License-Identifier: MIT
// Brings the page to each of its screens, with a worker that plays along. Used for the accessibility checks and the pictures.
import { onScreen } from './harness.mjs';
import * as play from './scenarios.mjs';

const unlock = async (page) => {
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
};
const start = async (page) => {
  await unlock(page);
  await onScreen(page, 'notice');
  await page.click('.actions .primary');
  await onScreen(page, 'start');
};
const execute = async (page) => {
  await start(page);
  await page.click('.actions .primary');
};
const other = play.token({ uri: 'pkcs11:serial=ffff', label: 'Spare Token', serial: 'ffff0000', certificates: [], free_memory: undefined });
const second = (worker) => ({ ...play.happy, ...worker });

const offered = async (page) => {
  await execute(page);
  await onScreen(page, 'completed');
  await page.click('.actions button:first-child');
  await onScreen(page, 'delete_old');
};
const code = async (page) => {
  await onScreen(page, 'reissue');
  await page.fill('#code', 'ABCD-EFGH-JKLM');
  await page.click('button[type=submit]');
};
const inThreeDays = play.certificate({ not_after: new Date(Date.now() + 3.2 * 86400000).toISOString().replace(/\.\d+/, '') });
const inGrace = play.certificate({ not_after: new Date(Date.now() - 3.2 * 86400000).toISOString().replace(/\.\d+/, '') });
const expired = play.token({ certificates: [play.certificate({ not_after: '2026-01-31T14:59:59Z' })] });
const request = play.through('preflight', 'generate_key_pair', 'sign_request');

/** name → how to get there. `expect` is the screen's own name. */
export const screens = {
  loading: { expect: 'loading', scenario: second({ inspect: [[{ hold: 'never' }]] }), go: async () => {} },
  unlock: { expect: 'unlock', scenario: play.happy, go: async () => {} },
  unlock_keyboard: {
    expect: 'unlock', scenario: second({ inspect: [play.inspected(play.token({ pin_count_low: true }))] }), toml: '[page]\nshuffle_software_keyboard = true\n',
    go: async (page) => { await page.click('button[aria-expanded]'); },
  },
  unlock_wrong: {
    expect: 'unlock', scenario: second({ inspect: [play.inspected(play.token()), play.inspected(play.token({ pin_final_try: true }))], unlock: [[play.failure('pin_incorrect')]] }),
    go: async (page) => { await unlock(page); await page.waitForSelector('.note.bad input'); },
  },
  unlock_passphrase: { expect: 'unlock', scenario: play.happy, toml: '[authority]\nhttp_authentication = "basic"\nhttp_user = "user0001"\n', go: async () => {} },
  unlock_reader: { expect: 'unlock', scenario: second({ inspect: [play.inspected(play.token({ protected_path: true }))] }), go: async () => {} },
  notice: { expect: 'notice', scenario: play.happy, go: unlock },
  notice_soon: { expect: 'notice', scenario: second({ inspect: [play.inspected(play.token({ certificates: [inThreeDays] }))] }), go: unlock },
  notice_expired: { expect: 'notice', scenario: second({ inspect: [play.inspected(play.token({ certificates: [inGrace] }))] }), toml: '[renewal]\ngrace = "P30D"\n', go: unlock },
  start: { expect: 'start', scenario: second({ inspect: [play.inspected(play.token(), other)] }), go: start },
  start_key: { expect: 'start', scenario: play.happy, toml: '[renewal]\nkey_choices = ["same", "ec-p384", "rsa-3072"]\n', go: start },
  start_enroll: { expect: 'start', scenario: second({ inspect: [play.inspected(expired)] }), go: code },
  unlock_look: {
    expect: 'unlock', go: async () => {},
    scenario: second({ inspect: [play.inspected(play.token({
      certificates: [], private_objects_hidden: true, keys_without_certificate: [{ key_id: '01', label: 'key', key_algorithm: 'ec-p256', is_private: false }],
    }))] }),
  },
  renewing: {
    expect: 'renewing', scenario: second({ renew: [[...request, play.step('submit'), { hold: 'never' }]] }),
    go: async (page) => { await execute(page); await page.waitForSelector('.steps li:nth-child(4).running'); },
  },
  renewing_reader: {
    expect: 'renewing', scenario: second({ inspect: [play.inspected(play.token({ protected_path: true }))], renew: [[play.step('preflight'), { hold: 'never' }]] }),
    go: async (page) => {
      for (const screen of ['unlock', 'notice', 'start']) {
        await onScreen(page, screen);
        await page.click('.actions .primary');
      }
      await page.waitForSelector('.note [role=alert]');
    },
  },
  completed: { expect: 'completed', scenario: play.happy, journal: play.renewedEarlier, go: execute },
  delete_old: { expect: 'delete_old', scenario: play.happy, journal: play.renewedEarlier, go: offered },
  delete_confirm: { expect: 'delete_confirm', scenario: play.happy, journal: play.renewedEarlier, go: async (page) => { await offered(page); await page.click('.actions .danger'); } },
  deleted: {
    expect: 'completed', scenario: second({ prune: [[play.say('prune_result', { deleted: play.certificate() })]] }), journal: play.renewedEarlier,
    go: async (page) => {
      await offered(page);
      await page.click('.actions .danger');
      await onScreen(page, 'delete_confirm');
      await page.fill('#pin', '123456');
      await page.click('.actions .danger');
      await page.waitForSelector('.note.good');
    },
  },
  interrupted: {
    expect: 'interrupted',
    scenario: second({ renew: [[...request, play.step('submit'), play.failure('authority_unreachable', 'bank.example.test:443: connection refused')]] }),
    go: execute,
  },
  interrupted_locked: { expect: 'interrupted', scenario: second({ inspect: [play.inspected(play.token({ pin_locked: true }))] }), go: async () => {} },
  pending: { expect: 'pending', scenario: second({ renew: [[...request, play.step('submit'), play.pendingFor(30)]] }), go: execute },
  give_up: {
    expect: 'give_up', scenario: play.happy, journal: play.waitsForApproval,
    go: async (page) => { await onScreen(page, 'pending'); await page.click('.actions .link'); },
  },
  pending_due: { expect: 'pending', scenario: second({ renew: [[...request, play.step('submit'), play.pendingFor(-1, '')]] }), go: execute },
  reissue: { expect: 'reissue', scenario: second({ inspect: [play.inspected(expired)] }), go: async () => {} },
  reissue_empty: { expect: 'reissue', scenario: second({ inspect: [play.inspected(play.token({ certificates: [] }))] }), go: async () => {} },
  current: { expect: 'current', scenario: second({ inspect: [play.inspected(play.token({ certificates: [play.renewed(), play.replaced()] }))] }), journal: play.renewedEarlier, go: async () => {} },
  current_other: { expect: 'current', scenario: second({ inspect: [play.inspected(play.token())] }), toml: '[expect]\norganization = "Another Bank"\n', go: async () => {} },
  finished: {
    expect: 'finished', scenario: play.happy,
    go: async (page) => { await execute(page); await onScreen(page, 'completed'); await page.click('.actions .primary'); },
  },
  finished_snoozed: { expect: 'finished', scenario: play.happy, go: async (page) => { await unlock(page); await onScreen(page, 'notice'); await page.check('.check input'); await page.click('.actions .primary'); } },
  finished_closed: { expect: 'finished', scenario: play.happy, go: async (page) => { await onScreen(page, 'unlock'); await page.click('.actions button:first-child'); } },
  finished_current: { expect: 'finished', scenario: second({ inspect: [play.inspected(play.token({ certificates: [play.renewed()] }))] }), go: async (page) => { await onScreen(page, 'current'); await page.click('.actions .primary'); } },
  finished_reissue: { expect: 'finished', scenario: second({ inspect: [play.inspected(expired)] }), go: async (page) => { await onScreen(page, 'reissue'); await page.click('.actions button:first-child'); } },
  finished_removed: {
    expect: 'finished', scenario: second({ renew: [[...request, { hold: 'pulled' }, play.failure('token_removed')]] }),
    go: async (page, ui) => {
      await execute(page);
      await page.waitForSelector('.steps li:nth-child(3).done');
      ui.say({ schema: 1, type: 'token_removed' });
      ui.release('pulled');
    },
  },
  elsewhere: { expect: 'elsewhere', scenario: play.happy, go: async (page, ui) => { await onScreen(page, 'unlock'); await page.evaluate(() => sessionStorage.clear()); await page.goto(ui.origin); } },
  lost: { expect: 'lost', scenario: play.happy, tolerate: ['ERR_'], go: async (page, ui) => { await onScreen(page, 'unlock'); await ui.kill(); } },
  idle: { expect: 'unlock', modal: true, scenario: play.happy, toml: '[page]\nidle_timeout = "PT50S"\n', go: async (page) => { await onScreen(page, 'unlock'); await page.waitForSelector('dialog[open]', { timeout: 90000 }); } },
};
