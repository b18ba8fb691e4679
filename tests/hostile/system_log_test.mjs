// SPDX-License-Identifier: MIT
// What koshin's programs send to the system's log as units of systemd, beside a module that prints the PIN: over the command line,
// the page and unattended. tests/support/journald.py stands in for journald, in a mount namespace of this test's own. Needs root.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { lines } from '../ui-bridge/browser/desktop.mjs';
import { bin, check, equal, eventually, goAhead, join, missing, onScreen, openPage, openUi, run, source, temporaryFolder, test } from '../ui-bridge/browser/harness.mjs';
import { deskBeside, holds, passphrase, pin } from './left_behind.mjs';

const alone = ['--mount', '--propagation', 'private'];
if (process.env.KOSHIN_OWN_MOUNTS !== '1') {
  const impossible = process.getuid() !== 0 || spawnSync('unshare', [...alone, 'sh', '-c', 'mount -t tmpfs tmpfs /run/systemd']).status !== 0;
  if (missing() || impossible) {
    console.log(`skipped: ${missing() || 'no mount namespace of its own can be made here, or there is no /run/systemd'}`);
    process.exit(77);
  }
  const inside = 'mount -t tmpfs tmpfs /run/systemd && mkdir /run/systemd/journal && exec "$@"';
  const again = spawnSync('unshare', [...alone, 'sh', '-c', inside, 'sh', process.execPath, ...process.argv.slice(1)], { env: { ...process.env, KOSHIN_OWN_MOUNTS: '1' }, stdio: 'inherit' });
  process.exit(again.status ?? 1);
}

