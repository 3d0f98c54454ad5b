/* Builds a tree of parts ([tag, class, parts inside, more] or text) and tells the word of the button that was pressed. */
const TAGS = new Set(["b", "button", "code", "dd", "div", "dl", "dt", "em", "h3", "h4", "i", "p", "small", "span"]);

function build(part, tell) {
  if (typeof part === "string") return document.createTextNode(part);
  const [tag, style, inside, more = {}] = part;
  if (!TAGS.has(tag)) throw new Error(`no such part: ${tag}`);
  const node = document.createElement(tag);
  if (style) node.className = style;
  if (more.width) node.style.width = more.width;
  if (tag === "button") {
    node.type = "button";
    node.dataset.choose = more.choose;
    if (more.pressed) node.setAttribute("aria-pressed", more.pressed);
    node.onclick = () => tell(more.choose);
  }
  node.append(...inside.map(one => build(one, tell)));
  return node;
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
  if (root.told === undefined) whenConnected(() => root.waiting && root.isConnected && root.send(root.waiting));
  if (root.waiting?.startsWith(`${data.taken}|`)) root.waiting = undefined;
  const told = JSON.stringify(data.parts);
  if (root.told === told) return;
  root.told = told;
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.choose : undefined;
  root.replaceChildren(...data.parts.map(part => build(part, word => press(root, word))));
  if (focused === undefined) return;
  for (const button of root.querySelectorAll("button")) if (button.dataset.choose === focused) return button.focus({preventScroll: true});
}
