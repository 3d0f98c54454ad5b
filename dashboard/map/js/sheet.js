/* Two canvases over the map on which the plug-ins draw in their order: one for the map, one for what is pointed at. */
GM.Sheet = L.Renderer.extend({
  initialize(pane) {
    L.Renderer.prototype.initialize.call(this, {padding: 0.25, pane});
    this._painters = [];
    this._waits = 0;
  },

  /** Draw nothing until something is there, but a second at most: each part drawn alone keeps the rest waiting. */
  waitFor(promise) {
    this._waits++;
    const late = new Promise(end => setTimeout(end, 1000)), done = () => {
      this._waits--;
      this._drawSoon();
    };
    Promise.race([promise, late]).then(done, done);
  },

  /** Call `painter(pen)` on every drawing; painters with a lower order come first. */
  add(order, painter) {
    this._painters.push({order, painter});
    this._painters.sort((a, b) => a.order - b.order);
    this.refresh();
    return this;
  },

  /** Draw again with the next frame, however often it is asked for before. */
  refresh() {
    if (!this._map || this._frame || this._waits) return;
    this._frame = L.Util.requestAnimFrame(() => {
      this._frame = null;
      this._draw();
    });
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._container.style.pointerEvents = "none";
    this._pen = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
    this._container = null;
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize(), dots = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = dots * size.x;
    this._container.height = dots * size.y;
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this._drawSoon();
  },

  /** Draw once for all that moves the map in one go, before anything of it is on screen. */
  _drawSoon() {
    if (this._isDue) return;
    this._isDue = true;
    queueMicrotask(() => {
      this._isDue = false;
      if (!this._waits) this._draw();
    });
  },

  _draw() {
    if (!this._map || !this._bounds) return;
    L.Util.cancelAnimFrame(this._frame);
    this._frame = null;
    const view = this.view();
    view.plain();
    this._pen.clearRect(0, 0, view.size.x, view.size.y);
    this._paint(view);
    GM.emit("drawn", this);
  },

  /** Draw at once what some shapes cover, and leave the rest as it is. */
  patch(shapes, rows) {
    if (!this._map || !this._bounds) return;
    for (const i of rows) {
      const view = this.view(), [west, north, east, south] = (view.frame = view.box(shapes, i));
      this._pen.save();
      view.plain();
      this._pen.beginPath();
      this._pen.rect(west, north, east - west, south - north);
      this._pen.clip();
      this._pen.clearRect(west, north, east - west, south - north);
      this._paint(view);
      this._pen.restore();
    }
  },

  view() {
    const corner = this._map.getPixelOrigin().add(this._bounds.min), scale = 2 ** (this._map.getZoom() - 12);
    return new GM.View(this._pen, corner, this._bounds.getSize(), scale, window.devicePixelRatio || 1);
  },

  _paint(view) {
    for (const {painter} of this._painters) {
      this._pen.save();
      painter(view);
      this._pen.restore();
    }
  },
});

/** What a painter needs: the pen, the scale, and the way from a layer's own coordinates to the canvas. */
GM.View = class {
  constructor(pen, corner, size, scale, dots) {
    Object.assign(this, {pen, corner, size, scale, dots, frame: [0, 0, size.x, size.y]});
  }

  /** Where the origin of a layer lies, in CSS pixels of the canvas. */
  offset(zones) {
    return [zones.origin[0] * this.scale - this.corner.x, zones.origin[1] * this.scale - this.corner.y];
  }

  /** From now on the pen takes the layer's coordinates; a line of one pixel is `1 / scale` wide. */
  enter(zones) {
    const [x, y] = this.offset(zones);
    this.pen.setTransform(this.scale * this.dots, 0, 0, this.scale * this.dots, x * this.dots, y * this.dots);
  }

  /** From now on the pen takes CSS pixels of the canvas. */
  plain() {
    this.pen.setTransform(this.dots, 0, 0, this.dots, 0, 0);
  }

  /** What is drawn, as west, north, east, south in the layer's coordinates. */
  window(zones) {
    const [x, y] = this.offset(zones), [west, north, east, south] = this.frame;
    return [(west - x) / this.scale, (north - y) / this.scale, (east - x) / this.scale, (south - y) / this.scale];
  }

  /** What a shape covers with its outline, as west, north, east, south in CSS pixels of the canvas. */
  box(shapes, i) {
    const [x, y] = this.offset(shapes.zones), [west, north, east, south] = shapes.boxes.subarray(4 * i, 4 * i + 4);
    return [west * this.scale + x - 2, north * this.scale + y - 2, east * this.scale + x + 2, south * this.scale + y + 2];
  }
};

GM.sheets = map => {
  if (!map.gmSheets) {
    map.gmSheets = {base: new GM.Sheet("overlayPane").addTo(map), top: GM.sheetIn(map, "gmTop", 450)};
  }
  return map.gmSheets;
};

/** A sheet in a pane of its own, through which the pointer goes. */
GM.sheetIn = (map, name, height) => {
  Object.assign(map.createPane(name).style, {zIndex: height, pointerEvents: "none"});
  return new GM.Sheet(name).addTo(map);
};

/** Call back when what was just drawn is on screen, and what Python was told is on its way. */
GM.afterPaint = then => requestAnimationFrame(() => requestIdleCallback(then, {timeout: 500}));
