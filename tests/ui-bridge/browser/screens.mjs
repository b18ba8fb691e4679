// SPDX-License-Identifier: MIT
// Brings the page to each of its screens, with a worker that plays along. Used for the accessibility checks and the pictures.
import { onScreen } from './harness.mjs';
import * as play from './scenarios.mjs';

const enter = async (page) => {
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
};
const press = (page) => page.click('.actions .primary');
const pressFirst = (page) => page.click('.actions button:first-child');
const toNotice = async (page) => { await onScreen(page, 'unlock'); await enter(page); };
const toStart = async (page) => { await toNotice(page); await onScreen(page, 'notice'); await press(page); };
const execute = async (page) => { await toStart(page); await onScreen(page, 'start'); await press(page); };
const here = async () => {};

const other = play.token({ uri: 'pkcs11:serial=ffff', label: 'Spare Token', serial: 'ffff0000', certificates: [], free_memory: undefined });
const worker = (more) => ({ ...play.happy, ...more });
const showing = (...tokens) => worker({ inspect: [play.inspected(...tokens)] });
const expiring = (days) => play.token({ certificates: [play.certificate({ not_after: new Date(Date.now() + days * 86400000).toISOString().replace(/\.\d+/, '') })] });
const expired = play.token({ certificates: [play.certificate({ not_after: '2026-01-31T14:59:59Z' })] });
const request = play.through('preflight', 'generate_key_pair', 'sign_request');
const basic = '[authority]\nhttp_authentication = "basic"\nhttp_user = "user0001"\n';

/**
 * Ways through the page, each beside one worker. `stops`: the screens on it by name; each has the name that the page itself gives
 * it, and how it is reached from the stop before.
 */
