/* A tile source of the own network under everything; tiles in GCJ-02 are moved to where they belong. */
GM.tiles = (map, options) => {
  if (!options.url) return;
  const move = centre => L.latLng(centre.lat + options.shift[0], centre.lng + options.shift[1]);
  const own = L.TileLayer.prototype;
  const Moved = L.TileLayer.extend({
    _setZoomTransform(level, centre, zoom) {
      own._setZoomTransform.call(this, level, move(centre), zoom);
    },

    _getTiledPixelBounds(centre) {
      return own._getTiledPixelBounds.call(this, move(centre));
    },
  });
  new Moved(options.url, {maxZoom: 19}).addTo(map);
  map.gmSeeThrough = 0.7;
};
