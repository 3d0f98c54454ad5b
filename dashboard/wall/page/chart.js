/* Bars and lines in SVG. The nodes of the chart before are used again. */
import {$, drawn, element, say, set, sync, unit, write} from "./dom.js";

const box = $("#chart"), svg = $("#chart svg"), caption = $("#chart figcaption");
const layers = Object.fromEntries(["rules", "marks", "ticks", "labels", "tip"].map(name => [name, svg.appendChild(drawn("g"))]));
const pen = document.createElement("canvas").getContext("2d");
let shown = null;

export function drawChart(chart) {
  shown = chart;
  box.classList.toggle("none", !chart);
  if (!chart) return;
  sync(caption, namesOf(chart), () => {
    const item = element("span");
    item.append(element("i"), element("b"));
    return item;
  }, (node, {name, isUnit}) => {
    node.firstChild.className = isUnit ? "none" : "";
    write(node.lastChild, name);
  });
  svg.setAttribute("aria-label", chart.series.map(series => series.name).join(", "));
  draw();
}

/** What the colours mean, and once what is counted. */
function namesOf({series, unit: counted}) {
  return [...series.map(({name}) => ({name})), ...(counted ? [{name: say("unit", {unit: counted}), isUnit: true}] : [])];
}

function draw() {
  const width = svg.clientWidth, height = svg.clientHeight;
  if (!shown || !width || !height) return;
  const u = unit(), values = shown.series.flatMap(series => series.values).filter(value => value !== null);
  const ticks = niceTicks(Math.max(1, ...values)), top = ticks[ticks.length - 1];
  pen.font = `${28 * u}px sans-serif`;
  const left = Math.max(...ticks.map(tick => pen.measureText(tick.toLocaleString()).width)) + 18 * u;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const widest = Math.max(0, ...shown.labels.map(label => pen.measureText(label).width));
  if (shown.kind === "bars" && shown.labels.length < 30 && widest > (width - left) / shown.labels.length) {
    drawRows({x: widest + 18 * u, y: 8 * u, w: width - widest - 26 * u, h: height - 60 * u}, ticks, u);
    return;
  }
  const area = {x: left, y: 44 * u, w: width - left - 8 * u, h: height - 92 * u};
  const y = value => area.y + area.h * (1 - value / top);
  const slot = area.w / Math.max(1, shown.labels.length), x = k => area.x + slot * (k + 0.5);
  drawTicks(ticks, area, y, u);
  drawLabels(area, slot, x, u, widest);
  if (shown.kind === "bars") drawBars(area, slot, x, y);
  else drawLines(x, y);
  drawTip(area, x, u);
}

/** Bars that lie, each beside its name: for names too long to stand under their bars; as many as can be read. */
function drawRows(area, ticks, u) {
  const top = ticks[ticks.length - 1], fits = Math.max(1, Math.min(shown.labels.length, Math.floor(area.h / (36 * u))));
  const slot = area.h / fits, count = shown.series.length, thick = (0.72 * slot) / count;
  const x = value => area.x + (area.w * value) / top, y = k => area.y + slot * (k + 0.5);
  sync(layers.rules, ticks, () => set(drawn("line"), {class: "rule"}), (line, tick) =>
    set(line, {x1: x(tick), x2: x(tick), y1: area.y, y2: area.y + area.h}));
  sync(layers.ticks, ticks, () => drawn("text"), (text, tick) => {
    set(text, {x: x(tick), y: area.y + area.h + 36 * u, "text-anchor": tick === top ? "end" : "middle"});
    write(text, tick.toLocaleString());
  });
  sync(layers.labels, shown.labels.slice(0, fits), () => drawn("text"), (text, label, k) => {
    set(text, {x: area.x - 12 * u, y: y(k) + 10 * u, "text-anchor": "end"});
    write(text, label);
  });
  const bars = shown.series.flatMap((series, s) => series.values.slice(0, fits).map((value, k) => ({value, k, s})));
  keepOnly("rect");
  sync(layers.marks, bars.filter(bar => bar.value !== null), () => drawn("rect"), (rect, {value, k, s}) =>
    set(rect, {class: `s${s % 3}`, x: area.x, y: y(k) + (s - count / 2) * thick, width: Math.max(0, x(value) - area.x), height: thick}));
  tellLeft(shown.labels.length - fits, area, u);
}

