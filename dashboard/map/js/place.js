/* The map keeps its place: through new data, through other pages, and in the address that people send each other. */
/** What the controls cover of a wide map, so that zones are not hidden under them at first. */
GM.margins = map => {
  const wide = map.getSize().x > 800;
  return {paddingTopLeft: [wide ? 190 : 8, 50], paddingBottomRight: [wide ? 30 : 8, 8]};
};

GM.place = (map, options) => {
  const key = "gm-place", page = window.parent, path = page.location.pathname;

  /** The address counts; without a place in it, where the map was before on this same load of the page. */
  function remembered() {
    const [load, place] = (sessionStorage.getItem(key) || "").split("|");
    const asked = addressed() || (load === String(page.performance.timeOrigin) ? place : "");
    const [lat, lng, zoom] = (asked || "").split(",").map(Number);
    const inside = L.latLngBounds(options.bounds).pad(1).contains([lat || 0, lng || 0]);
    return inside && zoom > 5 && zoom <= 22 ? {lat, lng, zoom} : null;
  }

  function addressed() {
    return new URLSearchParams(page.location.search).get("at");
  }

  function keep() {
    const {lat, lng} = map.getCenter(), place = [lat.toFixed(5), lng.toFixed(5), map.getZoom()].join(",");
    sessionStorage.setItem(key, `${page.performance.timeOrigin}|${place}`);
    write(place);
  }

  /** Put the place into the address, or take it out; Streamlit writes the address anew and knows nothing of it. */
  function write(place) {
    if (page.location.pathname !== path || (addressed() || "") === place) return;
    const address = new URL(page.location.href);
    if (place) address.searchParams.set("at", place);
    else address.searchParams.delete("at");
    page.history.replaceState(page.history.state, "", address.href.replaceAll("%2C", ",").replaceAll("%3A", ":"));
  }

  function refresh() {
    if (map.gmMoved) keep();
    else write("");
  }

  /** The frame is as high as the page gives it, not as high as Python guessed; show all until somebody moves. */
  function fit() {
    map.invalidateSize({animate: false});
    if (!map.gmMoved) map.fitBounds(options.bounds, {animate: false, ...GM.margins(map)});
  }

  /** Everything was asked for: that is no place of its own. */
  map.gmShowAll = () => {
    map.gmMoved = false;
    sessionStorage.removeItem(key);
    write("");
    map.fitBounds(options.bounds, GM.margins(map));
  };

  const before = remembered(), container = map.getContainer();
  GM.remembered = map.gmMoved = Boolean(before);
  if (before) map.setView([before.lat, before.lng], before.zoom, {animate: false});
  else fit();
  for (const event of ["pointerdown", "wheel", "keydown"]) {
    container.addEventListener(event, () => { map.gmMoved = true; }, {capture: true, passive: true});
  }
  map.on("moveend", () => map.gmMoved && keep());
  page.addEventListener("gridmuster:address", refresh);
  window.addEventListener("pagehide", () => page.removeEventListener("gridmuster:address", refresh));
  new ResizeObserver(fit).observe(container);
};
