/* Dragging a team with mouse, pen or finger, or picking it and pressing where it goes: both ends are told at once. */
GM.Drag = class {
  /** `say(team, people, spot)` returns the lines of the label; `drop(team, people, spot)` is called when it is let go. */
  constructor(map, {start, over, drop, end}) {
    Object.assign(this, {map, start, over, drop, end, active: null});
    const box = map.getContainer();
    box.addEventListener("pointerdown", () => { this.moved = false; }, true);
    box.addEventListener("pointermove", event => this._move(event));
    box.addEventListener("pointerup", event => this._up(event));
    box.addEventListener("pointercancel", () => this._stop());
    box.addEventListener("lostpointercapture", () => this._stop());
  }

  /** Let what `find(event)` returns below a part of the map be dragged: `{element, cargo}`, or nothing. */
  attach(root, find) {
    root.addEventListener("pointerdown", event => {
      const found = find(event);
      if (!found) return;
      if (this.isCarried) this.put();
      if (event.button || this.active) return;
      this.waiting = {...found, id: event.pointerId, x: event.clientX, y: event.clientY};
      found.element.setPointerCapture(event.pointerId);
    }, true);
  }

  /** Carry without holding: what was picked follows the pointer, or the middle of the map, until it is let go or put back. */
  carry(cargo) {
    this.put();
    this.isCarried = true;
    this.waiting = {element: this.map.getContainer(), cargo};
    this.follow = event => this._follow(event);
    document.addEventListener("pointermove", this.follow);
    this._begin(this.waiting);
    this.moved = false;
    this.tellMiddle();
  }

  _follow({clientX, clientY}) {
    this.last = {clientX, clientY};
    this._place(this.last);
    if (!this.frame) this.frame = requestAnimationFrame(() => this._tell());
  }

  /** Tell of the middle of the map, where the keyboard points. */
  tellMiddle() {
    if (!this.isCarried) return;
    const box = this.map.getContainer().getBoundingClientRect();
    this._follow({clientX: box.left + box.width / 2, clientY: box.top + box.height / 2});
  }

  /** Let what is carried go at a place. */
  letGo(latlng) {
    if (this.isCarried) this._stop({latlng});
  }

  /** Put what is carried back. */
  put() {
    if (this.isCarried) this._stop();
  }

  _move(event) {
    const {waiting} = this;
    if (!waiting || event.pointerId !== waiting.id) return;
    if (!this.active && Math.hypot(event.clientX - waiting.x, event.clientY - waiting.y) < 6) return;
    if (!this.active) this._begin(waiting);
    event.preventDefault();
    this._place(event);
    this.last = {clientX: event.clientX, clientY: event.clientY};
    if (!this.frame) this.frame = requestAnimationFrame(() => this._tell());
  }

  _begin({element, cargo}) {
    this.active = cargo;
    this.moved = true;
    this.ghost = L.DomUtil.create("div", "gm-ghost", document.body);
    L.DomUtil.create("b", "", this.ghost).textContent = cargo.label;
    this.words = L.DomUtil.create("div", "gm-words", this.ghost);
    element.classList.add("gm-lifted");
    document.body.classList.add("gm-dragging");
    this.keys = event => event.key === "Escape" && this._stop();
    document.addEventListener("keydown", this.keys);
    this.start(cargo);
  }

  _place({clientX, clientY}) {
    const {offsetWidth, offsetHeight} = this.ghost, {innerWidth, innerHeight} = window;
    const left = clientX + 18 + offsetWidth > innerWidth ? clientX - 14 - offsetWidth : clientX + 18;
    const top = Math.min(clientY + 16, innerHeight - offsetHeight - 6);
    this.ghost.style.transform = `translate(${Math.max(left, 4)}px, ${Math.max(top, 4)}px)`;
  }

  /** Where the pointer is: over the map, or over the tray, which means back home. */
  _spot({clientX, clientY}) {
    const below = document.elementFromPoint(clientX, clientY);
    const box = this.map.getContainer().getBoundingClientRect();
    if (below && below.closest(".gm-tray")) return {tray: true};
    if (below && below.closest(".leaflet-control")) return {latlng: null};
    return {latlng: this.map.containerPointToLatLng([clientX - box.left, clientY - box.top])};
  }

  _tell() {
    this.frame = null;
    if (!this.active) return;
    const {tone, lines} = this.over(this.active, this._spot(this.last));
    this.words.replaceChildren();
    this.ghost.dataset.tone = tone;
    for (const line of lines) L.DomUtil.create("span", "", this.words).textContent = line;
    this._place(this.last);
  }

  _up(event) {
    if (!this.waiting || event.pointerId !== this.waiting.id) return;
    this._stop(this.active && this._spot(event));
  }

  /** Nothing is lifted any more; with a spot it was let go there, while the map is still as it was seen. */
  _stop(spot = null) {
    const {active, waiting} = this;
    this.active = this.waiting = null;
    if (this.isCarried) document.removeEventListener("pointermove", this.follow);
    this.isCarried = false;
    if (!active) return;
    waiting.element.classList.remove("gm-lifted");
    document.body.classList.remove("gm-dragging");
    document.removeEventListener("keydown", this.keys);
    this.ghost.remove();
    if (spot) this.drop(active, spot);
    this.end();
  }
};
