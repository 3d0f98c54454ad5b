/* Nodes are made once and used again: what stands on the screen for days must not pile up. Text is text, never markup. */
export const $ = selector => document.querySelector(selector);
export const words = JSON.parse($("#words").textContent);

/** The text of a word with its parameters filled in. */
export function say(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (all, key) => (key in values ? values[key] : all));
}

export function write(node, text) {
  const wanted = text === null || text === undefined ? "" : String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
}

/** Give `parent` one child for each item: children that are there are filled anew, the rest goes. */
export function sync(parent, items, make, fill) {
  while (parent.children.length > items.length) parent.lastElementChild.remove();
  while (parent.children.length < items.length) parent.append(make());
  items.forEach((item, k) => fill(parent.children[k], item, k));
}

export function element(name, className = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  return made;
}

export function drawn(name) {
  return document.createElementNS("http://www.w3.org/2000/svg", name);
}

export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** One pixel of a screen of 1920 by 1080, in pixels of this one. */
export function unit() {
  return Math.min(innerWidth / 1920, innerHeight / 1080);
}
