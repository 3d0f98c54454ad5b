/* Water and roads over the colours of the zones, so that people know where they are without any map service. */
GM.basemap = (map, options) => {
  const {base} = GM.sheets(map);
  const draw = {water: null, roads: null};

  function fetchLayer(name) {
    if (!options[name]) return;
    base.waitFor(GM.load(options[name]).then(zones => {
      draw[name] = new GM.Shapes(zones);
      base.refresh();
    }));
  }

  function drawWater(view) {
    if (!draw.water) return;
    const {pen} = view, {zones} = draw.water;
    view.enter(zones);
    pen.fillStyle = pen.strokeStyle = "#bcd9e8";
    pen.lineWidth = Math.max(2, view.scale) / view.scale;
    draw.water.each(view, i => {
      const path = draw.water.path(i);
      if (zones.kind[zones.ringOf[i]] === 0) pen.fill(path, "evenodd");
      else pen.stroke(path);
    });
  }

  /** A dark casing under a light line: legible on every class colour. */
  function drawRoads(view) {
    if (!draw.roads) return;
    const {pen} = view, {zones} = draw.roads, main = /primary|main|trunk|way|secondary|干|主/;
    view.enter(zones);
    pen.lineCap = pen.lineJoin = "round";
    for (const [colour, extra] of [["rgba(70,80,92,.38)", 1.4], ["rgba(255,255,255,.9)", 0]]) {
      pen.strokeStyle = colour;
      draw.roads.each(view, i => {
        const wide = main.test(zones.kinds[i] || ""), width = (wide ? 2.4 : 1.1) * Math.min(2, Math.max(0.35, view.scale / 8));
        if (!wide && view.scale < 5) return;
        pen.lineWidth = (width + extra * Math.min(1, view.scale)) / view.scale;
        pen.stroke(draw.roads.path(i));
      });
    }
  }

  base.add(25, drawWater);
  base.add(30, drawRoads);
  fetchLayer("water");
  fetchLayer("roads");
};
