// SPDX-License-Identifier: MIT
// The way from the bank's page: Chromium logs in with the certificate on the token, the bank's page says that it expires, its link
// is followed through the desktop's own handler (xdg-open, koshin-link.desktop), the certificate is renewed on the page that comes,
// and the new one logs in: in Chromium, and in Firefox. The policies are those of docs/wizard.md; they are read from /etc and
// /usr alone, so the test has these folders to itself, in a mount namespace. Needs root.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { login, missingForLogin, openDisplay, prepareNss } from './bank_login.mjs';
import { becomeDefaultBrowser, openDesktop } from './desktop.mjs';
import { makeProfile, openFirefox, program as firefoxProgram } from './driven_firefox.mjs';
import { bin, check, deskWith, equal, eventually, goAhead, join, onScreen, openPage, run, source, test, unlock } from './harness.mjs';

const chromiumPolicies = '/etc/chromium/policies/managed';
const firefoxPolicies = '/usr/lib/firefox-esr/distribution';
if (process.env.KOSHIN_OWN_MOUNTS !== '1') {
  const alone = ['--mount', '--propagation', 'private'];
  const inside = `mount -t tmpfs tmpfs /etc/chromium && mkdir -p ${chromiumPolicies} && mount -t tmpfs tmpfs ${firefoxPolicies}`;
  const impossible = process.getuid() !== 0 || spawnSync('unshare', [...alone, 'sh', '-c', inside]).status !== 0;
  if (missingForLogin() || impossible) {
    console.log(`skipped: ${missingForLogin() || 'no mount namespace of its own can be made here'}`);
    process.exit(77);
  }
  const again = spawnSync('unshare', [...alone, 'sh', '-c', `${inside} && exec "$@"`, 'sh', process.execPath, ...process.argv.slice(1)], { env: { ...process.env, KOSHIN_OWN_MOUNTS: '1' }, stdio: 'inherit' });
  process.exit(again.status ?? 1);
}
const pin = '73519264';
/** Firefox's pages at a first start. */
const withoutQuestions = { OverrideFirstRunPage: '', SkipTermsOfUse: true };

