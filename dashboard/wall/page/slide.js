/* What a section says: its conclusion, figures, rows and chart, and the line that tells what found no room. */
import {$, element, say, sync, unit, write} from "./dom.js";
import {drawChart} from "./chart.js";

const FEW_ROWS = 7;
const main = $("main"), side = $("#side"), body = $("tbody"), more = $("#more");
let table = null;

export function showSection(section) {
  showTitle(section.title);
  write($("#lead"), section.lead);
  write($("#comment"), section.comment);
  showFigures(section.figures);
  showTable(section.table);
  side.classList.toggle("bare", !section.table && !section.chart);
  side.classList.toggle("pair", Boolean(section.table && section.chart));
  main.classList.toggle("words", !section.table && !section.chart && !section.figures.length);
  fitFigures();
  drawChart(section.chart);
  fit();
}

/** A figure that is wider than its box is written smaller, all of them alike: none is ever cut. */
function fitFigures() {
  const figures = [...document.querySelectorAll("#figures strong")];
  for (const figure of figures) figure.style.fontSize = "";
  const share = Math.min(1, ...figures.map(figure => figure.clientWidth / figure.scrollWidth));
  if (share < 1) for (const figure of figures) figure.style.fontSize = `${share * parseFloat(getComputedStyle(figure).fontSize)}px`;
}

/** A title breaks after a comma rather than inside a word or before a number's noun, if it then still has room. */
function showTitle(title) {
  const line = $("#head h2");
  write(line, title.replace(/(?<=\p{Script=Han}) (?=[\d<])|(?<=\d) (?=\p{Script=Han})/gu, "\u00a0"));
  line.classList.add("phrases");
  line.classList.toggle("phrases", line.scrollHeight <= line.clientHeight + 4 * unit());
}

/** Let the words come in softly; only when another section is shown. */
export function animate() {
  main.classList.remove("turning");
  void main.offsetWidth;
  main.classList.add("turning");
}

function showFigures(figures) {
  sync($("#figures"), figures, () => {
    const box = element("div", "figure");
    box.append(element("span"), element("strong"), element("em"));
    return box;
  }, (box, figure) => {
    box.className = `figure ${figure.tone}`;
    [figure.label, figure.value, figure.note].forEach((text, k) => write(box.children[k], text));
  });
}

function showTable(given) {
  table = given;
  $("#tablebox").classList.toggle("none", !given);
  if (!given) return;
  const kind = k => (given.columns[k].is_number ? "number" : "");
  sync($("thead tr"), given.columns, () => element("th"), (cell, column, k) => {
    cell.className = kind(k);
    cell.scope = "col";
    write(cell, column.name);
  });
  sync(body, given.rows, () => element("tr"), (row, cells) => {
    sync(row, cells, () => element("td"), (cell, text, k) => {
      cell.className = kind(k);
      write(cell, text);
    });
  });
}

/** Large type where that leaves all rows in view; rows closer together where that does; else as many rows as have room, and a line that says how many have not. */
function fit() {
  if (!table) return;
  const box = $("#tablebox"), few = table.rows.length <= FEW_ROWS && table.columns.length <= 4;
  box.classList.toggle("few", few);
  box.classList.remove("tight");
  for (const [name, wanted] of [["few", false], ["tight", true]]) {
    if (show(table.rows.length) === table.rows.length) return;
    box.classList.toggle(name, wanted);
  }
  show(table.rows.length);
}

/** Show that many rows or fewer, whatever fits; return how many. */
function show(wanted) {
  const rows = [...body.children], lower = $("#lower"), box = $("#tablebox");
  let shown = wanted;
  for (;;) {
    rows.forEach((row, k) => { row.hidden = k >= shown; });
    const left = table.left_out + table.rows.length - shown;
    more.hidden = !left;
    if (left) write(more, say("more", {number: left.toLocaleString("en-US")}));
    if (shown <= 1 || !isCut(box, lower)) return shown;
    shown--;
  }
}

/** Whether the rows reach below the room they have; a hair of rounding is no cut. */
function isCut(box, lower) {
  const last = more.hidden ? $("table") : more, bottom = node => node.getBoundingClientRect().bottom;
  return bottom(last) > Math.min(bottom(box), bottom(lower)) + 4 * unit();
}

new ResizeObserver(fit).observe(side);
