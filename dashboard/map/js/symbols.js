/* Which symbols a map bears without hiding its colours: single ones where few are in view, else a figure for some zones. */
GM.symbols = (() => {
  const MOST_SINGLE = 200, MOST_COVERED = 0.008;

  /** Whether so many symbols may stand one by one. */
  const areFew = count => count <= MOST_SINGLE;

  /** Choose which figures are written: the highest first, each where it fits, until they cover their share of the map.
   *
   * `figures` are `{i, count, spots}`, the spots being boxes [west, north, east, south] in the order they are tried;
   * `taken` are boxes of what is written already; `area` is that of the map in square pixels. */
  function choose(figures, taken, area) {
    const chosen = [], full = [...taken];
    let room = MOST_COVERED * area;
    for (const figure of [...figures].sort((one, other) => other.count - one.count || one.i - other.i)) {
      const spot = figure.spots.find(box => !full.some(other => meet(box, other)));
      if (!spot) continue;
      room -= (spot[2] - spot[0]) * (spot[3] - spot[1]);
      if (room < 0) break;
      full.push(spot);
      chosen.push({...figure, spot});
    }
    return chosen;
  }

  function meet(one, other) {
    return other[0] < one[2] && other[2] > one[0] && other[1] < one[3] && other[3] > one[1];
  }

  return {areFew, choose, meet};
})();

/** Which zones of a level lie in the area the map tells of, by position; null where all do. */
GM.inside = (() => {
  const made = new WeakMap();
  return name => {
    const area = GM.paint && GM.paint.area;
    if (!area) return null;
    if (!made.has(area)) {
      made.set(area, Object.fromEntries(Object.entries(area).map(([level, runs]) =>
        [level, new Set(runs.flatMap(([first, count]) => Array.from({length: count}, (_, k) => first + k)))])));
    }
    return made.get(area)[name] || new Set();
  };
})();
