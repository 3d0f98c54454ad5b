/* The screen: what is shown, when it turns, what keys do. One timer ticks each second and does everything that time does. */
import {$, element, say, sync, write} from "./dom.js";
import {makeControls} from "./controls.js";
import {follow} from "./link.js";
import {WallMap} from "./map.js";
import {animate, showSection} from "./slide.js";
import {lostWords, showState} from "./status.js";

const IDLE_MS = 30000, STILL_MS = 4000, RELEASE = document.documentElement.dataset.release;
const WIDE_COLUMNS = 4;
const OWN = new Set(["theme", "turn", "paused", "at", "preview", "hour"]);
const query = new URLSearchParams(location.search);
const state = {
  briefing: null, at: 0, shownAt: Date.now(), paused: query.get("paused") === "1" || query.has("hour"), held: 0, seen: query.has("preview") ? 0 : Date.now(), ahead: 0,
  turn: Math.min(600, Math.max(2, Number(query.get("turn")) || (query.has("replay") ? 3 : 20))), lost: false, refused: false, problem: "",
  frozen: query.has("snapshot"),
};
const map = new WallMap(() => { state.held = Date.now() + IDLE_MS; });
const controls = makeControls({state, go, pause, setTurn});

function take(answer) {
  if (answer.release && answer.release !== RELEASE && reloadOnce(answer.release)) return;
  state.problem = answer.problem || "";
  if (answer.problem) {
    draw();
    return;
  }
  const name = current() ? current().name : wanted(answer);
  state.briefing = {...answer, told: answer.sections, sections: viewsOf(answer.sections)};
  const same = state.briefing.sections.findIndex(section => section.name === name);
  state.at = same >= 0 ? same : Math.min(state.at, Math.max(0, state.briefing.sections.length - 1));
  map.keepOnly(answer.sections.map(section => section.map));
  draw();
}

/** Which section the page's address names; of an hour that has not begun the last that has. */
function wanted(answer) {
  if (!query.has("hour")) return query.get("at");
  const begun = answer.sections.filter(section => Number(section.label) <= Number(query.get("hour")));
  return begun.length ? begun[begun.length - 1].name : null;
}

/** What of the page's address says which briefing is meant. */
function asked() {
  const kept = [...new URLSearchParams(location.search)].filter(([name]) => !OWN.has(name));
  return new URLSearchParams(kept).toString();
}

/** A newer program answers: load its page, but never twice for the same one. */
function reloadOnce(release) {
  if (sessionStorage.getItem("gm-release") === release) return false;
  sessionStorage.setItem("gm-release", release);
  location.reload();
  return true;
}

function current() {
  return state.briefing && state.briefing.sections[state.at];
}

function draw() {
  const {briefing} = state, section = current(), empty = !section;
  $("#nothing").hidden = !empty;
  for (const id of ["#head", "#side"]) $(id).hidden = empty;
  if (empty) write($("#nothing"), state.problem || say(briefing ? "nothing" : "loading"));
  if (!briefing) return;
  write($("#name h1"), briefing.title);
  const area = briefing.title.startsWith(briefing.area) ? "" : briefing.area;
  write($("#name p"), [area, briefing.window, briefing.mode].filter(Boolean).join("  ·  "));
  write($("#mark"), briefing.mark);
  write($("#source"), briefing.foot);
  document.title = briefing.title;
  drawDots();
  if (empty) {
    map.show(null);
    return;
  }
  const part = mapBeside(section);
  $("main").classList.toggle("mapped", Boolean(part));
  map.show(part);
  showSection(section);
  tick();
}

/** The map that stands beside a section: on a wall always one, else its own unless its table needs the whole width. */
function mapBeside(section) {
  if (wall()) return section.map || (state.briefing.sections.find(other => other.map) || {}).map || null;
  return section.table && section.table.columns.length > WIDE_COLUMNS ? null : section.map;
}