export const walks = [
  { scenario: worker({ inspect: [[{ hold: 'never' }]] }), stops: { loading: ['loading', here] } },
  {
    scenario: worker({
      inspect: [[play.failure('module_not_found')]],
      doctor: [[play.say('doctor_result', { checks: [{ name: 'token', status: 'failed', text: '', advice: '', id: 'token', subject: '', finding: '', reason: 'token_not_found', values: [''] }] })]],
    }),
    stops: {
      no_module: ['interrupted', here],
      computer: ['computer', async (page) => { await page.click('.actions .link'); await page.waitForSelector('.checks li'); }],
    },
  },
  {
    scenario: worker({
      inspect: [play.inspected(play.token(), other)],
      renew: [[...request, play.step('submit'), { hold: 'answer' }, play.step('submit', true), ...play.through('check_issued', 'write', 'read_back', 'prove'), play.result()]],
      prune: [[play.say('prune_result', { deleted: play.certificate() })]],
    }),
    journal: play.renewedEarlier,
    stops: {
      unlock: ['unlock', here],
      notice: ['notice', enter],
      start: ['start', press],
      renewing: ['renewing', async (page) => { await press(page); await page.waitForSelector('.steps li:nth-child(4).running'); }],
      completed: ['completed', (page, ui) => ui.release('answer')],
      delete_old: ['delete_old', pressFirst],
      delete_confirm: ['delete_confirm', (page) => page.click('.actions .danger')],
      deleted: ['completed', async (page) => {
        await page.fill('#pin', '123456');
        await page.click('.actions .danger');
        await page.waitForSelector('.note.good');
      }],
      finished: ['finished', press],
    },
  },
  {
    scenario: showing(play.token({ pin_count_low: true })), toml: '[page]\nshuffle_software_keyboard = true\n',
    stops: { unlock_keyboard: ['unlock', (page) => page.click('button[aria-expanded]')], finished_closed: ['finished', pressFirst] },
  },
  {
    scenario: worker({ inspect: [play.inspected(play.token()), play.inspected(play.token({ pin_final_try: true }))], unlock: [[play.failure('pin_incorrect')]] }),
    stops: { unlock_wrong: ['unlock', async (page) => { await toNotice(page); await page.waitForSelector('.note.bad input'); }] },
  },
  {
    scenario: worker({ unlock: [play.askedByProxy, play.ready] }),
    stops: { proxy_login: ['proxy_login', toNotice] },
  },
  {
    scenario: showing(expiring(3.2)), toml: `${basic}[renewal]\nkey_choices = ["same", "ec-p384", "rsa-3072"]\n`,
    stops: {
      unlock_passphrase: ['unlock', here],
      notice_soon: ['notice', async (page) => { await page.fill('#passphrase', 'sakura'); await enter(page); }],
      start_key: ['start', press],
    },
  },
  {
    scenario: worker({ inspect: [play.inspected(play.token({ protected_path: true }))], renew: [[play.step('preflight'), { hold: 'never' }]] }),
    stops: {
      unlock_reader: ['unlock', here],
      renewing_reader: ['renewing', async (page) => {
        await press(page);
        for (const screen of ['notice', 'start']) {
          await onScreen(page, screen);
          await press(page);
        }
        await page.waitForSelector('.note [role=alert]');
      }],
    },
  },
  {
    scenario: showing(expiring(-3.2)), toml: '[renewal]\ngrace = "P30D"\n',
    stops: { notice_expired: ['notice', toNotice], finished_snoozed: ['finished', async (page) => { await page.check('.check input'); await press(page); }] },
  },
  {
    scenario: showing(expired),
    stops: {
      reissue: ['reissue', here],
      start_enroll: ['start', async (page) => { await page.fill('#code', 'ABCD-EFGH-JKLM'); await page.click('button[type=submit]'); }],
      finished_reissue: ['finished', pressFirst],
    },
  },
  {
    scenario: showing(play.token(), play.token({ uri: 'pkcs11:serial=eeee', label: 'Second Token', serial: 'eeee0000' })),
    stops: { unlock_others: ['unlock', here], put_off: ['put_off', async (page) => { await toNotice(page); await onScreen(page, 'notice'); await page.check('.check input'); await press(page); }] },
  },
  {
    scenario: showing(play.token({
      certificates: [], private_objects_hidden: true, keys_without_certificate: [{ key_id: '01', label: 'key', key_algorithm: 'ec-p256', is_private: false }],
    })),
    stops: { unlock_look: ['unlock', here] },
  },
  {
    scenario: worker({ renew: [[...request, play.step('submit'), play.failure('authority_unreachable', 'bank.example.test:443: connection refused')]] }),
    stops: { interrupted: ['interrupted', execute] },
  },
  {
    scenario: worker({ inspect: [play.inspected(play.token({ pin_locked: true }))], reset_pin: [[play.say('pin_result', { token: play.token(), pin_file: '/etc/koshin/pin' })]] }),
    stops: {
      interrupted_locked: ['interrupted', here],
      pin_reset: ['pin_reset', (page) => page.click('.actions .secondary')],
      pin_changed: ['pin_changed', async (page) => {
        for (const [field, value] of [['old-pin', '98761234'], ['new-pin', '864209'], ['again', '864209']]) await page.fill(`#${field}`, value);
        await page.click('button[type=submit]');
      }],
    },
  },
  {
    scenario: worker({ change_pin: [[play.say('notice', { code: 'pin_change_begins' }), play.failure('pin_change_unknown', 'C_SetPIN: CKR_DEVICE_ERROR')]] }),
    stops: {
      pin_change: ['pin_change', async (page) => { await onScreen(page, 'unlock'); await page.click('.link'); }],
      pin_change_unknown: ['pin_change', async (page) => {
        for (const [field, value] of [['old-pin', '123456'], ['new-pin', '864209'], ['again', '864209']]) await page.fill(`#${field}`, value);
        await page.click('button[type=submit]');
        await page.waitForSelector('.note.bad');
      }],
    },
  },
  { scenario: worker({ renew: [[...request, play.step('submit'), play.pendingFor(30)]] }), stops: { pending: ['pending', execute] } },
  {
    scenario: play.happy, journal: play.waitsForApproval,
    stops: { give_up: ['give_up', async (page) => { await onScreen(page, 'pending'); await page.click('.actions .link'); }] },
  },
  { scenario: worker({ renew: [[...request, play.step('submit'), play.pendingFor(-1, '')]] }), stops: { pending_due: ['pending', execute] } },
  { scenario: showing(play.token({ certificates: [] })), stops: { reissue_empty: ['reissue', here] } },
  {
    scenario: showing(play.token({ certificates: [play.renewed(), play.replaced()] })), journal: play.renewedEarlier,
    stops: { current: ['current', here], finished_current: ['finished', press] },
  },
  { scenario: showing(play.token()), toml: '[expect]\norganization = "Another Bank"\n', stops: { current_other: ['current', here] } },
  {
    scenario: worker({ renew: [[...request, { hold: 'pulled' }, play.failure('token_removed')]] }),
    stops: {
      finished_removed: ['finished', async (page, ui) => {
        await execute(page);
        await page.waitForSelector('.steps li:nth-child(3).done');
        ui.say({ schema: 1, type: 'token_removed' });
        ui.release('pulled');
      }],
    },
  },
  {
    scenario: play.happy,
    stops: {
      elsewhere: ['elsewhere', async (page, ui) => {
        await onScreen(page, 'unlock');
        await page.evaluate(() => sessionStorage.clear());
        await page.goto(ui.origin);
      }],
    },
  },
  { scenario: play.happy, tolerate: ['ERR_'], stops: { lost: ['lost', async (page, ui) => { await onScreen(page, 'unlock'); await ui.kill(); }] } },
  {
    modal: true, scenario: play.happy, toml: '[page]\nidle_timeout = "PT50S"\n',
    stops: { idle: ['unlock', async (page) => { await onScreen(page, 'unlock'); await page.waitForSelector('dialog[open]', { timeout: 90000 }); }] },
  },
];

/** name → how to get there in one go. `expect` is the screen's own name. */
export const screens = Object.fromEntries(walks.flatMap(({ stops, ...walk }) => Object.entries(stops).map(([name, [expect]], index, all) => [name, {
  ...walk, expect,
  async go(page, ui) {
    for (const [, [screen, way]] of all.slice(0, index + 1)) {
      await way(page, ui);
      await onScreen(page, screen);
    }
  },
}])));
