/* Where a drop could have been meant: the places within a finger's breadth, and a small list to choose from. */
GM.around = (map, find, latlng, breadth = 5) => {
  const at = map.latLngToContainerPoint(latlng), places = new Map();
  const note = place => place && places.set(`${place.i}/${place.estate}`, place);
  note(find(latlng));
  for (let k = 0; k < 8; k++) {
    const turn = (k * Math.PI) / 4;
    note(find(map.containerPointToLatLng([at.x + breadth * Math.cos(turn), at.y + breadth * Math.sin(turn)])));
  }
  return [...places.values()];
};

/** Ask which of some places is meant; `lines` names each, `then` is given which was chosen, -1 for none. */
GM.askPlace = (map, latlng, title, lines, then) => {
  const at = map.latLngToContainerPoint(latlng), size = map.getSize();
  const menu = L.DomUtil.create("div", "gm-menu", map.getContainer());
  L.DomEvent.disableClickPropagation(menu);
  menu.setAttribute("role", "dialog");
  menu.setAttribute("aria-label", title);
  L.DomUtil.create("b", "", menu).textContent = title;
  let isOpen = true;
  const close = (k = -1) => {
    if (!isOpen) return;
    isOpen = false;
    menu.remove();
    then(k);
  };
  lines.forEach((words, k) => {
    const button = L.DomUtil.create("button", "", menu);
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => close(k));
  });
  menu.addEventListener("keydown", event => event.key === "Escape" && close());
  menu.style.left = `${Math.min(at.x, size.x - menu.offsetWidth - 8)}px`;
  menu.style.top = `${Math.min(at.y, size.y - menu.offsetHeight - 8)}px`;
  menu.querySelector("button").focus();
  map.once("movestart", () => close());
};
