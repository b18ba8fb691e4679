// SPDX-License-Identifier: MIT
// What runs over the page and unattended ones leave behind beside a module that prints the PIN, crashes or hangs (the command
// line and pinentry: module_test.cpp): PIN, passphrase and code are looked for in every file, log and memory. Needs root.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { startAgent } from '../ui-bridge/browser/desktop.mjs';
import { check, equal, eventually, goAhead, join, missing, onScreen, openPage, openUi, run, temporaryFolder, test } from '../ui-bridge/browser/harness.mjs';
import { deskBeside, formsOf, holds, passphrase, pin } from './left_behind.mjs';

if (missing() || process.getuid() !== 0) {
  console.log(`skipped: ${missing() || 'only root can read the memory of a protected process'}`);
  process.exit(77);
}
const rude = ['print', 'print crash', 'print hang', 'hang'];

/** Files below these folders, by content or name. */
const filesWith = (folders, secret) => folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .filter((name) => holds(readFileSync(name), secret) || name.includes(secret)));

/** The mappings of a process that would be in its core and hold the text. */
function dumpableWith(pid, text) {
  const found = [];
  let memory;
  try {
    memory = openSync(`/proc/${pid}/mem`, 'r');
    const blocks = readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
    for (const block of blocks) {
      const range = /^([0-9a-f]+)-([0-9a-f]+) r\S* (.*)/.exec(block);
      if (!range || block.includes('[v') || / dd\b/.test(/^VmFlags:.*$/m.exec(block)?.[0] ?? '')) continue;
      const [from, to] = [BigInt(`0x${range[1]}`), BigInt(`0x${range[2]}`)];
      for (let at = from; at < to; at += 1n << 22n) {
        const bytes = Buffer.alloc(Number((to - at < (1n << 22n) + 64n ? to - at : (1n << 22n) + 64n)));
        try {
          if (bytes.subarray(0, readSync(memory, bytes, 0, bytes.length, at)).includes(text)) found.push(block.split('\n')[0]);
        } catch { /* a page that nobody can read gives nothing away */ }
      }
    }
  } catch { /* it has just ended */ } finally {
    if (memory !== undefined) closeSync(memory);
  }
  return found;
}

