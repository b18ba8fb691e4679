// SPDX-License-Identifier: MIT
// A proxy that wants to know who is there: asked for on the page, told to the worker, and to nobody else.
import { check, equal, onScreen, openFakeUi, openPage, test } from './harness.mjs';
import * as play from './scenarios.mjs';

const password = 'Komachi-7731';

async function open(defer, scenario, { language = 'en', ...more } = {}) {
  const ui = defer(await openFakeUi(scenario, more));
  const page = await openPage(ui.url, { language });
  defer(page.context());
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  return { ui, page };
}

async function answer(page, user, secret) {
  await page.fill('#user', user);
  await page.fill('#proxy-password', secret);
  await page.click('button[type=submit]');
}

for (const language of ['en', 'ja'])
  test(`proxy: user name and password are asked for, and the renewal goes on with the same PIN (${language})`, async (defer) => {
    const { ui, page } = await open(defer, { ...play.happy, unlock: [play.askedByProxy, play.ready] }, { language });
    await onScreen(page, 'proxy_login');
    const text = await page.textContent('main');
    check(text.includes('proxy.corp.example port 3128'), `the proxy is named: ${text}`);
    equal(await page.textContent('dd code'), 'http://proxy.corp.example:3128', 'it stands where everybody sees it:');
    check(text.includes(language === 'en' ? 'crosses the network of your company unencrypted' : '暗号化されずに社内のネットワークを通ります'), `Basic is told of: ${text}`);
    await answer(page, ' tanaka ', password);
    await onScreen(page, 'notice');
    const [, first, second] = ui.jobs();
    equal([first.proxy_user ?? '', first.secrets], ['', ['pin']]);
    equal([second.proxy_user, second.proxies, second.secrets, second.await_go], ['tanaka', ['http://proxy.corp.example:3128'], ['pin', 'proxy_password'], true]);
    check(!(await page.content()).includes(password), 'the password is not on the page any more');
  });

test('proxy: what it refuses is asked for again, and an empty field is told at the field', async (defer) => {
  const { ui, page } = await open(defer, { ...play.happy, unlock: [play.askedByProxy, play.askedByProxy, play.ready] });
  await onScreen(page, 'proxy_login');
  await page.click('button[type=submit]');
  equal(await page.textContent('#user-error'), 'Enter your user ID.');
  equal(await page.textContent('#proxy-password-error'), 'Enter the password.');
  await answer(page, 'tanaka', 'falsch');
  await page.waitForFunction(() => document.querySelector('#proxy-password')?.value === '' && document.querySelector('#user').value === '');
  await onScreen(page, 'proxy_login');
  await answer(page, 'tanaka', password);
  await onScreen(page, 'notice');
  equal(ui.jobs().length, 4, 'one look at the token, three tries:');
});

test('proxy: whoever closes the page has changed nothing', async (defer) => {
  const { ui, page } = await open(defer, { ...play.happy, unlock: [play.askedByProxy] });
  await onScreen(page, 'proxy_login');
  await page.click('.actions button:first-child');
  await onScreen(page, 'finished');
  equal(ui.jobs().length, 2, 'no further job:');
});

test('proxy: where only a Kerberos ticket counts, nobody is asked', async (defer) => {
  const { page } = await open(defer, { ...play.happy, unlock: [play.askedByProxy] }, { toml: '[proxy]\nauthentication = "negotiate"\n' });
  await onScreen(page, 'interrupted');
  equal(await page.textContent('.note.bad code'), 'proxy_authentication_failed');
});
