/* Under-served mixed estates: a diamond with a bar, larger where more people are missing. Shape first, colour second. */
GM.marks = map => {
  const {base} = GM.sheets(map), zones = map.gmZones;
  const estates = zones.levels.find(level => level.name === "estates");
  let marks = [];

  async function place() {
    const wanted = (GM.paint && GM.paint.marks) || [];
    if (!wanted.length || !estates) marks = [];
    else {
      const shapes = await zones.open(estates);
      marks = wanted.map(([i, gap]) => ({i, gap, x: shapes.zones.anchor[2 * i], y: shapes.zones.anchor[2 * i + 1]}));
    }
    base.refresh();
  }

  function radius(gap) {
    const near = Math.min(1, Math.max(0.4, 1 - 0.12 * ((estates.minZoom || 16) - map.getZoom())));
    return near * Math.min(13, 6 + 1.4 * Math.sqrt(Math.max(gap, 0)));
  }

  function drawMarks(view) {
    if (!marks.length) return;
    const [ox, oy] = view.offset(estates.shapes.zones);
    view.plain();
    for (const mark of marks) diamond(view.pen, mark.x * view.scale + ox, mark.y * view.scale + oy, radius(mark.gap));
  }

  function diamond(pen, x, y, r) {
    pen.beginPath();
    pen.moveTo(x, y - r);
    pen.lineTo(x + r, y);
    pen.lineTo(x, y + r);
    pen.lineTo(x - r, y);
    pen.closePath();
    pen.lineWidth = r < 4 ? 1.2 : 2.5;
    pen.strokeStyle = "#fff";
    pen.stroke();
    pen.fillStyle = "#D55E00";
    pen.fill();
    pen.lineWidth = r < 4 ? 0.5 : 1;
    pen.strokeStyle = "#5a2700";
    pen.stroke();
    if (r < 6) return;
    pen.fillStyle = "#fff";
    pen.fillRect(x - r / 2.2, y - 1, (2 * r) / 2.2, 2);
  }

  /** The boxes of all marks on the canvas, which names keep clear of. */
  map.gmMarks = view => {
    if (!marks.length) return [];
    const [ox, oy] = view.offset(estates.shapes.zones);
    return marks.map(mark => {
      const x = mark.x * view.scale + ox, y = mark.y * view.scale + oy, r = radius(mark.gap) - 1;
      return [x - r, y - r, x + r, y + r];
    });
  };

  GM.on("paint", place);
  GM.on("click", hit => {
    const spot = map.latLngToLayerPoint(hit.latlng);
    const struck = marks.find(mark => {
      const at = map.latLngToLayerPoint(estates.shapes.latlng(mark.x, mark.y));
      return Math.abs(at.x - spot.x) + Math.abs(at.y - spot.y) <= radius(mark.gap) + 2;
    });
    if (struck) {
      hit.taken = true;
      zones.choose(estates, struck.i);
    }
  });
  base.add(50, drawMarks);
};
