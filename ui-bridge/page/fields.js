// SPDX-License-Identifier: MIT
// Input fields.
import { h } from './parts.js';
import { softwareKeyboard } from './keyboard.js';

const encoder = new TextEncoder();

/** Browsers do not take a text field for a password and do not offer to save it: the input is hidden by style. */
const canHide = CSS.supports('-webkit-text-security', 'disc');
/** For browsers and their extensions. */
const unhelped = {
  autocomplete: 'off', autocapitalize: 'none', autocorrect: 'off', spellcheck: 'false', writingsuggestions: 'false', translate: 'no',
  'data-1p-ignore': true, 'data-bwignore': true, 'data-lpignore': 'true', 'data-form-type': 'other',
};

/**
 * An input method shows its input in a visible window and produces full-width characters. Where `allowed` excludes these, the
 * composed text is removed again, and the person is told to switch the input method off.
 */
function withoutInputMethod(input, allowed, tell) {
  let before = '';
  let refused = false;
  const restore = () => { input.value = before; tell(); };
  const refuse = () => {
    refused = true;
    restore();
    setTimeout(restore);  // the order of events differs among browsers
  };
  input.addEventListener('compositionstart', () => { before = input.value; refused = false; });
  input.addEventListener('compositionupdate', ({ data }) => {
    if (refused || allowed(data)) return;
    refused = true;
    setTimeout(() => { input.blur(); input.focus(); refuse(); });  // ends the composition
  });
  input.addEventListener('compositionend', ({ data }) => { if (refused || !allowed(data)) refuse(); });
}

/** Like a password field: the content cannot be copied, cut or dragged out. */
function keepInside(input) {
  for (const way of ['copy', 'cut', 'dragstart']) input.addEventListener(way, (event) => event.preventDefault());
}

/**
 * A field for a secret: never filled in by the browser, with a button that shows it, and the software keyboard. A text that is
 * too long is reported, not cut off: the end of a hidden text is invisible, and the rest would cost a try. `longest`: limit in
 * bytes. `allowed`: the texts that an input method may enter; `mode`: the keys of a touch screen.
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
  /** The length in bytes and its error; null when it is valid. */
  const size = () => encoder.encode(input.value).length;
  const tooLong = () => (size() > longest ? t('secret.too_long', { max: longest }) : null);
  const take = () => {
    const secret = encoder.encode(input.value);
    input.value = '';
    return secret;
  };
  return { element, input, fault, size, tooLong, take, clear: () => { input.value = ''; fault(null); input.focus(); } };
}

/** The program has not accepted the secret; the field is empty. */
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
