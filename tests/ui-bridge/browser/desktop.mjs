// SPDX-License-Identifier: MIT
// A desktop for the tests: a session bus with a notification server whose buttons a script presses, and a default browser
// that is running already, so that what koshin-ui opens arrives where the script is.
import { execFileSync, spawn } from 'node:child_process';
import { constants, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { bin, join, source } from './harness.mjs';

/** Reads a stream line by line: each call gives the next one, and an error once there is none. */
export function lines(stream) {
  const waiting = [];
  const read = [];
  let ended = false;
  const reader = createInterface({ input: stream });
  reader.on('line', (line) => (waiting.length ? waiting.shift().done(line) : read.push(line)));
  reader.on('close', () => {
    ended = true;
    for (const { fail } of waiting.splice(0)) fail(new Error('it ended without another line'));
  });
  return () => {
    if (read.length) return Promise.resolve(read.shift());
    if (ended) return Promise.reject(new Error('it ended without another line'));
    return new Promise((done, fail) => { waiting.push({ done, fail }); });
  };
}

export async function openDesktop() {
  const bus = spawn('/usr/bin/dbus-daemon', ['--session', '--nofork', '--print-address=1'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const address = await lines(bus.stdout)();
  const server = spawn('/usr/bin/python3', [join(source, 'tests/support/notification_server.py')], {
    stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: address },
  });
  const next = lines(server.stdout);
  await next();  // ready
  return {
    environment: { DBUS_SESSION_BUS_ADDRESS: address },
    /** The next message that is shown. */
    async shown() {
      for (;;) {
        const message = JSON.parse(await next());
        if (message.call === 'notify') return message;
      }
    },
    press: (id, key) => server.stdin.write(`action ${id} ${key}\n`),
    async close() {
      const ended = [server, bus].map((child) => new Promise((done) => { child.once('exit', done); }));
      server.kill();
      bus.kill();
      await Promise.all(ended);
    },
  };
}

/** A mail server on the loopback interface, and what arrives there. */
export async function openMailbox() {
  const server = spawn('/usr/bin/python3', [join(source, 'tests/ui-bridge/mail_server.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((done) => { server.once('exit', done); });
  const next = lines(server.stdout);
  const port = Number(await next());
  return { port, next: async () => JSON.parse(await next()), close: async () => { server.stdin.end(); await ended; } };
}

/** Whoever runs xdg-open with this environment has the address opened by the script. */
export function becomeDefaultBrowser(folder) {
  mkdirSync(folder);
  const pipe = join(folder, 'addresses');
  execFileSync('/usr/bin/mkfifo', [pipe]);
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >'${pipe}'\n`, { mode: 0o755 });
  const stream = new Socket({ fd: openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK), readable: true, writable: false });
  return { address: lines(stream), environment: { PATH: `${folder}:${process.env.PATH}`, BROWSER: 'yes' }, close: async () => stream.destroy() };
}

/** The agent of a session that has a desktop and a default browser. */
export function startAgent(desk, settings, ...surroundings) {
  const agent = spawn(join(bin, 'koshin-agent'), ['--settings', settings], {
    env: Object.assign({}, process.env, desk.environment, { PCSCLITE_CSOCK_NAME: join(desk.folder, 'no-pcscd') }, ...surroundings.map(({ environment }) => environment)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [agent.stdout, agent.stderr]) stream.on('data', (data) => { said += data; });
  const ended = new Promise((done) => { agent.once('exit', done); });
  return { pid: agent.pid, said: () => said, close: async () => { agent.kill(); await ended; } };
}
