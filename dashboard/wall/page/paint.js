/* How a map is painted: water, zones in their classes, roads, borders with names, marks and arcs, all in the size of the screen. */
import {unit} from "./dom.js";

const GM = window.GM;
const FEW_ARCS = 12, MANY_ARCS = 60;
const INK = "#14202c", HALO = "rgba(255,255,255,.94)";
const FONT = '"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif';

export class Painter {
  constructor(map) {
    this.map = map;
    this.part = null;
    this.chosen = -1;
    this.filling = null;
    const {base, top} = GM.sheets(map);
    this.sheets = [base, top];
    base.add(10, view => this.part && this.water(view));
    base.add(20, view => this.part && this.fills(view));
    base.add(30, view => this.part && this.roads(view));
    base.add(40, view => this.part && this.borders(view));
    base.add(50, view => this.part && this.marks(view));
    base.add(55, view => this.part && this.arcs(view));
    base.add(60, view => this.part && this.names(view));
    top.add(10, view => this.part && this.outlineChosen(view));
  }

  take(part, shapesOf) {
    this.filling = this.filling || new GM.Fills(part.hatches);
    this.part = {...part, shapes: shapesOf(part.zones), wider: part.borders.map(shapesOf),
      waterShapes: shapesOf(part.base.water), roadShapes: shapesOf(part.base.roads)};
    this.chosen = -1;
    for (const sheet of this.sheets) sheet.refresh();
  }

  ring(i) {
    this.chosen = i;
    this.sheets[1].refresh();
  }

  water(view) {
    const shapes = this.part.waterShapes;
    if (!shapes) return;
    const {pen} = view, {zones} = shapes;
    view.enter(zones);
    pen.fillStyle = pen.strokeStyle = "#7fb4d1";
    pen.lineWidth = Math.max(2 * unit(), view.scale) / view.scale;
    shapes.each(view, i => (zones.kind[zones.ringOf[i]] === 0 ? pen.fill(shapes.path(i), "evenodd") : pen.stroke(shapes.path(i))));
  }

  fills(view) {
    const {shapes, classes, colours, lines} = this.part, {pen} = view;
    if (!shapes) return;
    view.enter(shapes.zones);
    pen.lineWidth = 1.2 * unit() / view.scale;
    this.filling.at(view.scale);
    shapes.each(view, i => {
      const path = spot(shapes, i, view);
      this.filling.fill(pen, path, classes[i], colours);
      pen.strokeStyle = shapes.isPoint(i) ? INK : lines[classes[i]];
      pen.stroke(path);
    });
  }

