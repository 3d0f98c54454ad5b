// Asks every two seconds whether the session still holds and what there is; a page that nobody sees asks less.
(() => {
  const SEEN_MS = 2000, HIDDEN_MS = 10000, PATIENCE_MS = 10000;
  let waiting = 0, asking = false, leftAt = -PATIENCE_MS;

  // Whoever signs out is on the way already when the session is over: nothing may lead them elsewhere.
  const isLeaving = () => performance.now() - leftAt < PATIENCE_MS;

  async function look() {
    clearTimeout(waiting);
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch("/whoami", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
      // Ended: back to the sign-in page, instead of waiting for a connection that will not come.
      if (answer.status === 401 || answer.status === 403) {
        if (!isLeaving()) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
      } else if (answer.ok) {
        dispatchEvent(new CustomEvent("gridmuster:told", { detail: await answer.json() }));
      }
    } catch {
      // The server is away; the page says so itself and connects again.
    }
    asking = false;
    waiting = setTimeout(look, document.hidden ? HIDDEN_MS : SEEN_MS);
  }

  addEventListener("beforeunload", () => { leftAt = performance.now(); });
  document.addEventListener("visibilitychange", () => document.hidden || look());
  waiting = setTimeout(look, SEEN_MS);
})();
