/* Orders as lines from home to where a team is awaited, by how far each is; every place tells how many people go there. */
GM.orders = (map, options) => {
  const {base} = GM.sheets(map), container = map.getContainer();
  const font = '"Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif';
  // Colour, dashes and width by step: colour is never all that tells them apart.
  const looks = [
    {colour: "#6b7480", dash: [2, 5], width: 1.6},
    {colour: "#8a4b00", dash: [8, 5], width: 1.8},
    {colour: "#0b5c9e", dash: [], width: 2.2},
    {colour: "#1b6e3c", dash: [], width: 3},
  ];
  const MANY = 150;
  const tip = L.tooltip({className: "gm-tip", direction: "top", offset: [0, -10]});
  let grids = null, ground = "", orders = {lines: [], chosen: ""}, places = [], seen = false;

  function spot(view, i) {
    const [ox, oy] = view.offset(grids.zones), {anchor} = grids.zones;
    return [anchor[2 * i] * view.scale + ox, anchor[2 * i + 1] * view.scale + oy];
  }

  function draw(view) {
    if (!grids) return;
    drawGrids(view);
    view.plain();
    const chosen = grids.zones.codes.indexOf(orders.chosen);
    const last = [...orders.lines].sort((one, other) => (one[1] === chosen) - (other[1] === chosen) || one[2] - other[2]);
    for (const line of last) drawLine(view, line, chosen);
    drawPlaces(view, chosen);
  }

  /** With their figures, most people first, as far as there is room; the others as dots below. */
  function drawPlaces(view, chosen) {
    const told = [], dots = [];
    for (const place of [...places].sort((one, other) => (other.row === chosen) - (one.row === chosen))) {
      const [x, y] = spot(view, place.row), size = radius(place);
      const isFree = told.every(other => Math.hypot(other.x - x, other.y - y) > other.size + size);
      (isFree ? told : dots).push({place, x, y, size});
    }
    for (const {place, x, y} of dots) drawDisc(view.pen, x, y, 4, place);
    for (const one of told) drawPlace(view.pen, one, one.place.row === chosen);
  }

  function drawGrids(view) {
    const {pen} = view;
    view.enter(grids.zones);
    pen.fillStyle = "rgba(120,132,144,.14)";
    pen.strokeStyle = "rgba(70,80,92,.5)";
    pen.lineWidth = 1 / view.scale;
    grids.each(view, i => {
      if (!grids.isPoint(i)) pen.fill(grids.path(i), "evenodd");
      pen.stroke(grids.path(i));
    });
  }

  function drawLine(view, [from, to, step], chosen) {
    if (from < 0 || to < 0) return;
    const {pen} = view, look = looks[step], faint = chosen >= 0 && to !== chosen, many = orders.lines.length > MANY;
    const [x0, y0] = spot(view, from), [x1, y1] = spot(view, to);
    pen.globalAlpha = faint ? 0.15 : many && chosen < 0 ? 0.45 : 1;
    pen.beginPath();
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
    pen.setLineDash(look.dash);
    pen.strokeStyle = look.colour;
    pen.lineWidth = many && chosen < 0 ? look.width / 2 : look.width;
    pen.stroke();
    pen.setLineDash([]);
    pen.beginPath();
    pen.arc(x0, y0, 3, 0, 2 * Math.PI);
    pen.fillStyle = look.colour;
    pen.fill();
    pen.globalAlpha = 1;
  }

  function drawDisc(pen, x, y, size, place) {
    pen.beginPath();
    pen.arc(x, y, size, 0, 2 * Math.PI);
    pen.fillStyle = place.there === place.people ? looks[3].colour : "#fff";
    pen.fill();
    pen.lineWidth = 2;
    pen.strokeStyle = looks[place.step].colour;
    pen.stroke();
  }

  function drawPlace(pen, {place, x, y, size}, isChosen) {
    drawDisc(pen, x, y, size, place);
    if (isChosen) {
      pen.lineWidth = 4;
      pen.strokeStyle = "#0b5c9e";
      pen.stroke();
    }
    pen.font = `600 12px ${font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = place.there === place.people ? "#fff" : "#1b2530";
    pen.fillText(String(place.people), x, y + 0.5);
  }

  const radius = place => 9 + 3 * String(place.people).length;

  /** Where teams are awaited: how many people, how many of them are there, and the step of who is furthest behind. */
  function gather(lines) {
    const found = new Map();
    for (const [, row, step, , people] of lines) {
      if (row < 0) continue;
      const place = found.get(row) ?? {row, people: 0, there: 0, teams: 0, step};
      place.people += people;
      place.teams += 1;
      place.there += step === 3 ? people : 0;
      place.step = Math.min(place.step, step);
      found.set(row, place);
    }
    return [...found.values()].sort((one, other) => other.people - one.people);
  }

  function nearest(latlng) {
    const at = map.latLngToLayerPoint(latlng);
    const near = places.map(place => ({place, away: map.latLngToLayerPoint(grids.anchor(place.row)).distanceTo(at)}))
      .filter(({place, away}) => away <= Math.max(radius(place), 22));
    return near.sort((one, other) => one.away - other.away)[0]?.place;
  }

  function point(latlng) {
    const place = grids && nearest(latlng);
    container.style.cursor = place ? "pointer" : "";
    if (!place) return tip.remove();
    const box = L.DomUtil.create("div");
    L.DomUtil.create("b", "", box).textContent = grids.zones.names[place.row];
    L.DomUtil.create("span", "", box).textContent = options.told
      .replace("{teams}", place.teams).replace("{sent}", place.people).replace("{arrived}", place.there);
    return tip.setContent(box).setLatLng(grids.anchor(place.row)).addTo(map);
  }

  function take(payload) {
    orders = payload.orders;
    if (orders.ground !== ground) {
      ground = orders.ground;
      GM.load(ground).then(zones => {
        grids = new GM.Shapes(zones);
        show();
      });
    } else if (grids) show();
  }

  function show() {
    places = gather(orders.lines);
    base.refresh();
    legend.fill();
    map.gmOrders = {places, chosen: orders.chosen, code: row => grids.zones.codes[row], anchor: row => grids.anchor(row)};
    const rows = orders.lines.flatMap(([from, to]) => [from, to]).filter(row => row >= 0 && grids.bounds(row));
    if (rows.length && !seen && container.clientHeight) {
      seen = true;
      const all = rows.reduce((bounds, row) => bounds.extend(grids.bounds(row)), L.latLngBounds([]));
      map.fitBounds(all, {animate: false, padding: [30, 30], maxZoom: 16});
    }
  }

  const Legend = L.Control.extend({
    onAdd() {
      this.box = L.DomUtil.create("section", "gm-legend");
      this.box.setAttribute("aria-label", options.title);
      L.DomEvent.disableClickPropagation(this.box);
      return this.box;
    },
    fill() {
      this.box.replaceChildren();
      options.steps.forEach((words, step) => {
        const row = L.DomUtil.create("div", "gm-row", this.box), look = looks[step];
        const line = L.DomUtil.create("i", "", row);
        line.style.borderTop = `${look.width}px ${look.dash.length ? (step ? "dashed" : "dotted") : "solid"} ${look.colour}`;
        L.DomUtil.create("span", "", row).textContent = words;
        L.DomUtil.create("b", "", row).textContent = orders.lines.filter(line => line[2] === step).length;
      });
    },
  });
  const legend = new Legend({position: "bottomleft"}).addTo(map);
  container.setAttribute("role", "application");
  container.setAttribute("aria-label", options.label);
  GM.fitOnce(map, options.bounds, () => grids && show());
  base.add(60, draw);
  GM.on("paint", take);
  map.on("mousemove", L.Util.throttle(event => point(event.latlng), 40));
  map.on("mouseout", () => tip.remove());
  map.on("click", event => {
    const place = grids && nearest(event.latlng);
    if (place) GM.report({place: grids.zones.codes[place.row]});
  });
};
