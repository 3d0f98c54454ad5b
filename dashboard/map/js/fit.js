/* A map that shows given bounds as soon as it has a size; before that Leaflet would divide by nothing. */
GM.fitOnce = (map, bounds, then = () => {}) => {
  const container = map.getContainer();
  let fitted = false;
  const fit = () => {
    if (!container.clientWidth || !container.clientHeight) return;
    map.invalidateSize({animate: false});
    if (fitted) return;
    fitted = true;
    map.fitBounds(bounds, {animate: false, padding: [16, 16]});
    then();
  };
  map.setView(L.latLngBounds(bounds).getCenter(), 10, {animate: false});
  new ResizeObserver(fit).observe(container);
};
