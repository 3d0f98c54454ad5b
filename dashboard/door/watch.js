// Goes back to the sign-in page when the session has ended, instead of waiting for a connection that will not come.
(() => {
  const EVERY_MS = 5000;
  async function look() {
    try {
      const answer = await fetch("/whoami", { cache: "no-store" });
      if (answer.status === 401 || answer.status === 403) {
        location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
      }
    } catch {
      // The server is away; the page says so itself and connects again.
    }
  }
  setInterval(look, EVERY_MS);
})();
