/* Teams as badges on the map: each stands at home or at the end of its arc, and can be dragged from there. */
GM.badges = (map, {board, grids, estates, drag, tray, texts}) => {
  const zones = map.gmZones, badges = new Map();

  /** Badges stand at home, or at the end of the arc; several at one place stand side by side. */
  function place() {
    if (!grids.shapes || !board.plan) return;
    const room = roomOfGrid(), {classList} = map.getContainer();
    classList.toggle("gm-far", room < 85);
    classList.toggle("gm-dots", room < 34);
    classList.toggle("gm-many", room < 34 && board.moves.length > 30);
    const wanted = new Map(), crowd = new Map(), visible = zones.state.level === grids || zones.state.level === estates;
    for (const team of visible ? board.ground.teams : []) {
      const moves = board.movesOf(team), spots = moves.map(move => ({i: board.row.get(move.grid), people: move.people, grid: move.grid, tone: "planned"}));
      const rest = board.free(team);
      if (team.home >= 0 && (rest > 0 || !moves.length)) spots.push({i: team.home, people: Math.max(rest, 0), grid: "", tone: rest > 0 ? "free" : "away"});
      for (const spot of spots) if (spot.i !== undefined) stand(team, spot, wanted, crowd);
    }
    for (const [key, badge] of badges) if (!wanted.has(key)) remove(key, badge);
  }

  /** How wide the middle grid is drawn, in pixels: where that is little, badges shrink so that they hide no colours. */
  function roomOfGrid() {
    if (!grids.shapes.middle) {
      const b = grids.shapes.boxes, widths = Float64Array.from({length: grids.shapes.zones.n}, (_, i) => b[4 * i + 2] - b[4 * i]).sort();
      grids.shapes.middle = widths[widths.length >> 1];
    }
    return grids.shapes.middle * 2 ** (map.getZoom() - 12);
  }

  function stand(team, spot, wanted, crowd) {
    const key = `${team.code}>${spot.grid}`, nth = crowd.get(spot.i) || 0;
    crowd.set(spot.i, nth + 1);
    wanted.set(key, true);
    const badge = badges.get(key) || make(key, team, spot.grid), icon = badge.marker._icon;
    const {classList} = map.getContainer(), dot = classList.contains("gm-dots") && (spot.tone !== "planned" || classList.contains("gm-many"));
    const speck = Math.min(Math.max(Math.round(roomOfGrid() / 2.5), 3), 7);
    const [size, step] = dot ? [speck, speck - 2] : classList.contains("gm-far") ? [17, 11] : [26, 16];
    const look = [team.name, spot.i, spot.tone, spot.people, team.size, size, nth, grids.shapes.zones.n].join();
    if (badge.look === look) return;
    badge.look = look;
    badge.marker.setLatLng(grids.shapes.anchor(spot.i));
    badge.face.textContent = spot.tone === "away" ? team.size : spot.people;
    icon.dataset.tone = spot.tone;
    icon.style.width = icon.style.height = `${size}px`;
    icon.style.marginLeft = `${-size / 2 + step * (nth % 4)}px`;
    icon.style.marginTop = `${-size - (dot ? 0 : 4) - step * Math.floor(nth / 4)}px`;
    icon.setAttribute("aria-label", `${team.name} ${GM.fill(spot.people === 1 ? texts.onePerson : texts.people, {n: spot.people})}`);
    icon.title = team.name;
  }

  function make(key, team, grid) {
    const face = L.DomUtil.create("i"), marker = new GM.Badge([0, 0], {icon: L.divIcon({className: "gm-team", html: face, iconSize: [26, 26]}), keyboard: false, bubblingMouseEvents: false});
    marker.addTo(map);
    marker._icon.dataset.team = team.code;
    for (const type of ["pointerdown", "mousedown", "touchstart"]) marker._icon.addEventListener(type, event => event.stopPropagation());
    drag.attach(marker._icon, () => {
      const move = board.moves.find(one => one.team === team.code && one.grid === grid), cargo = tray.cargo(team.code);
      const people = move ? move.people : Math.min(cargo.people, Math.max(board.free(team), 0)) || cargo.people;
      return {...cargo, people, from: move ? grid : "", isAtHome: !move, label: `${cargo.team.name} ${GM.fill(people === 1 ? texts.onePerson : texts.people, {n: people})}`};
    });
    const badge = {marker, face};
    badges.set(key, badge);
    return badge;
  }

  function remove(key, badge) {
    badge.marker.remove();
    badges.delete(key);
  }

  return {place, roomOfGrid};
};

/** A marker in the layer of its pane: a thousand that are moved in three dimensions are a thousand layers to put together. */
GM.Badge = L.Marker.extend({
  onAdd(map) {
    this._zoomAnimated = false; // hidden while the map zooms, for it cannot be scaled along
    L.Marker.prototype.onAdd.call(this, map);
  },

  _setPos(at) {
    this._icon._leaflet_pos = at;
    Object.assign(this._icon.style, {left: `${at.x}px`, top: `${at.y}px`});
    this._zIndex = at.y + this.options.zIndexOffset;
    this._resetZIndex();
  },
});
