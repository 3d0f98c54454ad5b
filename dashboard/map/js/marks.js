/* Under-served mixed estates: single diamonds where few are in view, larger where more people are missing; else their number by zone. */
GM.marks = map => {
  const {base} = GM.sheets(map), zones = map.gmZones, height = 13;
  const estates = zones.levels.find(level => level.name === "estates");
  let marks = [], isPlaced = false;
  map.gmSymbols = {count: 0, level: null};

  function take() {
    const inside = GM.inside("estates"), told = (GM.paint && GM.paint.marks) || [];
    marks = estates ? told.filter(([i]) => !inside || inside.has(i)).map(([i, gap]) => ({i, gap})) : [];
    isPlaced = false;
    place();
    base.refresh();
  }

  /** Give each estate its place, once their geometry is there. */
  function place() {
    if (isPlaced || !estates || !estates.shapes) return;
    const {anchor} = estates.shapes.zones;
    for (const mark of marks) [mark.x, mark.y] = [anchor[2 * mark.i], anchor[2 * mark.i + 1]];
    isPlaced = true;
  }

  /** The level whose zones are counted: the one that shows, or the next wider one. */
  function countLevel() {
    const counts = (GM.paint && GM.paint.markCounts) || {}, {level} = zones.state;
    const known = zones.levels.filter(one => counts[one.name] && one.shapes);
    return known.findLast(one => zones.levels.indexOf(one) <= zones.levels.indexOf(level)) || known[0] || null;
  }

  /** The window of the map on the canvas, which reaches beyond it. */
  function frame(view) {
    const corner = map.getPixelBounds().min, size = map.getSize(), [west, north] = [corner.x - view.corner.x, corner.y - view.corner.y];
    return [west, north, west + size.x, north + size.y];
  }

  function single(view) {
    if (!estates || !marks.length || !zones.state.level) return [];
    if (!estates.shapes && mayBeFew(view)) zones.open(estates).then(() => base.refresh());
    place();
    if (!isPlaced) return null;
    const [ox, oy] = view.offset(estates.shapes.zones), [west, north, east, south] = frame(view);
    const there = marks.filter(({x, y}) => {
      const [px, py] = [x * view.scale + ox, y * view.scale + oy];
      return px >= west && px <= east && py >= north && py <= south;
    });
    return GM.symbols.areFew(there.length) ? marks : null;
  }

  /** Whether it is worth fetching the estates to count those in view: not where the zones in view hold many more. */
  function mayBeFew(view) {
    const level = countLevel();
    if (!level || ["grids", "estates"].includes(zones.state.level.name)) return true;
    let count = 0;
    level.shapes.each(view, i => (count += GM.paint.markCounts[level.name].counts[i]));
    return GM.symbols.areFew(count / 4);
  }

  function radius(gap) {
    const near = Math.min(1, Math.max(0.4, 1 - 0.12 * ((estates.minZoom || 16) - map.getZoom())));
    return near * Math.min(13, 6 + 1.4 * Math.sqrt(Math.max(gap, 0)));
  }

  function drawMarks(view) {
    const shown = single(view), level = shown ? null : countLevel();
    if (map.gmSymbols.level !== level || map.gmSymbols.count !== marks.length) {
      map.gmSymbols = {level, count: marks.length};
      GM.emit("symbols");
    }
    if (!shown || !shown.length) return;
    const [ox, oy] = view.offset(estates.shapes.zones);
    view.plain();
    for (const mark of shown) diamond(view.pen, mark.x * view.scale + ox, mark.y * view.scale + oy, radius(mark.gap));
  }

  /** Write how many there are in the zones that have most, where names leave room; called when names are written. */
  map.gmWriteCounts = (view, taken) => {
    const {level} = map.gmSymbols, {pen} = view;
    if (!level || !marks.length) return;
    pen.font = `600 11px ${GM.font}`;
    const size = map.getSize();
    for (const {count, spot: [west, north, east, south]} of GM.symbols.choose(figures(view, level), taken, size.x * size.y)) {
      pen.lineWidth = 3;
      pen.strokeStyle = "rgba(255,255,255,.92)";
      pen.strokeText(count, (west + east) / 2, (north + south) / 2);
      pen.fillStyle = "#7a2d00";
      pen.fillText(count, (west + east) / 2, (north + south) / 2);
      taken.push([west, north, east, south]);
    }
  };

  function figures(view, level) {
    const {shapes} = level, {counts} = GM.paint.markCounts[level.name], inside = GM.inside(level.name);
    const [ox, oy] = view.offset(shapes.zones), {anchor} = shapes.zones, b = shapes.boxes, [west, north, east, south] = frame(view), list = [];
    shapes.each(view, i => {
      if (!counts[i] || (inside && !inside.has(i))) return;
      const x = anchor[2 * i] * view.scale + ox, y = anchor[2 * i + 1] * view.scale + oy, half = view.pen.measureText(counts[i]).width / 2 + 3;
      const zone = [b[4 * i] * view.scale + ox, b[4 * i + 1] * view.scale + oy, b[4 * i + 2] * view.scale + ox, b[4 * i + 3] * view.scale + oy];
      const spots = [0, height, -height].map(down => [x - half, y + down - height / 2, x + half, y + down + height / 2])
        .filter(box => holds(zone, box) && holds([west, north, east, south], box));
      if (spots.length) list.push({i, count: counts[i], spots});
    });
    return list;
  }

  function holds(outer, box) {
    return box[0] >= outer[0] && box[1] >= outer[1] && box[2] <= outer[2] && box[3] <= outer[3];
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

  /** The boxes of single marks on the canvas, which names keep clear of. */
  map.gmMarks = view => {
    if (!marks.length || !isPlaced || map.gmSymbols.level) return [];
    const [ox, oy] = view.offset(estates.shapes.zones);
    return marks.map(mark => {
      const x = mark.x * view.scale + ox, y = mark.y * view.scale + oy, r = radius(mark.gap) - 1;
      return [x - r, y - r, x + r, y + r];
    });
  };

  GM.on("paint", take);
  GM.on("click", hit => {
    if (map.gmSymbols.level || !isPlaced) return;
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
