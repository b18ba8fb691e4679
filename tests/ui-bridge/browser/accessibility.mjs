// SPDX-License-Identifier: MIT
// axe-core on every screen in both languages and themes; sizes, zoom, motion, targets, focus.
import { axeSource, browser, check, engine, equal, goAhead, hasTexts, join, leaveOut, onScreen, openFakeUi, openPage, pictures, test, testInChromium } from './harness.mjs';
import { bank, happy } from './scenarios.mjs';
import { walks } from './screens.mjs';

const rules = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } };

const contrast = { runOnly: { type: 'rule', values: ['color-contrast'] } };

/** Every rule once in each language; in the other theme, colours are what differs. */
async function axe(page, options) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource());
  const result = await page.evaluate((wanted) => window.axe.run(document, wanted), options);
  return result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ').slice(0, 300)}`);
}

/** Nothing sticks out of the window or touches the edge of its button, and everything to press is at least 24 by 24 (WCAG 2.2, 2.5.8). */
const layout = (page) => page.evaluate(() => {
  const problems = [];
  if (document.documentElement.scrollWidth > innerWidth) problems.push(`scrolls sideways: ${document.documentElement.scrollWidth} > ${innerWidth}`);
  for (const element of document.querySelectorAll('button, input:not([type=radio]):not([type=checkbox]), label.check, label.choice, summary')) {
    const box = element.getBoundingClientRect();
    if (box.width && (box.width < 24 || box.height < 24)) problems.push(`${element.outerHTML.slice(0, 80)} is ${box.width} by ${box.height}`);
  }
  for (const element of document.querySelectorAll('button')) {
    const text = document.createRange();
    text.selectNodeContents(element);
    const [inner, outer] = [text.getBoundingClientRect(), element.getBoundingClientRect()];
    if (inner.width && (inner.left - outer.left < 3 || outer.right - inner.right < 3)) problems.push(`"${element.textContent}" touches the edge of its button`);
  }
  return problems;
});

/** axe in both themes, then every size, in the language that is shown. */
async function examine(page, name, language) {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    equal(await axe(page, theme === 'light' ? rules : contrast), [], `axe, ${language}, ${theme}`);
    if (pictures) await page.screenshot({ path: join(pictures, `${name}-${language}-${theme}.png`), fullPage: true, animations: 'disabled' });
  }
  for (const [width, height] of [[360, 640], [3840, 2160], [640, 450]]) {  // a phone, 4K, 1280 by 900 at 200 %
    await page.setViewportSize({ width, height });
    equal(await layout(page), [], `${language}, ${width} wide`);
    if (pictures && width === 360) await page.screenshot({ path: join(pictures, `${name}-${language}-phone.png`), fullPage: true, animations: 'disabled' });
  }
  await page.setViewportSize({ width: 1000, height: 900 });
}

// What the engines do differently is not the language.
const languages = engine === 'chromium' ? ['en', 'ja'] : ['ja'];
const themes = engine === 'chromium' ? ['light', 'dark'] : ['light'];
if (engine !== 'chromium') {
  leaveOut('the English screens of the accessibility checks: one language of each screen');
  leaveOut('the dark theme of the accessibility checks: nothing pretends a wish of the desktop in Firefox over WebDriver BiDi');
}

for (const walk of walks) {
  const open = async (defer, language) => {
    const ui = defer(await openFakeUi(walk.scenario, { toml: bank + (walk.toml ?? ''), journal: walk.journal }));
    const page = await openPage(ui.url, { language, tolerate: walk.tolerate });
    defer(page.context());
    await hasTexts(page);
    return { ui, page };
  };
  const names = Object.keys(walk.stops);
  if (walk.modal) {  // nothing behind it can be pressed, the languages neither
    test(`accessible: ${names}`, async (defer) => {
      const [[name, [expect, go]]] = Object.entries(walk.stops);
      const pages = await Promise.all(languages.map(async (language) => {  // at the same time: it takes a while to come
        const { ui, page } = await open(defer, language);
        await go(page, ui);
        await onScreen(page, expect);
        return { page, language };
      }));
      for (const { page, language } of pages) await examine(page, name, language);
    });
    continue;
  }
  test(`accessible: ${names.join(', ')}`, async (defer) => {
    const { ui, page } = await open(defer, 'ja');
    for (const [name, [expect, go]] of Object.entries(walk.stops)) {
      await go(page, ui);
      await onScreen(page, expect);
      for (const language of languages) {
        await page.click(`[data-language=${language}]`);
        await page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
        await examine(page, name, language);
      }
    }
    equal(page.problems, [], 'console');
  });
}

