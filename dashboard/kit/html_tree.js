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
    if (more.label) node.setAttribute("aria-label", more.label);
    node.onclick = () => tell(more.choose);
  }
  node.append(...inside.map(one => build(one, tell)));
  return node;
}

export default function panel({data, parentElement, setTriggerValue}) {
  const root = parentElement.querySelector("div");
  const told = JSON.stringify(data);
  root.tell = word => setTriggerValue("chosen", word);
  if (root.told === told) return;
  root.told = told;
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.choose : undefined;
  root.replaceChildren(...data.map(part => build(part, word => root.tell(word))));
  if (focused === undefined) return;
  for (const button of root.querySelectorAll("button")) if (button.dataset.choose === focused) return button.focus({preventScroll: true});
}
