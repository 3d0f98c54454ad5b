/* Names of zones, drawn where they fit and never over each other; the wider level first. */
GM.labels = map => {
  const {base} = GM.sheets(map), zones = map.gmZones, margin = 4;

  function drawLabels(view) {
    const {level} = zones.state;
    if (!level || !level.shapes) return;
    const taken = [], depth = zones.levels.indexOf(level), parent = zones.levels[depth - 1];
    view.plain();
    view.pen.textAlign = "center";
    view.pen.textBaseline = "middle";
    view.pen.lineJoin = "round";
    if (parent && parent.shapes) write(view, parent.shapes, {size: 15, weight: 600, share: 0.35}, taken);
    write(view, level.shapes, {size: 12, weight: 400, share: 0.95}, taken);
  }

  function write(view, shapes, style, taken) {
    const {pen} = view, [ox, oy] = view.offset(shapes.zones), {anchor, labels} = shapes.zones, b = shapes.boxes;
    pen.font = `${style.weight} ${style.size}px ${GM.font}`;
    shapes.each(view, i => {
      const room = (b[4 * i + 2] - b[4 * i]) * view.scale * style.share, name = labels[i];
      if (!name || (room < style.size * Math.min(name.length, 3) && !shapes.isPoint(i))) return;
      const width = pen.measureText(name).width;
      if (width > room && !shapes.isPoint(i)) return;
      const x = anchor[2 * i] * view.scale + ox, y = anchor[2 * i + 1] * view.scale + oy + (shapes.isPoint(i) ? 16 : 0);
      const box = [x - width / 2 - margin, y - style.size / 2 - margin, x + width / 2 + margin, y + style.size / 2 + margin];
      if (taken.some(other => other[0] < box[2] && other[2] > box[0] && other[1] < box[3] && other[3] > box[1])) return;
      taken.push(box);
      halo(pen, name, x, y);
    });
  }

  function halo(pen, name, x, y) {
    pen.strokeStyle = "rgba(255,255,255,.92)";
    pen.lineWidth = 3.5;
    pen.strokeText(name, x, y);
    pen.fillStyle = "#1b2530";
    pen.fillText(name, x, y);
  }

  base.add(60, drawLabels);
};
GM.font = '"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif';
