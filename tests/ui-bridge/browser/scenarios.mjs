// SPDX-License-Identifier: MIT
// What fake tokens hold and fake workers say.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const hex = (character, count) => character.repeat(count);
const inDays = (days) => new Date(Math.floor(Date.now() / 1000) * 1000 + days * 86400000 + 3600000).toISOString().replace('.000', '');

export const certificate = (more = {}) => ({
  sha256: hex('ab', 32), key_id: '01', label: 'user0001', subject: 'CN=12345678901234 user0001', issuer: 'CN=CA', serial: '3F0A91C2D47B', organization: 'Sakura Test Bank',
  organizational_unit: 'Internet Banking CA', common_name: '12345678901234 user0001', not_before: inDays(-353), not_after: inDays(12), key_algorithm: 'ec-p256',
  has_public_key: true, purpose: 'log_in', key_state: 'present', decrypts: false, holder: hex('01', 32), issuer_key: 'key:02', issuer_vouched: false, lineage: '', replaced_by: '', renewed: false, ...more,
});
export const renewed = (more = {}) => certificate({ sha256: hex('cd', 32), serial: '3F0A91C2D49E', not_before: inDays(-1), not_after: inDays(365), ...more });
/** The one that has been renewed, beside its successor. */
export const replaced = (more = {}) => certificate({ replaced_by: hex('cd', 32), renewed: true, ...more });
export const token = (more = {}) => ({
  module: '/usr/lib/softhsm/libsofthsm2.so', uri: 'pkcs11:serial=a1b2c3d4', label: 'Sakura Token', manufacturer: 'SafeNet', model: 'eToken 5110', serial: 'a1b2c3d4e5f60718',
  slot_description: 'SafeNet Token JC 0', initialized: true, write_protected: false, login_required: true, protected_path: false, pin_set: true, pin_count_low: false,
  pin_final_try: false, pin_locked: false, pin_min: 4, pin_max: 12, free_memory: 51200, private_objects_hidden: false, certificates: [certificate()], keys_without_certificate: [], trouble: '', ...more,
});
export const say = (type, members = {}) => ({ schema: 1, type, ...members });
export const inspected = (...tokens) => [say('inspect_result', { tokens, modules_in_trouble: [] })];
export const failure = (reason, detail = '', more = {}) => say('failure', { reason, detail, ...more });
export const step = (name, finished = false, more = {}) => say('step', { step: name, finished, ...more });
export const steps = ['preflight', 'generate_key_pair', 'sign_request', 'submit', 'check_issued', 'write', 'read_back', 'prove'];
export const through = (...names) => names.flatMap((name) => [step(name), step(name, true)]);
export const ready = [say('ready')];
/** What a renewal says behind a proxy that takes nothing but Basic. */
export const askedByProxy = [
  say('notice', { code: 'proxy_password_in_clear', text: 'The proxy takes a password in clear only (Basic).' }),
  failure('proxy_authentication_failed', 'https://bank.example.test:443: proxy proxy.corp.example port 3128 answered 407; it offers Basic', { proxy: 'http://proxy.corp.example:3128' }),
];
export const result = (more = {}) => say('renew_result', { dry_run: false, token: token({ certificates: [replaced(), renewed()] }), old_certificate: replaced(), new_certificate: renewed(), ...more });
export const pendingFor = (minutes, message = 'Your request will be reviewed by the security desk.') =>
  say('pending', { ask_again: new Date(Math.floor(Date.now() / 1000 + minutes * 60) * 1000).toISOString().replace('.000', ''), message });
export const bank = `[branding]
bank_name = "さくらテスト銀行"
help_desk = "0120-000-000 (9:00–17:00)"
login_url = "https://www.example.test/login"
logo = "${join(dirname(fileURLToPath(import.meta.url)), 'sakura.svg')}"
`;
/** A journal that knows of the renewal that replaced the certificate. */
export const renewedEarlier = { completed: [{ token: token(), old_sha256: certificate().sha256 }] };
/** One that knows of a renewal which the authority decides in an hour. */
export const waitsForApproval = { pending: [{ token: token(), old_sha256: certificate().sha256, ask_again: new Date(Date.now() + 3600000).toISOString().replace(/\.\d+/, '') }] };
/** A due certificate; everything goes well. */
export const happy = { inspect: [inspected(token())], unlock: [ready], renew: [[...through(...steps), result()]] };
