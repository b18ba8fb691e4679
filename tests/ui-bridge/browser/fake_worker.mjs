#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Stands in for koshin-worker where a state is hard to bring a real token into. Reads its job and secrets as the real one
// does, and plays what scenario.json beside it says for that kind of job: a list of runs, each a list of lines, taken one run
// a job, the last one again and again. A renewal that waits for a yes plays "unlock", then "renew" when that has come. A number is a pause in milliseconds; {"hold": "name"} waits until that file is there.
import { existsSync, readFileSync, writeFileSync, appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const here = dirname(process.argv[1]);
const scenario = JSON.parse(readFileSync(join(here, 'scenario.json'), 'utf8'));
const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

let input = Buffer.alloc(0);
const pieces = process.stdin[Symbol.asyncIterator]();
/** Until `take` makes something of what has come; null at the end of the input. */
async function read(take) {
  for (;;) {
    const taken = take();
    if (taken) return taken;
    const { value, done } = await pieces.next();
    if (done) return null;
    input = Buffer.concat([input, value]);
  }
}

function takeLine() {
  const end = input.indexOf(10);
  if (end < 0) return null;
  const line = JSON.parse(input.subarray(0, end).toString());
  let at = end + 1;
  for (const _ of line.secrets ?? []) {
    if (input.length < at + 2 || input.length < at + 2 + input.readUInt16BE(at)) return null;
    at += 2 + input.readUInt16BE(at);
  }
  input = input.subarray(at);
  appendFileSync(join(here, 'jobs.log'), `${JSON.stringify(line)}\n`);
  return line;
}

const job = await read(takeLine);
if (job?.await_go) {
  const last = await play('unlock');
  if (last?.type === 'ready' && await read(takeLine)) await play('renew');
} else if (job) {
  await play(job.job);
}
process.exit(0);

/** The last line that was said. */
async function play(kind) {
  const counter = join(here, `count-${kind}`);
  const count = existsSync(counter) ? Number(readFileSync(counter, 'utf8')) : 0;
  writeFileSync(counter, String(count + 1));
  const runs = scenario[kind] ?? [];
  let last = null;
  for (const step of runs[Math.min(count, runs.length - 1)] ?? []) {
    if (typeof step === 'number') await wait(step);
    else if (step.hold) while (!existsSync(join(here, step.hold))) await wait(20);
    else if (step.die) process.kill(process.pid, step.die);
    else process.stdout.write(`${JSON.stringify(last = step)}\n`);
  }
  return last;
}
