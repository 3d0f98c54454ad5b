/* Builds a tree of parts ([tag, class, parts inside, more] or text) and tells the word of the button that was pressed. */
const TAGS = new Set(["b", "button", "code", "dd", "div", "dl", "dt", "em", "h3", "h4", "i", "p", "small", "span"]);

function build(part, tell) {
  if (typeof part === "string") return document.createTextNode(part);
  const [tag, style, inside, more = {}] = part;
  if (!TAGS.has(tag)) throw new Error(`no such part: ${tag}`);
  const node = document.createElement(tag);
  if (style) node.className = style;
  if (more.width) node.style.width = more.width;
  if (more.height) node.style.height = more.height;
  if (more.hint) node.title = more.hint;
  if (more.label) node.setAttribute("aria-label", more.label);
  if (tag === "button") dress(node, more, tell);
  if (more.drop) node.dataset.drop = more.drop;
  if (more.drag) draggable(node, more.drag, tell);
  node.append(...inside.map(one => build(one, tell)));
  if (more.list) walkable(node, Number(more.columns) || 1);
  return node;
}

function dress(node, more, tell) {
  node.type = "button";
  node.dataset.choose = more.choose;
  if (more.pressed) node.setAttribute("aria-pressed", more.pressed);
  node.onclick = () => tell(more.choose);
  if (!more.enter) return;
  node.onkeydown = event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    tell(more.enter);
  };
}

const HOLD_MS = 350, SLOP_PX = 6;

/** What is dragged, by mouse at once and by finger after a hold, tells `drop:<itself>><what it is let go on>`. */
function draggable(node, word, tell) {
  node.dataset.drag = word;
  node.addEventListener("pointerdown", event => {
    if (event.button || event.target.closest("button")) return;
    if (event.pointerType === "mouse") event.preventDefault();
    const from = {x: event.clientX, y: event.clientY}, isTouch = event.pointerType === "touch";
    let chip, over, timer = isTouch ? setTimeout(lift, HOLD_MS) : 0;
    function lift() {
      timer = 0;
      chip = Object.assign(document.createElement("div"), {className: "gm-chip", textContent: node.querySelector("b")?.textContent || ""});
      document.body.append(chip);
      node.classList.add("gm-lifted");
    }
    function move(to) {
      if (!chip) {
        if (Math.hypot(to.clientX - from.x, to.clientY - from.y) < SLOP_PX) return;
        if (isTouch) return end();
        lift();
      }
      to.preventDefault();
      chip.style.left = `${to.clientX}px`;
      chip.style.top = `${to.clientY}px`;
      const now = document.elementFromPoint(to.clientX, to.clientY)?.closest("[data-drop]");
      if (now === over) return;
      over?.classList.remove("gm-over");
      over = now;
      over?.classList.add("gm-over");
    }
    function drop() {
      if (chip && over) tell(`drop:${word}>${over.dataset.drop}`);
      end();
    }
    function end() {
      clearTimeout(timer);
      chip?.remove();
      over?.classList.remove("gm-over");
      node.classList.remove("gm-lifted");
      for (const [kind, act] of acts) document.removeEventListener(kind, act);
    }
    const held = touch => chip && touch.preventDefault(), escape = key => key.key === "Escape" && end();
    const acts = [["pointermove", move], ["pointerup", drop], ["pointercancel", end], ["keydown", escape], ["touchmove", held]];
    for (const [kind, act] of acts) document.addEventListener(kind, act, {passive: false});
  });
}

/** A list is one stop of the Tab key; arrows, Home and End move inside, from button to button, in so many columns. */
function walkable(list, columns) {
  const buttons = [...list.querySelectorAll("button")];
  const stop = buttons.find(button => button.getAttribute("aria-pressed") === "true") || buttons[0];
  list.setAttribute("role", "group");
  for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  list.addEventListener("focusin", event => {
    for (const button of buttons) button.tabIndex = button === event.target ? 0 : -1;
  });
  list.addEventListener("keydown", event => {
    const k = buttons.indexOf(document.activeElement);
    const to = {ArrowDown: k + columns, ArrowRight: k + 1, ArrowUp: k - columns, ArrowLeft: k - 1, Home: 0, End: buttons.length - 1}[event.key];
    if (to === undefined || k < 0 || (columns > 1 && (to < 0 || to >= buttons.length))) return;
    event.preventDefault();
    buttons[Math.min(Math.max(to, 0), buttons.length - 1)].focus();
  });
}

/** Ask to hear when the page is connected to the server again. */
function whenConnected(act) {
  const app = document.querySelector('[data-testid="stApp"]'), STATE = "data-test-connection-state";
  if (!app) return;
  new MutationObserver(() => {
    if (app.getAttribute(STATE) === "CONNECTED") act();
  }).observe(app, {attributeFilter: [STATE]});
}

let pressed = 0;

/** Keep what was pressed until the server says that it has it: a press made while the connection is gone is told again. */
function press(root, word) {
  root.waiting = `${Date.now().toString(36)}${(pressed += 1)}|${word}`;
  root.send(root.waiting);
}

export default function panel({data, parentElement, setTriggerValue}) {
  const root = parentElement.querySelector("div");
  root.send = message => setTriggerValue("chosen", message);
  if (data.live) root.setAttribute("aria-live", "polite");
  if (root.told === undefined) whenConnected(() => root.waiting && root.isConnected && root.send(root.waiting));
  if (root.waiting?.startsWith(`${data.taken}|`)) root.waiting = undefined;
  const told = JSON.stringify(data.parts);
  if (root.told === told) return;
  root.told = told;
  const before = [...root.querySelectorAll("button")], at = before.indexOf(document.activeElement);
  const focused = at < 0 ? undefined : before[at].dataset.choose;
  const scrolled = [...root.querySelectorAll("div")].map(node => [node.scrollTop, node.scrollLeft]);
  root.replaceChildren(...data.parts.map(part => build(part, word => press(root, word))));
  if (scrolled.some(([top, left]) => top > 0 || left > 0)) [...root.querySelectorAll("div")].forEach((node, k) => scrolled[k] && node.scrollTo(scrolled[k][1], scrolled[k][0]));
  if (focused === undefined) return;
  const after = [...root.querySelectorAll("button")];
  const next = after.find(button => button.dataset.choose === focused) || after[Math.min(at, after.length - 1)];
  if (next) next.focus({preventScroll: true});
}
