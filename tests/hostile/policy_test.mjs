// SPDX-License-Identifier: MIT
// The policies of docs/wizard.md that forbid Chromium's password manager, with it on. They are read from /etc alone, so this test
// has an /etc/chromium of its own, in a mount namespace: the machine's stays as it is. Needs root.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { engine, equal, eventually, join, missing, ownBrowser, run, temporaryFolder, test } from '../ui-bridge/browser/harness.mjs';

const alone = ['--mount', '--propagation', 'private'];
const policies = '/etc/chromium/policies/managed';
if (process.env.KOSHIN_OWN_MOUNTS !== '1') {
  const inside = `mount -t tmpfs tmpfs /etc/chromium && mkdir -p ${policies}`;
  const impossible = process.getuid() !== 0 || spawnSync('unshare', [...alone, 'sh', '-c', inside]).status !== 0;
  if (missing() || engine !== 'chromium' || impossible) {
    console.log(`skipped: ${missing() || 'no mount namespace of its own can be made here, or there is no /etc/chromium'}`);
    process.exit(77);
  }
  const again = spawnSync('unshare', [...alone, 'sh', '-c', `${inside} && exec "$@"`, 'sh', process.execPath, ...process.argv.slice(1)], { env: { ...process.env, KOSHIN_OWN_MOUNTS: '1' }, stdio: 'inherit' });
  process.exit(again.status ?? 1);
}

/** A page with a password's field, as koshin's pages would be if Chromium took theirs for one. */
async function pageWithPassword(defer) {
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(request.url === '/' ? '<form action=/in method=post><input name=user id=user><input type=password name=p id=p><button>in</button></form>' : '<p>welcome</p>');
  });
  await new Promise((ready) => { server.listen(0, ready); });
  defer({ close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) });
  return server.address().port;
}

/** Fills in the form at this address as a person does, and goes on. */
async function logIn(context, address) {
  const page = await context.newPage();
  await page.goto(address);
  for (const [field, text] of [['#user', 'bob'], ['#p', 'AnyPassword1']]) {
    await page.click(field);
    await page.keyboard.type(text);
  }
  await page.click('button');
  await page.waitForSelector('p');
  await page.close();
}

/** What Chromium's own page about its password manager says of the forms that were sent. */
async function decisions(context) {
  const page = await context.newPage();
  await page.goto('chrome://password-manager-internals/');
  return () => page.innerText('body');
}

const offered = /Show password prompt|Decision: ASK/;
const dropped = /Decision: DROP the password/;
for (const { name, policy, here, elsewhere } of [
  { name: 'no policy', policy: {}, here: true, elsewhere: true },
  { name: 'PasswordManagerBlocklist with http://127.0.0.1', policy: { PasswordManagerBlocklist: ['http://127.0.0.1'] }, here: false, elsewhere: true },
  { name: 'PasswordManagerEnabled: false', policy: { PasswordManagerEnabled: false }, here: false, elsewhere: false },
]) {
  test(`policy: ${name}: 127.0.0.1 ${here ? 'asks' : 'does not ask'}, another host ${elsewhere ? 'asks' : 'does not ask'}`, async (defer) => {
    writeFileSync(join(policies, 'koshin.json'), JSON.stringify(policy));
    const folder = temporaryFolder();
    defer({ close: async () => rmSync(folder, { recursive: true, force: true }) });
    const own = await ownBrowser(folder);
    defer(own);
    const port = await pageWithPassword(defer);
    const said = await decisions(own.context);
    for (const [host, expected] of [['127.0.0.1', here], ['localhost', elsewhere]]) {
      const before = (await said()).length;
      await logIn(own.context, `http://${host}:${port}/`);
      const since = async () => (await said()).slice(before);
      await eventually(async () => (expected ? offered : dropped).test(await since()), `${host}: Chromium has decided`);
      equal(offered.test(await since()), expected, `${host}: it is offered for keeping,`);
    }
  });
}

await run(process.argv[2]);
