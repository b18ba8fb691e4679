// SPDX-License-Identifier: MIT
// A desktop for the tests: a session bus with a notification server whose buttons a script presses, and a default browser
// that is running already, so that what koshin-ui opens arrives where the script is.
import { execFileSync, spawn } from 'node:child_process';
import { constants, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { join, source } from './harness.mjs';

/** Reads a stream line by line: each call gives the next one. */
export function lines(stream) {
  const waiting = [];
  const read = [];
  createInterface({ input: stream }).on('line', (line) => (waiting.length ? waiting.shift()(line) : read.push(line)));
  return () => (read.length ? Promise.resolve(read.shift()) : new Promise((done) => { waiting.push(done); }));
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

/** Whoever runs xdg-open with this environment has the address opened by the script. */
export function becomeDefaultBrowser(folder) {
  mkdirSync(folder);
  const pipe = join(folder, 'addresses');
  execFileSync('/usr/bin/mkfifo', [pipe]);
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >'${pipe}'\n`, { mode: 0o755 });
  const stream = new Socket({ fd: openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK), readable: true, writable: false });
  return { address: lines(stream), environment: { PATH: `${folder}:${process.env.PATH}`, BROWSER: 'yes' }, close: async () => stream.destroy() };
}
