// SPDX-License-Identifier: MIT
// koshin-ui is killed and another user has its port: nothing that this one says is believed.
import { check, equal, eventually, onScreen, openFakeUi, openPage, test } from '../ui-bridge/browser/harness.mjs';
import * as play from '../ui-bridge/browser/scenarios.mjs';
import { other } from './other.mjs';

const tolerate = ['Failed to load resource', 'ERR_CONNECTION', 'NetworkError', 'Cross-Origin'];
// The kernel keeps a port for its owner's connections for a minute.
const aMinute = 100000;

/** What a server would have to show for its page to ask for the PIN. */
async function viewThatAsksForThePin(defer) {
  const ui = defer(await openFakeUi(play.happy));
  const headers = { Origin: ui.origin, 'Content-Type': 'text/plain;charset=UTF-8' };
  const session = await fetch(`${ui.origin}/api/session`, { method: 'POST', body: ui.capability, headers });
  const { tab, browser } = await session.json();
  const events = await fetch(`${ui.origin}/api/events`, { headers: { Origin: ui.origin, 'X-Koshin-Browser': browser, 'X-Koshin-Tab': tab } });
  let text = '';
  for await (const piece of events.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const states = [...text.matchAll(/^data: (.*)\n\n/gm)].map((found) => JSON.parse(found[1]));
    const wanted = states.find(({ screen }) => screen === 'unlock');
    if (wanted) return { ...wanted, version: 1000000 };
  }
  throw new Error('it never asked for the PIN');
}

/** Nothing on this page takes a secret, now and after whatever there is to press has been pressed. */
async function takesNoSecret(page, what) {
  for (let press = 0; press < 3; press += 1) {
    equal(await page.locator('#pin, #passphrase, #code, input').count(), 0, `${what}: fields,`);
    const button = page.locator('#card button:visible, #card a:visible').first();
    if (await button.count() === 0) return;
    await button.click();
    await page.waitForTimeout(1500);
  }
}

test('hostile: whoever takes the port of a koshin-ui that was killed is not believed, and no secret is asked for again', async (defer) => {
  const view = await viewThatAsksForThePin(defer);
  const ui = defer(await openFakeUi(play.happy));
  const page = await openPage(ui.url, { language: 'en', tolerate });
  defer(page.context());
  await onScreen(page, 'unlock');
  const second = await openPage(`${ui.origin}/`, { context: page.context(), language: 'en', tolerate });
  await onScreen(second, 'elsewhere');
  await page.fill('#pin', '9876');
  await ui.kill();
  await page.waitForFunction(() => document.getElementById('card').inert || document.getElementById('card').dataset.screen === 'lost');
  await other.do('takePort', { port: ui.port, view, patience: aMinute });
  await onScreen(page, 'lost');
  await takesNoSecret(page, 'the page');
  await takesNoSecret(second, 'the second tab');
  await onScreen(second, 'lost');
  const { requests } = await other.do('received');
  check(requests.length > 0, 'the second tab did ask the forger');
  equal(requests.filter(({ path, body }) => path.startsWith('/api/secret') || body.includes('9876')), [], 'secrets that the forger has got:');
});

test('hostile: an answer without proof ends the page at once, and nothing that was typed is sent', async (defer) => {
  const view = await viewThatAsksForThePin(defer);
  const ui = defer(await openFakeUi(play.happy));
  const page = await openPage(ui.url, { language: 'en', tolerate });
  defer(page.context());
  await onScreen(page, 'unlock');
  await page.fill('#pin', '987654');
  // As if the port had changed hands while the stream is still there: everything that follows is the forger's.
  const asked = [];
  await page.route('**/api/**', (route) => {
    asked.push([new URL(route.request().url()).pathname, route.request().postData() ?? '']);
    return route.fulfill({ status: 200, body: JSON.stringify({ tab: 'x', browser: 'y', view }), headers: { 'X-Koshin-Proof': 'ab'.repeat(32) } });
  });
  // On a busy machine Chromium lets a request pass that is made just after it said that it would stop all of them.
  await eventually(async () => {
    await page.evaluate(() => fetch('/api/trial', { method: 'POST' }).catch(() => null));
    return asked.some(([path]) => path === '/api/trial');
  }, 'requests end at the forger');
  await page.keyboard.press('Enter');
  await onScreen(page, 'lost');
  await takesNoSecret(page, 'the page');
  await eventually(() => asked.some(([path]) => path === '/api/hello'), 'it was asked');
  equal(asked.filter(([path, body]) => path.startsWith('/api/secret') || body.includes('987654')), [], 'secrets:');
  equal(await page.evaluate(() => [sessionStorage.getItem('koshin-tab'), localStorage.getItem('koshin-browser')]), [null, null], 'what is kept:');
});
