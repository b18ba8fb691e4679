// SPDX-License-Identifier: MIT
// A PIV card whose management key is to be had with its PIN, renewed on the page with that PIN alone: real pcscd, real ykcs11 and
// libykpiv, the card of the tests, the real worker and the stand-in bank.
import { bin, Child, check, equal, join, onScreen, openPage, openUi, testInChromium, unlock } from './harness.mjs';

/** The card's desk; null where this machine has not what it takes, which the run says. */
async function cardWith(defer, kind) {
  const child = new Child(join(bin, 'koshin-card-fixture'), [kind], {});
  defer({ async stop() { child.process.stdin.end(); await child.ended; } });
  const desk = JSON.parse(await child.line());
  if (desk.missing) {
    console.log(`SKIPPED: ${desk.missing}`);
    return null;
  }
  return { ...desk, async state() { child.say('state'); return JSON.parse(await child.line()); } };
}

const kinds = { protected: 'the card keeps behind the PIN', derived: 'is derived from the PIN' };
for (const [kind, words] of Object.entries(kinds)) {
  testInChromium('the browser adds nothing to it', `a card whose management key ${words} is renewed on the page with the PIN alone`, async (defer) => {
    const desk = await cardWith(defer, kind);
    if (!desk) return;
    const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
    const page = await openPage(ui.url, { language: 'en' });
    defer(page.context());
    await unlock(page, desk.pin);
    await onScreen(page, 'notice');
    await page.click('.actions .primary');
    await onScreen(page, 'start');
    check((await page.textContent('.lead')).includes('only after it was shown to work'), await page.textContent('.lead'));
    equal(await page.locator('input[type=password], #resetting, #passphrase').count(), 0, 'nothing but the PIN is asked for,');
    await page.click('.actions .primary');
    await onScreen(page, 'completed');
    const state = await desk.state();
    equal(state.damage, []);
    equal(state.renewed && state.logged_in, true, 'slot 9a has a new certificate that has logged in:');
    equal(state.spare, false, 'the spare slot has a certificate left:');
    equal(state.issued, 2, 'one certificate for each leg:');
    equal(state.pin_tries, 3, 'tries of the PIN:');
    equal(page.problems, []);
    await page.click('.actions .primary');
    await onScreen(page, 'finished');
    equal(await ui.outcome(), 'completed');
  });

  testInChromium('the browser adds nothing to it', `a wrong PIN of a card whose management key ${words} costs one try on the page, and the right one goes on`, async (defer) => {
    const desk = await cardWith(defer, kind);
    if (!desk) return;
    const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
    const page = await openPage(ui.url, { language: 'en' });
    defer(page.context());
    await unlock(page, '654321');
    await page.waitForSelector('.note.bad[role=alert]');
    equal(await page.textContent('.note.bad code'), 'pin_incorrect');
    equal((await desk.state()).pin_tries, 2, 'tries of the PIN after a wrong one:');
    await unlock(page, desk.pin);
    await onScreen(page, 'notice');
    const state = await desk.state();
    equal(state.pin_tries, 3, 'tries of the PIN:');
    equal(state.issued, 0, 'certificates before the person has said yes:');
  });
}
