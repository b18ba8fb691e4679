// SPDX-License-Identifier: MIT
// The PIN: its rules, the remaining tries, and the form.
import { actions, button, checkbox, failure, h, note, replaceIfNew, spinner } from './parts.js';
import { notTaken, secretField } from './fields.js';

/** By the setting token.pin_characters: the characters that a PIN must not contain. */
export const forbidden = { printable: /[^\x20-\x7e]/, alphanumeric: /[^0-9A-Za-z]/, digits: /[^0-9]/ };

/** The error of a PIN before it is sent; null when there is none. */
function pinTrouble({ input: { value }, size }, pin, t) {
  if (value === '') return t('pin.empty');
  if (forbidden[pin.characters]?.test(value)) return t('pin.only', { characters: t(`pin.${pin.characters}`) });
  if (size() < pin.min) return t('pin.too_short', { min: pin.min });
  if (size() > pin.longest) return t('pin.too_long', { max: pin.longest });
  return null;
}

function pinHint(pin, t) {
  const any = pin.characters === 'any';
  const characters = any ? '' : t(`pin.${pin.characters}`);
  if (!pin.min || !pin.max) return any ? '' : t('pin.hint', { characters });
  return t(`pin.${pin.min === pin.max ? 'exactly' : 'between'}${any ? '_any' : ''}`, { min: pin.min, max: pin.max, characters });
}

/** The remaining tries as the token reports them; the last one needs a confirmation. */
export function triesLeft(view, ctx) {
  const { t } = ctx;
  if (view.pin.final_try) {
    return note('bad', h('p', {}, h('strong', {}, t('pin.final_try'))), h('p', {}, t('pin.final_try_more')),
      checkbox(t('pin.final_try_confirm'), view.final_try_confirmed, async (checked, box) => {
        if (!(await ctx.act('confirm_final_try', { checked }))) box.checked = !checked;
      }));
  }
  return view.pin.count_low ? note('warn', h('p', {}, t('pin.count_low'))) : null;
}

/**
 * The form that asks for the PIN, on the screens that need one. Where it is typed on the reader there is no field, and
 * the action `onReader` is sent instead.
 */
export function pinForm(view, ctx, { submitLabel, submitKind, left, waiting, onReader }) {
  const { t } = ctx;
  const pin = !view.pin.on_reader && secretField({
    id: 'pin', label: t('pin.label'), hint: pinHint(view.pin, t), ctx, longest: view.pin.longest, autofocus: !view.passphrase, shuffle: view.page.shuffle,
    allowed: (text) => !forbidden[view.pin.characters]?.test(text), mode: view.pin.characters === 'digits' ? 'numeric' : null,
  });
  const passphrase = view.passphrase && secretField({
    id: 'passphrase', label: t('passphrase.label'), hint: t('passphrase.hint'), ctx, longest: view.page.longest_secret, autofocus: true, shuffle: view.page.shuffle,
  });
  const tries = h('div', {});
  const trouble = h('div', {});
  const status = h('div', { class: 'status' });
  const fields = [passphrase, pin].filter(Boolean);
  const submit = h('button', { type: 'submit', class: submitKind, 'data-autofocus': fields.length === 0 && submitKind === 'primary' }, submitLabel);
  const clear = fields.length > 0 && button(t('pin.clear'), () => fields.forEach((field) => field.clear()));
  const form = h('form', {
    onsubmit: async (event) => {
      event.preventDefault();
      const fault = pin && pinTrouble(pin, view.pin, t);
      if (pin) pin.fault(fault);
      const refused = passphrase && (passphrase.input.value === '' ? t('passphrase.empty') : passphrase.tooLong());
      if (passphrase) passphrase.fault(refused);
      if (fault || refused) trouble.replaceChildren(); // what is wrong now is said at the field
      if (refused) return passphrase.input.focus();
      if (fault) return pin.input.focus();
      if (passphrase && !(await ctx.secret('passphrase', passphrase.take()))) return notTaken(passphrase, t);
      if (!pin) return ctx.act(onReader);
      return (await ctx.secret('pin', pin.take())) || notTaken(pin, t);
    },
  }, trouble, tries, ...fields.map((field) => field.element), status, actions(...left, clear, submit));
  const update = (next) => {
    view = next;
    replaceIfNew(tries, `${next.pin.final_try}${next.pin.count_low}`, () => triesLeft(next, ctx));
    replaceIfNew(trouble, JSON.stringify(next.failure ?? null), () => next.failure && failure(next.failure, ctx));
    replaceIfNew(status, String(next.busy), () => next.busy && spinner(waiting));
    submit.disabled = next.busy || (next.pin.final_try && !next.final_try_confirmed);
    if (clear) clear.disabled = next.busy;
    for (const { input } of fields) input.disabled = next.busy;
    if (pin && next.failure && !next.busy && document.activeElement === document.body) pin.input.focus();
  };
  update(view);
  return { element: form, update };
}
