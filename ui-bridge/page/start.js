// SPDX-License-Identifier: MIT
// Starts the page once its frame has been painted: asking for what fills the frame would take the browser's time from the
// first paint. Where no paint is told (a tab in the background), it starts after a moment.
{
  const longestWait = 500;
  let started = false;
  const start = () => {
    if (started) return;
    started = true;
    import('/app.js');
  };
  new PerformanceObserver(start).observe({ type: 'paint', buffered: true });
  setTimeout(start, longestWait);
}
