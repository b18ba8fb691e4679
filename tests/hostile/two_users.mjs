// SPDX-License-Identifier: MIT
// Makes two users of this machine, runs the page's tests between them, and removes both. The tests, koshin-ui and the browser
// are the one's, what attacks them is the other's. usage (as root): node two_users.mjs [PART OF A NAME]
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const bin = process.env.KOSHIN_BIN ?? join(source, 'build/release/bin');
const npm = process.env.KOSHIN_NPM ?? join(source, 'build/npm');
const browser = process.env.KOSHIN_BROWSER ?? 'chromium';

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}
if (process.getuid() !== 0) skip('only root can make two users, and be neither of them');
if (!existsSync('/usr/sbin/useradd')) skip('there is no useradd here');
if (!existsSync({ chromium: '/usr/bin/chromium', firefox: '/usr/bin/firefox-esr' }[browser])) skip(`${browser} is not installed`);
if (!existsSync(join(npm, 'node_modules/playwright-core'))) skip('the npm packages of tests/ui-bridge are not installed (./dev setup installs them)');

/** Where both can read, whatever the permissions of the folders above the source. */
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'koshin-hostile-'));
/** A run that was killed could not remove its users. */
function removeLeftUsers() {
  for (const [, name, pid] of readFileSync('/etc/passwd', 'utf8').matchAll(/^(koshin-(?:victim|attacker)-(\d+)):/gm)) {
    if (!existsSync(`/proc/${pid}`)) spawnSync('/usr/sbin/userdel', ['--force', name], { stdio: 'ignore' });
  }
}
const people = ['victim', 'attacker'].map((role) => ({ role, name: `koshin-${role}-${process.pid}` }));

/** Another test may be changing the list of users at the moment. */
function makeUser({ role, name }) {
  const home = join(folder, role);
  mkdirSync(home);
  const wanted = ['--no-create-home', '--home-dir', home, '--shell', '/usr/sbin/nologin', '--user-group', name];
  for (let attempt = 0; spawnSync('/usr/sbin/useradd', wanted).status !== 0; attempt += 1) {
    if (attempt === 20) skip('useradd makes no user here');
    execFileSync('/bin/sleep', ['0.5']);
  }
  execFileSync('/bin/chown', [`${name}:`, home]);
  execFileSync('/bin/chmod', ['0700', home]);
}

function cleanUp() {
  for (const { name } of people) spawnSync('/usr/sbin/userdel', ['--force', name], { stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
}

let status = 1;
try {
  removeLeftUsers();
  for (const part of ['tests/ui-bridge/browser', 'tests/hostile', 'ui-bridge/page', 'agent/foundation/texts']) cpSync(join(source, part), join(folder, 'source', part), { recursive: true });
  cpSync(npm, join(folder, 'npm'), { recursive: true });
  for (const name of ['koshin-ui', 'koshin-desk-check', 'koshin-mail']) cpSync(join(bin, name), join(folder, 'bin', name));
  execFileSync('/bin/chmod', ['-R', 'a+rX', folder]);
  people.forEach(makeUser);
  const id = ({ name }) => Number(execFileSync('/usr/bin/id', ['-u', name], { encoding: 'utf8' }));
  const child = spawn(process.execPath, [join(folder, 'source/tests/hostile/page_test.mjs'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: folder,
    env: {
      ...process.env, KOSHIN_BIN: join(folder, 'bin'), KOSHIN_NPM: join(folder, 'npm'), KOSHIN_FOLDER: folder,
      KOSHIN_VICTIM: id(people[0]), KOSHIN_ATTACKER: id(people[1]), HOME: join(folder, 'victim'), XDG_RUNTIME_DIR: join(folder, 'victim'),
    },
  });
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill('SIGKILL'));
  status = await new Promise((done) => { child.on('close', (code) => done(code ?? 1)); });
} finally {
  cleanUp();
}
process.exit(status);
