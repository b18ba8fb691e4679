// SPDX-License-Identifier: MIT
// The page's side of the session: its storage, and the verification of the server. Any program may take the port once
// koshin-ui has ended; so an answer is trusted only with a proof by the key that koshin-ui gave to this page while loading.
export const nobody = Symbol('nobody answers');
export const stranger = Symbol('somebody else answers');

/**
 * Where a browser stores nothing for a page (site data blocked), the page keeps it: the page works until it is reloaded.
 * `pick` gives the browser's store, or throws.
 */
function keeper(pick) {
  const own = new Map();
  const attempt = (use) => { try { return use(pick()); } catch { return null; } };
  return {
    get: (name) => own.get(name) ?? attempt((store) => store.getItem(name)),
    set(name, value) { own.set(name, value); attempt((store) => store.setItem(name, value)); },
    remove(name) { own.delete(name); attempt((store) => store.removeItem(name)); },
  };
}

const tabKey = 'koshin-tab';
const browserKey = 'koshin-browser';
export const ofTab = keeper(() => sessionStorage);
/** Specific to this port, unlike cookies, which pages on every port of 127.0.0.1 can set and overwrite. */
const ofBrowser = keeper(() => localStorage);

export const session = {
  get tab() { return ofTab.get(tabKey); },
  begin({ tab, browser }) { ofTab.set(tabKey, tab); ofBrowser.set(browserKey, browser); },
  /** Another tab has the page. */
  leave() { ofTab.remove(tabKey); },
  end() { ofTab.remove(tabKey); ofBrowser.remove(browserKey); },
};

const toBytes = (text) => new TextEncoder().encode(text);
const plainText = { 'Content-Type': 'text/plain;charset=UTF-8' };

const tooManyRequests = 429;
const patience = { attempts: 40, pause: 500 };
/** The answer to `request`, repeated for a while when the program is too busy: other tabs can keep it busy. */
async function whenThereIsTime(request) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await request();
    if (response.status !== tooManyRequests || attempt === patience.attempts) return response;
    await new Promise((wake) => { setTimeout(wake, patience.pause); });
  }
}

/** The key that verifies answers; a promise, so that the first requests need not wait for it. */
const serverKey = (async () => {
  const response = await whenThereIsTime(() => fetch('/api/hello', { method: 'POST', body: '', headers: plainText, credentials: 'omit' }));
  if (!response.ok) throw new Error(`no key: ${response.status}`);
  return crypto.subtle.importKey('raw', toBytes((await response.text()).trim()), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
})();

const freshNonce = () => [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function proves(response, nonce) {
  const proof = response.headers.get('X-Koshin-Proof') ?? '';
  const bytes = Uint8Array.from(proof.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return crypto.subtle.verify('HMAC', await serverKey, bytes, toBytes(`koshin-ui ${nonce}`));
}

/** A response with a valid proof; else `nobody` or `stranger`. */
async function ask(path, { headers = {}, ...options } = {}) {
  const nonce = freshNonce();
  const halves = { 'X-Koshin-Tab': session.tab ?? '', 'X-Koshin-Browser': ofBrowser.get(browserKey) ?? '' };
  // Firefox delays a second request of a cacheable address up to 20 s until the first ends, and a stream has no end.
  const response = await fetch(path, { credentials: 'omit', cache: 'no-store', ...options, headers: { ...headers, ...halves, 'X-Koshin-Nonce': nonce } }).catch(() => nobody);
  if (response === nobody) return nobody;
  return (await proves(response, nonce)) ? response : stranger;
}

/** The stream of events. */
export const askForEvents = () => ask('/api/events');
export const send = (path, body, type) => ask(path, { method: 'POST', body, headers: { 'Content-Type': type } });
export const askToEnter = (path, body) => whenThereIsTime(() => ask(path, { method: 'POST', body, headers: plainText }));
/** The texts of a language, verified: a stranger must not choose the page's texts. */
export const askForTexts = (name) => whenThereIsTime(() => ask(`/${name}.json`));
/** Whether the program is reachable at this moment: checked before a secret is sent. */
export const askWhoIsThere = () => ask('/api/hello', { method: 'POST', body: '', headers: plainText });
