/* The five levels of zones: which one shows at this zoom, its colours, what is under the pointer, what is chosen. */
GM.zones = (map, options) => {
  const {base, top} = GM.sheets(map);
  const levels = options.levels.map(level => ({...level, shapes: null}));
  const state = {level: null, hover: -1, chosen: null};
  const tip = L.tooltip({sticky: true, className: "gm-tip", direction: "top", offset: [0, -6]});
  let fills = null;

  function wanted() {
    const asked = GM.paint && GM.paint.level, zoom = map.getZoom();
    const offered = levels.filter(level => !GM.paint || GM.paint.levels[level.name]);
    const named = offered.find(level => level.name === asked);
    return named || offered.findLast(level => zoom >= level.minZoom) || offered[0];
  }

  async function open(level) {
    if (!level.shapes) level.shapes = new GM.Shapes(await GM.load(level.url));
    return level.shapes;
  }

  /** Load the level of this zoom and those around it, then show it; the level before stays until then. */
  async function follow() {
    const level = wanted(), opening = Promise.all(levels.slice(0, levels.indexOf(level) + 1).map(open));
    if (!state.level) base.waitFor(opening);
    await opening;
    if (level !== wanted() || level === state.level) return;
    state.level = level;
    point(-1);
    GM.emit("level", level);
    redraw();
  }

  function redraw() {
    base.refresh();
    top.refresh();
  }

  /** Estates do not cover the land: their grids show faintly behind them. What the figures do not tell of is faint too. */
  function drawFills(view) {
    if (!state.level || !GM.paint) return;
    const behind = levels[levels.indexOf(state.level) - 1];
    if (state.level.name === "estates" && behind && behind.shapes) fill(view, behind, "rgba(255,255,255,.6)", 0.2);
    fill(view, state.level, state.level.name === "estates" ? "#37424d" : "", 1);
  }

  /** Fill zones and outline them, each in the line of its class where none is given. */
  function fill(view, level, line, alpha) {
    const values = GM.paint.levels[level.name], inside = GM.inside(level.name);
    if (!values) return;
    const {shapes} = level, {cls, colours, lines} = values, {pen} = view, near = alpha * (map.gmSeeThrough || 1), far = 0.2 * near;
    view.enter(shapes.zones);
    pen.lineWidth = 1 / view.scale;
    fills.at(view.scale);
    shapes.each(view, i => {
      const path = shape(shapes, i, view);
      pen.globalAlpha = !inside || inside.has(i) ? near : far;
      fills.fill(pen, path, cls[i], colours);
      pen.strokeStyle = line || lines[cls[i]];
      pen.stroke(path);
    });
    pen.globalAlpha = 1;
  }

  /** The path of a shape; a point becomes a disc of seven pixels. */
  function shape(shapes, i, view) {
    if (!shapes.isPoint(i)) return shapes.path(i);
    const disc = new Path2D(), {anchor} = shapes.zones;
    disc.arc(anchor[2 * i], anchor[2 * i + 1], 7 / view.scale, 0, 2 * Math.PI);
    return disc;
  }

  function drawOutlines(view) {
    if (!state.level) return;
    const last = levels.indexOf(state.level);
    for (let k = last - 1; k >= 0; k--) outline(view, levels[k], options.outlines[last - k] || 1);
  }

  /** A dark line with a light edge, seen on the darkest class and on the lightest. */
  function outline(view, level, width) {
    if (!level.shapes) return;
    const {pen} = view;
    view.enter(level.shapes.zones);
    pen.lineJoin = "round";
    for (const [colour, extra] of [["rgba(255,255,255,.9)", 2], ["rgb(45,55,66)", 0]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = (width + extra) / view.scale;
      level.shapes.each(view, i => pen.stroke(level.shapes.path(i)));
    }
  }

  function drawChosen(view) {
    const {chosen} = state;
    if (chosen && chosen.level.shapes) ring(view, chosen.level.shapes, chosen.i, 4, "#111827");
    if (state.level && state.hover >= 0) ring(view, state.level.shapes, state.hover, 2.5, "#111827");
  }

  function ring(view, shapes, i, width, colour) {
    const {pen} = view, path = (view.enter(shapes.zones), shape(shapes, i, view));
    pen.lineJoin = "round";
    pen.strokeStyle = "#fff";
    pen.lineWidth = (width + 3) / view.scale;
    pen.stroke(path);
    pen.strokeStyle = colour;
    pen.lineWidth = width / view.scale;
    pen.stroke(path);
  }

  /** Show what is under the pointer; -1 is nothing. */
  function point(i, latlng) {
    if (i !== state.hover) {
      state.hover = i;
      top.refresh();
      map.getContainer().style.cursor = i >= 0 ? "pointer" : "";
      if (i < 0) tip.remove();
      else tip.setContent(card(state.level, i));
    }
    if (i >= 0 && latlng) tip.setLatLng(latlng).addTo(map);
  }

  function card(level, i) {
    const box = L.DomUtil.create("div");
    L.DomUtil.create("b", "", box).textContent = level.shapes.zones.names[i] || level.shapes.zones.codes[i];
    L.DomUtil.create("span", "", box).textContent = figure(level, i);
    const counts = GM.paint.markCounts[level.name];
    if (counts) L.DomUtil.create("span", "", box).textContent = `${GM.paint.markLabel} ${counts.counts[i].toLocaleString()}`;
    return box;
  }

  /** The figure of a zone in words, as the tooltip and the screen reader say it. */
  function figure(level, i) {
    const values = GM.paint && GM.paint.levels[level.name];
    if (!values) return "";
    const mark = values.cls[i], number = values.figures[i];
    if (GM.paint.hatches[mark] || number === null || number === undefined) return values.labels[mark] || "";
    return `${values.title} ${values.words ? values.labels[mark] : number.toLocaleString() + values.unit}`;
  }

  function find(latlng) {
    return state.level && state.level.shapes ? state.level.shapes.at(latlng, 8 / 2 ** (map.getZoom() - 12)) : -1;
  }

  function choose(level, i) {
    state.chosen = {level, i};
    top.refresh();
    if (levels.indexOf(level) < levels.length - 2) map.flyToBounds(level.shapes.bounds(i), {duration: 0.5, ...GM.margins(map)});
    GM.report({level: level.name, code: level.shapes.zones.codes[i]});
  }

  /** Python has chosen: outline it, and go there when it is out of sight or drawn too small to see. */
  async function takeChoice({name, code, go}) {
    const level = levels.find(candidate => candidate.name === name);
    if (!level) {
      state.chosen = null;
      if (go) map.gmShowAll();
      top.refresh();
      return;
    }
    const shapes = await open(level), i = shapes.zones.codes.indexOf(code);
    state.chosen = i < 0 ? null : {level, i};
    top.refresh();
    if (i >= 0 && go) visit(level, i);
  }

  function visit(level, i) {
    const bounds = level.shapes.bounds(i), anchor = level.shapes.anchor(i);
    if (!bounds) return;
    map.gmMoved = true;
    if (levels.indexOf(level) < levels.length - 2) map.fitBounds(bounds, GM.margins(map));
    else if (map.getZoom() < level.minZoom) map.setView(anchor, Math.max(level.minZoom, 15));
    else if (!map.getBounds().pad(-0.1).contains(anchor)) map.panTo(anchor);
  }

  base.add(20, drawFills);
  base.add(40, drawOutlines);
  top.add(10, drawChosen);
  map.on("zoomend", follow);
  map.on("mousemove", L.Util.throttle(event => point(find(event.latlng), event.latlng), 30));
  map.on("mouseout", () => point(-1));
  /** Choose what lies at a place, unless somebody else has a use for the press. */
  function press(latlng) {
    const hit = {latlng, taken: false};
    GM.emit("click", hit);
    const i = find(latlng);
    if (!hit.taken && i >= 0) choose(state.level, i);
  }

  map.on("click", event => press(event.latlng));
  GM.on("paint", paint => {
    fills = fills || new GM.Fills(paint.hatches);
    state.hover = -1;
    tip.remove();
    redraw();
    follow();
  });
  GM.on("choice", takeChoice);
  map.gmZones = {levels, state, open, choose, press, find, figure};
};
