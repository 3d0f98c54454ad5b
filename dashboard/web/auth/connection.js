// Says when the line to the server is gone, and when a button was pressed that the server may never have heard of.
(() => {
  const CONNECTION = "data-test-connection-state", SCRIPT = "data-test-script-state", BUTTONS =
    '[data-testid="stButton"] button, [data-testid="stFormSubmitButton"] button';
  const GRACE_MS = 800, LONGEST_MS = 60000, TOLD_MS = 30000, REST_MS = 2000, RUNNING = ["running", "rerunRequested"];
  let words = {}, app, pressed, isLost = false, isDoubtful = false, grace = 0, fading = 0, resting = 0;

  const bar = document.createElement("p");
  bar.className = "gm-line";
  bar.setAttribute("role", "status");
  bar.hidden = true;

  function say(text) {
    clearTimeout(fading);
    bar.hidden = !text;
    if (bar.textContent !== text) bar.textContent = text;
    if (text && !bar.isConnected) document.body.append(bar);
  }

  function lose() {
    isLost = true;
    grace = setTimeout(() => say(words.lost ?? ""), GRACE_MS);
  }

  // What was pressed shows after a run, if it was done: the page runs again, and whoever pressed is to look.
  function recover() {
    isLost = false;
    isDoubtful = true;
    clearTimeout(grace);
    const isUnanswered = pressed && performance.now() - pressed.at < LONGEST_MS;
    say(isUnanswered ? (words.unanswered ?? "").replace("{button}", pressed.label) : "");
    if (!isUnanswered) return;
    pressed = undefined;
    fading = setTimeout(() => say(""), TOLD_MS);
    dispatchEvent(new Event("gridmuster:again"));
  }

  const isRunning = () => RUNNING.includes(app.getAttribute(SCRIPT));

  // A run that a lost line stopped leaves a page that ends in the middle, and nothing in it would ask for the rest.
  function complete() {
    if (isLost || isRunning()) return;
    isDoubtful = false;
    if (!document.querySelector('[data-gm="whole"]')) location.reload();
  }

  function look() {
    follow(app.getAttribute(CONNECTION) === "CONNECTED");
    clearTimeout(resting);
    if (isDoubtful) resting = setTimeout(complete, REST_MS);
  }

  function follow(isConnected) {
    if (pressed && isRunning()) pressed.isHeard = true;
    else if (pressed?.isHeard && isConnected) pressed = undefined;
    if (isConnected === !isLost) return;
    if (isConnected) recover();
    else lose();
  }

  document.addEventListener("click", event => {
    const button = event.target.closest?.(BUTTONS);
    if (!button || button.disabled || !app) return;
    if (!isLost) say("");
    pressed = {label: button.textContent.trim(), at: performance.now(), isHeard: false};
  }, true);

  addEventListener("gridmuster:words", ({detail}) => {
    words = detail;
    const found = document.querySelector('[data-testid="stApp"]');
    if (!found || found === app) return;
    app = found;
    new MutationObserver(look).observe(app, {attributeFilter: [CONNECTION, SCRIPT]});
  });
})();
