// SPDX-License-Identifier: MIT
// Draws the content of a screen, one function for each kind of block (screen_content.hpp). Each returns its element and, for
// a block that changes while it is shown, a function that updates it without moving the focus.
import { actions, bytes, checkbox, dateTime, facts, failure, h, lead, note, replaceIfNew, spinner, time, title } from './parts.js';
import { notTaken, secretField, textField } from './fields.js';
import { pinForm } from './pin.js';
import { pinChangeForm } from './pin_change.js';

/** A text with its values: texts, times, other texts of the catalogue. */
function said(words, ctx) {
  const inText = (value) => (typeof value === 'string' ? value : 'time' in value ? dateTime(value.time, ctx.t) : said(value, ctx));
  return ctx.t(words.key, Object.fromEntries(Object.entries(words.values).map(([place, value]) => [place, inText(value)])));
}

/** Calls `then` at a time (seconds), at once for a time in the past, and never once `element` was removed from the page. */
function whenTimeHasCome(seconds, element, then) {
  const wait = seconds * 1000 - Date.now();
  if (wait <= 0) return then();
  // Checked again, since a laptop may sleep and timers have a maximum.
  setTimeout(() => element.isConnected && whenTimeHasCome(seconds, element, then), Math.min(wait, 30000));
  return undefined;
}

/** `entered`: the values of this screen's fields, by the names of an action's members. */
function drawButton(button, ctx, entered) {
  const lacks = () => button.sends.includes('token') && !entered.token;
  const send = () => ctx.act(button.action, Object.fromEntries(button.sends.filter((name) => entered[name] !== undefined).map((name) => [name, entered[name]])));
  const element = h('button', {
    type: 'button', class: button.kind, onclick: send, 'data-autofocus': button.focused, disabled: !button.enabled || lacks(),
  }, said(button.label, ctx));
  entered.tell.push(() => { element.disabled = !button.enabled || lacks(); });
  return element;
}

/** The steps that were done and those that were not. */
function stepsSoFar(block, view, { t, language }) {
  const done = (state) => state === 'done' || state === 'found_done';
  const list = (wanted) => h('ul', { class: wanted ? 'ticks' : 'open' }, view.steps.filter(({ state }) => done(state) === wanted).map(({ to_do: words }) => h('li', {}, words[language])));
  return { element: h('div', { class: 'halves' },
    view.steps.some(({ state }) => done(state)) && h('div', {}, h('h2', {}, t('interrupted.done')), list(true)),
    h('div', {}, h('h2', {}, t('interrupted.open')), list(false))) };
}

function stepList(block, view, { t, language, say }) {
  const items = new Map();
  for (const { step, permanent, to_do: words } of view.steps) {
    const state = h('span', { class: 'hidden' });
    const item = h('li', {}, h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span', { class: 'what' }, words[language], ' ', state),
      permanent && h('span', { class: 'tag' }, t('step.permanent')));
    items.set(step, { item, state });
  }
  const update = (now, next) => {
    for (const { step, state, to_do: words } of next.steps) {
      const entry = items.get(step);
      if (entry.item.className === state) continue;
      entry.item.className = state;
      entry.item.toggleAttribute('aria-current', state === 'running');
      entry.state.textContent = t(`step.${state}`);
      if (state === 'running') say(words[language]);
    }
  };
  update(block, view);
  return { element: h('ol', { class: 'steps' }, [...items.values()].map(({ item }) => item)), update };
}

/** What was found of the computer, each with what to do. */
function checkList(block, view, { t, language }) {
  const mark = { ok: '✓', warning: '!', failed: '✗', skipped: '–' };
  return { element: h('ul', { class: 'checks' }, view.checks.map(({ status, name, text, advice }) =>
    h('li', { class: status }, h('span', { class: 'tell', 'aria-hidden': 'true' }, mark[status] ?? '–'), h('span', { class: 'hidden' }, t(`computer.status_${status}`), ' '),
      h('span', { class: 'what' }, h('strong', {}, name[language]), ' ', text[language], advice[language] && h('span', { class: 'sub' }, advice[language]))))) };
}

/** An element whose content is made anew when the value of `keyOf` for its block changes. */
function replaced(block, keyOf, make) {
  const element = h('div', {});
  const update = (next) => replaceIfNew(element, keyOf(next), () => make(next));
  update(block);
  return { element, update };
}

