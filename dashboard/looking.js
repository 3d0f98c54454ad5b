/* Hears from watch.js what there is: another version than the page shows lets it run again; a lost store is said. */
const TOLD = "gridmuster:told", RUNNING = ["running", "rerunRequested"], PATIENCE_MS = 15000;
const asked = {version: null, at: 0};

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
    if (detail.lost || detail.version === null || detail.version === data.shown || isRunning()) return;
    // Once for each version: a page that takes long to run is not asked for again and again.
    if (asked.version === detail.version && performance.now() - asked.at < PATIENCE_MS) return;
    Object.assign(asked, {version: detail.version, at: performance.now()});
    setTriggerValue("changed", detail.version);
  }
  if (data.told) sayLost(note, data.told.lost, data.words);
  parentElement.forget?.();
  addEventListener(TOLD, take);
  return parentElement.forget = () => removeEventListener(TOLD, take);
}
