// SPDX-License-Identifier: MIT
// Two users in one run: imported as root, this starts the other one's process and makes this one the victim's.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [victim, attacker] = [process.env.KOSHIN_VICTIM, process.env.KOSHIN_ATTACKER].map(Number);

/** The other user: `do(name, {...})` gives what the command of that name answers. */
function startAttacker() {
  const child = spawn(process.execPath, [new URL('attacker.mjs', import.meta.url).pathname], { uid: attacker, gid: attacker, stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env.PATH } });
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()(JSON.parse(line)));
  return {
    close: () => child.stdin.end(),
    async do(name, more = {}) {
      const answer = new Promise((done) => { waiting.push(done); });
      child.stdin.write(`${JSON.stringify({ do: name, ...more })}\n`);
      const said = await answer;
      if (said.failed) throw new Error(said.failed);
      return said;
    },
  };
}

export const other = startAttacker();
process.setgroups([]);
process.setgid(victim);
process.setuid(victim);