function otherTokens({ rows, count }, view, ctx) {
  const { t } = ctx;
  const row = ({ label, common_name: cn, when }) =>
    h('li', {}, h('strong', {}, label), h('span', { class: 'sub' }, [cn, when && said(when, ctx)].filter(Boolean).join(' · ')));
  return { element: h('section', { class: 'others', 'aria-labelledby': 'others' }, h('h2', { id: 'others' }, t('others.title', { count })), h('ul', {}, rows.map(row)),
    count > rows.length && h('p', { class: 'sub' }, t('others.more', { count: count - rows.length })), h('p', { class: 'hint' }, t('others.then'))) };
}

/** A button that appears later becomes the main one. */
function buttons({ row }, view, ctx, entered) {
  const made = row.map((button) => ({ button, element: drawButton(button, ctx, entered) }));
  const element = actions(...made.filter(({ button }) => button.from === undefined).map((one) => one.element));
  for (const later of made.filter(({ button }) => button.from !== undefined)) {
    whenTimeHasCome(later.button.from, element, () => {
      for (const primary of element.querySelectorAll('.primary')) primary.className = 'secondary';
      element.append(later.element);
    });
  }
  return { element, update: (next) => made.forEach((one, index) => { one.element.disabled = !next.row[index].enabled; }) };
}

function storageField(block, view, ctx, entered) {
  const { t } = ctx;
  entered.token = view.storage.find((token) => token.chosen && !token.obstacle)?.uri;
  const choice = (token, index) => h('label', { class: 'choice' },
    h('input', {
      type: 'radio', name: 'storage', value: String(index), required: true, checked: token.uri === entered.token, disabled: token.obstacle !== '',
      onchange: () => { entered.token = token.uri; entered.tell.forEach((tell) => tell()); },
    }),
    h('span', {}, h('strong', {}, token.label || '—'), h('span', { class: 'sub' }, `${token.model} · ${t('token.serial')} ${token.serial || '—'}`),
      token.reader && h('span', { class: 'sub' }, token.reader),
      h('span', { class: 'sub' }, token.obstacle ? t(`storage.${token.obstacle}`) : bytes(token.free, t))));
  return { element: h('fieldset', {}, h('legend', {}, t('storage.label'), ' ', h('span', { class: 'tag' }, t('required'))), view.storage.map(choice)) };
}

function keyField(block, view, { t }, entered) {
  const choice = (name) => h('label', { class: 'choice' },
    h('input', { type: 'radio', name: 'key', value: name, checked: name === entered.key, onchange: () => { entered.key = name; } }), h('span', {}, h('strong', {}, t(`key.${name}`))));
  return { element: h('fieldset', {}, h('legend', {}, t('key.label')), view.keys.map(choice)) };
}

function codeForm({ left, submit }, view, ctx, entered) {
  const { t } = ctx;
  const code = secretField({ id: 'code', label: t('reissue.code'), hint: t('reissue.code_hint'), ctx, longest: view.page.longest_secret, shuffle: false, code: true });
  const user = view.user_needed && textField({ id: 'user', label: t('reissue.user'), hint: t('reissue.user_hint') });
  return { element: h('form', {
    onsubmit: async (event) => {
      event.preventDefault();
      const noUser = user && user.input.value.trim() === '';
      const noCode = code.input.value.trim() === '' ? t('reissue.code_empty') : code.tooLong();
      if (noUser) user.fault(t('reissue.user_empty'));
      if (noCode) code.fault(noCode);
      if (noUser) return user.input.focus();
      if (noCode) return code.input.focus();
      code.input.value = code.input.value.trim();
      if (!(await ctx.secret('code', code.take()))) return notTaken(code, t);
      return ctx.act(submit.action, user ? { user: user.input.value.trim() } : {});
    },
  }, user && user.element, code.element, actions(drawButton(left, ctx, entered), h('button', { type: 'submit', class: submit.kind }, said(submit.label, ctx)))) };
}

