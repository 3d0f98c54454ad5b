/* Names of zones, drawn where they fit and never over each other; the wider level first, except behind estates. */
GM.labels = map => {
  const {base} = GM.sheets(map), zones = map.gmZones, margin = 4;
  const wide = {size: 14, weight: 600, share: 1.1, colour: "#1b2530"};
  const own = {size: 12, weight: 400, share: 0.62, colour: "#1b2530", shy: true};
  const middle = {size: 13, weight: 500, share: 1, colour: "#1b2530"};
  const below = {size: 12, weight: 400, share: 2.6, colour: "#1b2530", below: true};
  const quiet = {size: 12, weight: 400, share: 0.8, colour: "#56616d", shy: true};

  function drawLabels(view) {
    const {level} = zones.state;
    if (!level || !level.shapes) return;
    const taken = [], parent = zones.levels[zones.levels.indexOf(level) - 1], behind = parent && parent.shapes;
    view.plain();
    view.pen.textAlign = "center";
    view.pen.textBaseline = "middle";
    view.pen.lineJoin = "round";
    if (level.name === "estates") {
      write(view, level.shapes, below, taken);
      if (behind) write(view, behind, quiet, taken);
    } else {
      if (behind && parent.name !== "districts") write(view, behind, wide, taken);
      write(view, level.shapes, level.name === "grids" ? own : middle, taken);
    }
    map.gmWriteCounts(view, taken);
  }

  function write(view, shapes, style, taken) {
    const {pen} = view, [ox, oy] = view.offset(shapes.zones), {anchor, labels} = shapes.zones, b = shapes.boxes;
    const marks = style.shy ? map.gmMarks(view) : [];
    pen.font = `${style.weight} ${style.size}px ${GM.font}`;
    shapes.each(view, i => {
      const room = (b[4 * i + 2] - b[4 * i]) * view.scale * style.share, name = labels[i], isPoint = shapes.isPoint(i);
      if (!name || (room < style.size * Math.min(name.length, 3) && !isPoint)) return;
      const width = pen.measureText(name).width;
      if (width > room && !isPoint) return;
      const x = anchor[2 * i] * view.scale + ox;
      const y = style.below && !isPoint ? b[4 * i + 3] * view.scale + oy + 9 : anchor[2 * i + 1] * view.scale + oy + (isPoint ? 16 : 0);
      const box = [x - width / 2 - margin, y - style.size / 2 - 2, x + width / 2 + margin, y + style.size / 2 + 2];
      if (taken.some(other => GM.symbols.meet(box, other)) || marks.some(mark => GM.symbols.meet(box, mark))) return;
      taken.push(box);
      halo(pen, name, x, y, style.colour);
    });
  }

  function halo(pen, name, x, y, colour) {
    pen.strokeStyle = "rgba(255,255,255,.92)";
    pen.lineWidth = 3.5;
    pen.strokeText(name, x, y);
    pen.fillStyle = colour;
    pen.fillText(name, x, y);
  }

  base.add(60, drawLabels);
};
GM.font = '"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif';
