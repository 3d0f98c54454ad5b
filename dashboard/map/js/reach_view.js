/* What the map of the planner shows: all that legend, figures and tray leave free; while a team is lifted, its reach. */
GM.reachView = (map, board, grids, tray, roomOfGrid) => {
  const GRIDS_AT_ONCE = 4000, ROOM_TO_DROP = 34;
  const margins = GM.margins;
  let before = null;

  /** Beside the legend or above it, whichever shows more. */
  GM.margins = one => {
    const {x: wide} = one.getSize(), legend = one.getContainer().querySelector(".gm-legend");
    if (wide < 560 || !grids || !grids.shapes) return margins(one);
    const right = tray.width() + 66, [width, height] = legend ? [legend.offsetWidth, legend.offsetHeight] : [0, 0];
    const ways = [{left: width + 24, bottom: 14}, {left: 20, bottom: height + 24}].map(({left, bottom}) => ({paddingTopLeft: [left, 84], paddingBottomRight: [right, bottom]}));
    return zoomFor(grids.shapes.bounds(), ways[0]) >= zoomFor(grids.shapes.bounds(), ways[1]) ? ways[0] : ways[1];
  };

  function zoomFor(bounds, {paddingTopLeft: [left, top], paddingBottomRight: [right, bottom]}) {
    return map.getBoundsZoom(bounds, false, L.point(left + right, top + bottom));
  }

  /** Show everything, in grids where they are not too many, unless somebody has moved the map. */
  function fitAll() {
    if (map.gmMoved) return;
    const free = GM.margins(map), bounds = grids.shapes.bounds();
    const most = grids.shapes.zones.n <= GRIDS_AT_ONCE ? zoomFor(bounds, free) : Infinity;
    grids.minZoom = Math.min(grids.minZoom, most);
    map.fitBounds(bounds, {animate: false, ...free});
    map.fire("zoomend");
  }

  /** Show all that a team can reach, where grids are too small to drop on and would be much larger. */
  function look(team) {
    if (roomOfGrid() >= ROOM_TO_DROP) return;
    const rows = board.codes.map((_, i) => i).filter(i => i === team.home || board.inReach(team, i));
    const bounds = rows.map(i => grids.shapes.bounds(i)).filter(Boolean).reduce((all, one) => all.extend(one), L.latLngBounds([]));
    if (before || !bounds.isValid() || zoomFor(bounds, GM.margins(map)) < map.getZoom() + 1) return;
    before = {centre: map.getCenter(), zoom: map.getZoom(), moved: map.gmMoved};
    map.fitBounds(bounds, {animate: false, ...GM.margins(map)});
  }

  /** Show what was shown before. */
  function lookBack() {
    if (!before) return;
    map.setView(before.centre, before.zoom, {animate: false});
    map.gmMoved = before.moved;
    before = null;
  }

  return {fitAll, look, lookBack};
};
