// SPDX-License-Identifier: MIT
// One function for each screen: what it shows, and what its buttons send. Each gives back its element and, where the screen
// changes while it is shown, a function that brings it up to date without taking the focus away.
import {
  actions, button, bytes, certificateFacts, checkbox, dateTime, facts, failure, h, lead, note, replaceIfNew, spinner, time, title,
} from './parts.js';
import { notTaken, secretField, textField } from './fields.js';
import { pinForm } from './pin.js';

/** What the worker remarks and a person can make use of; the rest is in the log. */
const noticeTexts = { enrolled_before: 'renewing.enrolled_before', written_elsewhere: 'renewing.written_elsewhere' };

function tokenFacts(view, ctx) {
  const { t } = ctx;
  return facts([
    [t('token.label'), view.token.label || '—', 'strong'],
    [t('token.serial'), h('code', {}, view.token.serial || '—')],
    view.token.reader && [t('token.reader'), view.token.reader],
  ]);
}

/** The other tokens that call for something, the most urgent first. */
function otherTokens(view, ctx) {
  const { t } = ctx;
  const { others, others_count: count } = view;
  if (!count) return null;
  const when = (left) => (left < 0 ? t('notice.expired', { ago: days('ago', -left - 1, t) }) : days('left', left, t));
  const row = ({ label, common_name: cn, days_left: left }) =>
    h('li', {}, h('strong', {}, label || '—'), h('span', { class: 'sub' }, [cn, left !== null && when(left)].filter(Boolean).join(' · ')));
  return h('section', { class: 'others', 'aria-labelledby': 'others' }, h('h2', { id: 'others' }, t('others.title', { count })), h('ul', {}, others.map(row)),
    count > others.length && h('p', { class: 'sub' }, t('others.more', { count: count - others.length })), h('p', { class: 'hint' }, t('others.then')));
}
const nextToken = (view, ctx, kind = 'primary') => view.others_count > 0 && button(ctx.t('others.next'), () => ctx.act('next_token'), kind);
/** What a close button is beside it. */
const besideNext = (view) => (view.others_count > 0 ? 'secondary' : 'primary');

/** How many days: one day and less than one have words of their own. */
const days = (kind, count, t) => t(`${kind}.${count === 1 ? 'day' : count < 1 ? 'today' : 'days'}`, { days: count });

/** What the expiry means for the person: what no longer works, and until when it can be put right. */
function consequence({ days_left: left, renewable, renewable_until: until }, { t, language }) {
  if (left >= 0) return t('notice.consequence');
  return renewable ? t('notice.renewable', { date: dateTime(until, language) }) : t('notice.too_late');
}

/** Calls `then` at a time (seconds), at once when it is over, and not when `element` has gone from the page by then. */
function whenTimeHasCome(seconds, element, then) {
  const wait = seconds * 1000 - Date.now();
  if (wait <= 0) return then();
  // A laptop may sleep meanwhile, and a longer wait than a timer can have is looked at again.
  setTimeout(() => element.isConnected && whenTimeHasCome(seconds, element, then), Math.min(wait, 30000));
  return undefined;
}

