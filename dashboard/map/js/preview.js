/* What an import would put on the map: each role in its own way, so that colour is never all that tells them apart. */
GM.preview = (map, options) => {
  const {base} = GM.sheets(map), layers = options.layers.map(layer => ({...layer, shapes: null}));
  const container = map.getContainer();
  const viridis = ["#f1f3f5", "#b8de29", "#35b779", "#31688e", "#440154"];
  const tip = L.tooltip({className: "gm-tip", direction: "top", offset: [0, -8]});

  /** Fill, line (null is none) and line width by role; what is too small to see gets a sign of its own. */
  const looks = {
    counts: {line: "#ffffff", width: 1},
    outline: {line: "#37424d", width: 2, dash: [7, 5]},
    before: {line: "#8a8f96", width: 1},
    fresh: {fill: "rgba(11,92,158,.16)", line: "#0b5c9e", width: 1.4},
    repaired: {fill: "rgba(230,159,0,.28)", line: "#8a4b00", width: 2.6, dash: [3, 3]},
    gap: {fill: "#f0e442", line: "#4d4700", width: 1, sign: triangle},
    overlap: {fill: "rgba(213,94,0,.85)", line: "#5a2700", width: 1, sign: disc},
  };

  function draw(view) {
    for (const layer of layers) if (layer.shapes) drawLayer(view, layer, looks[layer.role]);
    const fresh = layers.find(layer => layer.role === "fresh");
    if (fresh && fresh.shapes) drawNames(view, fresh.shapes);
  }

  /** Names where they fit into their shape. */
  function drawNames(view, shapes) {
    const {pen} = view, [ox, oy] = view.offset(shapes.zones), {anchor, names} = shapes.zones, b = shapes.boxes;
    view.plain();
    pen.font = '12px "Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif';
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.strokeStyle = "rgba(255,255,255,.9)";
    pen.lineWidth = 3;
    pen.fillStyle = "#1b2530";
    shapes.each(view, i => {
      const room = 0.9 * (b[4 * i + 2] - b[4 * i]) * view.scale;
      if (!names[i] || room < 12 || pen.measureText(names[i]).width > room) return;
      const x = anchor[2 * i] * view.scale + ox, y = anchor[2 * i + 1] * view.scale + oy;
      pen.strokeText(names[i], x, y);
      pen.fillText(names[i], x, y);
    });
  }

  function drawLayer(view, {role, shapes}, look) {
    const {pen} = view, small = [];
    view.enter(shapes.zones);
    pen.lineJoin = "round";
    pen.lineWidth = look.width / view.scale;
    pen.setLineDash((look.dash || []).map(length => length / view.scale));
    shapes.each(view, i => {
      if (shapes.isPoint(i) || (look.sign && isSmall(view, shapes, i))) small.push(i);
      else drawShape(pen, shapes, i, role === "counts" ? viridis[shapes.zones.kinds[i]] : look.fill, look.line);
    });
    pen.setLineDash([]);
    view.plain();
    for (const i of small) drawSign(view, shapes, i, look);
  }

  function drawShape(pen, shapes, i, fill, line) {
    const {zones} = shapes, path = shapes.path(i);
    if (fill && zones.kind[zones.ringOf[i]] === 0) {
      pen.fillStyle = fill;
      pen.fill(path, "evenodd");
    }
    pen.strokeStyle = line;
    pen.stroke(path);
  }

  function isSmall(view, shapes, i) {
    const b = shapes.boxes;
    return Math.max(b[4 * i + 2] - b[4 * i], b[4 * i + 3] - b[4 * i + 1]) * view.scale < 9;
  }

  function drawSign(view, shapes, i, look) {
    const {pen} = view, [ox, oy] = view.offset(shapes.zones), {anchor} = shapes.zones;
    pen.beginPath();
    (look.sign || disc)(pen, anchor[2 * i] * view.scale + ox, anchor[2 * i + 1] * view.scale + oy);
    pen.closePath();
    pen.lineWidth = 3;
    pen.strokeStyle = "#fff";
    pen.stroke();
    pen.fillStyle = look.sign ? look.fill : look.line;
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = look.line;
    pen.stroke();
  }

  function disc(pen, x, y) {
    pen.arc(x, y, 4, 0, 2 * Math.PI);
  }

  function triangle(pen, x, y) {
    pen.moveTo(x, y - 5);
    pen.lineTo(x + 5, y + 4);
    pen.lineTo(x - 5, y + 4);
  }

  /** The words on what is drawn topmost at a place. */
  function find(latlng) {
    const slack = 7 / 2 ** (map.getZoom() - 12);
    for (const layer of [...layers].reverse()) {
      if (!layer.shapes || layer.role === "outline" || layer.role === "before") continue;
      const i = layer.shapes.at(latlng, slack), at = i >= 0 ? i : nearSign(layer, latlng);
      if (at >= 0) return [options.names[layer.role], layer.shapes.zones.names[at] || layer.shapes.zones.codes[at]];
    }
    return null;
  }

  function nearSign({role, shapes}, latlng) {
    if (!looks[role].sign) return -1;
    const spot = map.latLngToLayerPoint(latlng);
    for (let i = 0; i < shapes.zones.n; i++) {
      if (map.latLngToLayerPoint(shapes.anchor(i)).distanceTo(spot) < 7) return i;
    }
    return -1;
  }

  function point(latlng) {
    const found = find(latlng);
    if (!found) return tip.remove();
    const box = L.DomUtil.create("div");
    L.DomUtil.create("b", "", box).textContent = found[1];
    L.DomUtil.create("span", "", box).textContent = found[0];
    tip.setContent(box);
    return tip.setLatLng(latlng).addTo(map);
  }

  function legend() {
    const box = L.DomUtil.create("section", "gm-legend");
    box.setAttribute("aria-label", options.title);
    for (const {role, count} of layers) {
      if (role === "counts") L.DomUtil.create("h3", "", box).textContent = options.names.counts;
      if (role === "counts") options.classes.forEach((words, k) => row(box, words, "", swatch => (swatch.style.background = viridis[k])));
      else row(box, options.names[role], count, swatch => dress(swatch, looks[role]));
    }
    L.DomEvent.disableClickPropagation(box);
    return box;
  }

  function row(box, words, count, dressSwatch) {
    const line = L.DomUtil.create("div", "gm-row", box);
    dressSwatch(L.DomUtil.create("i", "gm-swatch", line));
    L.DomUtil.create("span", "", line).textContent = words;
    L.DomUtil.create("b", "", line).textContent = count.toLocaleString();
  }

  function dress(swatch, look) {
    swatch.style.background = look.fill || "transparent";
    swatch.style.boxShadow = "none";
    swatch.style.border = `${Math.min(look.width, 2)}px ${look.dash ? "dashed" : "solid"} ${look.line}`;
    if (look.sign === disc) swatch.style.borderRadius = "50%";
    if (look.sign === triangle) swatch.style.clipPath = "polygon(50% 0, 100% 100%, 0 100%)";
    if (look.sign) swatch.style.width = "13px";
  }

  const Legend = L.Control.extend({onAdd: legend});
  new Legend({position: "bottomleft"}).addTo(map);
  container.setAttribute("role", "application");
  container.setAttribute("aria-label", options.label);
  GM.fitOnce(map, options.bounds);
  map.on("mousemove", L.Util.throttle(event => point(event.latlng), 40));
  map.on("mouseout", () => tip.remove());
  base.add(20, draw);
  for (const layer of layers) {
    GM.load(layer.url).then(zones => {
      layer.shapes = new GM.Shapes(zones);
      base.refresh();
    });
  }
};
