/* Moves as arcs from lender to receiver: a proposal is dashed, a pinned move has a dot at its foot. */
GM.moves = map => {
  const {base} = GM.sheets(map), zones = map.gmZones;
  const grids = zones.levels.find(level => level.name === "grids");
  let arcs = [];

  map.gmArcs = list => {
    arcs = list;
  };

  /** Draw the arcs that begin or end at some grids over what is there. */
  map.gmPatchArcs = rows => draw(base.view(), arcs.filter(arc => rows.has(arc.from) || rows.has(arc.to)));

  function draw(view, arcs) {
    if (!arcs.length || !grids || !grids.shapes) return;
    const {anchor} = grids.shapes.zones, [ox, oy] = view.offset(grids.shapes.zones);
    const at = i => [anchor[2 * i] * view.scale + ox, anchor[2 * i + 1] * view.scale + oy];
    view.plain();
    for (const arc of arcs) if (arc.from >= 0 && arc.to >= 0) drawArc(view.pen, at(arc.from), at(arc.to), arc);
  }

  function drawArc(pen, [x0, y0], [x1, y1], arc) {
    const dx = x1 - x0, dy = y1 - y0, length = Math.hypot(dx, dy);
    if (length < 6) return;
    const bend = Math.min(0.22 * length, 60), mx = (x0 + x1) / 2 + (dy / length) * bend, my = (y0 + y1) / 2 - (dx / length) * bend;
    const short = Math.min(9, length / 3) / Math.hypot(x1 - mx, y1 - my), ex = x1 - (x1 - mx) * short, ey = y1 - (y1 - my) * short;
    const slim = Math.min(Math.max(length / 48, 0.4), 1); // a short arc among many hides less of the colours
    const width = slim * Math.min(2.2 + arc.people / 9, 5), colour = arc.kind === "order" ? "#5b6570" : arc.kind === "proposal" ? "#7a3e9d" : "#0b5c9e";
    pen.lineCap = "round";
    pen.setLineDash([]);
    for (const [stroke, extra] of [["rgba(255,255,255,.92)", 3 * slim], [colour, 0]]) {
      pen.beginPath();
      pen.moveTo(x0, y0);
      pen.quadraticCurveTo(mx, my, ex, ey);
      pen.setLineDash(arc.kind === "proposal" && !extra ? [7 * slim, 6 * slim] : []);
      pen.strokeStyle = stroke;
      pen.lineWidth = width + extra;
      pen.stroke();
    }
    pen.setLineDash([]);
    head(pen, x1, y1, Math.atan2(y1 - my, x1 - mx), width + 6 * slim, colour);
    if (arc.pinned) dot(pen, x0, y0, colour);
  }

  function head(pen, x, y, angle, size, colour) {
    pen.beginPath();
    pen.moveTo(x, y);
    for (const turn of [2.65, -2.65]) pen.lineTo(x + size * 1.5 * Math.cos(angle + turn), y + size * 1.5 * Math.sin(angle + turn));
    pen.closePath();
    pen.strokeStyle = "#fff";
    pen.lineWidth = 2;
    pen.stroke();
    pen.fillStyle = colour;
    pen.fill();
  }

  function dot(pen, x, y, colour) {
    pen.beginPath();
    pen.arc(x, y, 5, 0, 2 * Math.PI);
    pen.fillStyle = colour;
    pen.fill();
    pen.lineWidth = 2;
    pen.strokeStyle = "#fff";
    pen.stroke();
  }

  base.add(70, view => draw(view, arcs));
};
