// SPDX-License-Identifier: MIT
// The fields that a person types into.
import { h } from './parts.js';
import { softwareKeyboard } from './keyboard.js';

const encoder = new TextEncoder();

/** No browser takes a field of text for a password, and none offers to keep what is in it: what is typed is hidden by style. */
const canHide = CSS.supports('-webkit-text-security', 'disc');
/** For browsers, and for what people add to them. */
const unhelped = {
  autocomplete: 'off', autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false', writingsuggestions: 'false', translate: 'no',
  'data-1p-ignore': true, 'data-bwignore': true, 'data-lpignore': 'true', 'data-form-type': 'other',
};

/**
 * An input method shows what it is given in a window of its own, for all to see, and makes full-width characters of it. Where
 * `allowed` does not take those, what it has composed is taken out again, and the person is told to switch it off.
 */
function withoutInputMethod(input, allowed, tell) {
  let before = '';
  let refused = false;
  const restore = () => { input.value = before; tell(); };
  const refuse = () => {
    refused = true;
    restore();
    setTimeout(restore);  // browsers differ in what comes last
  };
  input.addEventListener('compositionstart', () => { before = input.value; refused = false; });
  input.addEventListener('compositionupdate', ({ data }) => {
    if (refused || allowed(data)) return;
    refused = true;
    setTimeout(() => { input.blur(); input.focus(); refuse(); });  // which ends it
  });
  input.addEventListener('compositionend', ({ data }) => { if (refused || !allowed(data)) refuse(); });
}

/** As a password's field does: what is in it leaves it only with the form. */
function keepInside(input) {
  for (const way of ['copy', 'cut', 'dragstart']) input.addEventListener(way, (event) => event.preventDefault());
}

/**
 * A field for a secret: never filled in by the browser, with a button that shows it, and the software keyboard. What is too
 * long is told, not cut off: nobody sees the end of a hidden text, and the rest would cost a try. `longest`: how many bytes are
 * taken. `allowed` says which texts an input method may enter, and `mode` which keys a touch screen offers.
 */
export function secretField({ id, label, hint, ctx, longest, autofocus, shuffle, code, allowed = () => true, mode }) {
  const { t } = ctx;
  const input = h('input', {
    id, type: code || canHide ? 'text' : 'password', class: code ? null : 'secret', ...unhelped, inputmode: mode,
    'aria-describedby': `${id}-hint${code ? '' : ` ${id}-hidden`} ${id}-error`, 'data-autofocus': autofocus,
  });
  if (!code) keepInside(input);
  const error = h('p', { id: `${id}-error`, class: 'error', role: 'alert' });
  const reveal = h('button', {
    type: 'button', class: 'inline', 'aria-pressed': 'false', onclick: () => {
      const shown = input.classList.toggle('shown');
      if (!canHide) input.type = shown ? 'text' : 'password';
      reveal.setAttribute('aria-pressed', String(shown));
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
  withoutInputMethod(input, allowed, () => fault(t('pin.input_method')));
  const element = h('div', { class: 'field' }, h('label', { for: id }, label),
    h('div', { class: 'entry' }, input, !code && reveal), !code && h('span', { id: `${id}-hidden`, class: 'hidden' }, t('pin.hidden')),
    h('p', { id: `${id}-hint`, class: 'hint' }, hint), error, h('div', { class: 'tools' }, toggle), place);
  /** How many bytes it has, and what is wrong with that; null when nothing is. */
  const size = () => encoder.encode(input.value).length;
  const tooLong = () => (size() > longest ? t('secret.too_long', { max: longest }) : null);
  const take = () => {
    const secret = encoder.encode(input.value);
    input.value = '';
    return secret;
  };
  return { element, input, fault, size, tooLong, take, clear: () => { input.value = ''; fault(null); input.focus(); } };
}

/** The program has not taken what was in the field, which is empty now. */
export function notTaken(field, t) {
  field.fault(t('secret.not_taken'));
  field.input.focus();
}

/** A plain field of text. */
export function textField({ id, label, hint }) {
  const input = h('input', { id, type: 'text', ...unhelped, maxlength: 64, 'aria-describedby': `${id}-hint ${id}-error` });
  const error = h('p', { id: `${id}-error`, class: 'error', role: 'alert' });
  const fault = (text) => {
    error.textContent = text ?? '';
    input.setAttribute('aria-invalid', String(Boolean(text)));
  };
  input.addEventListener('input', () => fault(null));
  return { input, fault, element: h('div', { class: 'field' }, h('label', { for: id }, label), h('div', { class: 'entry plain' }, input), h('p', { id: `${id}-hint`, class: 'hint' }, hint), error) };
}
