// SPDX-License-Identifier: MIT
// The form of a new PIN: what is needed to set it, and the new PIN twice.
import { actions, failure, h, replaceIfNew, spinner } from './parts.js';
import { notTaken, secretField } from './fields.js';
import { forbidden, triesLeft } from './pin.js';

/** `said`: puts words of the program into the person's language. `left`: the button beside the main one. */
export function pinChangeForm(block, view, ctx, { said, left }) {
  const { t } = ctx;
  const { reset, least, most, characters, submit: main } = block;
  const allowed = (text) => !forbidden[characters]?.test(text);
  const rules = block.rules.map(said).join(' ');
  const field = (id, label, hint, more) => secretField({ id, label, hint, ctx, longest: view.page.longest_secret, shuffle: view.page.shuffle, ...more });
  const newPin = { longest: most, allowed, mode: characters === 'digits' ? 'numeric' : null };
  const onReader = main.action !== '';
  const first = !onReader && field('old-pin', said(block.secret), '', { autofocus: true });
  const fresh = !onReader && field('new-pin', t('pin_change.new'), rules, newPin);
  const again = !onReader && field('again', t('pin_change.again'), '', newPin);
  const fields = [first, fresh, again].filter(Boolean);
  const tries = h('div', {});
  const trouble = h('div', {});
  const status = h('div', { class: 'status' });
  const submit = h('button', { type: 'submit', class: main.kind, 'data-autofocus': onReader }, said(main.label));

  /** The first field that cannot be sent as it is, told what is wrong; null when all can. */
  const faulty = () => {
    const value = fresh.input.value;
    const wrong = new Map([
      [first, first.input.value === '' ? t('pin_change.empty') : first.tooLong()],
      [fresh, value !== '' && allowed(value) && fresh.size() >= least && fresh.size() <= most ? null : rules],
      [again, again.input.value === value ? null : t('pin_change.differ')],
    ]);
    for (const [one, fault] of wrong) one.fault(fault);
    return fields.find((one) => wrong.get(one)) ?? null;
  };
  const send = async (event) => {
    event.preventDefault();
    if (onReader) return ctx.act(main.action);
    const wrong = faulty();
    if (wrong) return wrong.input.focus();
    again.take().fill(0);
    const secret = fresh.take();
    if (await ctx.secret(reset ? 'resetting' : 'pin', first.take())) return (await ctx.secret('new_pin', secret)) || notTaken(fresh, t);
    secret.fill(0);
    return notTaken(first, t);
  };
  const element = h('form', { onsubmit: send }, trouble, tries, ...fields.map((one) => one.element), status, actions(left, submit));
  const update = (next) => {
    if (!reset) replaceIfNew(tries, `${next.pin.final_try}${next.pin.count_low}`, () => triesLeft(next, ctx));
    replaceIfNew(trouble, JSON.stringify(next.failure ?? null), () => next.failure && failure(next.failure, ctx));
    replaceIfNew(status, String(next.busy), () => next.busy && spinner(said(block.waiting)));
    submit.disabled = next.busy || (!reset && next.pin.final_try && !next.final_try_confirmed);
    for (const { input } of fields) input.disabled = next.busy;
    if (first && next.failure && !next.busy && document.activeElement === document.body) first.input.focus();
  };
  update(view);
  return { element, update };
}
