// SPDX-License-Identifier: MIT
// The software keyboard: for pointers and touch, and just as well for a keyboard (one tab stop, arrow keys move) and a
// screen reader (each key says its name; how many characters there are is said, never which).
import { h } from './parts.js';

const digits = [...'1234567890'];
const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const signs = [...'-_.,:;!?@#$%&*+=/()<>[]{}"\'^`|~\\ '];  // with digits and letters, all of ASCII that can be typed
const names = {
  '-': 'minus', _: 'underscore', '.': 'dot', ',': 'comma', ':': 'colon', ';': 'semicolon', '"': 'quote', "'": 'apostrophe', '^': 'caret', '`': 'backquote',
  '|': 'bar', '~': 'tilde', '\\': 'backslash', ' ': 'space',
};

/** Random order: the positions of the keys reveal nothing. */
function shuffled(characters) {
  const result = [...characters];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const limit = Math.floor(0x100000000 / (i + 1)) * (i + 1);
    const random = new Uint32Array(1);
    do crypto.getRandomValues(random); while (random[0] >= limit);
    const j = random[0] % (i + 1);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** A keyboard that types into `field()`. `say` speaks to the live region. */
export function softwareKeyboard({ t, field, shuffle, say }) {
  const arrange = (characters) => (shuffle ? shuffled(characters) : characters);
  const keys = h('div', { class: 'keys' });
  let page = 'lower';

  const typed = () => {
    const count = field().value.length;
    field().dispatchEvent(new Event('input', { bubbles: true }));
    say(t('keyboard.count', { count }));
  };
  const type = (character) => {
    field().value += character;
    return typed();
  };
  const back = () => { field().value = field().value.slice(0, -1); typed(); };
  const clear = () => { field().value = ''; typed(); };

  const key = (character) => h('button', {
    type: 'button', class: 'key', tabindex: '-1', onclick: () => type(character),
    'aria-label': names[character] ? t(`keyboard.${names[character]}`)
      : page === 'upper' && /[A-Z]/.test(character) ? t('keyboard.capital', { character }) : null,
  }, character === ' ' ? '␣' : character);
  const special = (label, onclick, properties = {}) =>
    h('button', { type: 'button', class: 'key wide', tabindex: '-1', onclick, ...properties }, label);
  const turnTo = (next) => { page = next; draw(next === page ? `[data-page]` : null); };

  const order = { digits: arrange(digits), lower: arrange(letters), signs: arrange(signs) };
  function draw(focus) {
    const second = page === 'signs' ? order.signs : order.lower.map((c) => (page === 'upper' ? c.toUpperCase() : c));
    keys.replaceChildren(
      h('div', { class: 'row' }, order.digits.map(key)),
      h('div', { class: 'row' }, second.map(key)),
      h('div', { class: 'row specials' },
        special(t('keyboard.shift'), () => turnTo(page === 'upper' ? 'lower' : 'upper'),
          { 'aria-pressed': String(page === 'upper'), 'data-page': page === 'signs' ? null : true }),
        special(t('keyboard.signs'), () => turnTo(page === 'signs' ? 'lower' : 'signs'),
          { 'aria-pressed': String(page === 'signs'), 'data-page': page === 'signs' ? true : null }),
        special(t('keyboard.back'), back), special(t('keyboard.clear'), clear)));
    keys.querySelector('button').tabIndex = 0;
    const target = focus && keys.querySelector(focus);
    if (target) moveTo(target);
  }

  function moveTo(target) {
    for (const other of keys.querySelectorAll('button')) other.tabIndex = other === target ? 0 : -1;
    target.focus();
  }

  /** The key whose middle is nearest in the direction of the arrow. */
  function neighbour(from, dx, dy) {
    const here = from.getBoundingClientRect();
    let best = null;
    let least = Infinity;
    for (const other of keys.querySelectorAll('button')) {
      const there = other.getBoundingClientRect();
      const x = there.left + there.width / 2 - here.left - here.width / 2;
      const y = there.top + there.height / 2 - here.top - here.height / 2;
      const along = x * dx + y * dy;
      const across = Math.abs(x * dy) + Math.abs(y * dx);
      if (along < 4 || (dx !== 0 && across > 4)) continue;
      const distance = along * (dy !== 0 ? 8 : 1) + across;
      if (distance < least) [least, best] = [distance, other];
    }
    return best;
  }

  keys.addEventListener('keydown', (event) => {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (arrow) {
      event.preventDefault();
      const next = neighbour(document.activeElement, ...arrow);
      if (next) moveTo(next);
    } else if (event.key === 'Backspace') {
      event.preventDefault();
      back();
    }
  });
  draw();
  return h('div', { class: 'keyboard', role: 'group', 'aria-label': t('keyboard.label') }, keys,
    h('p', { class: 'hint' }, t(shuffle ? 'keyboard.hint_shuffled' : 'keyboard.hint')));
}