const journald = spawn('/usr/bin/python3', [join(source, 'tests/support/journald.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
const answer = lines(journald.stdout);
await answer();  // ready
/** All that has come since the test began. */
const heard = async () => { journald.stdin.write('\n'); return Buffer.from(await answer(), 'base64'); };

/** koshin's programs as systemd starts a unit: JOURNAL_STREAM names the socket that is their standard error. */
const units = mkdtempSync(join(temporaryFolder(), 'units-'));
for (const name of ['koshin', 'koshin-ui', 'koshin-agent'])
  writeFileSync(join(units, name), `#!/bin/sh\nJOURNAL_STREAM=$(stat -L -c %d:%i /dev/stderr)\nexport JOURNAL_STREAM\nexec ${join(bin, name)} "$@"\n`, { mode: 0o755 });

/**
 * What was sent, and what was said on standard error, which is journald's as well in a unit (a worker that crashes has no other
 * way): the module's harmless words, koshin's own, and no secret.
 */
async function nothingSent(before, said, secrets) {
  const sent = (await heard()).subarray(before);
  check(sent.includes('MESSAGE_ID='), `koshin's own lines are in the system's log: ${sent.length} bytes`);
  const all = Buffer.concat([sent, Buffer.from(said)]);
  // A module that crashes while it has the PIN in its hands: how much it said then, and no more.
  check(all.includes('the last harmless line') || all.includes('bytes printed during C_Login left out'), 'what the module said besides is there');
  for (const secret of secrets) check(!holds(all, secret), 'a secret is in the system\'s log');
}
const soFar = async () => (await heard()).length;

for (const how of ['print', 'print crash']) {
  test(`system log: a renewal on the command line beside a module that does this: ${how}`, async (defer) => {
    const desk = await deskBeside(defer, how, { extra: 'log.level = "debug"\n' });
    const before = await soFar();
    const child = spawn(join(units, 'koshin'), ['renew', '--pin-stdin', '--settings', desk.settings], { env: { ...process.env, ...desk.environment }, stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data) => { said += data; });
    child.stdin.end(`${pin}\n`);
    const code = await new Promise((done) => { child.once('close', done); });
    check((code === 0) === (how === 'print'), `it ended with ${code}`);
    await nothingSent(before, said, [pin]);
  });

  test(`system log: a renewal and a re-issue on the page beside a module that does this: ${how}`, async (defer) => {
    const desk = await deskBeside(defer, how, { extra: 'log.level = "debug"\nauthority.http_authentication = "basic"\nauthority.http_user = "user0001"\n' });
    const before = await soFar();
    const ui = defer(await openUi({ programs: units, environment: desk.environment, settings: desk.settings }));
    const page = await openPage(ui.url, { language: 'en' });
    defer(page.context());
    await onScreen(page, 'unlock');
    await page.fill('#passphrase', passphrase);
    await page.fill('#pin', pin);
    await page.click('button[type=submit]');
    if (how === 'print') {
      await goAhead(page);
      await onScreen(page, 'completed');
    } else {
      await onScreen(page, 'interrupted');
    }
    await nothingSent(before, ui.child.errors, [pin, passphrase]);

    const empty = await deskBeside(defer, how, { provisioned: false, extra: 'log.level = "debug"\n' });
    const { code } = await empty.do('code');
    const later = await soFar();
    const other = defer(await openUi({ programs: units, environment: empty.environment, settings: empty.settings, args: ['--reason', 'certificate_missing'] }));
    const reissue = await openPage(other.url, { language: 'en' });
    defer(reissue.context());
    await onScreen(reissue, 'reissue');
    await reissue.fill('#user', '12345678901234 user0001');
    await reissue.fill('#code', code);
    await reissue.click('button[type=submit]');
    await onScreen(reissue, 'start');
    await reissue.click('.actions .primary');
    await onScreen(reissue, 'unlock');
    await reissue.fill('#pin', pin);
    await reissue.click('button[type=submit]');
    await onScreen(reissue, how === 'print' ? 'completed' : 'interrupted');
    await nothingSent(later, other.child.errors, [pin, code]);
  });

  test(`system log: an unattended renewal beside a module that does this: ${how}`, async (defer) => {
    const secrets = join(temporaryFolder(), 'secrets');
    mkdirSync(secrets);
    defer({ close: async () => rmSync(secrets, { recursive: true }) });
    writeFileSync(join(secrets, 'pin'), `${pin}\n`, { mode: 0o600 });
    const desk = await deskBeside(defer, how, {
      extra: `log.level = "debug"\nunattended.enabled = true\nunattended.spread = "PT0S"\ntoken.rescan_interval = 60\ntoken.uri = "pkcs11:?pin-source=file:${join(secrets, 'pin')}"\n`,
    });
    const before = await soFar();
    const agent = spawn(join(units, 'koshin-agent'), ['--settings', desk.settings],
      { env: { ...process.env, ...desk.environment, PCSCLITE_CSOCK_NAME: join(desk.folder, 'no-pcscd') }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    agent.stderr.on('data', (data) => { said += data; });
    const ended = new Promise((done) => { agent.once('exit', done); });
    defer({ close: async () => { agent.kill(); await ended; } });
    const end = how === 'print' ? 'Renewed: the new certificate' : 'module_crashed';
    await eventually(async () => (await heard()).subarray(before).includes(end), `it ends with ${end}`, 40000);
    await nothingSent(before, said, [pin]);
  });
}

test('system log: a link that is none of ours is told there, without its words', async () => {
  const before = await soFar();
  const { status, stderr } = spawnSync(join(units, 'koshin-ui'), ['--link', `koshin://prune?pin=${pin}`], { env: { ...process.env, HOME: temporaryFolder() }, encoding: 'utf8', timeout: 20000 });
  equal(status, 2);
  const sent = (await heard()).subarray(before);
  check(sent.includes('a link was not followed') && sent.includes('SYSLOG_IDENTIFIER=koshin-ui'), `${sent}`);
  const all = Buffer.concat([sent, Buffer.from(stderr)]);
  check(!holds(all, pin) && !all.includes('prune'), `${all}`);
});

test('system log: what is found elsewhere would be found here', async () => {
  const before = await soFar();
  spawnSync('/usr/bin/python3', ['-c', 'import socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(sys.argv[1].encode(), "/run/systemd/journal/socket")', `MESSAGE=${pin}`]);
  check(holds((await heard()).subarray(before), pin), 'not found');
  equal(holds((await heard()).subarray(before), passphrase), false);
});

try {
  await run(process.argv[2]);
} finally {
  journald.kill();
  rmSync(units, { recursive: true });
}
