// SPDX-License-Identifier: MIT
// Another user of the machine. Takes one command a line, as JSON, from standard input, and answers each with a line.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const wait = (milliseconds) => new Promise((wake) => { setTimeout(wake, milliseconds); });
const held = [];
const received = [];
const seen = new Set();

/** Sends bytes from a socket that is bound to `from`; all that comes back until the end, or for a while. */
function ask({ port, bytes, from = '127.0.0.1', fromPort }) {
  return new Promise((done) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port, localAddress: from, localPort: fromPort }, () => socket.write(bytes));
    const end = (how) => { socket.destroy(); done({ how, text }); };
    socket.on('data', (data) => { text += data; });
    socket.on('close', () => end('closed'));
    socket.on('error', (error) => end(error.code));
    setTimeout(() => end('silence'), 5000);
  });
}

/** Where others' sockets are that are connected to this port of 127.0.0.1: anybody may look. */
function othersConnectedTo(port) {
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[2] === wanted && fields[3] === '01' && Number(fields[7]) !== process.getuid())
    .map((fields) => parseInt(fields[1].split(':')[1], 16));
}

/** Every command line on the machine, again and again. */
async function watchCommandLines() {
  for (;;) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        for (const found of readFileSync(`/proc/${pid}/cmdline`, 'utf8').matchAll(/127\.0\.0\.1:\d+\/#[\w-]{43}/g)) seen.add(found[0]);
      } catch { /* it has just ended */ }
    }
    await wait(5);
  }
}

async function listenOn(server, port, patience) {
  for (const end = Date.now() + patience; ; await wait(300)) {
    const error = await new Promise((done) => {
      server.once('error', done);
      server.once('listening', () => done(null));
      server.listen(port, '127.0.0.1');
    });
    server.removeAllListeners('error').removeAllListeners('listening');
    if (!error) return server.address().port;
    if (Date.now() > end) throw error;
  }
}

/** A koshin-ui of one's own: shows the screen it was told to, and keeps what it is given. */
function forgery(view) {
  return createServer((request, response) => {
    let body = '';
    request.on('data', (data) => { body += data; });
    request.on('end', () => {
      received.push({ path: request.url, body });
      response.setHeader('X-Koshin-Proof', 'ab'.repeat(32));
      if (request.url === '/api/events') {
        response.setHeader('Content-Type', 'text/event-stream');
        response.write(`event: state\nid: 1\ndata: ${JSON.stringify(view)}\n\n`);
      } else if (/session|take-over/.test(request.url)) {
        response.end(JSON.stringify({ tab: 'x'.repeat(43), browser: 'y'.repeat(43), view }));
      } else {
        response.end('z'.repeat(43));
      }
    });
  });
}

/** Several times what a server takes as a head; and those of our name, for each path that we use. */
function cookieServer(name) {
  return createServer({ maxHeaderSize: 4 * 1024 * 1024 }, (request, response) => {
    const cookies = Array.from({ length: 12 }, (_, index) => `flood${index}=${'x'.repeat(4000)}; Path=/`);
    for (const path of ['/', '/api', '/api/session', '/api/events', '/api/action']) cookies.push(`${name}=theirs; Path=${path}`);
    response.setHeader('Content-Type', 'text/html');
    response.setHeader('Set-Cookie', cookies);
    response.end('<!doctype html><title>another page</title>');
  });
}

const commands = {
  ask,
  others: ({ port }) => ({ ports: othersConnectedTo(port) }),
  watch: () => { watchCommandLines(); return {}; },
  seen: () => ({ addresses: [...seen] }),
  read: ({ path }) => { try { return { text: readFileSync(path, 'utf8') }; } catch (error) { return { error: error.code }; } },
  async hold({ port, count }) {
    for (let index = 0; index < count; index += 1) {
      const socket = connect({ host: '127.0.0.1', port }, () => socket.write('GET / HTTP/1.1\r\nHo'));
      socket.on('error', () => {});
      held.push(socket);
    }
    await wait(500);
    return {};
  },
  takePort: async ({ port, view, patience }) => ({ port: await listenOn(forgery(view), port, patience) }),
  cookies: async ({ name }) => ({ port: await listenOn(cookieServer(name), 0, 0) }),
  received: () => ({ requests: received }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...more } = JSON.parse(line);
  let answer;
  try {
    answer = await commands[name](more);
  } catch (error) {
    answer = { failed: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
