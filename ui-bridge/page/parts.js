// SPDX-License-Identifier: MIT
// Parts of screens. All content is inserted as text, never as markup.
import { callPin } from './pin_name.js';

/** An element: h("p", {class: "x", onclick: f}, "text", child). A property that is null or false is left out. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Texts of one language. {name} in a text is a place for a value; `pin` stands for the word PIN. */
export function translator(catalogue) {
  return (key, values = {}, pin = '') => {
    const text = catalogue[key];
    if (text === undefined) throw new Error(`no text for ${key}`);
    return callPin(text, pin).replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
  };
}

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];

/** How far the time zone is from UTC at that time: " (UTC+09:00)", " (UTC)". */
function zone(date) {
  const west = date.getTimezoneOffset();
  if (west === 0) return ' (UTC)';
  const two = (number) => String(number).padStart(2, '0');
  return ` (UTC${west < 0 ? '+' : '-'}${two(Math.floor(Math.abs(west) / 60))}:${two(Math.abs(west) % 60)})`;
}

/** Local date and time to the second, in the language's form, with the time zone: a browser may hide the computer's and show UTC. */
export const dateTime = (seconds, t) => localTime(seconds, t) + zone(new Date(seconds * 1000));

function localTime(seconds, t) {
  const date = new Date(seconds * 1000);
  const two = (number) => String(number).padStart(2, '0');
  const [month, day, hour] = [date.getMonth() + 1, date.getDate(), date.getHours()];
  return t('calendar.in_words', { year: date.getFullYear(), month, month2: two(month), month_name: t(`calendar.${months[date.getMonth()]}`),
    day, day2: two(day), hour, hour2: two(hour), minute2: two(date.getMinutes()), second2: two(date.getSeconds()) });
}

export const time = (seconds, t) =>
  h('time', { datetime: new Date(seconds * 1000).toISOString() }, dateTime(seconds, t));

export function bytes(count, t) {
  if (count === null || count === undefined) return t('storage.free_unknown');
  return t('storage.free', { size: count < 10240 ? `${count} B` : `${Math.floor(count / 1024)} KiB` });
}

export const title = (text) => h('h1', { id: 'title', tabindex: '-1' }, text);
export const lead = (...content) => h('p', { class: 'lead' }, ...content);

export function button(label, onclick, kind = 'secondary', properties = {}) {
  return h('button', { type: 'button', class: kind, onclick, ...properties }, label);
}

/** The row of buttons at the foot of a screen; the main one comes last, on the right. */
export const actions = (...buttons) => h('div', { class: 'actions' }, ...buttons);

/** Pairs of label and value. A name or a serial number that a browser translates is another one. */
export function facts(rows) {
  return h('dl', { class: 'facts' },
    rows.filter(Boolean).map(([label, value, kind]) => h('div', { class: kind }, h('dt', {}, label), h('dd', { translate: 'no' }, value))));
}

export const note = (kind, ...content) => h('div', { class: `note ${kind}` }, h('span', { class: 'mark', 'aria-hidden': 'true' }), h('div', {}, ...content));

/** A failure in plain words; the details for the administrator are folded. */
export function failure(problem, ctx, role = 'alert') {
  const texts = problem[ctx.language];
  const box = note('bad', h('p', {}, h('strong', {}, texts.cause)), h('p', {}, texts.user),
    h('details', {}, h('summary', {}, ctx.t('failure.for_administrator')),
      h('p', {}, texts.admin),
      problem.detail && h('p', { class: 'detail' }, problem.detail),
      h('p', {}, ctx.t('failure.reason'), ' ', h('code', {}, problem.id))));
  if (role) box.setAttribute('role', role);
  return box;
}

export function spinner(text) {
  return h('p', { class: 'waiting' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }), h('span', {}, text));
}

export function checkbox(label, checked, onchange) {
  const box = h('input', { type: 'checkbox', checked, onchange: () => onchange(box.checked, box) });
  return h('label', { class: 'check' }, box, h('span', {}, label));
}

/** Replaces the content of `place` by `node` unless it is equal: unchanged content keeps its focus and is not read out again. */
export function replaceIfNew(place, key, make) {
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  const made = make();
  place.replaceChildren(...(made ? [made].flat() : []));
}
