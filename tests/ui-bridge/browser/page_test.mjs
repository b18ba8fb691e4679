// SPDX-License-Identifier: MIT
// The wizard's page in a real browser (KOSHIN_BROWSER: chromium or firefox): every screen's accessibility, the whole way through, every way to leave, and what
// hostile pages and clients get. usage: node page_test.mjs [PART OF A NAME]
import { emptyPictures, engine, missing, run } from './harness.mjs';

if (missing()) {
  console.log(`skipped: ${missing()}`);
  process.exit(77);
}
emptyPictures();
await import('./accessibility.mjs');
await import('./journeys.mjs');
await import('./leaving.mjs');
await import('./mishaps.mjs');
await import('./desk.mjs');
await import('./elsewhere.mjs');
await import('./several.mjs');
await import('./sitting.mjs');
await import('./pin.mjs');
await import('./pin_only.mjs');
await import('./banks.mjs');
await import('./names.mjs');
await import('./hooks.mjs');
await import('./hostile.mjs');
await import('./words.mjs');
await import('./refused.mjs');
await import('./clicks.mjs');
await import('./links.mjs');
await import('./obstacles.mjs');
await import('./proxy.mjs');
await run(process.argv[2], { again: engine !== 'chromium' });