/** How many rows found no room, in the corner where bars are short. */
function tellLeft(left, area, u) {
  sync(layers.tip, left ? [left] : [], () => drawn("g"), group => {
    if (group.firstElementChild && group.firstElementChild.tagName !== "text") group.replaceChildren();
    sync(group, [left], () => drawn("text"), text => {
      set(text, {class: "mark", x: area.x + area.w, y: area.y + area.h - 12 * u, "text-anchor": "end"});
      write(text, say("more", {number: left}));
    });
  });
}

function niceTicks(highest) {
  const rough = highest / 3, power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].find(candidate => candidate * power >= rough) * power);
  return Array.from({length: Math.ceil(highest / step) + 1}, (_, k) => k * step);
}

function drawTicks(ticks, area, y, u) {
  sync(layers.rules, ticks, () => set(drawn("line"), {class: "rule"}), (line, tick) =>
    set(line, {x1: area.x, x2: area.x + area.w, y1: y(tick), y2: y(tick)}));
  sync(layers.ticks, ticks, () => set(drawn("text"), {"text-anchor": "end"}), (text, tick) => {
    set(text, {x: area.x - 12 * u, y: y(tick) + 10 * u});
    write(text, tick.toLocaleString());
  });
}

/** Every how many-th label is written and from which on: hours at midnight, 6, 12 and 18 rather than at odd ones. */
function roundSteps(needed) {
  const hours = shown.labels.map(label => (/(\d\d)(?::00)?$/.exec(label) || [])[1]);
  const step = hours.length < 13 || hours.includes(undefined) ? 0 : [1, 2, 3, 4, 6, 12, 24].find(one => one >= needed);
  return step ? {step, first: hours.findIndex(hour => Number(hour) % step === 0)} : {step: needed, first: 0};
}

/** As many labels as have room. */
function drawLabels(area, slot, x, u, widest) {
  const {step, first} = roundSteps(Math.max(1, Math.ceil((widest + 24 * u) / slot))), kept = [];
  let end = -Infinity;
  shown.labels.forEach((label, k) => {
    const half = pen.measureText(label).width / 2, at = Math.min(Math.max(x(k), area.x + half), area.x + area.w - half);
    if (k < first || (k - first) % step || at - half < end + 12 * u) return;
    end = at + half;
    kept.push({label, at});
  });
  sync(layers.labels, kept, () => drawn("text"), (text, {label, at}) => {
    set(text, {x: at, y: area.y + area.h + 36 * u, "text-anchor": "middle"});
    write(text, label);
  });
}

function drawBars(area, slot, x, y) {
  const count = shown.series.length, wide = slot * (shown.labels.length > 30 ? 0.82 : 0.66) / count;
  const bars = shown.series.flatMap((series, s) => series.values.map((value, k) => ({value, k, s})));
  keepOnly("rect");
  sync(layers.marks, bars.filter(bar => bar.value !== null), () => drawn("rect"), (rect, {value, k, s}) =>
    set(rect, {class: `s${s % 3}`, x: x(k) + (s - count / 2) * wide, y: y(value), width: wide, height: Math.max(0, area.y + area.h - y(value))}));
}

function drawLines(x, y) {
  keepOnly("path");
  sync(layers.marks, shown.series, () => drawn("path"), (path, series, s) => {
    let line = "", lifted = true;
    series.values.forEach((value, k) => {
      if (value !== null) line += `${lifted ? "M" : "L"}${x(k).toFixed(1)} ${y(value).toFixed(1)}`;
      lifted = value === null;
    });
    set(path, {class: `s${s % 3}`, d: line});
  });
}

function keepOnly(name) {
  if (layers.marks.firstElementChild && layers.marks.firstElementChild.tagName !== name) layers.marks.replaceChildren();
}

function drawTip(area, x, u) {
  const there = shown.marked !== null && shown.marked < shown.labels.length;
  sync(layers.tip, there ? ["line", "text"] : [], () => drawn("g"), (group, kind) => {
    if (group.firstElementChild && group.firstElementChild.tagName !== kind) group.replaceChildren();
    sync(group, [kind], () => drawn(kind), node => {
      const at = x(shown.marked);
      if (kind === "line") set(node, {class: "tip", x1: at, x2: at, y1: area.y - 6 * u, y2: area.y + area.h});
      else {
        const half = pen.measureText(shown.marked_text).width / 2 + 8 * u;
        set(node, {class: "mark", x: Math.min(Math.max(at, area.x + half), area.x + area.w - half), y: area.y - 20 * u, "text-anchor": "middle"});
        write(node, shown.marked_text);
      }
    });
  });
}

new ResizeObserver(draw).observe(svg);
