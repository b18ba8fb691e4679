// SPDX-License-Identifier: MIT
// The wizard's page in a real Chromium: every screen's accessibility, the whole way through, every way to leave, and what
// hostile pages and clients get. usage: node page_test.mjs [PART OF A NAME]
import { emptyPictures, packagesInstalled, run } from './harness.mjs';

if (!packagesInstalled()) {
  console.log('skipped: the npm packages of tests/ui-bridge are not installed (./dev setup installs them)');
  process.exit(77);
}
emptyPictures();
await import('./accessibility.mjs');
await import('./journeys.mjs');
await import('./leaving.mjs');
await import('./mishaps.mjs');
await import('./desk.mjs');
await import('./hostile.mjs');
await import('./words.mjs');
await run(process.argv[2]);
