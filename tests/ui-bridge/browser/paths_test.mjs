// SPDX-License-Identifier: MIT
// Every path through the page once more, in the language that KOSHIN_PAGE_LANGUAGE names. usage: node paths_test.mjs [PART OF A NAME]
import { packagesInstalled, run } from './harness.mjs';

if (!packagesInstalled()) {
  console.log('skipped: the npm packages of tests/ui-bridge are not installed (./dev setup installs them)');
  process.exit(77);
}
await import('./journeys.mjs');
await import('./leaving.mjs');
await import('./mishaps.mjs');
await import('./desk.mjs');
await run(process.argv[2]);
