// SPDX-License-Identifier: MIT
// A PIV card whose management key is to be had with its PIN, renewed on the page with that PIN alone, and what the page says of
// the certificate that is overwritten there: real pcscd, real ykcs11 and libykpiv, the card of the tests, the real worker and the stand-in bank.
import { bin, Child, check, equal, goAhead, join, onScreen, openPage, openUi, testInChromium, unlock } from './harness.mjs';

/** The card's desk; null where this machine has not what it takes, which the run says. */
async function cardWith(defer, kind) {
  const child = new Child(join(bin, 'koshin-card-fixture'), [kind], {});
  defer({ async stop() { child.process.stdin.end(); await child.ended; } });
  const desk = JSON.parse(await child.line());
  if (desk.missing) {
    console.log(`SKIPPED: ${desk.missing}`);
    return null;
  }
  return { ...desk, async do(command) { child.say(command); return JSON.parse(await child.line()); } };
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
    const state = await desk.do('state');
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
    equal((await desk.do('state')).pin_tries, 2, 'tries of the PIN after a wrong one:');
    await unlock(page, desk.pin);
    await onScreen(page, 'notice');
    const state = await desk.do('state');
    equal(state.pin_tries, 3, 'tries of the PIN:');
    equal(state.issued, 0, 'certificates before the person has said yes:');
  });
}

/** The page of this desk with a person at it, up to the end of a renewal. */
async function renewTo(defer, desk, screen) {
  const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await unlock(page, desk.pin);
  await goAhead(page);
  await onScreen(page, screen);
  return { ui, page, leads: await page.locator('.lead').allTextContents() };
}

testInChromium('the browser adds nothing to it', 'a certificate that overwrites the old one and is refused: the page says that the old one was read on the card', async (defer) => {
  const desk = await cardWith(defer, 'kept');
  if (!desk) return;
  await desk.do('refuse');
  const { page, leads } = await renewTo(defer, desk, 'interrupted');
  equal(leads[0], 'Your present certificate was read on the token: it is still there.');
  equal((await desk.do('state')).old_is_there, true, 'it is there:');
  await page.click('.actions button:text-is("Give this up…")');
  await onScreen(page, 'give_up');
  check((await page.textContent('#card')).includes('it is still there'), await page.textContent('#card'));
  check(!(await page.textContent('#card')).includes('The new key that was made'), 'no key was made');
});

testInChromium('the browser adds nothing to it', 'a card that is pulled right after its old certificate was overwritten: the page claims nothing that nobody has read', async (defer) => {
  const desk = await cardWith(defer, 'kept');
  if (!desk) return;
  const { ui } = await renewTo(defer, desk, 'completed');
  await ui.stop();
  await desk.do('again');
  const cut = await renewTo(defer, desk, 'interrupted');
  equal((await desk.do('state')).old_is_there, false, 'it is there:');
  check(cut.leads[0].startsWith('Whether your present certificate is still on the token was not read. This computer keeps a copy'), cut.leads[0]);
});
