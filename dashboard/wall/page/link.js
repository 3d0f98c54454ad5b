/* Asking the server for the briefing, for days: a lost connection is told and tried again, an unchanged answer costs nothing. */
const EVERY_MS = 4000, PATIENCE_MS = 20000, SLOWEST_MS = 15000, MAKING = 202;

/** Ask `address()` for ever; `take(answer)` gets what is new, `told({lost, refused})` how it goes, `clock(date)` the server's time. */
export function follow({address, take, told, clock}) {
  let tag = "", asked = "", failures = 0, timer = 0;

  async function ask() {
    timer = 0;
    const url = address(), patience = AbortSignal.timeout(PATIENCE_MS);
    if (url !== asked) tag = "";
    try {
      const headers = tag ? {"If-None-Match": tag} : {};
      const answer = await fetch(url, {headers, cache: "no-store", credentials: "same-origin", redirect: "manual", signal: patience});
      if (answer.headers.get("X-GM-Now")) clock(answer.headers.get("X-GM-Now"));
      if (answer.status !== 304 && answer.status !== MAKING) await read(answer, url);
      failures = 0;
      told({lost: false});
    } catch (error) {
      failures++;
      told({lost: true, refused: error.refused});
    }
    again(failures ? Math.min(EVERY_MS * 2 ** (failures - 1), SLOWEST_MS) : EVERY_MS);
  }

  async function read(answer, url) {
    const body = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
    if (!body || (!answer.ok && !body.problem)) {
      const refused = answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect";
      throw Object.assign(new Error(String(answer.status)), {refused});
    }
    if (url !== address()) return;
    tag = answer.headers.get("ETag") || "";
    asked = url;
    take(body);
  }

  function again(wait) {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  }

  addEventListener("online", () => timer && again(0));
  document.addEventListener("visibilitychange", () => !document.hidden && timer && again(0));
  ask();
  return {now: () => timer && again(0)};
}
