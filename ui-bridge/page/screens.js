// SPDX-License-Identifier: MIT
// A screen is what the program says stands on it, block by block; two screens are the page's own.
import { actions, button, h, lead, note, title } from './parts.js';
import { drawers } from './blocks.js';

/** A screen with one of these is brought up to date while it is shown; the others are drawn anew. */
const living = new Set(['pin_form', 'step_list']);

/** What `view` says; with a function that brings it up to date where it changes without taking the focus away. */
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

/** Screens that are not the program's: it cannot be reached, or another tab has the page. */
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
