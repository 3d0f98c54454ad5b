/* The clock, the age of the data, the connection: in words and in shape, not by colour alone. */
import {$, say, write} from "./dom.js";

const LATE_MS = 180000, MINUTES_A_DAY = 1440;

/** The server's time; a wall's own clock may be anything. */
function present(state) {
  return new Date(Date.now() + state.ahead);
}

const two = number => String(number).padStart(2, "0");
const stamp = date => `${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;

function ageWords(minutes) {
  if (minutes < 1) return say("fresh");
  if (minutes < 120) return say("minutes", {number: minutes});
  if (minutes < 2 * MINUTES_A_DAY) return say("hoursOld", {number: Math.floor(minutes / 60)});
  return say("days", {number: Math.floor(minutes / MINUTES_A_DAY)});
}

export function lostWords(refused) {
  return say(refused ? "refused" : "lost");
}

export function showState(state) {
  const now = present(state), {briefing} = state;
  write($("#clock time"), `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`);
  write($("#clock span"), `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${say("weekdays").split(" ")[now.getDay()]}`);
  const frozen = Boolean(briefing && briefing.number !== null);
  const past = briefing && briefing.replay, link = state.lost ? "lost" : frozen || past ? "frozen" : "live";
  if ($("#link").className !== link) $("#link").className = link;
  write($("#link b"), linkWords(state, link));
  showAge(state, now, frozen);
}

function linkWords(state, link) {
  const {briefing} = state;
  const words = link === "lost" ? say("off") : link === "live" ? say("live") : briefing.replay ? say("replay") : say("frozen", {number: briefing.number});
  return state.paused ? `${words} · ${say("paused")}` : state.held ? `${words} · ${say("held")}` : words;
}

function showAge(state, now, frozen) {
  const {briefing} = state, dataAt = briefing && briefing.data_at ? new Date(briefing.data_at) : null;
  const minutes = dataAt ? Math.max(0, Math.floor((now - dataAt) / 60000)) : null;
  const age = frozen ? say("madeAt", {time: stamp(new Date(briefing.made_at))}) : dataAt ? ageWords(minutes) : briefing && !briefing.replay ? say("ageUnknown") : "";
  write($("#age"), age);
  const warning = state.lost ? lostWords(state.refused) : briefing && (state.problem || (frozen || briefing.replay ? "" : lateWords(briefing, now)));
  $("#alert").hidden = !warning;
  write($("#alert"), warning);
}

/** Figures that were not made anew for longer than a minute and the making of a city's take, or an import that is overdue; quiet hours are neither. */
function lateWords(briefing, now) {
  const madeAt = new Date(briefing.made_at), due = briefing.import_due && new Date(briefing.import_due);
  if (now - madeAt >= LATE_MS) return say("late", {time: stamp(madeAt)});
  return due && now >= due ? say("overdue", {time: stamp(due)}) : "";
}
