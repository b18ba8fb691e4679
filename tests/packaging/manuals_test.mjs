// SPDX-License-Identifier: MIT
// The manuals in a real Chromium: nothing that axe objects to, nothing wider than a telephone, nothing fetched; and on paper.
// usage: manuals_test.mjs [WORDS OF A TEST]; KOSHIN_MANUALS names the folder that manuals.py has made
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { axeSource, bin, browser, check, equal, join, missing, run, source, temporaryFolder, test } from '../ui-bridge/browser/harness.mjs';
import { screens } from '../ui-bridge/browser/screens.mjs';

const made = process.env.KOSHIN_MANUALS ?? join(source, 'build/release/packaging/manuals/made');
const languages = readdirSync(made).filter((name) => existsSync(join(made, name, 'guide.html')));
const names = ['index', 'guide', 'help-desk', 'administration'];
const reason = missing() || (existsSync('/usr/bin/pdffonts') ? '' : 'poppler-utils is not installed');
if (reason) {
  console.log(`SKIPPED: ${reason}`);
  process.exit(77);
}

/** A page of the manuals in a window of that width; `asked` is what it has loaded. */
async function open(defer, language, name, width) {
  const context = defer(await (await browser()).newContext({ viewport: { width, height: 900 } }));
  const page = await context.newPage();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  page.problems = [];
  page.on('console', (message) => { if (message.type() === 'error') page.problems.push(message.text()); });
  await page.goto(pathToFileURL(join(made, language, `${name}.html`)).href);
  return { page, asked };
}

