// SPDX-License-Identifier: MIT
// The fields that a person types into.
import { h } from './parts.js';
import { softwareKeyboard } from './keyboard.js';

const encoder = new TextEncoder();
/** Bytes of a secret that a job takes. */
const longest = 255;

/**
 * A field for a secret: never filled in by the browser, with a button that shows it, and the software keyboard. What is too
 * long for the token is told, not cut off: nobody sees the end of a hidden text, and the rest would cost a try.
 */
export function secretField({ id, label, hint, ctx, autofocus, shuffle, code }) {
  const { t } = ctx;
  const input = h('input', {
    id, type: code ? 'text' : 'password', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false',
    'aria-describedby': `${id}-hint ${id}-error`, maxlength: longest, 'data-autofocus': autofocus,
  });
  const error = h('p', { id: `${id}-error`, class: 'error', role: 'alert' });
  const reveal = h('button', {
    type: 'button', class: 'inline', 'aria-pressed': 'false', onclick: () => {
      const shown = input.type === 'text';
      input.type = shown ? 'password' : 'text';
      reveal.setAttribute('aria-pressed', String(!shown));
    },
  }, t('pin.show'));
  const place = h('div', {});
  const toggle = h('button', {
    type: 'button', class: 'inline', 'aria-expanded': 'false', onclick: () => {
      const open = place.childElementCount === 0;
      toggle.setAttribute('aria-expanded', String(open));
      place.replaceChildren(...(open ? [softwareKeyboard({ t, field: () => input, shuffle, say: ctx.say })] : []));
    },
  }, h('span', { class: 'keycap', 'aria-hidden': 'true' }), t('keyboard.toggle'));
  const fault = (text) => {
    error.textContent = text ?? '';
    input.setAttribute('aria-invalid', String(Boolean(text)));
  };
  input.addEventListener('input', () => fault(null));
  const element = h('div', { class: 'field' }, h('label', { for: id }, label),
    h('div', { class: 'entry' }, input, !code && reveal),
    h('p', { id: `${id}-hint`, class: 'hint' }, hint), error, h('div', { class: 'tools' }, toggle), place);
  const take = () => {
    const secret = encoder.encode(input.value);
    input.value = '';
    return secret;
  };
  return { element, input, fault, take, clear: () => { input.value = ''; fault(null); input.focus(); } };
}

/** A plain field of text. */
export function textField({ id, label, hint }) {
  const input = h('input', { id, type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', maxlength: 64, 'aria-describedby': `${id}-hint ${id}-error` });
  const error = h('p', { id: `${id}-error`, class: 'error', role: 'alert' });
  const fault = (text) => {
    error.textContent = text ?? '';
    input.setAttribute('aria-invalid', String(Boolean(text)));
  };
  input.addEventListener('input', () => fault(null));
  return { input, fault, element: h('div', { class: 'field' }, h('label', { for: id }, label), h('div', { class: 'entry plain' }, input), h('p', { id: `${id}-hint`, class: 'hint' }, hint), error) };
}
