/* The map by keyboard: arrows move it, Enter chooses what lies under the cross, which is read out and goes when the mouse is taken. */
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

  const KEYS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Enter", "+", "-", "="]);
  const show = isAtKeys => container.classList.toggle("gm-keys", isAtKeys);
  let isPointing = false, before = null;
  window.addEventListener("pointerdown", () => {
    isPointing = true;
    show(false);
  }, {capture: true});
  window.addEventListener("pointerup", () => { isPointing = false; }, {capture: true});
  /** Who comes back to the window finds the map as it was left; whoever comes by the tab key sees the cross. */
  container.addEventListener("blur", () => {
    before = document.activeElement === container ? container.classList.contains("gm-keys") : null;
    show(false);
  });
  container.addEventListener("focus", () => show(before === null ? !isPointing : before));
  container.addEventListener("keydown", event => {
    if (document.activeElement === container && KEYS.has(event.key)) show(true);
    if (event.key !== "Enter" || document.activeElement !== container) return;
    zones.press(map.getCenter());
  });
  container.addEventListener("focus", say);
  map.on("moveend", say);
};