check(languages.length >= 2, `languages in ${made}: ${languages}`);
for (const language of ['.', ...languages]) {
  for (const name of language === '.' ? ['index'] : names) {
    test(`${name} in ${language}: axe, a telephone's width, nothing from elsewhere`, async (defer) => {
      const { page, asked } = await open(defer, language, name, 1000);
      equal(page.problems, []);
      await page.evaluate(axeSource());
      // Without preload: axe would fetch the style sheet once more, which no page of a file may.
      const { violations } = await page.evaluate(() => window.axe.run(document, { preload: false }));
      equal(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`), [], 'axe:');
      equal(await page.evaluate(() => [...document.images].filter((image) => !image.complete || !image.naturalWidth).map((image) => image.src)), [], 'pictures that do not show:');
      equal(asked.filter((url) => !url.startsWith('file:')), [], 'asked elsewhere:');
      const narrow = (await open(defer, language, name, 360)).page;
      equal(await narrow.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'as wide as a telephone:');
    });
  }
}

// What the Start menu of Windows opens (packaging/windows/installer/guide_page.py).
for (const [locale, ends] of [['ja-JP', '/ja/guide.html'], ['en-GB', '/en/guide.html'], ['fr-FR', '/guide.html']]) {
  test(`the entry of Windows' menu leads a reader of ${locale} to ${ends}`, async (defer) => {
    const folder = temporaryFolder();
    cpSync(made, folder, { recursive: true });
    execFileSync('python3', [join(source, 'packaging/windows/installer/guide_page.py'), folder]);
    const page = await defer(await (await browser()).newContext({ locale })).newPage();
    await page.goto(pathToFileURL(join(folder, 'guide.html')).href);
    await page.waitForURL(pathToFileURL(join(folder, ends)).href, { timeout: 10000 });
    if (ends !== '/guide.html') return;
    const links = await page.evaluate(() => [...document.links].map((link) => link.getAttribute('href')));
    equal(links, languages.map((language) => `${language}/guide.html`));
    await page.evaluate(axeSource());
    const { violations } = await page.evaluate(() => window.axe.run(document, { preload: false }));
    equal(violations.map(({ id }) => id), [], 'axe:');
  });
}

for (const language of languages) {
  test(`every screen of the wizard is in the guide in ${language}`, async (defer) => {
    const { page } = await open(defer, language, 'guide', 1000);
    const shown = await page.evaluate(() => [...document.images].map((image) => image.src.split('/').pop()));
    equal(Object.keys(screens).filter((name) => !shown.includes(`${name}-${language}.png`)), [], 'screens without a picture:');
    const declared = readFileSync(join(source, 'ui-bridge/wizard/screen.hpp'), 'utf8').match(/enum class Screen \{([^}]*)\}/)[1];
    const existing = [...declared.matchAll(/^ *(\w+),/gm)].map(([, name]) => name);
    check(existing.length > 15, `screens in screen.hpp: ${existing}`);
    const reached = new Set(Object.values(screens).map(({ expect }) => expect));
    equal(existing.filter((name) => !reached.has(name)), [], 'screens that no picture shows:');
  });
}

/** What one of poppler's programs says of a PDF. */
const ask = (program, pdf, ...more) => execFileSync(`/usr/bin/${program}`, [pdf, ...more], { encoding: 'utf8' });

for (const language of languages) {
  test(`on paper, in ${language}: pages, titles, words, and the fonts with them`, async (defer) => {
    const folder = temporaryFolder();
    defer({ close: () => rmSync(folder, { recursive: true, force: true }) });
    cpSync(made, folder, { recursive: true });
    execFileSync('bash', [join(source, 'packaging/manuals/print.sh'), folder, language],
      { env: { ...process.env, SOURCE_DATE_EPOCH: '1000000000', TZ: 'UTC' }, stdio: ['ignore', 'ignore', 'inherit'] });
    const words = JSON.parse(readFileSync(join(source, `packaging/manuals/words.${language}.json`), 'utf8'));
    for (const [name, least] of [['guide', 10], ['help-desk', 15], ['administration', 5]]) {
      const pdf = join(folder, language, `${name}.pdf`);
      const facts = ask('pdfinfo', pdf);
      const fact = (key) => facts.match(new RegExp(`^${key}: +(.*)$`, 'm'))?.[1];
      equal(fact('Title'), words[name], `${pdf}:`);
      check(Number(fact('Pages')) >= least, `${pdf}: ${fact('Pages')} pages`);
      equal(fact('Tagged'), 'yes', `${pdf}, for screen readers:`);
      check(fact('CreationDate').includes('2001'), `${pdf}: made ${fact('CreationDate')}, and SOURCE_DATE_EPOCH says 2001`);
      check(!readFileSync(pdf).includes('file:'), `${pdf}: names folders of the computer that made it`);
      const fonts = ask('pdffonts', pdf).trim().split('\n').slice(2);
      check(fonts.length > 0, `${pdf}: fonts`);
      equal(fonts.filter((line) => !/ yes (yes|no ) (yes|no ) +\d+ +\d+$/.test(line)), [], `${pdf}: fonts that are not embedded:`);
      const lines = ask('pdftotext', pdf, '-').replaceAll(/\s+/g, '');
      check(lines.includes(words[name].replaceAll(/\s+/g, '')), `${pdf}: its words are text`);
    }
    check(ask('pdftotext', join(folder, language, 'help-desk.pdf'), '-').includes('token_not_found'), 'the reasons are text');
  });
}

/** The colours of a picture with a palette, [red, green, blue] each. */
function palette(file) {
  const bytes = readFileSync(file);
  const begin = bytes.indexOf('PLTE') + 4;
  const size = bytes.readUInt32BE(begin - 8);
  return Array.from({ length: size / 3 }, (_, index) => [...bytes.subarray(begin + 3 * index, begin + 3 * index + 3)]);
}

test('a bank’s settings give the pictures and the manuals its colour and name', async (defer) => {
  const folder = temporaryFolder();
  defer({ close: () => rmSync(folder, { recursive: true, force: true }) });
  const [settings, shown] = ['koshin.toml', 'settings.json'].map((name) => join(folder, name));
  writeFileSync(settings, '[branding]\naccent_color = "#006400"\n[[bank]]\nname = "ume"\n[bank.branding]\nbank_name = "Ume \\"Bank\\""\naccent_color = "#7a1fa2"\n', { mode: 0o600 });
  writeFileSync(shown, execFileSync(join(bin, 'koshin'), ['config', 'show', '--json', '--settings', settings]));
  const share = (colours, [red, green, blue]) => colours.some((colour) => Math.hypot(colour[0] - red, colour[1] - green, colour[2] - blue) < 12);
  for (const [bank, mine, other] of [[['--bank', 'ume'], [122, 31, 162], [0, 100, 0]], [[], [0, 100, 0], [122, 31, 162]]]) {
    execFileSync('node', [join(source, 'tests/ui-bridge/browser/pictures.mjs'), folder, '--only', 'elsewhere', '--settings', shown, ...bank], { stdio: ['ignore', 'ignore', 'inherit'] });
    for (const language of languages) {
      const colours = palette(join(folder, `elsewhere-${language}.png`));
      check(share(colours, mine) && !share(colours, other), `${bank} ${language}: ${JSON.stringify(colours)}`);
    }
  }
  execFileSync('/usr/bin/python3', [join(source, 'packaging/manuals/manuals.py'), '--failures', join(made, '../failures.json'), '--pictures', join(source, 'docs/screens'),
    '--settings', shown, '--bank', 'ume', join(folder, 'manuals')]);
  const guide = readFileSync(join(folder, 'manuals/en/guide.html'), 'utf8');
  check(guide.includes('--accent: #7a1fa2') && guide.includes('Ume &quot;Bank&quot;'), 'colour and name of the guide');
});

await run(process.argv[2]);