/** A section with moves on a map, a table and a chart is two views on one screen; a wall has room for all of it. */
function viewsOf(sections) {
  const isSplit = section => !wall() && section.map && section.map.arcs.length && section.table;
  return sections.flatMap(section => (isSplit(section)
    ? [{...section, table: null, chart: null}, {...section, name: `${section.name}-rows`, map: null, figures: []}]
    : [section]));
}

/** Whether this is a wall of two screens, where the map always stands beside the section. */
function wall() {
  return innerWidth / innerHeight >= 2.4;
}

function drawDots() {
  $("#dots").classList.toggle("many", state.briefing.sections.length > 9);
  sync($("#dots"), state.briefing.sections, () => {
    const dot = element("button");
    dot.type = "button";
    dot.append(element("span"), element("i"));
    dot.addEventListener("click", () => go([...dot.parentNode.children].indexOf(dot)));
    return dot;
  }, (dot, section, k) => {
    write(dot.firstChild, section.label || k + 1);
    dot.setAttribute("aria-label", section.title);
    if (k === state.at) dot.setAttribute("aria-current", "true");
    else dot.removeAttribute("aria-current");
  });
}

function go(wanted) {
  const count = state.briefing ? state.briefing.sections.length : 0;
  if (!count) return;
  state.at = (wanted + count) % count;
  state.shownAt = Date.now();
  draw();
  animate();
}

function pause(paused) {
  state.paused = paused;
  state.shownAt = Date.now();
  controls.refresh();
  tick();
}

function setTurn(seconds) {
  state.turn = seconds;
  state.shownAt = Date.now();
}

function tick() {
  const now = Date.now();
  if (state.held && now > state.held) {
    state.held = 0;
    state.shownAt = now;
    map.home();
  }
  const waiting = state.paused || state.held;
  const share = waiting || !state.briefing ? 0 : Math.min(1, (now - state.shownAt) / (1000 * state.turn));
  $("#wall").classList.toggle("still", now - state.seen > STILL_MS);
  showState(state);
  for (const dot of $("#dots").children) {
    dot.lastChild.style.transform = `scaleX(${dot.hasAttribute("aria-current") ? share.toFixed(3) : 0})`;
  }
  if (share >= 1) go(state.at + 1);
}

const KEYS = {
  ArrowRight: () => go(state.at + 1), ArrowDown: () => go(state.at + 1), PageDown: () => go(state.at + 1),
  ArrowLeft: () => go(state.at - 1), ArrowUp: () => go(state.at - 1), PageUp: () => go(state.at - 1),
  Home: () => go(0), End: () => go(-1), " ": () => pause(!state.paused),
  t: () => controls.theme(), f: () => controls.full(),
};

addEventListener("keydown", event => {
  state.seen = Date.now();
  const inMap = event.target.closest && event.target.closest("#map"), typing = event.target.matches && event.target.matches("select");
  const onButton = event.key === " " && event.target.matches && event.target.matches("button");
  if (inMap || typing || onButton || event.ctrlKey || event.metaKey || event.altKey) return;
  const number = Number(event.key);
  const act = KEYS[event.key] || (number >= 1 && state.briefing && number <= state.briefing.sections.length && (() => go(number - 1)));
  if (!act) return;
  event.preventDefault();
  act();
});
for (const event of ["pointermove", "pointerdown"]) {
  addEventListener(event, () => {
    state.seen = Date.now();
    $("#wall").classList.remove("still");
  }, {passive: true});
}
addEventListener("resize", () => {
  if (!state.briefing) return;
  state.briefing.sections = viewsOf(state.briefing.told);
  state.at = Math.min(state.at, Math.max(0, state.briefing.sections.length - 1));
  draw();
});

follow({
  address: () => `/screen/briefing.json?${asked()}`,
  take,
  told: ({lost, refused}) => {
    Object.assign(state, {lost, refused});
    if (!lost) map.retry();
    if (!state.briefing && !state.problem) write($("#nothing"), lost ? lostWords(refused) : say("making"));
    tick();
  },
  clock: stamp => { state.ahead = Date.parse(stamp) - Date.now(); },
});
draw();
setInterval(tick, 1000);
window.gmScreen = {state, map, go, pause};
