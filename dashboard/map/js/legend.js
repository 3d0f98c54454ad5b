/* The legend: classes with their limits, how many zones of the area are in each, the unit, and the symbols that show now. */
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
      const {paint} = GM, {level} = zones.state, values = paint && level && paint.levels[level.name];
      if (!values) return;
      this.box.replaceChildren();
      const heading = L.DomUtil.create("summary", "", this.box);
      heading.textContent = values.title;
      L.DomUtil.create("small", "", heading).textContent = paint.levelNames[level.name] || "";
      const counts = count(values.cls, GM.inside(level.name)), {level: counted, count: marked} = map.gmSymbols;
      if (values.note) L.DomUtil.create("p", "", this.box).textContent = values.note;
      for (const key of values.order) this.row(values, key, values.labels[key], counts[key] || 0);
      if (marked && counted) this.row(values, "count", paint.markCounts[counted.name].label, marked).firstChild.textContent = "12";
      else if (marked) this.row(values, "mark", paint.markLabel, marked);
    },

    row({colours}, key, label, number) {
      const row = L.DomUtil.create("div", number ? "gm-row" : "gm-row gm-none", this.box);
      const swatch = L.DomUtil.create("i", `gm-swatch gm-${key}`, row);
      swatch.style.background = GM.Fills.css(key, colours, GM.paint.hatches);
      L.DomUtil.create("span", "", row).textContent = label;
      L.DomUtil.create("b", "", row).textContent = number.toLocaleString("en");
      return row;
    },
  });

  function count(digits, inside) {
    const counts = {};
    for (const i of inside || Array(digits.length).keys()) counts[digits[i]] = (counts[digits[i]] || 0) + 1;
    return counts;
  }

  const legend = new Legend({position: "bottomleft"}).addTo(map);
  for (const event of ["paint", "level", "symbols"]) GM.on(event, () => legend.show());
};
