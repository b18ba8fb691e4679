// SPDX-License-Identifier: MIT
// The page: opens the session, follows the server's state, shows it. The server's state is the only one there is, so a
// reload, the back button or another tab change nothing.
import { button, h, note, translator } from './parts.js';
import { build } from './screens.js';
import { askForEvents, askForTexts, askToEnter, askWhoIsThere, nobody, ofTab, send, session, stranger } from './session.js';

/** The stages above the card, for each task; a screen that is not here has none. */
const stages = { renew: ['unlock', 'notice', 'start', 'renewing', 'completed'], enroll: ['reissue', 'start', 'unlock', 'receiving', 'completed'] };
const stageOf = { loading: 'unlock', pending: 'renewing', put_off: 'notice', computer: 'unlock', proxy_login: 'unlock', give_up: 'renewing', interrupted: 'renewing', delete_old: 'completed', delete_confirm: 'completed' };
const element = (id) => document.getElementById(id);
const languages = [...document.querySelectorAll('[data-language]')].map((choice) => choice.dataset.language);

let language = pickLanguage();
let wanted = language;
let catalogue = null;
let view = null;
let mounted = null;
let listening = false;
let gone = false;  // final: no answer from the port is trusted any more
let lastPing = 0;

function pickLanguage() {
  const chosen = ofTab.get('koshin-language');
  if (chosen) return chosen;
  const spoken = (tag) => { const { language, script } = new Intl.Locale(tag).maximize(); return `${language}-${script}`; };
  for (const wanted of navigator.languages) {
    const found = languages.find((tag) => spoken(tag) === spoken(wanted));
    if (found) return found;
  }
  return languages[0];
}

/** What the bank calls itself, its help desk and the PIN in the person's language; undefined before the program has said so. */
const bankNames = () => view?.page.names[language];

const ctx = {
  get language() { return language; },
  /** A text with its values; the bank's help desk and its word for the PIN are known to all of them. */
  t: (key, values) => catalogue(key, { help_desk: bankNames()?.help_desk ?? '', ...values }, bankNames()?.pin),
  say(text) { element('live').textContent = text; },
  /** False when the program has not accepted the action; the person is informed, unless the screen shows the reason. */
  async act(action, more = {}) {
    tellNotTaken(false);
    const response = await sendAction(action, more);
    // For a button of another screen (409) the next screen follows; for another tab (401) the page shows its own screen.
    tellNotTaken(!response?.ok && ownScreen === null && ![401, 409].includes(response?.status));
    return Boolean(response?.ok);
  },
  /** False when the program has not accepted the secret: nothing that needs it may follow. */
  async secret(kind, bytes) {
    try {
      return Boolean(believed(await askWhoIsThere())?.ok) && Boolean((await post(`/api/secret/${kind}`, bytes, 'application/octet-stream'))?.ok);
    } finally {
      bytes.fill(0);
    }
  },
  takeOver: () => enter('/api/take-over', ''),
};

const catalogues = {};
async function fetchTexts(name) {
  const response = gone ? null : believed(await askForTexts(name));
  if (!response?.ok) throw new Error(`no texts in ${name}`);
  return translator(await response.json());
}
function readTexts(name) {
  catalogues[name] ??= fetchTexts(name);
  catalogues[name].catch(() => { delete catalogues[name]; });  // requested again when needed
  return catalogues[name];
}

/** Switches to the language `name`; if it cannot be loaded, the page keeps its language. */
async function speak(name) {
  wanted = name;
  const texts = await readTexts(name).catch(() => null);
  if (!texts || wanted !== name) return;
  language = name;
  catalogue = texts;
  document.documentElement.lang = language;
  for (const choice of document.querySelectorAll('[data-language]')) {
    choice.setAttribute('aria-pressed', String(choice.dataset.language === language));
  }
}

/** The response, or null when there is no proved one; a stranger's response ends the page. */
function believed(response) {
  if (response === stranger) lose();
  return response === stranger || response === nobody || gone ? null : response;
}

/** The program's answer, or null. */
async function post(path, body, type) {
  const response = believed(await send(path, body, type));
  if (response?.status === 401) showOwn('elsewhere');
  return response;
}
const sendAction = (action, more = {}) => post('/api/action', JSON.stringify({ action, ...more }), 'application/json');

/** Shown beside the buttons until the next click or screen: a lost click can be repeated. */
function tellNotTaken(refused) {
  document.getElementById('not-taken')?.remove();
  if (!refused) return;
  const place = element('idle').open ? element('idle') : element('card');
  const words = note('bad', h('p', {}, ctx.t('act.not_taken')));
  words.id = 'not-taken';
  words.setAttribute('role', 'alert');
  place.querySelector('.actions')?.before(words);
}

/** Becomes the page's tab. */
async function enter(path, capability) {
  const response = await askToEnter(path, capability);
  if (response === nobody) lose();
  if (!believed(response)?.ok) return false;
  const opened = await response.json();
  session.begin(opened);
  showOwn(null);
  show(opened.view);
  listen();
  return true;
}

/**
 * The program has ended, or another program has its port. The page reports this and ends: it asks for no secret again, and
 * only the desktop leads back.
 */
function lose() {
  gone = true;
  for (const field of element('card').querySelectorAll('input')) field.value = '';
  session.end();
  ownScreen = 'lost';
  card(true);
  draw();
}

/** Reads server-sent events; fetch, unlike EventSource, can send the tab's token. */
async function readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) return;
    text += value;
    let end;
    while ((end = text.indexOf('\n\n')) >= 0) {
      handle(text.slice(0, end));
      text = text.slice(end + 2);
    }
  }
}

