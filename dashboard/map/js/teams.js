/* Teams on the map: at home or where the plan sends them; dragged onto a grid or an estate, with both ends told while dragging. */
GM.teams = (map, {texts}) => {
  const {base, top} = GM.sheets(map), zones = map.gmZones, board = new GM.Board();
  const grids = zones.levels.find(level => level.name === "grids"), estates = zones.levels.find(level => level.name === "estates");
  let lifted = null, below = null, notice = null, retry = null;
  map.getContainer().classList.add("gm-planning");

  const drag = new GM.Drag(map, {
    start: cargo => {
      lifted = cargo;
      reach.look(cargo.team);
      top.refresh();
    },
    over: (cargo, spot) => {
      const before = below && below.i;
      below = spot.tray ? {tray: true} : find(spot.latlng);
      if ((below && below.i) !== before) top.refresh();
      return describe(cargo, below);
    },
    drop: (cargo, spot) => (spot.tray ? put(cargo, {tray: true}) : drop(cargo, find(spot.latlng), spot.latlng)),
    end: () => {
      lifted = below = null;
      GM.afterPaint(() => lifted || asking || reach.lookBack());
      top.refresh();
    },
  });
  const figures = new GM.Figures(texts, board).addTo(map);
  const tray = new GM.Tray(texts, board, {drag, choose: pick}).addTo(map);

  const {place, roomOfGrid, boxes} = GM.badges(map, {board, grids, estates, drag, tray, texts});
  const reach = GM.reachView(map, board, grids, tray, roomOfGrid);
  if (grids) zones.open(grids).then(reach.fitAll);
  GM.on("fold", () => grids && grids.shapes && reach.fitAll());

  let told = false, asking = false;
  /** Pick a team, to be placed by the next press on the map; picked again it is put back. With keys, the map is next. */
  function pick(code, byKeys = false) {
    const isCarried = drag.isCarried && lifted.team.code === code;
    told = false;
    if (isCarried) drag.put();
    else drag.carry(tray.cargo(code));
    GM.report({team: isCarried ? "" : code});
    if (byKeys && !isCarried) map.getContainer().focus();
  }

  GM.on("click", hit => {
    if (!drag.isCarried) return;
    hit.taken = true;
    drag.letGo(hit.latlng);
  });
  map.on("moveend", () => document.activeElement === map.getContainer() && drag.tellMiddle());

  /** Python lets go of a team that it had as the chosen one: it is not carried any more; how many go may have changed. */
  function carryOn(chosen) {
    if (!drag.isCarried) return;
    if (chosen === lifted.team.code) {
      told = true;
      Object.assign(lifted, tray.cargo(chosen));
    } else if (told) drag.put();
  }

  /** Whatever is told, what is pending is told with it: only the last thing told before a run is heard. */
  const report = GM.report;
  GM.report = told => report(board.pending.length ? {events: board.pending, ...told} : told);

  /** The grid at a place, and the estate where estates show. */
  function find(latlng) {
    if (!grids || !grids.shapes || !latlng) return null;
    const slack = 8 / 2 ** (map.getZoom() - 12);
    if (zones.state.level === estates && estates.shapes) {
      const k = estates.shapes.at(latlng, slack), i = k < 0 ? -1 : board.ground.estateGrid[k];
      if (i >= 0) return {i, estate: k};
    }
    const i = grids.shapes.at(latlng, slack);
    return i < 0 ? null : {i, estate: -1};
  }

  function describe({team, people, from, isAtHome}, place) {
    if (!place || (isAtHome && place.i === team.home)) return {tone: "none", lines: []};
    if (place.i === team.home && !board.movesOf(team).length && board.isCounted(team)) return {tone: "none", lines: [texts.countedAtHome]};
    if (place.tray || (place.i === team.home && board.movesOf(team).length)) {
      return board.movesOf(team).length ? {tone: "back", lines: [texts.backHome]} : {tone: "none", lines: []};
    }
    const seen = board.preview(team, place.i, people, from), name = placeName(place);
    if (seen.refused) return {tone: "refused", lines: [name, words(seen.refused)]};
    const ends = [both(seen.receiver)];
    if (seen.giver && seen.giver[0] !== null) ends.push(`${texts.giver} ${both(seen.giver)}`);
    if (seen.uncounted) ends.push(GM.fill(texts.uncounted, {n: seen.uncounted}));
    if (seen.minutes !== null) ends.push(seen.beyond ? GM.fill(texts.walkBeyond, {minutes: seen.beyond}) : GM.fill(texts.walk, {minutes: Math.round(seen.minutes)}));
    const lines = [name, ends.filter(Boolean).join(" · ")];
    return seen.asks ? {tone: "asks", lines: [...lines, words(seen.asks), seen.asks[0] === "tooMany" ? texts.willAsk : texts.mayAsk]} : {tone: "good", lines};
  }

  function placeName(place) {
    const grid = board.names[place.i];
    return place.estate >= 0 ? `${estates.shapes.zones.names[place.estate]}（${grid}）` : grid;
  }

  function words([name, values]) {
    return GM.fill(texts[name], values);
  }

  /** One end before and after, as it is shown. */
  function both([before, after]) {
    if (before === null) return "";
    const gap = GM.fill(texts.gap, {before: GM.shownText(before.gap), after: GM.shownText(after.gap)});
    const spare = GM.fill(texts.spare, {before: GM.shownText(before.surplus), after: GM.shownText(after.surplus)});
    if (before.gap > 0 && after.gap > 0) return gap;
    if (!before.gap && !after.gap) return spare;
    return GM.fill(texts.both, before.gap > 0 ? {one: gap, other: spare} : {one: spare, other: gap});
  }

  /** A drop near a border, or where grids are a few pixels wide, asks which one is meant. */
  function drop(cargo, place, latlng) {
    const places = latlng ? GM.around(map, find, latlng) : [];
    if (places.length < 2) return put(cargo, places[0] || place);
    const lines = places.map(each => `${placeName(each)} · ${gapText(each.i)}`);
    asking = true;
    GM.askPlace(map, latlng, GM.fill(texts.whichGrid, {team: cargo.team.name}), lines, k => {
      asking = false;
      if (k >= 0) put(cargo, places[k]);
      reach.lookBack();
    });
  }

  function gapText(i) {
    const shown = board.shown(i);
    if (!shown) return texts.noNeed;
    return shown.gap > 0 ? GM.fill(texts.lacks, {gap: GM.shownText(shown.gap)}) : GM.fill(texts.hasSpare, {spare: GM.shownText(shown.surplus)});
  }

  /** A badge that is let go where it stood stays there; a team of the tray that is put onto its own grid is called out. */
  function put({team, people, from, isAtHome}, place) {
    if (!place || (from && board.codes[place.i] === from) || (isAtHome && place.i === team.home)) return;
    if (place.tray || (place.i === team.home && (board.movesOf(team).length || board.isCounted(team)))) {
      if (board.movesOf(team).length) act({kind: "back", team: team.code, grid: from});
      return;
    }
    window.gmDropped = performance.now();
    const seen = board.preview(team, place.i, people, from);
    const estate = place.estate >= 0 ? estates.shapes.zones.codes[place.estate] : "";
    act({kind: "send", team: team.code, grid: board.codes[place.i], estate, people, from, asks: Boolean(seen.refused || seen.asks)});
  }

  const unsaved = "gm-unsaved";
  /** What Python has not dealt with outlives a reload of the page. */
  function keep() {
    if (board.pending.length) sessionStorage.setItem(unsaved, JSON.stringify(board.pending));
    else sessionStorage.removeItem(unsaved);
  }

  function resume() {
    const events = JSON.parse(sessionStorage.getItem(unsaved) || "[]");
    if (!events.length) return;
    board.resume(events);
    if (board.pending.length) send();
  }

  function act(event) {
    board.note(event);
    keep();
    showEnds();
    send();
  }

  /** What a drop changes is on screen with the next frame; what takes a thousand teams comes later, and all grids with Python's answer. */
  function showEnds() {
    recolour();
    drawArcs();
    figures.show();
    if (grids.shapes) base.patch(grids.shapes, board.changed);
    map.gmPatchArcs(board.changed);
    GM.afterPaint(() => {
      GM.emit("level", zones.state.level);
      tray.show();
    });
  }

  /** Tell Python everything it has not dealt with yet; again after a while, should the connection have gone. */
  function send(tries = 1) {
    GM.report({events: board.pending});
    clearTimeout(retry);
    retry = setTimeout(() => {
      if (!board.pending.length) return;
      if (tries > 1) say(texts.offline, "offline");
      send(tries + 1);
    }, 3000);
  }

  /** Everything is dealt with: nothing is to be sent again, and the connection is there. */
  function settle() {
    clearTimeout(retry);
    if (notice && notice.dataset.tone === "offline") say("");
  }

  /** Colours, figures, arcs, badges and tray as the board has them. */
  function show() {
    recolour();
    GM.emit("level", zones.state.level);
    drawArcs();
    figures.show();
    tray.show();
    base.refresh();
  }

  /** Colour the grids that drops have changed. */
  function recolour() {
    const values = GM.paint.levels.grids, {limits} = board.plan;
    if (!values || !board.changed.size) return;
    const digits = [...values.cls];
    for (const i of board.changed) {
      if (digits[i] === "8" || digits[i] === "9") continue;
      const value = board.value(i);
      if (value === null) continue;
      const shown = board.shown(i), isWeak = GM.isWeak(value);
      digits[i] = String(limits.filter(limit => (isWeak ? value : Math.max(value, 0)) >= limit).length);
      values.figures[i] = isWeak ? -shown.gap : shown.surplus;
    }
    values.cls = digits.join("");
  }

  function drawArcs() {
    const arc = (move, kind) => ({from: move.from, to: board.row.has(move.grid) ? board.row.get(move.grid) : -1, people: move.people, pinned: move.pinned, kind});
    const goes = move => !board.teams.has(move.team) || board.teams.get(move.team).home !== board.row.get(move.grid);
    const home = move => ({...move, from: board.teams.has(move.team) ? board.teams.get(move.team).home : -1});
    map.gmArcs([
      ...board.ground.orders.filter(goes).map(move => arc(home(move), "order")),
      ...board.plan.proposal.filter(goes).map(move => arc(home(move), "proposal")),
      ...board.moves.filter(goes).map(move => arc(home(move), "move")),
    ]);
  }

  /** While a team is lifted: everything out of its reach is veiled, names too, weak grids within reach tell their gap. */
  function drawLifted(view) {
    if (!grids || !grids.shapes || !board.plan) return;
    if (lifted) veil(view, lifted.team);
    if (below && below.i >= 0) outline(view, below);
  }

  function veil(view, team) {
    const {pen} = view, {shapes} = grids, weak = [], near = new Path2D(), [west, north, east, south] = view.window(shapes.zones);
    near.rect(west, north, east - west, south - north);
    view.enter(shapes.zones);
    shapes.each(view, i => {
      if (!board.inReach(team, i)) return;
      near.addPath(shapes.path(i));
      if (GM.isWeak(board.value(i))) weak.push(i);
    });
    pen.fillStyle = "rgba(244,242,236,.72)";
    pen.fill(near, "evenodd");
    GM.drawGaps(view, shapes, board, weak);
  }

  /** The gaps of all weak grids, where no team is lifted. */
  function drawGaps(view) {
    if (lifted || !grids || !grids.shapes || !board.plan || zones.state.level !== grids) return;
    const weak = [];
    grids.shapes.each(view, i => GM.isWeak(board.value(i)) && weak.push(i));
    GM.drawGaps(view, grids.shapes, board, weak);
  }

  function outline(view, place) {
    const {pen} = view, shapes = place.estate >= 0 ? estates.shapes : grids.shapes, i = place.estate >= 0 ? place.estate : place.i;
    if (shapes.isPoint(i)) return;
    const {tone} = lifted ? describe(lifted, place) : {tone: "none"};
    view.enter(shapes.zones);
    pen.lineJoin = "round";
    for (const [colour, width] of [["#fff", 7], [tone === "refused" ? "#b3261e" : tone === "asks" ? "#b45f06" : "#0b3d66", 4]]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width / view.scale;
      pen.stroke(shapes.path(i));
    }
  }

  /** Python's answer to a drop it refused, inside the map where the eye is. */
  function say(message, tone) {
    if (notice) notice.remove();
    notice = null;
    if (!message) return;
    notice = L.DomUtil.create("div", "gm-notice", map.getContainer());
    notice.dataset.tone = tone;
    notice.setAttribute("role", "alert");
    L.DomEvent.disableClickPropagation(notice);
    L.DomUtil.create("span", "", notice).textContent = message;
    const close = L.DomUtil.create("button", "", notice);
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", texts.close);
    close.addEventListener("click", () => say(""));
  }

  function target() {
    const {choice} = GM.paint, i = choice.name === "grids" ? board.row.get(choice.code) : undefined;
    tray.target = i === undefined ? -1 : i;
  }

  const grounds = {};
  /** What hovers are answered from, fetched once until data or orders change. */
  function open(url) {
    grounds[url] = grounds[url] || fetch(url, {credentials: "same-origin"}).then(answer => answer.json());
    return grounds[url];
  }

  function take() {
    if (!GM.paint.plan || !grids) return;
    const taking = takePlan();
    if (!board.plan) base.waitFor(taking);
  }

  async function takePlan() {
    const [ground] = await Promise.all([open(GM.paint.plan.ground), zones.open(grids), estates && zones.open(estates)]);
    const {plan} = GM.paint, last = board.plan;
    if (plan.ground in grounds && (await grounds[plan.ground]) !== ground) return;
    board.take(plan, ground, grids.shapes.zones);
    tray.chosen = plan.chosenTeam;
    carryOn(plan.chosenTeam);
    target();
    if (!last || last.notice.id !== plan.notice.id) say(plan.notice.tone === "good" ? "" : plan.notice.text, plan.notice.tone);
    if (!last) resume();
    keep();
    if (!board.pending.length) settle();
    if (!last) reach.fitAll();
    show();
    window.gmShown = performance.now();
  }

  base.add(65, drawGaps);
  top.add(30, drawLifted);
  GM.on("paint", take);
  GM.on("level", place);
  map.on("zoomend", place);
  /** Undo and redo work wherever the focus is, but where somebody writes. */
  function undo(event) {
    if (!(event.ctrlKey || event.metaKey) || !board.plan) return;
    const kind = {z: event.shiftKey ? "redo" : "undo", y: "redo"}[event.key.toLowerCase()];
    if (!kind || event.target.closest("input, select, textarea, [contenteditable], [role=dialog]")) return;
    event.preventDefault();
    act({kind});
  }

  for (const page of [document, window.parent.document]) page.addEventListener("keydown", undo);
  window.addEventListener("pagehide", () => window.parent.document.removeEventListener("keydown", undo));
  map.gmAround = latlng => GM.around(map, find, latlng);
  map.gmBoard = board;
  map.gmBadges = boxes;
};