/** koshin's processes of this desk, by their environment. */
const processesOf = (desk) => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
  try {
    return /^koshin-(ui|agent|worker)$/.test(nameOf(pid))
      && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(desk.environment.XDG_STATE_HOME);
  } catch { return false; }
});
const nameOf = (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
/** A module that prints the PIN has a copy of its own in the worker that it runs in; in others nothing may be of it. */
const noMemoryWith = (desk, secrets) => {
  const looked = processesOf(desk).filter((pid) => !(desk.environment.KOSHIN_HOSTILE.includes('print') && nameOf(pid) === 'koshin-worker'));
  for (const pid of looked) for (const secret of secrets) equal(dumpableWith(pid, secret), [], `memory of ${nameOf(pid)} with a secret:`);
};
/** Nothing in what the user's folders hold, nor in what was said, nor in the memory of what still runs. */
function nothingLeft(desk, said, secrets) {
  const folders = ['HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME'].map((name) => desk.environment[name]);
  for (const secret of secrets) {
    equal(filesWith(folders, secret), [], 'files with a secret:');
    check(!holds(Buffer.from(said), secret), 'a secret was said');
  }
  noMemoryWith(desk, secrets);
  const cores = [...folders, desk.folder, process.cwd()].flatMap((folder) => readdirSync(folder).filter((name) => /^core(\.|$)/.test(name)));
  equal(cores, [], 'cores:');
}
/** The worker that hangs in C_Login, with the secrets in it. */
async function whileItHangs(desk, secrets) {
  await eventually(() => processesOf(desk).some((pid) => nameOf(pid) === 'koshin-worker'), 'a worker is at work');
  await new Promise((wake) => { setTimeout(wake, 2500); });  // by then it hangs; sooner would show less, not more
  noMemoryWith(desk, secrets);
}

for (const how of rude) {
  test(`left behind: a renewal on the page beside a module that does this: ${how}`, async (defer) => {
    const desk = await deskBeside(defer, how, { extra: 'authority.http_authentication = "basic"\nauthority.http_user = "user0001"\n' });
    const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings }));
    const page = await openPage(ui.url, { language: 'en' });
    defer(page.context());
    await onScreen(page, 'unlock');
    await page.fill('#passphrase', passphrase);
    await page.fill('#pin', pin);
    await page.click('button[type=submit]');
    if (how.includes('hang')) await whileItHangs(desk, [pin, passphrase]);
    if (how === 'print') {
      await goAhead(page);
      await onScreen(page, 'completed');
    } else {
      await onScreen(page, 'interrupted');
      // Which of two limits ends a module that hangs depends on how long it took to get there.
      const reasons = how.includes('crash') ? ['module_crashed'] : ['module_hung', 'deadline_exceeded'];
      check(reasons.includes(await page.textContent('.note.bad code')), await page.textContent('.note.bad code'));
    }
    check(dumpableWith(ui.pid, 'Sakura Token').length > 0, 'the scan finds what is there');
    nothingLeft(desk, ui.child.errors, [pin, passphrase]);
    // It crashes while it has the PIN in its hands: of what it said then, no more than how much it was.
    const said = { print: 'the last harmless line', 'print crash': 'bytes printed during C_Login left out' }[how];
    check(!said || ui.child.errors.includes(said), 'what the module said besides is kept');
  });

  test(`left behind: a re-issue on the page beside a module that does this: ${how}`, async (defer) => {
    const desk = await deskBeside(defer, how, { provisioned: false });
    const { code } = await desk.do('code');
    const ui = defer(await openUi({ environment: desk.environment, settings: desk.settings, args: ['--reason', 'certificate_missing'] }));
    const page = await openPage(ui.url, { language: 'en' });
    defer(page.context());
    await onScreen(page, 'reissue');
    await page.fill('#user', '12345678901234 user0001');
    await page.fill('#code', code);
    await page.click('button[type=submit]');
    await onScreen(page, 'start');
    await page.click('.actions .primary');
    await onScreen(page, 'unlock');
    await page.fill('#pin', pin);
    await page.click('button[type=submit]');
    if (how.includes('hang')) await whileItHangs(desk, [pin, code]);
    await onScreen(page, how === 'print' ? 'completed' : 'interrupted');
    nothingLeft(desk, ui.child.errors, [pin, code]);
  });

  test(`left behind: an unattended renewal beside a module that does this: ${how}`, async (defer) => {
    const secrets = mkdtempSync(join(temporaryFolder(), 'secrets-'));
    defer({ close: async () => rmSync(secrets, { recursive: true }) });
    writeFileSync(join(secrets, 'pin'), `${pin}\n`, { mode: 0o600 });
    const desk = await deskBeside(defer, how, {
      extra: `unattended.enabled = true\nunattended.spread = "PT0S"\ntoken.rescan_interval = 60\ntoken.uri = "pkcs11:?pin-source=file:${join(secrets, 'pin')}"\n`,
    });
    const agent = defer(startAgent(desk, desk.settings));
    if (how.includes('hang')) {
      await eventually(() => agent.said().includes('Renewing by itself'), 'it begins');
      await whileItHangs(desk, [pin]);
    }
    const end = { print: 'Renewed: the new certificate', 'print crash': 'module_crashed', 'print hang': 'module_hung', hang: 'module_hung' }[how];
    await eventually(() => agent.said().includes(end), `it ends with ${end}`, 40000);
    check(dumpableWith(agent.pid, 'Sakura Token').length > 0, 'the scan finds what is there');
    nothingLeft(desk, agent.said(), [pin]);
  });
}

test('left behind: what is found elsewhere would be found here', async (defer) => {
  const folder = temporaryFolder();
  defer({ close: async () => rmSync(folder, { recursive: true }) });
  for (const [index, form] of formsOf(pin).entries()) writeFileSync(join(folder, String(index)), Buffer.concat([Buffer.from('before '), form, Buffer.from(' after')]));
  equal(filesWith([folder], pin).length, formsOf(pin).length);
  const own = Buffer.from(`in the memory of this process: ${pin}`);
  check(dumpableWith(process.pid, pin).length > 0, own.toString());
  check(execFileSync('/bin/true').length === 0, 'and it goes on');
});

await run(process.argv[2]);