function handle(block) {
  const fields = Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
  if (fields.event === 'state') {
    try {
      show(JSON.parse(fields.data));
    } catch (error) {  // later states follow on the same stream
      console.error(error);
    }
  }
  if (fields.event === 'superseded') {
    session.leave();
    showOwn('elsewhere');
  }
}

/** Enables the card while the program is known to be running, and disables it otherwise. */
let lastFocus = null;
function card(usable) {
  const place = element('card');
  if (place.inert === !usable) return;
  if (!usable) lastFocus = document.activeElement;
  place.inert = !usable;
  if (usable && lastFocus?.isConnected) lastFocus.focus({ preventScroll: true });
}

async function listen() {
  if (listening) return;
  listening = true;
  await follow();
  listening = false;
}

async function follow() {
  for (let failures = 0; session.tab && view?.screen !== 'finished' && !gone;) {
    const response = believed(await askForEvents());
    if (response?.status === 401) return showOwn('elsewhere');
    if (response?.ok) {
      failures = 0;
      showOwn(null);
      card(true);
      await readEvents(response);
      card(view?.screen === 'finished' || ownScreen !== null);
    } else if (!response && (failures += 1) > 6) {
      return lose();
    }
    const busy = response && !response.ok;  // the program is running, whatever its answer
    await new Promise((wake) => { setTimeout(wake, busy ? 2000 : Math.min(2000, 150 * 2 ** failures)); });
  }
  return undefined;
}

let ownScreen = null;
function showOwn(name) {
  if (gone || ownScreen === name) return;
  ownScreen = name;
  if (name) card(true);
  draw();
}

function show(next) {
  if (gone || (view && next.version < view.version)) return;
  view = next;
  if (view.screen === 'finished') session.end();
  draw();
}

function draw() {
  if (!catalogue || (!view && !ownScreen)) return;
  const name = ownScreen ?? view.screen;
  drawFrame(name);
  drawIdle();
  if (mounted?.name === name && mounted.language === language && mounted.task === view?.task && !(mounted.update === undefined && mounted.state !== key())) {
    mounted.update?.(view);
    return;
  }
  const first = mounted === null;
  const screen = build(name, view, ctx);
  mounted = { name, language, task: view?.task, update: screen.update, state: key() };
  element('card').replaceChildren(...[screen.element].flat().filter(Boolean));
  element('card').dataset.screen = name;
  document.title = `${element('title').textContent} – ${bankNames()?.bank || 'koshin'}`;
  const field = element('card').querySelector('[data-autofocus]');
  (field ?? (first ? null : element('title')))?.focus({ preventScroll: true });
  if (!first) window.scrollTo(0, 0);
}

/** Screens without an update function are drawn anew on any change. */
const key = () => JSON.stringify({ ...view, version: 0, idle: 0 });

function drawFrame(name) {
  const { t } = ctx;
  const here = stages[view?.task ?? 'renew'];
  const stage = stageOf[name] ?? name;
  const at = ownScreen ? -1 : here.indexOf(stage === 'renewing' && view.task === 'enroll' ? 'receiving' : stage);
  const deleting = stage === 'completed' && !view?.renewed;  // nothing was renewed today
  element('stages').classList.toggle('blank', at < 0 || deleting);
  element('stages').setAttribute('aria-label', t('stage.label'));
  element('stages').replaceChildren(...here.map((label, index) =>
    h('li', { class: index < at ? 'past' : index === at ? 'now' : null, 'aria-current': index === at ? 'step' : null }, h('span', {}, t(`stage.${label}`)))));
  element('local').textContent = t('local');
  element('bank').textContent = bankNames()?.bank || t('product');
  if (!view) return;
  element('help').textContent = bankNames().help_desk ? t('help') : '';
  if (view.page.logo && element('logo').hidden && !gone) {
    element('logo').src = '/logo';
    element('logo').hidden = false;
  }
}

function drawIdle() {
  const dialog = element('idle');
  if (!view?.idle || ownScreen) {
    if (dialog.open) dialog.close();
    return;
  }
  if (dialog.open) return;
  dialog.replaceChildren(h('h2', { id: 'idle-title' }, ctx.t('idle.title')), h('p', {}, ctx.t('idle.text', { seconds: view.idle })),
    h('div', { class: 'actions' }, button(ctx.t('idle.stay'), () => ctx.act('stay'), 'primary')));
  dialog.showModal();
}

/** Reports that a person is present, at most twice a minute. */
function present() {
  const now = Date.now();
  if (!session.tab || ownScreen || view?.screen === 'finished' || now - lastPing < 30000) return;
  lastPing = now;
  sendAction('stay');
}

for (const choice of document.querySelectorAll('[data-language]')) {
  choice.addEventListener('click', async () => {
    await speak(choice.dataset.language);
    ofTab.set('koshin-language', language);
    draw();
  });
}
element('idle').addEventListener('cancel', (event) => { event.preventDefault(); ctx.act('stay'); });
addEventListener('keydown', present);
addEventListener('pointerdown', present);

const { capability } = globalThis.koshin;  // removed from the address by start.js
delete globalThis.koshin;
const spoken = speak(language);
const entered = capability ? enter('/api/session', capability) : Promise.resolve(false);
await spoken;
for (const name of languages) if (!catalogue) await speak(name);
if (!catalogue) {  // no texts were loaded: the document's own texts stay
  document.querySelector('.waiting-mark')?.remove();
  element('silent').hidden = false;
}
// The last page can still be switched when the server has ended.
for (const name of languages) readTexts(name);
draw();
if (!(await entered)) {
  if (session.tab) listen();
  else showOwn('elsewhere');
}
