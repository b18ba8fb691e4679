// SPDX-License-Identifier: MIT
// Starts the page once its frame has been painted: asking for what fills the frame would take the browser's time from the
// first paint. Where no paint is told (a tab in the background), it starts after a moment. Whatever goes wrong until there is
// something on the card is said in the document's own words.
{
  const longestWait = 500;
  const longestSilence = 30000;
  globalThis.koshin = { capability: location.hash.slice(1) };
  if (koshin.capability) history.replaceState(null, '', '/');  // before anything else can fail

  const waits = () => document.querySelector('.waiting-mark');
  const say = (id) => {
    if (!waits()) return;
    waits().remove();
    document.getElementById(id).hidden = false;
  };
  /** Is it the browser, or is nobody there any more? */
  const tell = () => waits() && fetch('/icon.svg').then(() => say('failed'), () => say('silent'));
  addEventListener('error', tell);
  addEventListener('unhandledrejection', tell);
  setTimeout(tell, longestSilence);

  let started = false;
  const start = () => {
    if (started) return;
    started = true;
    import('/app.js').catch(tell);
  };
  setTimeout(start, longestWait);
  new PerformanceObserver(start).observe({ type: 'paint', buffered: true });
}
