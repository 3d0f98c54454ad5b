/* The next 72 hours as one button an hour; the bar says how many grids are weak. Arrow keys go from hour to hour. */
const DAY = 24;

function hourButton(hour, index, data, onChoose) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "hour";
  button.setAttribute("aria-label", hour.label);
  button.title = hour.label;
  button.dataset.start = hour.start;
  button.tabIndex = -1;
  const bar = document.createElement("i");
  bar.style.height = `${data.most ? Math.max(2, (100 * hour.weak) / data.most) : 2}%`;
  bar.dataset.grade = hour.grade;
  if (hour.bare) button.classList.add("bare");
  if (hour.estimated !== null) {
    const outline = document.createElement("u");
    outline.style.height = `${data.most ? Math.max(2, (100 * hour.estimated) / data.most) : 2}%`;
    button.append(outline);
  }
  button.append(bar);
  button.onclick = () => onChoose(hour, index);
  return button;
}

function moveFocus(list, event) {
  const step = {ArrowRight: 1, ArrowLeft: -1, PageDown: DAY, PageUp: -DAY}[event.key];
  const at = list.indexOf(event.target);
  if (!step || at < 0) return;
  event.preventDefault();
  list[Math.min(list.length - 1, Math.max(0, at + step))].focus();
}

export default function strip({data, parentElement, setTriggerValue}) {
  const root = parentElement.querySelector(".strip");
  const bars = root.querySelector(".bars"), days = root.querySelector(".days"), hadFocus = root.contains(root.getRootNode().activeElement);
  bars.replaceChildren();
  days.replaceChildren();
  bars.setAttribute("aria-label", data.label);
  root.querySelector(".title").textContent = data.label;
  root.querySelector(".most").textContent = data.mostLabel;
  const list = data.hours.map((hour, i) => hourButton(hour, i, data, chosen => setTriggerValue("hour", chosen.start)));
  list.forEach((button, i) => {
    const {start, chosen} = data.hours[i];
    button.setAttribute("aria-pressed", String(chosen));
    if (start.slice(11, 13) === "00" && i) button.classList.add("midnight");
    bars.append(button);
  });
  const first = Math.max(0, data.hours.findIndex(hour => hour.chosen));
  list[first].tabIndex = 0;
  if (hadFocus) list[first].focus();
  bars.onkeydown = event => moveFocus(list, event);
  for (const day of data.days) {
    const name = document.createElement("span");
    name.textContent = day.label;
    name.style.gridColumn = `${day.first + 1} / span ${day.hours}`;
    days.append(name);
  }
}
