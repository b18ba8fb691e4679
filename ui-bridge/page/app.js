// SPDX-License-Identifier: MIT
// The page: opens the session, follows the server's state, shows it. The server's state is the only one there is, so a
// reload, the back button or another tab change nothing.
import { button, h, translator } from './parts.js';
import { build } from './screens.js';

/** The stages above the card, for each task; a screen that is not here has none. */
const stages = { renew: ['unlock', 'notice', 'start', 'renewing', 'completed'], enroll: ['reissue', 'start', 'unlock', 'receiving', 'completed'] };
const stageOf = { loading: 'unlock', pending: 'renewing', give_up: 'renewing', interrupted: 'renewing', delete_old: 'completed', delete_confirm: 'completed' };
const languages = ['ja', 'en'];
const element = (id) => document.getElementById(id);
const tabKey = 'koshin-tab';

let language = pickLanguage();
let wanted = language;
let catalogue = null;
let tab = sessionStorage.getItem(tabKey);
let view = null;
let mounted = null;
let listening = false;
let lastPing = 0;

function pickLanguage() {
  const chosen = sessionStorage.getItem('koshin-language');
  if (chosen) return chosen;
  for (const wanted of navigator.languages) {
    if (wanted.startsWith('ja')) return 'ja';
    if (wanted.startsWith('en')) return 'en';
  }
  return 'ja';
}

const ctx = {
  get language() { return language; },
  t: (key, values) => catalogue(key, values),
  say(text) { element('live').textContent = text; },
  act: (action, more = {}) => post('/api/action', JSON.stringify({ action, ...more }), 'application/json'),
  async secret(kind, bytes) {
    try {
      return await post(`/api/secret/${kind}`, bytes, 'application/octet-stream');
    } finally {
      bytes.fill(0);
    }
  },
  takeOver: () => enter('/api/take-over', ''),
  retry() { showOwn(null); listen(); },
};

const catalogues = {};
function readTexts(name) {
  catalogues[name] ??= fetch(`/${name}.json`).then((response) => response.json()).then(translator);
  catalogues[name].catch(() => { delete catalogues[name]; });  // asked for again when it is needed
  return catalogues[name];
}

/** Speaks `name`; a language that nobody serves any more leaves the page as readable as it was. */
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

async function post(path, body, type) {
  const response = await fetch(path, { method: 'POST', body, headers: { 'Content-Type': type, 'X-Koshin-Tab': tab ?? '' } }).catch(() => null);
  if (response === null) return false;
  if (response.status === 401) showOwn('elsewhere');
  return response.ok;
}

/** Becomes the page's tab. */
async function enter(path, capability) {
  const response = await fetch(path, { method: 'POST', body: capability, headers: { 'Content-Type': 'text/plain;charset=UTF-8' } }).catch(() => null);
  if (!response?.ok) return false;
  const session = await response.json();
  tab = session.tab;
  sessionStorage.setItem(tabKey, tab);
  showOwn(null);
  show(session.view);
  listen();
  return true;
}

/** Reads server-sent events; fetch, unlike EventSource, can send the tab's token. */
async function readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
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
  if (fields.event === 'state') show(JSON.parse(fields.data));
  if (fields.event === 'superseded') {
    tab = null;
    sessionStorage.removeItem(tabKey);
    showOwn('elsewhere');
  }
}

async function listen() {
  if (listening) return;
  listening = true;
  for (let failures = 0; tab && view?.screen !== 'finished';) {
    const response = await fetch('/api/events', { headers: { 'X-Koshin-Tab': tab } }).catch(() => null);
    if (response?.status === 401) {
      showOwn('elsewhere');
      break;
    }
    if (response?.ok) {
      failures = 0;
      showOwn(null);
      await readEvents(response).catch(() => null);
    } else if ((failures += 1) > 6) {
      showOwn('lost');
      break;
    }
    await new Promise((wake) => { setTimeout(wake, Math.min(2000, 150 * 2 ** failures)); });
  }
  listening = false;
}

let ownScreen = null;
function showOwn(name) {
  if (ownScreen === name) return;
  ownScreen = name;
  draw();
}

function show(next) {
  if (view && next.version < view.version) return;
  view = next;
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
  document.title = `${element('title').textContent} – ${view?.page.bank || 'koshin'}`;
  const field = element('card').querySelector('[data-autofocus]');
  (field ?? (first ? null : element('title')))?.focus({ preventScroll: true });
  if (!first) window.scrollTo(0, 0);
}

/** Screens without an update of their own are drawn anew when anything on them has changed. */
const key = () => JSON.stringify({ ...view, version: 0, idle: 0 });

function drawFrame(name) {
  const { t } = ctx;
  const here = stages[view?.task ?? 'renew'];
  const stage = stageOf[name] ?? name;
  const at = ownScreen ? -1 : here.indexOf(stage === 'renewing' && view.task === 'enroll' ? 'receiving' : stage);
  const deleting = stage === 'completed' && !view?.new_certificate;  // nothing was renewed today
  element('stages').classList.toggle('blank', at < 0 || deleting);
  element('stages').setAttribute('aria-label', t('stage.label'));
  element('stages').replaceChildren(...here.map((label, index) =>
    h('li', { class: index < at ? 'past' : index === at ? 'now' : null, 'aria-current': index === at ? 'step' : null }, h('span', {}, t(`stage.${label}`)))));
  element('local').textContent = t('local');
  element('bank').textContent = view?.page.bank || t('product');
  if (!view) return;
  element('help').textContent = view.page.help_desk ? t('help', { help_desk: view.page.help_desk }) : '';
  if (view.page.logo && element('logo').hidden) {
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

/** Somebody is there: said at most twice a minute. */
function present() {
  const now = Date.now();
  if (!tab || ownScreen || view?.screen === 'finished' || now - lastPing < 30000) return;
  lastPing = now;
  ctx.act('stay');
}

for (const choice of document.querySelectorAll('[data-language]')) {
  choice.addEventListener('click', async () => {
    await speak(choice.dataset.language);
    sessionStorage.setItem('koshin-language', language);
    draw();
  });
}
element('idle').addEventListener('cancel', (event) => { event.preventDefault(); ctx.act('stay'); });
addEventListener('keydown', present);
addEventListener('pointerdown', present);

const capability = location.hash.slice(1);
if (capability) history.replaceState(null, '', '/');
const spoken = speak(language);
const entered = capability ? enter('/api/session', capability) : Promise.resolve(false);
await spoken;
for (const name of languages) if (!catalogue) await speak(name);
if (!catalogue) {  // nobody has served a word: the document's own have to do
  document.querySelector('.waiting-mark').remove();
  element('silent').hidden = false;
}
// The last page can still be switched when nobody serves the other language any more.
for (const name of languages) readTexts(name);
draw();
if (!(await entered)) {
  if (tab) listen();
  else showOwn('elsewhere');
}