const screens = {
  loading(view, ctx) {
    return { element: [title(ctx.t('loading.title')), spinner(ctx.t('loading.text')), actions(button(ctx.t('close'), () => ctx.act('close')))] };
  },

  unlock(view, ctx) {
    const { t } = ctx;
    const head = [title(t('unlock.title')), lead(t(view.look_first ? 'unlock.look' : view.proof_left ? 'unlock.proof' : view.resumed ? 'unlock.resumed' : view.task === 'enroll' ? 'unlock.enroll' : 'unlock.text')), tokenFacts(view, ctx)];
    const close = button(t('close'), () => ctx.act('close'));
    const reader = view.pin.on_reader && note('info', h('p', {}, t('pin.on_reader_later')));
    const form = pinForm(view, ctx, { submitLabel: t(view.pin.on_reader ? 'next' : 'unlock.do'), left: [close], waiting: t('unlock.checking'), onReader: 'unlock_on_reader' });
    return { element: [...head, reader, form.element, otherTokens(view, ctx)], update: form.update };
  },

  notice(view, ctx) {
    const { t, language } = ctx;
    const { certificate } = view;
    const left = certificate.days_left;
    const expired = left < 0;
    let later = false;
    return { element: [title(t(expired ? 'notice.title_expired' : 'notice.title')),
      h('div', { class: `expiry ${left <= 3 ? 'soon' : ''}` },
        h('p', { class: 'count' }, expired ? t('notice.expired', { ago: days('ago', certificate.days_ago, t) }) : days('left', left, t)),
        h('p', {}, t('notice.until'), h('br'), h('strong', {}, time(certificate.not_after, language)))),
      lead(consequence(certificate, ctx)),
      facts([[t('certificate.cn'), certificate.common_name || '—'], [t('token.label'), view.token.label || '—']]),
      view.failure && failure(view.failure, ctx),
      checkbox(t('notice.later'), false, (checked) => { later = checked; }),
      actions(button(t('close'), () => ctx.act('close')),
        button(t('next'), () => ctx.act('next', { checked: later }), 'primary'))] };
  },

  start(view, ctx) {
    const { t } = ctx;
    let chosen = view.storage.find((token) => token.chosen && !token.obstacle)?.uri ?? '';
    let key = view.keys.length ? view.keys[0] : '';
    const execute = button(t('start.do'), () => ctx.act('execute', key ? { token: chosen, key } : { token: chosen }), 'primary', { disabled: !chosen });
    const choice = (token, index) => h('label', { class: 'choice' },
      h('input', {
        type: 'radio', name: 'storage', value: String(index), required: true, checked: token.uri === chosen, disabled: token.obstacle !== '',
        onchange: () => { chosen = token.uri; execute.disabled = false; },
      }),
      h('span', {}, h('strong', {}, token.label || '—'), h('span', { class: 'sub' }, `${token.model} · ${t('token.serial')} ${token.serial || '—'}`),
        token.reader && h('span', { class: 'sub' }, token.reader),
        h('span', { class: 'sub' }, token.obstacle ? t(`storage.${token.obstacle}`) : bytes(token.free, t))));
    const keyChoice = (name) => h('label', { class: 'choice' },
      h('input', { type: 'radio', name: 'key', value: name, checked: name === key, onchange: () => { key = name; } }), h('span', {}, h('strong', {}, t(`key.${name}`))));
    return { element: [title(t(view.task === 'enroll' ? 'start.title_enroll' : view.resumed ? 'start.title_resume' : 'start.title')),
      lead(t(view.task === 'enroll' ? 'start.text_enroll' : 'start.text')),
      h('fieldset', {}, h('legend', {}, t('storage.label'), ' ', h('span', { class: 'tag' }, t('required'))), view.storage.map(choice)),
      view.keys.length > 1 && h('fieldset', {}, h('legend', {}, t('key.label')), view.keys.map(keyChoice)),
      note('info', h('p', {}, t('start.leave_in'))),
      actions(button(t('cancel'), () => ctx.act('close')), execute)] };
  },

  renewing(view, ctx) {
    const { t, language } = ctx;
    const list = h('ol', { class: 'steps' });
    const items = new Map();
    for (const { step, permanent, to_do: words } of view.steps) {
      const state = h('span', { class: 'hidden' });
      const item = h('li', {}, h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span', { class: 'what' }, words[language], ' ', state),
        permanent && h('span', { class: 'tag' }, t('step.permanent')));
      items.set(step, { item, state });
      list.append(item);
    }
    const reader = h('div', {});
    const notices = h('div', {});
    const cancel = button(t('cancel'), () => ctx.act('cancel'));
    const update = (next) => {
      for (const { step, state, to_do: words } of next.steps) {
        const entry = items.get(step);
        if (entry.item.className === state) continue;
        entry.item.className = state;
        entry.item.toggleAttribute('aria-current', state === 'running');
        entry.state.textContent = t(`step.${state}`);
        if (state === 'running') ctx.say(words[language]);
      }
      replaceIfNew(reader, String(next.reader_waits), () => next.reader_waits && note('info', h('p', { role: 'alert' }, h('strong', {}, t('pin.on_reader_now')))));
      replaceIfNew(notices, JSON.stringify(next.notices), () => next.notices.filter(({ code }) => noticeTexts[code]).map(({ code }) => note('info', h('p', {}, t(noticeTexts[code])))));
      cancel.disabled = !next.cancellable;
    };
    update(view);
    return { element: [title(t(view.task === 'enroll' ? 'renewing.title_enroll' : 'renewing.title')), lead(t('renewing.text')), reader, list, notices,
      h('p', { class: 'hint' }, t(view.task === 'enroll' ? 'renewing.hint_enroll' : 'renewing.hint')), actions(cancel)], update };
  },

  completed(view, ctx) {
    const { t } = ctx;
    const { login_url: login } = view.page;
    return { element: [h('div', { class: 'seal', 'aria-hidden': 'true' }), title(t(view.task === 'enroll' ? 'completed.title_enroll' : 'completed.title')), lead(t('completed.check')),
      certificateFacts(view.new_certificate, ctx),
      view.deleted && note('good', h('p', {}, t('completed.deleted'))),
      note('info', h('p', {}, h('strong', {}, t('completed.restart'))), h('p', {}, t('completed.restart_why')),
        login && h('p', {}, t('completed.login'), ' ', h('span', { class: 'url' }, login))),
      !view.deleted && h('p', { class: 'hint' }, t(view.deletable ? 'completed.old_kept' : 'completed.old_none')), otherTokens(view, ctx),
      actions(view.deletable && button(t('delete.offer'), () => ctx.act('offer_deletion')),
        button(t('completed.close'), () => ctx.act('close'), besideNext(view)), nextToken(view, ctx))] };
  },

  delete_old(view, ctx) {
    const { t } = ctx;
    return { element: [title(t('delete.title')), lead(t('delete.text')), certificateFacts(view.deletable, ctx, true),
      view.failure && failure(view.failure, ctx),
      note('warn', h('p', {}, t('delete.warning'))),
      actions(button(t('delete.keep'), () => ctx.act('keep_old'), 'secondary', { 'data-autofocus': true }),
        button(t('delete.go_on'), () => ctx.act('confirm_deletion'), 'danger'))] };
  },

  delete_confirm(view, ctx) {
    const { t, language } = ctx;
    const keep = button(t('delete.keep'), () => ctx.act('keep_old'));
    const head = [title(t('delete.confirm_title')),
      lead(t('delete.confirm_text', { cn: view.deletable.common_name, serial: view.deletable.serial, date: dateTime(view.deletable.not_after, language) }))];
    const waiting = t(view.pin.on_reader ? 'pin.on_reader_now' : 'delete.working');
    const form = pinForm(view, ctx, { submitLabel: t('delete.do'), submitKind: 'danger', left: [keep], waiting, onReader: 'delete_on_reader' });
    return { element: [...head, form.element], update: form.update };
  },

  interrupted(view, ctx) {
    const { t } = ctx;
    const begun = view.steps.some(({ state }) => state !== 'waiting');
    const kind = view.task === 'enroll' ? '_enroll' : '';
    // A code helps against a certificate that is gone, not against a token that cannot be used.
    const code = view.failure.retry === 'never' && !/^(pin|so_pin|token)_/.test(view.failure.id);
    return { element: [title(t(begun ? `interrupted.title${kind}` : `interrupted.title_not_begun${kind}`)), failure(view.failure, ctx),
      ...progressSoFar(view, ctx), lead(t(begun ? `interrupted.nothing_lost${kind}` : 'interrupted.nothing_begun')),
      actions(code && button(t('reissue.have_code'), () => ctx.act('to_reissue'), 'link'), giveUp(view, ctx),
        view.failure.id === 'answer_wrong_twice' && button(t('interrupted.insist'), () => ctx.act('insist')), nextToken(view, ctx, 'secondary'),
        button(t('close'), () => ctx.act('close'), view.failure.retry === 'never' ? 'primary' : 'secondary'),
        view.failure.retry !== 'never' && button(t('interrupted.back'), () => ctx.act('back_to_start'), 'primary'))] };
  },

  reissue(view, ctx) {
    const { t } = ctx;
    const code = secretField({ id: 'code', label: t('reissue.code'), hint: t('reissue.code_hint'), ctx, longest: view.page.longest_secret, shuffle: false, code: true });
    const user = view.user_needed && textField({ id: 'user', label: t('reissue.user'), hint: t('reissue.user_hint') });
    const form = h('form', {
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
        return ctx.act('start_enrollment', user ? { user: user.input.value.trim() } : {});
      },
    }, user && user.element, code.element, actions(button(t('close'), () => ctx.act('close')), h('button', { type: 'submit', class: 'primary' }, t('next'))));
    return { element: [title(t('reissue.title')), lead(t(`reissue.why_${view.why}`)),
      view.certificate && facts([[t('certificate.cn'), view.certificate.common_name || '—'], [t('certificate.not_after'), time(view.certificate.not_after, ctx.language)]]),
      view.failure && failure(view.failure, ctx),
      note('info', h('p', {}, t('reissue.ask')), view.page.help_desk && h('p', {}, h('strong', {}, view.page.help_desk))), form, otherTokens(view, ctx)] };
  },

  pending(view, ctx) {
    const { t, language } = ctx;
    const close = button(t('close'), () => ctx.act('close'), 'primary');
    const row = actions(giveUp(view, ctx), nextToken(view, ctx, 'secondary'), close);
    const offer = () => {
      close.className = 'secondary';
      row.append(button(t('pending.ask'), () => ctx.act('ask_again'), 'primary'));
    };
    whenTimeHasCome(view.pending.ask_again, row, offer);
    return { element: [title(t('pending.title')), lead(t('pending.text')),
      facts([[t('pending.when'), time(view.pending.ask_again, language), 'strong']]),
      view.pending.message && note('info', h('p', {}, t('pending.message')), h('p', { class: 'quote' }, view.pending.message)),
      h('p', {}, t(view.task === 'enroll' ? 'pending.then_enroll' : 'pending.then')), otherTokens(view, ctx), row] };
  },

  give_up(view, ctx) {
    const { t } = ctx;
    return { element: [title(t('give_up.title')), lead(t(view.task === 'enroll' ? 'give_up.text_enroll' : 'give_up.text')),
      note('info', h('p', {}, t('give_up.stays'))), note('warn', h('p', {}, t('give_up.lost'))),
      actions(button(t('give_up.keep'), () => ctx.act('keep_renewal'), 'secondary', { 'data-autofocus': true }),
        button(t('give_up.do'), () => ctx.act('give_up'), 'danger'))] };
  },

  current(view, ctx) {
    const { t } = ctx;
    const ours = view.why !== 'not_ours';
    return { element: [ours && h('div', { class: 'seal', 'aria-hidden': 'true' }), title(t(ours ? 'current.title' : 'current.other_title')), lead(t(ours ? 'current.text' : 'current.other_text')),
      view.certificate && certificateFacts(view.certificate, ctx), view.deleted && note('good', h('p', {}, t('completed.deleted'))),
      otherTokens(view, ctx), actions(button(t('reissue.have_code'), () => ctx.act('to_reissue'), 'link'),
        view.deletable && button(t('delete.offer'), () => ctx.act('offer_deletion')),
        button(t('close'), () => ctx.act('close'), besideNext(view)), nextToken(view, ctx))] };
  },

  put_off(view, ctx) {
    const { t } = ctx;
    return { element: [title(t('finished.snoozed_title')), lead(t('finished.snoozed_text')), otherTokens(view, ctx),
      actions(button(t('close'), () => ctx.act('close')), nextToken(view, ctx))] };
  },

  finished(view, ctx) {
    const { t } = ctx;
    const { why, remaining } = view;
    const told = why === 'completed' || why === 'snoozed';  // these say all there is to say
    return { element: [h('div', { class: why === 'completed' ? 'seal' : 'seal calm', 'aria-hidden': 'true' }),
      title(t(why === 'closed' ? `finished.closed_title_${remaining}` : `finished.${why}_title`)),
      (told || why === 'idle' || why === 'pending') && lead(t(`finished.${why}_text`)),
      !told && lead(t(`finished.remaining_${remaining}`)), ...(view.why === 'token_removed' ? progressSoFar(view, ctx) : []),
      view.why === 'completed' && note('info', h('p', {}, h('strong', {}, t('completed.restart'))), h('p', {}, t('completed.restart_why'))),
      h('p', { class: 'hint' }, t('finished.close_tab'))] };
  },
};

const giveUp = (view, ctx) => view.can_give_up && button(ctx.t('give_up.offer'), () => ctx.act('offer_giving_up'), 'link');

/** What was done and what was not, when steps had begun. */
function progressSoFar(view, ctx) {
  const { t, language } = ctx;
  if (!view.steps.some(({ state }) => state !== 'waiting')) return [];
  const done = (state) => state === 'done' || state === 'found_done';
  const list = (wanted) => h('ul', { class: wanted ? 'ticks' : 'open' }, view.steps.filter(({ state }) => done(state) === wanted).map(({ to_do: words }) => h('li', {}, words[language])));
  return [h('div', { class: 'halves' },
    view.steps.some(({ state }) => done(state)) && h('div', {}, h('h2', {}, t('interrupted.done')), list(true)),
    h('div', {}, h('h2', {}, t('interrupted.open')), list(false)))];
}

/** Screens that are not the server's: it cannot be reached, or another tab has the page. */
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

export const build = (name, view, ctx) => (screens[name] ?? own[name])(view, ctx);