test('the focus goes to each new screen, and the whole way can be gone with the keyboard alone', async (defer) => {
  const ui = defer(await openFakeUi(happy));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
  await page.waitForFunction(() => document.activeElement.id === 'pin');
  await page.keyboard.type('123456');
  await page.keyboard.press('Enter');
  await onScreen(page, 'notice');
  equal(await page.evaluate(() => document.activeElement.id), 'title');
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Tab');  // the tick, close, next
  equal(await page.evaluate(() => document.activeElement.textContent), 'Next');
  await page.keyboard.press('Enter');
  await onScreen(page, 'start');
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Tab');
  equal(await page.evaluate(() => document.activeElement.textContent), 'Execute');
  await page.keyboard.press('Enter');
  await onScreen(page, 'completed');
  equal(await page.evaluate(() => document.activeElement.id), 'title');
  check((await page.title()).startsWith('Your certificate has been renewed'), 'the title names the screen');
});

test('the software keyboard types with pointer and arrow keys, and says how many characters there are', async (defer) => {
  const ui = defer(await openFakeUi(happy));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
  await page.click('button[aria-expanded]');
  for (const key of ['4', '2', 'q']) await page.click(`.key:text-is("${key}")`);
  await page.click('.key:text-is("Capitals")');
  await page.click('.key[aria-label="Capital Z"]');
  equal(await page.inputValue('#pin'), '42qZ');
  equal(await page.textContent('#live'), 'Characters entered: 4');
  await page.click('.key:text-is("Delete one")');
  equal(await page.inputValue('#pin'), '42q');
  await page.click('.key:text-is("5")');
  await page.click('.key:text-is("Delete one")');
  await page.focus('.key:text-is("1")');
  const stops = () => page.locator('.key[tabindex="0"]').allTextContents();
  const arrow = async (way) => {
    await page.keyboard.press(`Arrow${way}`);
    const focused = await page.evaluate(() => document.activeElement.textContent);
    equal(await stops(), [focused], 'the one tab stop is where the focus is,');
    return focused;
  };
  // 1 2 3 … 0, below it A B C … and so on in rows of ten, then the four wide keys.
  const path = [];
  for (const way of ['Right', 'Down', 'Left', 'Down', 'Down', 'Down', 'Up', 'Up', 'Up', 'Up', 'Left']) path.push(await arrow(way));
  equal(path, ['2', 'B', 'A', 'K', 'U', 'Capitals', 'V', 'L', 'B', '2', '1']);
  await arrow('Right');
  await page.keyboard.press('Enter');
  await arrow('Down');
  await page.keyboard.press('Enter');
  equal(await page.inputValue('#pin'), '42q2B');
  await page.keyboard.press('Backspace');
  equal(await page.inputValue('#pin'), '42q2');
});

