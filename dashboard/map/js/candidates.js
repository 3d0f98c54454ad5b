/* The estates that an address may mean, numbered as they are offered, among their quiet neighbours. */
GM.candidates = (map, options) => {
  const {base} = GM.sheets(map), container = map.getContainer(), badge = 12;
  const outlines = options.outlines.map((url, depth) => ({url, width: depth ? 2.4 : 1, shapes: null}));
  let estates = null, offered = [];

  function draw(view) {
    if (estates) drawEstates(view);
    for (const {shapes, width} of outlines) if (shapes) drawOutline(view, shapes, width);
    if (!estates) return;
    // The best offer comes last, so that none lies over it; no name lies over a sign.
    const best = [...offered].reverse();
    best.forEach(offer => drawShape(view, offer));
    view.plain();
    best.forEach(offer => drawName(view, offer));
    best.forEach(offer => drawSign(view, offer));
  }

  function drawEstates(view) {
    const {pen} = view;
    view.enter(estates.zones);
    pen.fillStyle = "rgba(120,132,144,.22)";
    estates.each(view, i => {
      if (!estates.isPoint(i)) pen.fill(estates.path(i), "evenodd");
    });
  }

  function drawOutline(view, shapes, width) {
    view.enter(shapes.zones);
    view.pen.strokeStyle = "rgba(70,80,92,.6)";
    view.pen.lineWidth = width / view.scale;
    shapes.each(view, i => view.pen.stroke(shapes.path(i)));
  }

  function drawShape(view, {i}) {
    if (estates.isPoint(i)) return;
    const {pen} = view;
    view.enter(estates.zones);
    pen.fillStyle = "rgba(11,92,158,.35)";
    pen.fill(estates.path(i), "evenodd");
    pen.strokeStyle = "#0b5c9e";
    pen.lineWidth = 2.5 / view.scale;
    pen.stroke(estates.path(i));
  }

  function spot(view, i) {
    const [ox, oy] = view.offset(estates.zones), {anchor} = estates.zones;
    return [anchor[2 * i] * view.scale + ox, anchor[2 * i + 1] * view.scale + oy];
  }

  function drawName(view, {i, name}) {
    const [x, y] = spot(view, i);
    write(view.pen, name, x, y + badge + 11, "600 13px", "#1b2530", "rgba(255,255,255,.94)");
  }

  function drawSign(view, {i, label}) {
    const {pen} = view, [x, y] = spot(view, i);
    pen.beginPath();
    pen.arc(x, y, badge, 0, 2 * Math.PI);
    pen.fillStyle = "#0b5c9e";
    pen.fill();
    pen.lineWidth = 2;
    pen.strokeStyle = "#fff";
    pen.stroke();
    write(pen, label, x, y + 0.5, "600 14px", "#fff", null);
  }

  function write(pen, words, x, y, font, colour, halo) {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `${font} "Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif`;
    if (halo) {
      pen.strokeStyle = halo;
      pen.lineWidth = 4;
      pen.strokeText(words, x, y);
    }
    pen.fillStyle = colour;
    pen.fillText(words, x, y);
  }

  /** Take the offer of the moment and go where all of it is in sight. */
  function take() {
    if (!estates || !GM.paint) return;
    const {codes, names} = estates.zones;
    offered = GM.paint.candidates
      .map(({code, label}) => ({i: codes.indexOf(code), label}))
      .filter(({i}) => i >= 0 && estates.bounds(i))
      .map(offer => ({...offer, name: names[offer.i]}));
    base.refresh();
    if (!offered.length || !container.clientHeight) return;
    const bounds = offered.reduce((all, {i}) => all.extend(estates.bounds(i)), L.latLngBounds([]));
    map.fitBounds(bounds, {animate: false, padding: [60, 60], maxZoom: 17});
  }

  container.setAttribute("role", "application");
  container.setAttribute("aria-label", options.label);
  GM.fitOnce(map, options.bounds, take);
  base.add(25, draw);
  GM.on("paint", take);
  GM.load(options.estates).then(zones => {
    estates = new GM.Shapes(zones);
    take();
  });
  for (const outline of outlines) {
    GM.load(outline.url).then(zones => {
      outline.shapes = new GM.Shapes(zones);
      base.refresh();
    });
  }
};
