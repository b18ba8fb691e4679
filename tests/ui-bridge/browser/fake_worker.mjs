#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Stands in for koshin-worker where a state is hard to bring a real token into. Reads its job and secrets as the real one
// does, and plays what scenario.json beside it says for that kind of job: a list of runs, each a list of lines, taken one run
// a job, the last one again and again. A number is a pause in milliseconds; {"hold": "name"} waits until that file is there.
import { existsSync, readFileSync, writeFileSync, appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const here = dirname(process.argv[1]);
const scenario = JSON.parse(readFileSync(join(here, 'scenario.json'), 'utf8'));
const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

const input = [];
for await (const piece of process.stdin) {
  input.push(piece);
  const bytes = Buffer.concat(input);
  const end = bytes.indexOf(10);
  if (end < 0) continue;
  const job = JSON.parse(bytes.subarray(0, end).toString());
  let at = end + 1;
  let complete = true;
  for (const _ of job.secrets ?? []) {
    if (bytes.length < at + 2 || bytes.length < at + 2 + bytes.readUInt16BE(at)) complete = false;
    else at += 2 + bytes.readUInt16BE(at);
  }
  if (complete) {
    appendFileSync(join(here, 'jobs.log'), `${JSON.stringify(job)}\n`);
    await play(job);
    process.exit(0);
  }
}

async function play(job) {
  const kind = job.dry_run ? 'rehearse' : job.job;
  const counter = join(here, `count-${kind}`);
  const count = existsSync(counter) ? Number(readFileSync(counter, 'utf8')) : 0;
  writeFileSync(counter, String(count + 1));
  const runs = scenario[kind] ?? [];
  for (const step of runs[Math.min(count, runs.length - 1)] ?? []) {
    if (typeof step === 'number') await wait(step);
    else if (step.hold) while (!existsSync(join(here, step.hold))) await wait(20);
    else if (step.die) process.kill(process.pid, step.die);
    else process.stdout.write(`${JSON.stringify(step)}\n`);
  }
}
