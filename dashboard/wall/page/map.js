/* The one map of the screen: it is made once, and each section paints on it. Whoever takes the mouse may zoom and ask. */
import {$, element, say, sync, unit, write} from "./dom.js";
import {Painter} from "./paint.js";

const GM = window.GM, L = window.L;
const WATER_AND_ROADS = ["water", "roads"];

export class WallMap {
  constructor(touched) {
    this.kept = new Map();
    this.part = this.shown = null;
    this.moved = this.failed = false;
    this.map = L.map("map", {
      attributionControl: false, zoomControl: false, zoomSnap: 0.1, zoomDelta: 0.5, maxZoom: 19, fadeAnimation: false,
    });
    this.map.setView([30, 110], 4, {animate: false});
    L.control.zoom({position: "topleft", zoomInTitle: say("zoomIn"), zoomOutTitle: say("zoomOut")}).addTo(this.map);
    $("#map").setAttribute("aria-label", say("map"));
    this.painter = new Painter(this.map);
    const taken = () => {
      this.moved = true;
      touched();
    };
    for (const event of ["pointerdown", "wheel", "keydown"]) {
      this.map.getContainer().addEventListener(event, taken, {capture: true, passive: true});
    }
    this.map.on("click", event => this.choose(event.latlng));
    new ResizeObserver(() => {
      this.map.invalidateSize({animate: false});
      if (!this.moved) this.fit();
    }).observe(this.map.getContainer());
  }

  /** Let go of the outlines that no map of the briefing names any more. */
  keepOnly(parts) {
    const named = new Set(parts.flatMap(tokensOf));
    for (const token of this.kept.keys()) if (!named.has(token)) this.kept.delete(token);
  }

  /** Show a map; the one before stays until all of this one is there. */
  async show(part) {
    this.part = part;
    $("#mapside").hidden = !part;
    if (!part || part === this.shown) return;
    try {
      await Promise.all(tokensOf(part).map(token => this.fetch(token)));
    } catch {
      this.failed = true;
      return;
    }
    if (part !== this.part) return;
    const fresh = !this.shown || String(this.shown.bounds) !== String(part.bounds);
    this.failed = false;
    this.shown = part;
    this.hideZone();
    this.painter.take(part, token => this.kept.get(token));
    this.legend(part);
    if (fresh && !this.moved) this.fit();
  }

  /** Try again what could not be fetched. */
  retry() {
    if (this.failed && this.part) this.show(this.part);
  }

  async fetch(token) {
    if (this.kept.has(token)) return;
    const answer = await fetch(`/screen/shapes/${token}.bin`, {credentials: "same-origin"});
    if (!answer.ok) throw new Error(String(answer.status));
    this.kept.set(token, new GM.Shapes(GM.decode(await answer.arrayBuffer())));
  }

  fit() {
    const bounds = this.shown && this.shown.bounds;
    if (!bounds) return;
    const [west, south, east, north] = bounds, room = 18 * unit();
    this.map.invalidateSize({animate: false});
    this.map.fitBounds([[south, west], [north, east]], {animate: false, paddingTopLeft: [room, room], paddingBottomRight: [room, room + $("#legend").offsetHeight]});
  }

  /** Back to the whole, as it was before somebody took the mouse. */
  home() {
    if (!this.moved) return;
    this.moved = false;
    this.hideZone();
    this.fit();
  }

  hideZone() {
    $("#zone").hidden = true;
    this.painter.ring(-1);
  }

  choose(latlng) {
    const shapes = this.shown && this.kept.get(this.shown.zones);
    const i = shapes ? shapes.at(latlng, 8 / 2 ** (this.map.getZoom() - 12)) : -1;
    if (i < 0) {
      this.hideZone();
      return;
    }
    this.painter.ring(i);
    this.tell(shapes.zones.names[i] || shapes.zones.codes[i], this.shown.facts[i], this.shown.classes[i]);
  }

  tell(name, fact, mark) {
    const rows = fact.length ? fact.map(([word, value]) => [say(word), value]) : [[this.shown.labels[mark], ""]];
    write($("#zone b"), name);
    $("#zone dl").replaceChildren(...rows.flatMap(([word, value]) => pair(word, value)));
    $("#zone").hidden = false;
  }

  /** The classes that are on the map, and the mark where there is one. */
  legend(part) {
    const rows = part.order.filter(key => part.counts[key]).map(key => ({key, label: part.labels[key]}));
    if (part.marks) rows.push({key: "mark", label: part.markLabel});
    const heading = part.note ? `${part.title} (${part.note})` : part.title;
    sync($("#legend"), [{heading}, ...rows], legendRow, (row, {heading: title, key, label}) => {
      row.firstChild.hidden = Boolean(title);
      row.firstChild.className = key === "mark" ? "mark" : "";
      row.firstChild.style.background = key ? GM.Fills.css(key, part.colours, part.hatches) : "";
      row.lastChild.style.fontWeight = title ? "600" : "400";
      write(row.lastChild, title || label);
    });
  }
}

function legendRow() {
  const row = element("div");
  row.append(element("i"), element("span"));
  return row;
}

function pair(word, value) {
  const [term, answer] = [element("dt"), element("dd")];
  write(term, word);
  write(answer, value);
  return [term, answer];
}

export function tokensOf(part) {
  if (!part) return [];
  const base = WATER_AND_ROADS.map(name => part.base[name]);
  return [part.zones, ...part.borders, ...base].filter(Boolean);
}
