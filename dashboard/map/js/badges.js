/* Teams as badges on the map: each stands at home or at the end of its arc, and can be dragged from there.
 *
 * They are drawn: a thousand elements are a thousand parts to put together at every frame. The tray says the same in words. */
GM.badges = (map, {board, grids, estates, drag, tray, texts}) => {
  const TONES = {free: "27,110,60", planned: "11,92,158", away: "107,116,128"};
  const zones = map.gmZones, box = map.getContainer(), {top, teams: sheet} = GM.teamSheets(map);
  let spots = [], below = null;

  /** Badges stand at home, or at the end of the arc; several at one place stand side by side. */
  function place() {
    if (!grids.shapes || !board.plan) return;
    const room = roomOfGrid(), isSmall = room < 34, isMany = isSmall && board.moves.length > 30, crowd = new Map();
    const speck = Math.min(Math.max(Math.round(room / 2.5), 3), 7);
    const near = room < 85 ? {size: 17, step: 11, above: 4, edge: 1.5} : {size: 26, step: 16, above: 4, edge: 2}, dot = {size: speck, step: speck - 2, above: 0, isDot: true};
    const look = tone => (isSmall && (tone !== "planned" || isMany) ? dot : near);
    const isShown = zones.state.level === grids || zones.state.level === estates, {anchor} = grids.shapes.zones;
    spots = isShown ? board.ground.teams.flatMap(spotsOf).map(spot => stand(spot, look(spot.tone), crowd)) : [];
    spots.sort((one, other) => anchor[2 * one.i + 1] - anchor[2 * other.i + 1] || one.nth - other.nth);
    tellBelow(null);
    sheet.refresh();
  }

  function spotsOf(team) {
    const moves = board.movesOf(team), rest = board.free(team);
    const found = moves.map(move => ({team, move, i: board.row.get(move.grid), people: move.people, tone: "planned"}));
    if (team.home >= 0 && (rest > 0 || !moves.length)) found.push({team, i: team.home, people: Math.max(rest, 0), tone: rest > 0 ? "free" : "away"});
    return found.filter(spot => spot.i !== undefined);
  }

  /** Where a badge stands beside its place, in pixels: the nth of those that stand there. */
  function stand(spot, look, crowd) {
    const nth = crowd.get(spot.i) || 0, {size, step, above} = look;
    crowd.set(spot.i, nth + 1);
    return {...spot, ...look, nth, left: -size / 2 + step * (nth % 4), up: -size - above - step * Math.floor(nth / 4)};
  }

  /** How wide the middle grid is drawn, in pixels: where that is little, badges shrink so that they hide no colours. */
  function roomOfGrid() {
    if (!grids.shapes.middle) {
      const b = grids.shapes.boxes, widths = Float64Array.from({length: grids.shapes.zones.n}, (_, i) => b[4 * i + 2] - b[4 * i]).sort();
      grids.shapes.middle = widths[widths.length >> 1];
    }
    return grids.shapes.middle * 2 ** (map.getZoom() - 12);
  }

  function draw(view) {
    for (const spot of spots) {
      const [x, y] = cornerOf(spot, view);
      if (x + spot.size > 0 && y + spot.size > 0 && x < view.size.x && y < view.size.y) (spot.isDot ? drawDot : drawBadge)(view.pen, spot, x, y);
    }
  }

  function cornerOf(spot, view) {
    const {anchor} = grids.shapes.zones, [x, y] = view.offset(grids.shapes.zones);
    return [anchor[2 * spot.i] * view.scale + x + spot.left, anchor[2 * spot.i + 1] * view.scale + y + spot.up];
  }

  function drawDot(pen, {size, tone}, x, y) {
    pen.beginPath();
    pen.arc(x + size / 2, y + size / 2, size / 2, 0, 2 * Math.PI);
    pen.fillStyle = `rgba(${TONES[tone]},.8)`;
    pen.fill();
    pen.lineWidth = 0.5;
    pen.strokeStyle = "rgba(255,255,255,.8)";
    pen.stroke();
  }

  function drawBadge(pen, spot, x, y) {
    const {size, tone, edge} = spot;
    for (const [colour, wider, down] of [["rgba(10,20,30,.16)", 1.5, 1], ["rgba(10,20,30,.3)", 0.5, 1], ["#fff", 0, 0], [`rgb(${TONES[tone]})`, -edge, 0]]) {
      const round = size / 2 + wider;
      pen.beginPath();
      pen.roundRect(x - wider, y - wider + down, size + 2 * wider, size + 2 * wider, [round, round, round, Math.max(3 + wider, 1)]);
      pen.fillStyle = colour;
      pen.fill();
    }
    Object.assign(pen, {fillStyle: "#fff", textAlign: "center", textBaseline: "middle", font: `600 ${size > 20 ? 12 : 9.5}px "Noto Sans SC", sans-serif`});
    pen.fillText(faceOf(spot), x + size / 2, y + size / 2 + 0.5);
  }

  function faceOf({tone, team, people}) {
    return String(tone === "away" ? team.size : people);
  }

  function drawBelow(view) {
    if (!below) return;
    const {pen} = view, [x, y] = cornerOf(below, view), round = below.size / 2;
    if (!below.isDot) drawBadge(pen, below, x, y);
    pen.beginPath();
    pen.roundRect(x - 1.5, y - 1.5, below.size + 3, below.size + 3, [round, round, round, below.isDot ? round : 3]);
    pen.lineWidth = 3;
    pen.strokeStyle = "rgba(11,92,158,.6)";
    pen.stroke();
  }

  /** The topmost badge under the pointer, unless something is carried or lies over the map there. */
  function seek(event) {
    if (drag.isCarried || !grids.shapes || event.target.closest(".leaflet-control, .gm-menu, .gm-notice")) return null;
    const at = map.mouseEventToContainerPoint(event), view = top.view(), {x, y} = map.containerPointToLayerPoint(at).add(map.getPixelOrigin()).subtract(view.corner);
    return spots.findLast(spot => {
      const [west, north] = cornerOf(spot, view);
      return x >= west && x <= west + spot.size && y >= north && y <= north + spot.size;
    }) || null;
  }

  drag.attach(box, event => {
    const spot = seek(event);
    if (spot) event.stopPropagation(); // the map would move along
    return spot && {element: box, cargo: cargoOf(spot)};
  });

  function cargoOf({team, move}) {
    const cargo = tray.cargo(team.code), people = move ? move.people : Math.min(cargo.people, Math.max(board.free(team), 0)) || cargo.people;
    return {...cargo, people, from: move ? move.grid : "", isAtHome: !move, label: `${cargo.team.name} ${said(people)}`};
  }

  function said(people) {
    return GM.fill(people === 1 ? texts.onePerson : texts.people, {n: people});
  }

  /** What is pressed on a badge, or ends a drag, is not meant for the grid below. */
  function keep(event) {
    if (drag.moved || seek(event)) event.stopImmediatePropagation();
  }

  function tellBelow(spot) {
    if (spot === below) return;
    below = spot;
    box.classList.toggle("gm-over-team", Boolean(spot));
    box.title = spot ? `${spot.team.name} ${said(spot.people)}` : "";
    top.refresh();
  }

  function point(event) {
    tellBelow(drag.active ? null : seek(event));
  }

  for (const type of ["mousedown", "touchstart", "click", "dblclick", "contextmenu"]) box.addEventListener(type, keep, true);
  box.addEventListener("mousemove", L.Util.throttle(point, 30));
  sheet.add(10, draw);
  top.add(40, drawBelow);

  /** Where each badge is in the map's box, in pixels, with the face it shows. */
  function boxes() {
    const view = top.view(), corner = map.layerPointToContainerPoint(view.corner.subtract(map.getPixelOrigin()));
    return spots.map(spot => {
      const [x, y] = cornerOf(spot, view);
      return {team: spot.team.code, tone: spot.tone, face: faceOf(spot), x: x + corner.x, y: y + corner.y, width: spot.size, height: spot.size};
    });
  }

  return {place, roomOfGrid, boxes};
};

/** The sheets of a map, and one more for its teams. */
GM.teamSheets = map => {
  const sheets = GM.sheets(map);
  sheets.teams = sheets.teams || GM.sheetIn(map, "gmTeams", 600);
  return sheets;
};
