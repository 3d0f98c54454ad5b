/* Hears from watch.js what there is: another version than the page shows lets it run again; a lost store is said. */
const TOLD = "gridmuster:told", AGAIN = "gridmuster:again", RUNNING = ["running", "rerunRequested"], PATIENCE_MS = 15000;
const noticed = {version: null, at: 0}, asked = {version: null, at: 0};

function isRunning() {
  return RUNNING.includes(document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState);
}

function sayLost(note, lost, words) {
  const text = lost && words ? words.replace("{time}", lost.time).replace("{minutes}", lost.minutes) : "";
  note.hidden = !text;
  if (note.textContent !== text) note.textContent = text;
}

export default function looking({data, parentElement, setTriggerValue}) {
  const note = parentElement.querySelector(".lost");
  function take({detail}) {
    sayLost(note, detail.lost, data.words);
    const {version} = detail, now = performance.now();
    if (detail.lost || version === null || version === data.shown) return;
    if (noticed.version !== version) Object.assign(noticed, {version, at: now});
    // What runs may show it already; a page that takes long to run is not asked for again and again.
    if (isRunning() && now - noticed.at < PATIENCE_MS) return;
    if (asked.version === version && now - asked.at < PATIENCE_MS) return;
    Object.assign(asked, {version, at: now});
    setTriggerValue("changed", version);
  }
  if (data.told) sayLost(note, data.told.lost, data.words);
  const runAgain = () => setTriggerValue("changed", `again ${performance.now()}`);
  parentElement.forget?.();
  addEventListener(TOLD, take);
  addEventListener(AGAIN, runAgain);
  return parentElement.forget = () => {
    removeEventListener(TOLD, take);
    removeEventListener(AGAIN, runAgain);
  };
}