/** The menu of a user whose package is installed, with these settings; what opens the browser is this script, or that command. */
function installHandler(defer, desk, opens) {
  const applications = join(desk.folder, 'share/applications');
  mkdirSync(applications, { recursive: true });
  const entry = readFileSync(join(source, 'packaging/koshin-link.desktop'), 'utf8');
  const [program, pidFile] = ['koshin-ui', 'koshin-ui.pid'].map((name) => join(desk.folder, name));
  writeFileSync(program, `#!/bin/sh\necho $$ >'${pidFile}'\nexec '${join(bin, 'koshin-ui')}' --settings '${desk.settings}' "$@"\n`, { mode: 0o755 });
  writeFileSync(join(applications, 'koshin-link.desktop'), entry.replace('@KOSHIN_LIBEXECDIR@/koshin-ui', program));
  defer({ close: () => { try { process.kill(Number(readFileSync(pidFile, 'utf8'))); } catch { /* it has ended, or never was */ } } });
  execFileSync('/usr/bin/update-desktop-database', [applications]);
  const folder = join(desk.folder, 'default-browser');
  const opener = defer(becomeDefaultBrowser(folder));
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\ncase "$1" in koshin:*) exec /usr/bin/xdg-open "$1";; esac\n${opens ?? `printf '%s\\n' "$1" >'${join(folder, 'addresses')}'`}\n`, { mode: 0o755 });
  return { opener, environment: { ...opener.environment, XDG_DATA_HOME: join(desk.folder, 'share'), XDG_CONFIG_HOME: desk.folder, XDG_CURRENT_DESKTOP: '' } };
}

test('from the bank’s page to the renewed certificate, in Chromium', async (defer) => {
  const desk = await deskWith(defer, { key: 'rsa-2048' });
  prepareNss(desk);
  const display = defer(await openDisplay());
  const desktop = defer(await openDesktop());
  const handler = installHandler(defer, desk);
  writeFileSync(join(chromiumPolicies, 'koshin.json'), JSON.stringify({ AutoLaunchProtocolsFromOrigins: [{ protocol: 'koshin', allowed_origins: [new URL(desk.url).origin] }] }));
  const before = await login(desk, display.name, 'profile-1', pin, { ...handler.environment, ...desktop.environment });
  defer(before.context);
  equal(before.notices, 1, 'notices of the bank:');
  check((await before.page.textContent('#renew-by-hand')).includes('If nothing opens'), 'the way by hand stands beside it');
  await before.page.click('#renew-link');
  const page = await openPage(await handler.opener.address(), { context: before.context, language: 'en' });
  await unlock(page, pin);
  await goAhead(page);
  await onScreen(page, 'completed');
  await page.click('.actions .primary');
  await onScreen(page, 'finished');
  await before.context.close();
  const after = await login(desk, display.name, 'profile-2', pin);
  defer(after.context);
  equal(after.notices, 0, 'notices of the bank:');
  check(after.serial !== before.serial, 'another certificate');
});

/** Logs in at the bank as `login` does in Chromium. */
async function loginInFirefox(desk, profile, options) {
  const page = await openFirefox(profile, `${desk.url}/login?lang=en`, { ...options, pin });
  await page.fill('#passphrase', 'sakura2026');
  await page.click('button[type=submit]');
  await page.waitFor('#welcome');
  return { page, notices: await page.count('#renewal-notice'), serial: await page.text('#serial') };
}

test('from the bank’s page to the log-in with the renewed certificate, in Firefox', async (defer) => {
  const desk = await deskWith(defer);
  const display = defer(await openDisplay());
  const desktop = defer(await openDesktop());
  const profile = makeProfile(desk);
  const handler = installHandler(defer, desk, `exec ${firefoxProgram} --profile '${profile}' "$1"`);
  const options = { display: display.name, environment: { ...desk.environment, ...handler.environment, ...desktop.environment } };
  writeFileSync(join(firefoxPolicies, 'policies.json'), JSON.stringify({ policies: { ...withoutQuestions, AutoLaunchProtocolsFromOrigins: [{ protocol: 'koshin', allowed_origins: [new URL(desk.url).origin] }] } }));
  const before = await loginInFirefox(desk, profile, options);
  const { page } = before;
  defer(page);
  equal(before.notices, 1, 'notices of the bank:');
  const tabs = await page.tabs();
  await page.click('#renew-link');
  await page.toNewTab(tabs);
  await page.onScreen('unlock');
  await page.fill('#pin', pin);
  await page.click('button[type=submit]');
  for (const screen of ['notice', 'start']) {
    await page.onScreen(screen);
    await page.click('.actions .primary');
  }
  await page.onScreen('completed');
  // Firefox chooses by itself here, perhaps the old one: what the page says comes first is done.
  check((await page.text('.note')).includes('Deleting the old one settles it'), 'the deletion is said to settle it');
  await page.click('.actions button:not(.link):not(.primary)');
  await page.onScreen('delete_old');
  await page.click('.actions .danger');
  await page.onScreen('delete_confirm');
  await page.fill('#pin', pin);
  await page.click('.actions .danger');
  await page.waitFor('.note.good');
  await page.click('.actions .primary');
  await page.onScreen('finished');
  await page.close();
  const after = await loginInFirefox(desk, profile, options);
  defer(after.page);
  equal(after.notices, 0, 'notices of the bank:');
  check(after.serial !== before.serial, 'another certificate');
});

/** The question that Firefox has on its screen about a link of this page; empty: none. */
async function questionOf(page) {
  await page.command('Marionette:SetContext', { value: 'chrome' });
  const text = await page.run(`for (const one of document.querySelectorAll('browser'))
    try { if (one.contentDocument.documentURI.endsWith('/permissionDialog.xhtml')) return one.contentDocument.querySelector('#description').textContent; } catch { /* another process's */ }
    return '';`);
  await page.command('Marionette:SetContext', { value: 'content' });
  return text;
}

/** docs/browsers.md: what the policy Handlers does, and what it does not. */
test('a handler that a policy of Firefox names does not keep Firefox from asking', async (defer) => {
  const desk = await deskWith(defer);
  const display = defer(await openDisplay());
  const desktop = defer(await openDesktop());
  const profile = makeProfile(desk);
  const called = join(desk.folder, 'called'), handler = join(desk.folder, 'handler');
  writeFileSync(handler, `#!/bin/sh\necho "$@" >'${called}'\n`, { mode: 0o755 });
  const server = createServer((_, response) => { response.setHeader('Content-Type', 'text/html').end('<!doctype html><h1>A page</h1><a href="koshin://renew">renew</a>'); });
  await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
  defer({ close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) });
  const origin = `http://127.0.0.1:${server.address().port}`;
  const named = { Handlers: { schemes: { koshin: { action: 'useHelperApp', ask: false, handlers: [{ name: 'koshin', path: handler }] } } } };
  const allowed = { AutoLaunchProtocolsFromOrigins: [{ protocol: 'koshin', allowed_origins: [origin] }] };
  const options = { display: display.name, environment: { ...desk.environment, ...desktop.environment, XDG_DATA_HOME: desk.folder }, more: ['-remote-allow-system-access'] };
  for (const [policies, asks] of [[named, true], [{ ...named, ...allowed }, false]]) {
    writeFileSync(join(firefoxPolicies, 'policies.json'), JSON.stringify({ policies: { ...withoutQuestions, ...policies } }));
    const page = await openFirefox(profile, origin, options);
    defer(page);
    await page.click('a');
    if (asks) await eventually(async () => (await questionOf(page)).includes('koshin'), 'Firefox asks', 30000);
    else await eventually(() => existsSync(called), 'the handler of the policy runs', 30000);
    equal(existsSync(called), !asks, 'the handler has run:');
    await page.close();
  }
});

await run(process.argv[2]);
