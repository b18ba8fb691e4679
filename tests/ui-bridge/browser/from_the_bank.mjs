// SPDX-License-Identifier: MIT
// The way from the bank's page: Chromium logs in with the certificate on the token, the bank's page says that it expires, its link
// is followed through the desktop's own handler (xdg-open, koshin-link.desktop), the certificate is renewed on the page that comes,
// and the new one logs in. Firefox follows the same link. The policies are those of docs/wizard.md; they are read from /etc and
// /usr alone, so the test has these folders to itself, in a mount namespace. Needs root.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { login, missingForLogin, openDisplay, prepareNss } from './bank_login.mjs';
import { becomeDefaultBrowser, openDesktop } from './desktop.mjs';
import { bin, check, deskWith, equal, goAhead, join, onScreen, openPage, run, source, test, unlock } from './harness.mjs';

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

/** The menu of a user whose package is installed, with these settings; what opens the browser is this script. */
function installHandler(defer, desk) {
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
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\ncase "$1" in koshin:*) exec /usr/bin/xdg-open "$1";; esac\nprintf '%s\\n' "$1" >'${join(folder, 'addresses')}'\n`, { mode: 0o755 });
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

/** A page of a bank that has nothing but the link, which a Return follows. */
async function pageWithLink(defer) {
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>Sakura bank</title><a id="renew-link" href="koshin://renew?more=1">renew</a><script>document.getElementById("renew-link").focus()</script>');
  });
  await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
  defer({ close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) });
  return `http://127.0.0.1:${server.address().port}`;
}

/** Presses Return in the window of that name, again and again until `done` settles: the page may not have come yet. */
async function pressReturn(display, name, done) {
  let over = false;
  done.finally(() => { over = true; }).catch(() => {});
  const xdo = (...args) => spawnSync('/usr/bin/xdotool', args, { env: { DISPLAY: display }, encoding: 'utf8' }).stdout.trim();
  while (!over) {
    const [window] = xdo('search', '--onlyvisible', '--name', name).split('\n');
    if (window) xdo('windowfocus', window, 'key', 'Return');
    await new Promise((wake) => { setTimeout(wake, 1000); });
  }
}

// A Firefox that is driven runs no handler, so this one is nobody's but the keyboard's.
test('from a page’s link to the renewal page, in Firefox', async (defer) => {
  const desk = await deskWith(defer);
  const display = defer(await openDisplay());
  const desktop = defer(await openDesktop());
  const handler = installHandler(defer, desk);
  const origin = await pageWithLink(defer);
  writeFileSync(join(firefoxPolicies, 'policies.json'), JSON.stringify({ policies: { AutoLaunchProtocolsFromOrigins: [{ protocol: 'koshin', allowed_origins: [origin] }], OverrideFirstRunPage: '', SkipTermsOfUse: true } }));
  const profile = join(desk.folder, 'firefox');
  mkdirSync(profile);
  const firefox = spawn('/usr/bin/firefox-esr', ['--no-remote', '--profile', profile, `${origin}/`], {
    env: { ...process.env, ...desk.environment, ...handler.environment, ...desktop.environment, DISPLAY: display.name }, stdio: 'ignore',
  });
  const ended = new Promise((done) => { firefox.once('exit', done); });
  defer({ close: async () => { firefox.kill(); await ended; } });
  const arrived = handler.opener.address();
  const [address] = await Promise.all([arrived, pressReturn(display.name, 'Sakura bank', arrived)]);
  const page = await openPage(address, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
});

await run(process.argv[2]);
