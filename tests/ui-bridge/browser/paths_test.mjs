// SPDX-License-Identifier: MIT
// Every path through the page once more, in the language that KOSHIN_PAGE_LANGUAGE names. usage: node paths_test.mjs [PART OF A NAME]
import { missing, run } from './harness.mjs';

if (missing()) {
  console.log(`skipped: ${missing()}`);
  process.exit(77);
}
await import('./journeys.mjs');
await import('./leaving.mjs');
await import('./mishaps.mjs');
await import('./desk.mjs');
await import('./elsewhere.mjs');
await import('./several.mjs');
await import('./sitting.mjs');
await import('./pin.mjs');
await run(process.argv[2], { again: true });
