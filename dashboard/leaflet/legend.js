/* The legend: classes with their limits, how many zones are in each, the unit, and the symbols that are always there. */
GM.legend = map => {
  const zones = map.gmZones;
  const Legend = L.Control.extend({
    onAdd() {
      this.box = L.DomUtil.create("details", "gm-legend");
      this.box.open = true;
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.disableScrollPropagation(this.box);
      return this.box;
    },

    show() {
      const {paint} = GM, {level} = zones.state;
      if (!paint || !level) return;
      this.box.replaceChildren();
      const heading = L.DomUtil.create("summary", "", this.box);
      heading.textContent = paint.title;
      L.DomUtil.create("small", "", heading).textContent = paint.levelNames[level.name] || "";
      const values = paint.levels[level.name], counts = values ? count(values.cls) : {};
      if (paint.note) L.DomUtil.create("p", "", this.box).textContent = paint.note;
      for (const key of paint.order) this.row(key, paint.labels[key], counts[key] || 0);
      if (paint.marks.length) this.row("mark", paint.markLabel, paint.marks.length);
    },

    row(key, label, number) {
      const row = L.DomUtil.create("div", number ? "gm-row" : "gm-row gm-none", this.box);
      const swatch = L.DomUtil.create("i", `gm-swatch gm-${key}`, row);
      if (GM.paint.colours[key]) swatch.style.background = GM.paint.colours[key];
      L.DomUtil.create("span", "", row).textContent = label;
      L.DomUtil.create("b", "", row).textContent = number;
    },
  });

  function count(digits) {
    const counts = {};
    for (const digit of digits) counts[digit] = (counts[digit] || 0) + 1;
    return counts;
  }

  const legend = new Legend({position: "bottomleft"}).addTo(map);
  GM.on("paint", () => legend.show());
  GM.on("level", () => legend.show());
};
