// SPDX-License-Identifier: MIT
// Starts the page once its frame has been painted: loading the content earlier would delay the first paint. Without a paint
// event (a tab in the background), the page starts after a moment. Errors before the first screen are shown with the
// document's own texts.
{
  const longestWait = 500;
  const longestSilence = 30000;
  globalThis.koshin = { capability: location.hash.slice(1) };
  if (koshin.capability) history.replaceState(null, '', '/');  // first, before anything can fail

  const waits = () => document.querySelector('.waiting-mark');
  const say = (id) => {
    if (!waits()) return;
    waits().remove();
    document.getElementById(id).hidden = false;
  };
  /** Distinguishes a problem of the browser from a program that has ended. */
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