testInChromium('a tap over WebDriver BiDi presses nothing in Firefox', 'the software keyboard types by touch', async (defer) => {
  const ui = defer(await openFakeUi(happy));
  const context = await (await browser()).newContext({ locale: 'en-GB', viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  defer(context);
  const page = await openPage(ui.url, { context });
  await onScreen(page, 'unlock');
  await page.tap('button[aria-expanded]');
  for (const key of ['4', '2', 'q', '0', '7']) await page.tap(`.key:text-is("${key}")`);
  await page.tap('.key:text-is("Delete one")');
  equal(await page.inputValue('#pin'), '42q0');
  await page.tap('button[type=submit]');
  await onScreen(page, 'notice');
});

testInChromium('Firefox does not tell of layout shifts', 'nothing moves while the first screen arrives', async (defer) => {
  const ui = defer(await openFakeUi(happy));
  const page = await openPage('about:blank', { width: 1280, height: 720 });  // the footer, which follows the card, is below
  defer(page.context());
  await page.addInitScript(() => {
    window.moved = [];
    const told = ({ value, sources }) => `${value}: ${sources.map(({ node }) => node?.outerHTML?.slice(0, 60)).join(' | ')}`;
    new PerformanceObserver((list) => window.moved.push(...list.getEntries().map(told))).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  const drawn = () => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  await drawn();
  equal(await page.evaluate(() => window.moved), [], 'layout shifts:');
  await page.evaluate(() => { document.querySelector('.stages').style.marginTop = '60px'; });
  await drawn();
  equal(await page.evaluate(() => window.moved.length), 1, 'what moves is noticed:');
});

test('the shuffled keyboard has every key once, in another order', async (defer) => {
  const ui = defer(await openFakeUi(happy, { toml: '[page]\nshuffle_software_keyboard = true\n' }));
  const page = await openPage(ui.url);
  defer(page.context());
  await onScreen(page, 'unlock');
  const orders = new Set();
  for (let i = 0; i < 4; i += 1) {
    await page.click('button[aria-expanded]');
    const keys = await page.$$eval('.row:nth-child(-n+2) .key', (found) => found.map((key) => key.textContent));
    equal([...keys].sort().join(''), '0123456789abcdefghijklmnopqrstuvwxyz');
    orders.add(keys.join(''));
    await page.click('button[aria-expanded]');
  }
  check(orders.size > 1, 'the order changes');
});

testInChromium('Firefox does not tell who started a request', 'the page weighs less than 60 kB and needs no second chain of requests to paint', async (defer) => {
  const ui = defer(await openFakeUi(happy));
  const page = await openPage('about:blank');
  defer(page.context());
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const startedBy = {};
  network.on('Network.requestWillBeSent', ({ request, initiator }) => {
    if (/\.(css|js|json)$/.test(request.url)) startedBy[new URL(request.url).pathname] ??= `${initiator.type} ${initiator.url ?? ''}`;
  });
  await page.goto(ui.url);
  await onScreen(page, 'unlock');
  await hasTexts(page);
  const timing = await page.evaluate(() => {
    const resources = performance.getEntriesByType('resource');
    const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
    return {
      bytes: resources.reduce((sum, entry) => sum + (entry.name.endsWith('/api/events') ? 0 : entry.transferSize), performance.getEntriesByType('navigation')[0].transferSize),
      paint,
      // start.js does not wait longer for a paint than this.
      before: resources.filter((entry) => entry.startTime < Math.min(paint, 450)).map((entry) => new URL(entry.name).pathname).filter((path) => path !== '/icon.svg').sort(),
    };
  });
  // What is painted first is asked for by the document itself, not by a file that had to arrive first, and nothing else is.
  equal(timing.before, ['/app.css', '/brand.css', '/start.js']);
  equal(timing.before.map((path) => startedBy[path]), timing.before.map(() => `parser ${ui.origin}/`));
  equal(Object.keys(startedBy).sort(), ['/app.css', '/app.js', '/brand.css', '/en.json', '/ja.json', '/start.js']);
  check(timing.bytes > 5000 && timing.bytes < 60000, `${timing.bytes} bytes`);
  console.log(`        page weight ${timing.bytes} bytes, first contentful paint after ${Math.round(timing.paint)} ms`);
});

testInChromium('nothing pretends a wish of the desktop in Firefox over WebDriver BiDi', 'reduced motion stops what turns quickly', async (defer) => {
  const ui = defer(await openFakeUi(walks[0].scenario));
  const page = await openPage(ui.url);
  defer(page.context());
  await onScreen(page, 'loading');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  equal(await page.evaluate(() => getComputedStyle(document.querySelector('.spinner')).animationDuration), '6s');
});

/** What is printed, from the print style itself: Firefox over WebDriver BiDi cannot pretend paper, so its rules are put in force. */
const onPaper = async (page) => {
  if (engine === 'chromium') return page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  return page.evaluate(() => {
    const sheet = [...document.styleSheets].find(({ href }) => href.endsWith('/app.css'));
    const print = [...sheet.cssRules].find((rule) => rule.media?.mediaText === 'print');
    for (const rule of print.cssRules) if (!rule.cssText.startsWith('@page')) sheet.insertRule(rule.cssText, sheet.cssRules.length);
  });
};

test('the result can be printed or saved: its facts and its seal, nothing to press, dark on white', async (defer) => {
  const ui = defer(await openFakeUi(happy, { toml: bank }));
  const page = await openPage(ui.url, { language: 'en' });
  defer(page.context());
  await onScreen(page, 'unlock');
  await page.fill('#pin', '123456');
  await page.click('button[type=submit]');
  await goAhead(page);
  await onScreen(page, 'completed');
  await page.evaluate(() => { window.print = () => { document.documentElement.dataset.printed = 'yes'; }; });
  await page.click('.print button');
  equal(await page.getAttribute('html', 'data-printed'), 'yes');
  equal(await page.getAttribute('.facts dd', 'translate'), 'no');
  await onPaper(page);
  for (const shown of ['.facts', '.seal', 'h1', '#help', 'a.url']) check(await page.isVisible(shown), `${shown} is on the paper`);
  for (const hidden of ['.actions', '.languages', '.stages', '.print button']) check(!(await page.isVisible(hidden)), `${hidden} is not`);
  equal(await page.evaluate(() => [getComputedStyle(document.querySelector('.card')).backgroundColor, getComputedStyle(document.querySelector('.facts dd')).color]),
    ['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
  if (engine === 'chromium') check((await page.pdf({ format: 'A4' })).length > 5000, 'there is a page of paper');
});
