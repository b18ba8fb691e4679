// SPDX-License-Identifier: MIT
// The page's side of the session: what it keeps, and how it knows that it still speaks with the program it came from. A port
// is anybody's once its program has gone; so no answer is believed that does not show the key which that program gave to this
// page as it was loaded.
export const nobody = Symbol('nobody answers');
export const stranger = Symbol('somebody else answers');

/**
 * Where a browser keeps nothing for a page (site data blocked), it is kept in the page: it works, until it is reloaded.
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
/** Of this port alone, unlike cookies, which pages on every port of 127.0.0.1 can set and spoil. */
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
/** The answer to `request`, which is made again for a while where the program has no time for it: other tabs can keep it busy. */
async function whenThereIsTime(request) {
  for (let attempt = 1; ; attempt += 1) {
    const response = await request();
    if (response.status !== tooManyRequests || attempt === patience.attempts) return response;
    await new Promise((wake) => { setTimeout(wake, patience.pause); });
  }
}

/** The key that whoever answers must have; a promise, so that the first requests need not wait for it. */
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

/** A response that is proved to be our program's; else `nobody` or `stranger`. */
async function ask(path, { headers = {}, ...options } = {}) {
  const nonce = freshNonce();
  const halves = { 'X-Koshin-Tab': session.tab ?? '', 'X-Koshin-Browser': ofBrowser.get(browserKey) ?? '' };
  // Firefox lets a second request of an address that it may cache wait up to 20 s for the first to end, and a stream has no end.
  const response = await fetch(path, { credentials: 'omit', cache: 'no-store', ...options, headers: { ...headers, ...halves, 'X-Koshin-Nonce': nonce } }).catch(() => nobody);
  if (response === nobody) return nobody;
  return (await proves(response, nonce)) ? response : stranger;
}

/** The stream of events. */
export const askForEvents = () => ask('/api/events');
export const send = (path, body, type) => ask(path, { method: 'POST', body, headers: { 'Content-Type': type } });
export const askToEnter = (path, body) => whenThereIsTime(() => ask(path, { method: 'POST', body, headers: plainText }));
/** The texts of a language: what the page says about itself is no stranger's to choose. */
export const askForTexts = (name) => whenThereIsTime(() => ask(`/${name}.json`));
/** Whether our program is there, right now: asked before a secret goes out. */
export const askWhoIsThere = () => ask('/api/hello', { method: 'POST', body: '', headers: plainText });
