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

/** name → how to get there. `expect` is the screen's own name. */
export const screens = {
  loading: { expect: 'loading', scenario: second({ inspect: [[{ hold: 'never' }]] }), go: async () => {} },
  unlock: { expect: 'unlock', scenario: play.happy, go: async () => {} },
  unlock_keyboard: {
    expect: 'unlock', scenario: second({ inspect: [play.inspected(play.token({ pin_count_low: true }))] }), toml: '[page]\nshuffle_software_keyboard = true\n',
    go: async (page) => { await page.click('button[aria-expanded]'); },
  },
  unlock_wrong: {
    expect: 'unlock', scenario: second({ inspect: [play.inspected(play.token()), play.inspected(play.token({ pin_final_try: true }))], rehearse: [[play.failure('pin_incorrect')]] }),
    go: async (page) => { await unlock(page); await page.waitForSelector('.note.bad input'); },
  },
  unlock_reader: { expect: 'unlock', scenario: second({ inspect: [play.inspected(play.token({ protected_path: true }))] }), go: async () => {} },
  notice: { expect: 'notice', scenario: play.happy, go: unlock },
  start: { expect: 'start', scenario: second({ inspect: [play.inspected(play.token(), other)] }), go: start },
  renewing: {
    expect: 'renewing', scenario: second({ renew: [[...play.through('preflight', 'generate_key_pair', 'sign_request'), play.step('submit'), { hold: 'never' }]] }),
    go: async (page) => { await execute(page); await page.waitForSelector('.steps li:nth-child(4).running'); },
  },
  completed: { expect: 'completed', scenario: play.happy, go: execute },
  interrupted: {
    expect: 'interrupted',
    scenario: second({ renew: [[...play.through('preflight', 'generate_key_pair', 'sign_request'), play.step('submit'), play.failure('authority_unreachable', 'bank.example.test:443: connection refused')]] }),
    go: execute,
  },
  pending: { expect: 'pending', scenario: second({ renew: [[...play.through('preflight', 'generate_key_pair', 'sign_request'), play.step('submit'), play.pendingFor(30)]] }), go: execute },
  reissue: { expect: 'reissue', scenario: second({ inspect: [play.inspected(play.token({ certificates: [play.certificate({ not_after: '2026-01-31T14:59:59Z' })] }))] }), go: async () => {} },
  current: { expect: 'current', scenario: second({ inspect: [play.inspected(play.token({ certificates: [play.renewed()] }))] }), go: async () => {} },
  finished: {
    expect: 'finished', scenario: play.happy,
    go: async (page) => { await execute(page); await onScreen(page, 'completed'); await page.click('.actions .primary'); },
  },
  finished_removed: { expect: 'finished', scenario: play.happy, go: async (page, ui) => { await onScreen(page, 'unlock'); ui.say({ schema: 1, type: 'token_removed' }); } },
  elsewhere: { expect: 'elsewhere', scenario: play.happy, go: async (page, ui) => { await onScreen(page, 'unlock'); await page.evaluate(() => sessionStorage.clear()); await page.goto(ui.origin); } },
};
