// SPDX-License-Identifier: MIT
// The program defines the content of screens, block by block; two screens are the page's own.
import { actions, button, h, lead, note, title } from './parts.js';
import { drawers } from './blocks.js';

/** A screen with one of these blocks is updated in place; the others are drawn anew. */
const living = new Set(['pin_form', 'pin_change_form', 'step_list']);

/** The screen of `view`, with a function that updates it without moving the focus, where it can change. */
function fromProgram(view, ctx) {
  const entered = { key: view.keys[0], tell: [] };
  const drawn = view.content.map((block) => ({ kind: block.kind, ...drawers[block.kind](block, view, ctx, entered) }));
  const update = (next) => {
    for (const one of drawn.filter((each) => each.update)) {
      const block = next.content.find(({ kind }) => kind === one.kind);
      if (block) one.update(block, next);
    }
  };
  return { element: drawn.map(({ element }) => element), update: drawn.some(({ kind }) => living.has(kind)) ? update : undefined };
}

/** The page's own screens: the program cannot be reached, or another tab has the page. */
const own = {
  lost(view, ctx) {
    const { t } = ctx;
    return { element: [title(t('lost.title')), lead(t('lost.text')), note('info', h('p', {}, t('lost.then'))), h('p', { class: 'hint' }, t('finished.close_tab'))] };
  },
  elsewhere(view, ctx) {
    const { t } = ctx;
    const error = h('p', { class: 'error', role: 'alert' });
    return { element: [title(t('elsewhere.title')), lead(t('elsewhere.text')), error,
      actions(button(t('elsewhere.take'), async () => {
        if (!(await ctx.takeOver())) error.textContent = t('elsewhere.refused');
      }, 'primary'))] };
  },
};

export const build = (name, view, ctx) => (name in own ? own[name](view, ctx) : fromProgram(view, ctx));