  roads(view) {
    const shapes = this.part.roadShapes;
    if (!shapes) return;
    const {pen} = view, main = /primary|main|trunk|way|secondary|干|主/;
    view.enter(shapes.zones);
    pen.lineCap = pen.lineJoin = "round";
    for (const [colour, width] of [["rgba(70,80,92,.45)", 4.4], ["rgba(255,255,255,.9)", 2.6]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width * unit() / view.scale;
      shapes.each(view, i => main.test(shapes.zones.kinds[i] || "") && pen.stroke(shapes.path(i)));
    }
  }

  borders(view) {
    const {wider} = this.part, {pen} = view;
    [...wider].reverse().forEach((shapes, above) => {
      view.enter(shapes.zones);
      pen.lineJoin = "round";
      const width = 2.4 + 1.6 * above;
      for (const [colour, extra] of [["rgba(255,255,255,.9)", 2.4], ["rgb(24,34,46)", 0]]) {
        pen.strokeStyle = colour;
        pen.lineWidth = (width + extra) * unit() / view.scale;
        shapes.each(view, i => pen.stroke(shapes.path(i)));
      }
    });
  }

  marks(view) {
    const {marks, shapes} = this.part;
    if (!marks || !shapes) return;
    view.plain();
    marks.places.forEach(([lon, lat], k) => {
      const [x, y] = place(view, lon, lat), r = Math.min(20, 9 + 1.6 * Math.sqrt(Math.max(0, marks.gaps[k]))) * unit();
      diamond(view.pen, x, y, r);
    });
  }

  /** Names of the narrowest borders and, where they have room, of zones; never over each other. */
  names(view) {
    const {wider, shapes} = this.part, taken = [];
    view.plain();
    view.pen.textAlign = "center";
    view.pen.textBaseline = "middle";
    view.pen.lineJoin = "round";
    this.labelArcs(view, taken);
    const named = wider[wider.length - 1];
    if (named && named.zones.n > 1) this.write(view, named, 600, 1.15, taken);
    if (shapes) this.write(view, shapes, 400, named ? 0.8 : 1.1, taken);
  }

  write(view, shapes, weight, share, taken) {
    const {pen} = view, size = 28 * unit(), [ox, oy] = view.offset(shapes.zones), b = shapes.boxes, {anchor, labels} = shapes.zones;
    pen.font = `${weight} ${size}px ${FONT}`;
    shapes.each(view, i => {
      const width = pen.measureText(labels[i] || "").width;
      if (!width || width > (b[4 * i + 2] - b[4 * i]) * view.scale * share) return;
      tag(pen, labels[i], anchor[2 * i] * view.scale + ox, anchor[2 * i + 1] * view.scale + oy, width, size, taken);
    });
  }

  /** Moves as arcs from lender to receiver, thinner where there are many. */
  arcs(view) {
    const {arcs} = this.part, u = unit() * (arcs.length > MANY_ARCS ? 0.45 : arcs.length > FEW_ARCS ? 0.7 : 1);
    view.plain();
    for (const arc of arcs) arrow(view.pen, place(view, ...arc.start), place(view, ...arc.end), u);
  }

  /** What moves along few arcs, below their heads; many would hide the map. */
  labelArcs(view, taken) {
    const {arcs} = this.part, {pen} = view, size = 28 * unit();
    if (arcs.length > FEW_ARCS) return;
    pen.font = `600 ${size}px ${FONT}`;
    for (const arc of arcs) {
      const [x, y] = place(view, ...arc.end);
      tag(pen, arc.label, x, y + size * 1.1, pen.measureText(arc.label).width, size, taken);
    }
  }

  outlineChosen(view) {
    const {shapes} = this.part;
    if (this.chosen < 0 || !shapes) return;
    const {pen} = view, path = (view.enter(shapes.zones), spot(shapes, this.chosen, view));
    pen.lineJoin = "round";
    for (const [colour, width] of [["#fff", 9], [INK, 5]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width * unit() / view.scale;
      pen.stroke(path);
    }
  }
}

/** The path of a shape; a point becomes a disc. */
function spot(shapes, i, view) {
  if (!shapes.isPoint(i)) return shapes.path(i);
  const disc = new Path2D(), {anchor} = shapes.zones;
  disc.arc(anchor[2 * i], anchor[2 * i + 1], 9 * unit() / view.scale, 0, 2 * Math.PI);
  return disc;
}

function place(view, lon, lat) {
  const [x, y] = GM.world(lon, lat);
  return [x * view.scale - view.corner.x, y * view.scale - view.corner.y];
}

function tag(pen, text, x, y, width, size, taken) {
  const box = [x - width / 2 - 6, y - size / 2 - 3, x + width / 2 + 6, y + size / 2 + 3];
  if (taken.some(other => other[0] < box[2] && other[2] > box[0] && other[1] < box[3] && other[3] > box[1])) return;
  taken.push(box);
  pen.strokeStyle = HALO;
  pen.lineWidth = size / 4;
  pen.strokeText(text, x, y);
  pen.fillStyle = INK;
  pen.fillText(text, x, y);
}

function diamond(pen, x, y, r) {
  pen.beginPath();
  pen.moveTo(x, y - r);
  pen.lineTo(x + r, y);
  pen.lineTo(x, y + r);
  pen.lineTo(x - r, y);
  pen.closePath();
  pen.lineWidth = r / 4;
  pen.strokeStyle = "#fff";
  pen.stroke();
  pen.fillStyle = "#d55e00";
  pen.fill();
  pen.lineWidth = r / 12;
  pen.strokeStyle = "#5a2700";
  pen.stroke();
  pen.fillStyle = "#fff";
  pen.fillRect(x - r / 2.2, y - r / 10, (2 * r) / 2.2, r / 5);
}

function arrow(pen, [x0, y0], [x1, y1], u) {
  const dx = x1 - x0, dy = y1 - y0, length = Math.hypot(dx, dy);
  if (length < 8 * u) return;
  const bend = Math.min(0.22 * length, 90 * u), mx = (x0 + x1) / 2 + (dy / length) * bend, my = (y0 + y1) / 2 - (dx / length) * bend;
  const reach = Math.hypot(x1 - mx, y1 - my), cut = Math.min(14 * u, length / 3) / reach;
  pen.lineCap = "round";
  for (const [colour, width] of [[HALO, 11 * u], ["#6a2d91", 6 * u]]) {
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.quadraticCurveTo(mx, my, x1 - (x1 - mx) * cut, y1 - (y1 - my) * cut);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }
  const angle = Math.atan2(y1 - my, x1 - mx), size = 24 * u;
  pen.beginPath();
  pen.moveTo(x1, y1);
  for (const turn of [2.65, -2.65]) pen.lineTo(x1 + size * Math.cos(angle + turn), y1 + size * Math.sin(angle + turn));
  pen.closePath();
  pen.fillStyle = "#6a2d91";
  pen.fill();
}
