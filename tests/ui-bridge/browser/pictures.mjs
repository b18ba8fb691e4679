// SPDX-License-Identifier: MIT
// Makes the pictures of docs/screens: node tests/ui-bridge/browser/pictures.mjs FOLDER [SCREEN]
import { mkdirSync } from 'node:fs';
import { closeBrowser, join, onScreen, openFakeUi, openPage } from './harness.mjs';
import { bank } from './scenarios.mjs';
import { screens } from './screens.mjs';

const [folder = 'docs/screens', only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const [name, screen] of Object.entries(screens)) {
  if (!name.startsWith(only)) continue;
  for (const [language, theme] of [['ja', 'light'], ['en', 'dark']]) {
    const ui = await openFakeUi(screen.scenario, { toml: bank + (screen.toml ?? '') });
    const page = await openPage(ui.url, { language, theme, width: 880, height: 860 });
    await screen.go(page, ui);
    await onScreen(page, screen.expect);
    await page.waitForTimeout(150); // focus rings and live regions settle
    await page.screenshot({ path: join(folder, `${name}-${language}.png`), animations: 'disabled', fullPage: true });
    await page.context().close();
    await ui.stop();
  }
}
await closeBrowser();
