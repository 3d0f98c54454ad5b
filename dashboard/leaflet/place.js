/* The map keeps its place: through new data, through other pages, and in the address that people send each other. */
GM.place = (map, options) => {
  const key = "gm-place", page = window.parent;

  function remembered() {
    const asked = new URLSearchParams(page.location.search).get("at") || sessionStorage.getItem(key);
    const [lat, lng, zoom] = (asked || "").split(",").map(Number);
    const inside = L.latLngBounds(options.bounds).pad(1).contains([lat || 0, lng || 0]);
    return inside && zoom > 5 ? {lat, lng, zoom} : null;
  }

  function keep() {
    const {lat, lng} = map.getCenter(), place = [lat.toFixed(5), lng.toFixed(5), map.getZoom()].join(",");
    sessionStorage.setItem(key, place);
    const address = new URL(page.location.href);
    address.searchParams.set("at", place);
    page.history.replaceState(page.history.state, "", address.href.replaceAll("%2C", ","));
  }

  /** The frame is as high as the page gives it, not as high as Python guessed. */
  function fit() {
    map.invalidateSize({animate: false});
  }

  const before = remembered();
  GM.remembered = Boolean(before);
  if (before) map.setView([before.lat, before.lng], before.zoom, {animate: false});
  else map.fitBounds(options.bounds, {animate: false, padding: [8, 8]});
  map.on("moveend", keep);
  new ResizeObserver(fit).observe(map.getContainer());
};
