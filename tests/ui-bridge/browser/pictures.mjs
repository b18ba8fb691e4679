// SPDX-License-Identifier: MIT
// Takes the pictures for docs/screens and the manuals (./dev screens):
//   node pictures.mjs FOLDER [--only SCREEN] [--settings FILE [--bank NAME]]
// Each screen in each language on light, three also as a telephone shows them in the dark; and the bank's page before and after
// a renewal, with a software token, the stand-in bank and the browser (--only bank: these alone). Then a page that lists the screens. With --settings (what koshin config show
// --json prints) the screens alone, with that bank's [branding].
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { login, missingForLogin, openDisplay, prepareNss } from './bank_login.mjs';
import { bin, closeBrowser, deskWith, equal, join, onScreen, openFakeUi, openPage, pin } from './harness.mjs';
import { bank } from './scenarios.mjs';
import { screens } from './screens.mjs';

const { values: options, positionals: [folder] } = parseArgs({
  allowPositionals: true, options: { only: { type: 'string', default: '' }, settings: { type: 'string' }, bank: { type: 'string' } },
});
const desk = ['ja', 'en'].map((language) => ({ language, theme: 'light', width: 760, height: 800 }));
const telephone = ['ja', 'en'].map((language) => ({ language, theme: 'dark', width: 360, height: 640, suffix: '-phone' }));
const onTelephone = options.settings ? [] : ['unlock_keyboard', 'start', 'completed'];

/** [branding] of the settings that were given, each value as TOML writes it; else the tests' own bank. */
function branding() {
  if (!options.settings) return bank;
  const rows = JSON.parse(readFileSync(options.settings, 'utf8')).settings.filter((row) => row.key.startsWith('branding.') && row.bank === (options.bank ?? null));
  return `[branding]\n${rows.map((row) => `${row.key.replace('branding.', '')} = ${row.value}\n`).join('')}`;
}

/** A picture with 48 colours, which is a third of the bytes. */
async function keep(page, file, more = {}) {
  await page.screenshot({ path: join(folder, file), animations: 'disabled', ...more });
  execFileSync('/usr/bin/pngquant', ['--force', '--strip', '--speed', '1', '--ext', '.png', '48', join(folder, file)]);
}

/** Takes one picture; gives back its file's name and the screen's heading. */
async function take(name, screen, { suffix = '', ...look }) {
  const ui = await openFakeUi(screen.scenario, { toml: branding() + (screen.toml ?? ''), journal: screen.journal });
  const page = await openPage(ui.url, { ...look, tolerate: screen.tolerate });
  await screen.go(page, ui);
  await onScreen(page, screen.expect);
  await page.waitForTimeout(150);  // focus rings and live regions settle
  const file = `${name}-${look.language}${suffix}.png`;
  await keep(page, file, { fullPage: !screen.modal });
  const heading = await page.textContent(screen.modal ? '#idle-title' : '#title');
  await page.context().close();
  await ui.stop();
  return { file, heading };
}

/** The bank's page in one language, before a renewal and after it: the certificate is on a software token, and the browser logs in with it. */
async function takeBankPages(language) {
  const closing = [];
  const defer = (thing) => { closing.unshift(thing); return thing; };
  try {
    const ours = await deskWith(defer, { key: 'rsa-2048' });
    prepareNss(ours);
    const display = defer(await openDisplay());
    for (const [moment, notices] of [['before', 1], ['after', 0]]) {
      const bankPage = await login(ours, display.name, moment, pin, {}, language);
      defer(bankPage.context);
      equal(bankPage.notices, notices, `notices of the bank ${moment} the renewal:`);
      await bankPage.page.setViewportSize({ width: 760, height: 320 });
      await keep(bankPage.page, `bank_${moment}-${language}.png`, { fullPage: true });
      await bankPage.context.close();
      if (moment === 'before')
        execFileSync(join(bin, 'koshin'), ['renew', '--pin-stdin', '--quiet', '--settings', ours.settings], { input: `${pin}\n`, env: { ...process.env, ...ours.environment }, stdio: ['pipe', 'ignore', 'pipe'] });
    }
  } finally {
    for (const thing of closing) await thing.close();
  }
}

mkdirSync(folder, { recursive: true });
const rows = [];
for (const [name, screen] of Object.entries(screens)) {
  if (!name.startsWith(options.only)) continue;
  for (const looks of onTelephone.includes(name) ? [desk, telephone] : [desk]) {
    const taken = [];
    for (const look of looks) taken.push(await take(name, screen, look));
    rows.push(taken);
    console.log(taken.map(({ file }) => file).join(', '));
  }
}
await closeBrowser();
if (['', 'bank'].includes(options.only) && !options.settings) {
  const missing = missingForLogin();
  if (missing) throw new Error(`the bank's page needs ${missing}`);
  for (const language of ['ja', 'en']) await takeBankPages(language);
}
if (!options.only && !options.settings) {
  writeFileSync(join(folder, 'README.md'), `# The wizard's screens

Made by \`./dev screens\`: the real page and its server, beside a worker that plays each situation; a few also as a telephone shows
them, in the dark. Name, colour, logo and help desk are settings. The manuals are made with the same pictures
([administration.md](../administration.md#manuals-for-your-users)); \`bank_before\` and \`bank_after\` are the stand-in bank's page
before and after a renewal.

| 日本語 | English |
| --- | --- |
${rows.map(([left, right]) => `| **${left.heading}** | **${right.heading}** |\n| ![${left.heading}](${left.file}) | ![${right.heading}](${right.file}) |`).join('\n')}
`);
}
