// SPDX-License-Identifier: MIT
// The page's texts: it uses each of them, each that it asks for is there, and each is in its language. (That the catalogues have
// the same texts with the same places, the build holds them to; tests/foundation/catalogue_test.py looks after the other texts.)
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../ui-bridge');
const read = (name) => readFileSync(join(folder, name), 'utf8');
// As a module whatever Node.js takes a file of that name for.
const { callPin } = await import(`data:text/javascript,${encodeURIComponent(read('page/pin_name.js'))}`);
/** A catalogue as the page reads it: its own texts by keys without "page.". */
const catalogue = (tag) => Object.fromEntries(Object.entries(JSON.parse(read(`../agent/foundation/texts/${tag}.json`)))
  .filter(([key]) => /^(page|calendar|old)\./.test(key)).map(([key, text]) => [key.replace(/^page\./, ''), text]));
const ja = catalogue('ja');
const en = catalogue('en');
const sources = [...readdirSync(join(folder, 'page')).filter((name) => /\.(js|html)$/.test(name)).map((name) => `page/${name}`),
  ...readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.cpp'))].map(read).join('\n');
const contents = ['screen_content.cpp', 'screens_before.cpp', 'screens_after.cpp', 'screens_pin.cpp', 'content_parts.cpp'].map((name) => read(`wizard/${name}`)).join('\n');

// Keys that are put together from a word of the model: every word of it.
const words = (name) => [...read('wizard/model.cpp').match(new RegExp(`to_string\\(${name} [^]*?\\{([^}]*)\\}`, 'm'))[1].matchAll(/"(\w+)"/g)].map((match) => match[1]);
const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const composed = new Set([
  ...words('Outcome').filter((outcome) => outcome !== 'closed').map((outcome) => `finished.${outcome}_title`),
  ...['completed', 'snoozed', 'idle', 'pending'].map((outcome) => `finished.${outcome}_text`),
  ...words('Remaining').flatMap((remaining) => [`finished.closed_title_${remaining}`, `finished.remaining_${remaining}`]),
  ...['waiting', 'running', 'done', 'found_done'].map((state) => `step.${state}`),
  ...['reissue', 'unlock', 'notice', 'start', 'renewing', 'receiving', 'completed'].map((stage) => `stage.${stage}`),
  ...['expired', 'certificate_missing', 'key_missing', 'incomplete', 'too_weak', 'asked'].map((why) => `reissue.why_${why}`),
  ...['other_token', 'write_protected', 'uninitialized'].map((obstacle) => `storage.${obstacle}`),
  ...['same', 'renew', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'ec-p256', 'ec-p384', 'ec-p521'].map((key) => `key.${key}`),
  // what a re-issue has words of its own for
  ...[...sources.matchAll(/of_task\(([^()]*)\)/g)].flatMap(([, inside]) => [...inside.matchAll(/"([\w.]+)"/g)].map((match) => `${match[1]}_enroll`)),
  ...['ok', 'warning', 'failed', 'skipped'].map((status) => `computer.status_${status}`),
  ...months.map((month) => `calendar.${month}`),
  ...[...read('../agent/renewal/policy/old_certificate.cpp').matchAll(/OldCertificate::\w+, "(\w+)"/g)].map(([, stands]) => `old.${stands}`),
  'calendar.in_columns',  // the terminal's
  'languages.label',  // put into the document by document.py
  ...['exactly', 'between', 'exactly_any', 'between_any', 'printable', 'alphanumeric', 'digits'].map((characters) => `pin.${characters}`),
  ...['minus', 'underscore', 'dot', 'comma', 'colon', 'semicolon', 'quote', 'apostrophe', 'caret', 'backquote', 'bar', 'tilde', 'backslash', 'space'].map((sign) => `keyboard.${sign}`),
]);

let passed = 0;
let failed = 0;
function check(name, problems) {
  if (problems.length === 0) passed += 1;
  else {
    failed += 1;
    console.log(`FAILED  ${name}: ${problems.join(', ')}`);
  }
}
const quoted = new Set([...sources.matchAll(/['"`{]([a-z_]+(?:\.[\w-]+)*)['"`}]/g)].map((match) => match[1]));
const used = (key) => quoted.has(key) || composed.has(key);
// What the page's code asks for by name.
const asked = [...sources.matchAll(/\bt\('([\w.-]+)'/g), ...contents.matchAll(/"([a-z_]+(?:\.\w+)+)"/g)]
  .map((match) => match[1]).filter((key) => !/[._]$|\.hpp$/.test(key));

check('the PIN is called by the bank\'s name', JSON.parse(readFileSync(new URL('pin_names.json', import.meta.url), 'utf8'))
  .filter(({ text, name, said }) => callPin(text, name) !== said).map(({ text, name }) => `${text}: ${callPin(text, name)}`));
check('every text is used', Object.keys(ja).filter((key) => !used(key)));
check('every text that is asked for exists', [...asked, ...composed].filter((key) => !(key in ja)));
check('Japanese texts are Japanese', Object.entries(ja).filter(([key, text]) => !/[\u3040-\u30ff\u4e00-\u9fff]/.test(text)).map(([key]) => key));
check('English texts are plain', Object.entries(en).filter(([, text]) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(text)).map(([key]) => key));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
