/* The map by keyboard: arrows move it, Enter chooses what lies under the cross, which is read out. */
GM.keyboard = (map, options) => {
  const container = map.getContainer(), zones = map.gmZones;
  const cross = L.DomUtil.create("div", "gm-cross", container);
  const voice = L.DomUtil.create("div", "gm-voice", container);
  cross.setAttribute("aria-hidden", "true");
  voice.setAttribute("aria-live", "polite");
  container.setAttribute("role", "application");
  container.setAttribute("aria-label", options.label);

  function say() {
    if (document.activeElement !== container || !zones.state.level) return;
    const {level} = zones.state, i = zones.find(map.getCenter());
    voice.textContent = i < 0 ? "" : `${level.shapes.zones.names[i]}: ${zones.figure(level, i)}`;
  }

  container.addEventListener("keydown", event => {
    if (event.key !== "Enter" || document.activeElement !== container) return;
    const i = zones.find(map.getCenter());
    if (i >= 0) zones.choose(zones.state.level, i);
  });
  container.addEventListener("focus", say);
  map.on("moveend", say);
};
