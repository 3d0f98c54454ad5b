/* Zoom buttons, scale bar, and a word when the map could not be fetched. */
GM.controls = (map, options) => {
  L.control.zoom({position: "topright", zoomInTitle: options.zoomIn, zoomOutTitle: options.zoomOut}).addTo(map);
  L.control.scale({position: "bottomright", imperial: false, maxWidth: 120}).addTo(map);
  GM.sheets(map);
  let notice = null;
  GM.on("failed", () => {
    if (notice) return;
    const Notice = L.Control.extend({
      onAdd() {
        const box = L.DomUtil.create("div", "gm-failed");
        box.setAttribute("role", "alert");
        box.textContent = options.failed;
        return box;
      },
    });
    notice = new Notice({position: "topleft"}).addTo(map);
  });
};