function proxyForm({ left, submit }, view, ctx, entered) {
  const { t } = ctx;
  const user = textField({ id: 'user', label: t('proxy.user'), hint: t('proxy.user_hint') });
  const password = secretField({ id: 'proxy-password', label: t('proxy.password'), hint: t('proxy.kept'), ctx, longest: view.page.longest_secret, shuffle: view.page.shuffle });
  return { element: h('form', {
    onsubmit: async (event) => {
      event.preventDefault();
      const noUser = user.input.value.trim() === '' ? t('proxy.user_empty') : null;
      const noPassword = password.input.value === '' ? t('proxy.password_empty') : password.tooLong();
      user.fault(noUser);
      password.fault(noPassword);
      if (noUser) return user.input.focus();
      if (noPassword) return password.input.focus();
      if (!(await ctx.secret('proxy_password', password.take()))) return notTaken(password, t);
      return ctx.act(submit.action, { user: user.input.value.trim() });
    },
  }, user.element, password.element, actions(drawButton(left, ctx, entered), h('button', { type: 'submit', class: submit.kind }, said(submit.label, ctx)))) };
}

function pinFormBlock({ left, submit, waiting }, view, ctx, entered) {
  const form = pinForm(view, ctx, {
    submitLabel: said(submit.label, ctx), submitKind: submit.kind, left: [drawButton(left, ctx, entered)], waiting: said(waiting, ctx), onReader: submit.action,
  });
  return { element: form.element, update: (block, next) => form.update(next) };
}

const value = (given, { t }) => (typeof given === 'string' ? given : time(given.time, t));
const line = ({ text, look, address }, ctx) => {
  const shown = typeof text === 'string' ? text : said(text, ctx);
  return h('p', { class: look === 'quote' ? look : null }, look === 'strong' ? h('strong', {}, shown) : shown, address ? [' ', h('a', { class: 'url', href: address, target: '_blank', rel: 'noopener noreferrer', translate: 'no' }, address)] : null);
};

export const drawers = {
  seal: ({ calm }) => ({ element: h('div', { class: calm ? 'seal calm' : 'seal', 'aria-hidden': 'true' }) }),
  title: ({ words }, view, ctx) => ({ element: title(said(words, ctx)) }),
  lead: ({ words }, view, ctx) => ({ element: lead(said(words, ctx)) }),
  paragraph: ({ words, hint }, view, ctx) => ({ element: h('p', { class: hint && 'hint' }, said(words, ctx)) }),
  expiry: ({ headline, until, soon }, view, ctx) => ({ element: h('div', { class: `expiry ${soon ? 'soon' : ''}` },
    h('p', { class: 'count' }, said(headline, ctx)), h('p', {}, ctx.t('notice.until'), h('br'), h('strong', {}, time(until, ctx.t)))) }),
  facts: ({ rows }, view, ctx) => ({ element: facts(rows.map(({ label, value: given, look }) =>
    [said(label, ctx), look === 'code' ? h('code', {}, value(given, ctx)) : value(given, ctx), look === 'strong' && look])) }),
  print_offer: (block, view, { t }) => ({ element: h('p', { class: 'print' }, h('button', { type: 'button', class: 'link', onclick: () => window.print() }, t('completed.print'))) }),
  note: ({ tone, lines }, view, ctx) => ({ element: note(tone, ...lines.map((one) => line(one, ctx))) }),
  failure: (block, view, ctx) => ({ element: failure(view.failure, ctx) }),
  spinner: ({ words }, view, ctx) => ({ element: spinner(said(words, ctx)) }),
  reader_prompt: (block, view, { t }) => replaced(block, ({ waits }) => String(waits),
    ({ waits }) => waits && note('info', h('p', { role: 'alert' }, h('strong', {}, t('pin.on_reader_now'))))),
  touch_prompt: (block, view, ctx) => replaced(block, ({ words }) => JSON.stringify(words),
    ({ words }) => words && note('info', h('p', { role: 'alert' }, h('strong', {}, said(words, ctx))))),
  step_list: stepList,
  steps_so_far: stepsSoFar,
  remarks: (block, view, ctx) => replaced(block, ({ texts }) => JSON.stringify(texts), ({ texts }) => texts.map((text) => note('info', h('p', {}, said(text, ctx))))),
  other_tokens: otherTokens,
  check_list: checkList,
  buttons,
  tick: ({ words }, view, ctx, entered) => {
    entered.checked = false;
    return { element: checkbox(said(words, ctx), false, (checked) => { entered.checked = checked; }) };
  },
  storage_field: storageField,
  key_field: keyField,
  pin_form: pinFormBlock,
  code_form: codeForm,
  proxy_form: proxyForm,
  pin_change_form: (block, view, ctx, entered) => {
    const form = pinChangeForm(block, view, ctx, { said: (words) => said(words, ctx), left: drawButton(block.left, ctx, entered) });
    return { element: form.element, update: (next, all) => form.update(all) };
  },
};
