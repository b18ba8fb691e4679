// SPDX-License-Identifier: MIT
// Both catalogues have the same texts with the same places for values, and the page and the program use each of them.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../ui-bridge');
const read = (name) => readFileSync(join(folder, name), 'utf8');
const ja = JSON.parse(read('page/ja.json'));
const en = JSON.parse(read('page/en.json'));
const sources = [...readdirSync(join(folder, 'page')).filter((name) => name.endsWith('.js')).map((name) => `page/${name}`),
  ...readdirSync(folder).filter((name) => name.endsWith('.cpp'))].map(read).join('\n');
const contents = ['screen_content.cpp', 'screens_before.cpp', 'screens_after.cpp', 'content_parts.cpp'].map(read).join('\n');

// Keys that are put together from a word of the model: every word of it.
const words = (name) => [...read('model.cpp').match(new RegExp(`to_string\\(${name} [^]*?\\{([^}]*)\\}`, 'm'))[1].matchAll(/"(\w+)"/g)].map((match) => match[1]);
const topics = ['due', 'resume_unfinished', 'pending_at_authority', 'expired_in_grace', 'reissue_needed', 'certificate_missing', 'key_missing', 'proof_left', 'cannot_be_told', 'completed', 'pending', 'interrupted'];
const composed = new Set([
  ...words('Outcome').filter((outcome) => outcome !== 'closed').map((outcome) => `finished.${outcome}_title`),
  ...['completed', 'snoozed', 'idle', 'pending'].map((outcome) => `finished.${outcome}_text`),
  ...words('Remaining').flatMap((remaining) => [`finished.closed_title_${remaining}`, `finished.remaining_${remaining}`]),
  ...['waiting', 'running', 'done', 'found_done'].map((state) => `step.${state}`),
  ...['reissue', 'unlock', 'notice', 'start', 'renewing', 'receiving', 'completed'].map((stage) => `stage.${stage}`),
  ...['expired', 'certificate_missing', 'key_missing', 'incomplete', 'too_weak', 'asked'].map((why) => `reissue.why_${why}`),
  ...['other_token', 'write_protected', 'uninitialized'].map((obstacle) => `storage.${obstacle}`),
  ...['same', 'renew', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'ec-p256', 'ec-p384'].map((key) => `key.${key}`),
  // what a re-issue has words of its own for
  ...[...sources.matchAll(/of_task\(([^()]*)\)/g)].flatMap(([, inside]) => [...inside.matchAll(/"([\w.]+)"/g)].map((match) => `${match[1]}_enroll`)),
  ...topics.flatMap((topic) => [`desk.${topic}_title`, `desk.${topic}_body`]),
  ...['due_body_plain', 'expired_in_grace_body_plain'].map((text) => `desk.${text}`),
  ...['completed', 'pending', 'interrupted'].flatMap((end) => ['title', 'body'].map((part) => `desk.${end}_enroll_${part}`)),
  'mail.closing', 'mail.closing_reissue',
  ...['left', 'ago'].flatMap((kind) => ['days', 'day', 'today'].map((form) => `${kind}.${form}`)),
  ...['due', 'grace', 'expired'].flatMap((kind) => ['subject', 'heading', 'body'].map((part) => `mail.${kind}_${part}`)),
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
const quoted = new Set([...sources.matchAll(/['"`]([a-z_]+(?:\.[\w-]+)?)['"`]/g)].map((match) => match[1]));
const used = (key) => quoted.has(key) || composed.has(key);
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort().join();
// What the page's code asks for by name.
const asked = [...sources.matchAll(/\bt\('([\w.-]+)'/g), ...sources.matchAll(/\.text\("([\w.]+)"/g)].concat([...contents.matchAll(/"([a-z_]+\.\w+)"/g)])
  .map((match) => match[1]).filter((key) => !/[._]$|\.hpp$/.test(key));

check('Japanese has every English text', Object.keys(en).filter((key) => !(key in ja)));
check('English has every Japanese text', Object.keys(ja).filter((key) => !(key in en)));
check('both have the same places for values', Object.keys(en).filter((key) => key in ja && places(ja[key]) !== places(en[key])));
check('no text is empty', Object.entries({ ...ja, ...en }).filter(([, text]) => text.trim() === '').map(([key]) => key));
check('every text is used', Object.keys(ja).filter((key) => !used(key)));
check('every text that is asked for exists', [...asked, ...composed].filter((key) => !(key in ja)));
check('Japanese texts are Japanese', Object.entries(ja).filter(([key, text]) => !/[\u3040-\u30ff\u4e00-\u9fff]/.test(text) && key !== 'pin.label').map(([key]) => key));
check('English texts are plain', Object.entries(en).filter(([, text]) => /[\u3040-\u30ff\u4e00-\u9fff]/.test(text)).map(([key]) => key));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
