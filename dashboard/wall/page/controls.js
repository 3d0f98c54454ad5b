/* The bar that appears with the mouse: steer, hold, how long a section stands, light or dark, language, whole screen. */
import {$, element, say, write} from "./dom.js";

const TURNS = [10, 15, 20, 30, 45, 60, 120];

export function makeControls({state, go, pause, setTurn}) {
  const bar = $("#controls");
  bar.setAttribute("aria-label", say("controls"));
  const button = (text, act) => {
    const made = element("button");
    made.type = "button";
    write(made, text);
    made.addEventListener("click", act);
    bar.append(made);
    return made;
  };
  button(say("before"), () => go(state.at - 1));
  const hold = button("", () => pause(!state.paused));
  button(say("next"), () => go(state.at + 1));
  bar.append(makeTurn(state, setTurn));
  const shade = button("", theme);
  button(say("otherLanguage"), () => change("lang", document.documentElement.lang.startsWith("zh") ? "en" : "zh"));
  button(say("full"), full);

  function theme() {
    const root = document.documentElement, wanted = root.dataset.theme === "dark" ? "light" : "dark";
    root.dataset.theme = wanted;
    const address = new URL(location.href);
    address.searchParams.set("theme", wanted);
    history.replaceState(null, "", address);
    refresh();
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen().catch(() => {});
  }

  function refresh() {
    write(hold, say(state.paused ? "play" : "pause"));
    write(shade, say(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  }

  refresh();
  return {refresh, theme, full};
}

function change(name, value) {
  const address = new URL(location.href);
  address.searchParams.set(name, value);
  location.assign(address);
}

function makeTurn(state, setTurn) {
  const label = element("label"), word = element("span"), choice = element("select");
  write(word, say("turn"));
  for (const seconds of [...new Set([...TURNS, state.turn])].sort((a, b) => a - b)) {
    const option = element("option");
    option.value = seconds;
    option.selected = seconds === state.turn;
    write(option, say("seconds", {number: seconds}));
    choice.append(option);
  }
  choice.addEventListener("change", () => setTurn(Number(choice.value)));
  label.append(word, choice);
  return label;
}
