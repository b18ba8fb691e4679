// SPDX-License-Identifier: MIT
// The list of tests, and how they are run: one after the other, each within its time, each cleaning up after itself.
import { closeBrowser, engine, shareProcesses } from './engine.mjs';

const tests = [];
export const test = (name, body) => tests.push({ name, body });
const leftOut = [];
/** A test that needs what only Chromium has; elsewhere the run says that it is left out, and why. */
export const testInChromium = (why, name, body) => (engine === 'chromium' ? test(name, body) : leftOut.push(`left out in ${engine}: ${name}: ${why}`));
/** What this run does not look at, in words. */
export const leaveOut = (what) => leftOut.push(`left out in ${engine}: ${what}`);

/** No test needs longer than this, the longest of them half of it: one that hangs names itself and lets the others run. */
const longestTest = 120000;
const longestCleanup = 15000;
let leftHanging = false;
/** The pages of the test that is running: a failure says what each of them shows. */
let pages = [];
export const watch = (page) => pages.push(page);
async function sayWhatIsShown() {
  for (const page of pages.filter((each) => !each.isClosed())) {
    const read = page.evaluate(() => `${document.getElementById('card')?.dataset.screen}: ${document.body?.innerText.slice(0, 300).replaceAll(/\s+/g, ' ')}`);
    console.log(`        shown: ${await within(2000, read, '').catch(() => 'nothing that answers')}`);
  }
}
/** What went wrong where nobody waited for it, as in a route's handler: it fails the test that is running, not the whole run. */
let unawaited = null;
process.on('unhandledRejection', (error) => { unawaited ??= error; });
/** What `work` gives, or an error once its time is over. What it still does then is nobody's business any more. */
async function within(milliseconds, work, words) {
  let timer;
  const over = new Promise((_, fail) => { timer = setTimeout(() => { leftHanging = true; fail(new Error(words)); }, milliseconds); });
  work.catch(() => {});
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

/** What was wrong, or an empty string. */
async function attempt({ name, body }) {
  const begin = Date.now();
  const cleanups = [];
  const defer = (thing) => { cleanups.unshift(() => (thing.stop ?? thing.close).call(thing)); return thing; };
  let wrong = '';
  try {
    unawaited = null;
    pages = [];
    await within(longestTest, body(defer), `hung: not done after ${longestTest / 1000} s`);
    if (unawaited) throw unawaited;
    console.log(`ok      ${name} (${Date.now() - begin} ms)`);
  } catch (error) {
    const lines = String(error?.stack ?? error).split('\n');
    wrong = lines[0] || 'an error without a text';
    console.log(`FAILED  ${name} (${Date.now() - begin} ms)\n        ${lines.slice(0, 6).join('\n        ')}`);
    await sayWhatIsShown();
  }
  for (const cleanup of cleanups) {
    await within(longestCleanup, (async () => cleanup())(), 'hung').catch((error) => {
      if (error.message === 'hung') console.log(`        cleaning up after “${name}” took too long, and was left`);
    });
  }
  return wrong;
}

/** Every second of these tests, from the one on that the commit's hash (KOSHIN_STORMS) chooses; all where none is named. */
function shareOf(entries) {
  const commit = process.env.KOSHIN_STORMS ?? '';
  if (!/^[0-9a-f]{7}/.test(commit)) return entries;
  const first = Number.parseInt(commit.slice(0, 7), 16) % 2;
  const chosen = entries.filter((_, index) => index % 2 === first);
  console.log(`SKIPPED: the commit has chosen ${chosen.length} of the ${entries.length} tests in ${engine}; ./dev test --all runs all of them`);
  return chosen;
}

/**
 * Runs all tests (or those whose name holds `only`); says how it went in one closing line. `again`: they run elsewhere too,
 * in another browser or language, and a run of the whole suite takes a half of them.
 */
export async function run(only = '', { again = false } = {}) {
  shareProcesses();
  const named = tests.filter((entry) => entry.name.includes(only));
  const chosen = again ? shareOf(named) : named;
  let failed = [];
  for (const entry of chosen) {
    const wrong = await attempt(entry);
    if (wrong) failed.push({ entry, wrong });
  }
  if (process.env.KOSHIN_SECOND_TRY && failed.length <= 3) {  // ./dev test --second-try
    const first = failed;
    failed = [];
    for (const { entry, wrong } of first) {
      if (await attempt(entry)) failed.push(entry);
      else console.log(`second try: passed only then: ${entry.name}; at first: ${wrong}`);
    }
  }
  await within(longestCleanup, closeBrowser(), 'the browser does not end').catch((error) => console.log(String(error)));
  for (const line of leftOut) console.log(line);
  console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 && chosen.length > 0 ? 0 : 1;
  if (leftHanging) setTimeout(() => process.exit(), longestCleanup).unref();  // what hung must not keep this process
}
