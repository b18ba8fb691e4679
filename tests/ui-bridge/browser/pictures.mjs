// SPDX-License-Identifier: MIT
// Makes the pictures of docs/screens (./dev screens): node tests/ui-bridge/browser/pictures.mjs FOLDER [SCREEN]
// Each screen in Japanese on light and in English on dark, and three as a telephone shows them; then a page that lists them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { closeBrowser, join, onScreen, openFakeUi, openPage } from './harness.mjs';
import { bank } from './scenarios.mjs';
import { screens } from './screens.mjs';

const [folder = 'docs/screens', only = ''] = process.argv.slice(2);
const desk = [{ language: 'ja', theme: 'light', width: 760, height: 800 }, { language: 'en', theme: 'dark', width: 760, height: 800 }];
const telephone = [{ language: 'ja', theme: 'dark', width: 360, height: 640, suffix: '-phone' }, { language: 'en', theme: 'light', width: 360, height: 640, suffix: '-phone' }];
const onTelephone = ['unlock_keyboard', 'start', 'completed'];

/** Takes one picture; gives back its file's name and the screen's heading. */
async function take(name, screen, { suffix = '', ...look }) {
  const ui = await openFakeUi(screen.scenario, { toml: bank + (screen.toml ?? ''), journal: screen.journal });
  const page = await openPage(ui.url, { ...look, tolerate: screen.tolerate });
  await screen.go(page, ui);
  await onScreen(page, screen.expect);
  await page.waitForTimeout(150);  // focus rings and live regions settle
  const file = `${name}-${look.language}${suffix}.png`;
  await page.screenshot({ path: join(folder, file), animations: 'disabled', fullPage: !screen.modal });
  const heading = await page.textContent(screen.modal ? '#idle-title' : '#title');
  await page.context().close();
  await ui.stop();
  execFileSync('/usr/bin/pngquant', ['--force', '--strip', '--speed', '1', '--ext', '.png', '48', join(folder, file)]);
  return { file, heading };
}

mkdirSync(folder, { recursive: true });
const rows = [];
for (const [name, screen] of Object.entries(screens)) {
  if (!name.startsWith(only)) continue;
  for (const looks of onTelephone.includes(name) ? [desk, telephone] : [desk]) {
    const taken = [];
    for (const look of looks) taken.push(await take(name, screen, look));
    rows.push(taken);
    console.log(taken.map(({ file }) => file).join(', '));
  }
}
await closeBrowser();
if (!only) {
  writeFileSync(join(folder, 'README.md'), `# The wizard's screens

Made by \`./dev screens\`: the real page and its server, beside a worker that plays each situation. Japanese is
shown light, English dark; a few also as a telephone shows them. Name, colour, logo and help desk are settings.

| 日本語 | English |
| --- | --- |
${rows.map(([left, right]) => `| **${left.heading}** | **${right.heading}** |\n| ![${left.heading}](${left.file}) | ![${right.heading}](${right.file}) |`).join('\n')}
`);
}
