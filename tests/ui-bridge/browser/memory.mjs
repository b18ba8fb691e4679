// SPDX-License-Identifier: MIT
// Looks into the memory of a process.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const piece = 1n << 20n;

/** In pieces that overlap, so that one page that cannot be read hides nothing but itself. */
function rangeHolds(memory, from, to, wanted) {
  const overlap = BigInt(wanted.length);
  for (let at = from; at < to; at += piece) {
    const end = at + piece + overlap < to ? at + piece + overlap : to;
    for (let next = at; next < end;) {
      const bytes = Buffer.alloc(Number(end - next));
      let size = 0;
      try {
        size = readSync(memory, bytes, 0, bytes.length, next);
      } catch { /* nobody can read this page, so it gives nothing away */ }
      if (bytes.subarray(0, size).includes(wanted)) return true;
      next += size === 0 ? 4096n : BigInt(size);
    }
  }
  return false;
}

/** Whether a process has this text in any of its memory that can be read. Needs the right to look (root, here). */
export function memoryHolds(pid, text) {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const wanted = Buffer.from(text);
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const range = /^([0-9a-f]+)-([0-9a-f]+) r/.exec(line);
      if (!range || line.includes('[v')) continue;
      if (rangeHolds(memory, BigInt(`0x${range[1]}`), BigInt(`0x${range[2]}`), wanted)) return true;
    }
    return false;
  } finally {
    closeSync(memory);
  }
}

/** Its proportional share of the machine's memory, in KiB. */
export const share = (pid) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
