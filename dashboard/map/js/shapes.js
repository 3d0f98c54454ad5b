/* The shapes of a layer as paths, made when they are first drawn; what is under a point. */
GM.Shapes = class {
  constructor(zones) {
    this.zones = zones;
    this.paths = [];
    this.boxes = this._boxes();
    this.probe = document.createElement("canvas").getContext("2d");
  }

  _boxes() {
    const {n, ringOf, coordOf, xy} = this.zones, boxes = new Float64Array(4 * n);
    for (let i = 0; i < n; i++) {
      let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let j = 2 * coordOf[ringOf[i]]; j < 2 * coordOf[ringOf[i + 1]]; j += 2) {
        west = Math.min(west, xy[j]);
        east = Math.max(east, xy[j]);
        north = Math.min(north, xy[j + 1]);
        south = Math.max(south, xy[j + 1]);
      }
      boxes.set([west, north, east, south], 4 * i);
    }
    return boxes;
  }

  /** Whether the shape is but one point. */
  isPoint(i) {
    const {ringOf, kind} = this.zones;
    return ringOf[i] < ringOf[i + 1] && kind[ringOf[i]] === 2;
  }

  path(i) {
    if (this.paths[i]) return this.paths[i];
    const {ringOf, coordOf, kind, xy} = this.zones, path = new Path2D();
    for (let ring = ringOf[i]; ring < ringOf[i + 1]; ring++) {
      for (let j = coordOf[ring]; j < coordOf[ring + 1]; j++) {
        if (j === coordOf[ring]) path.moveTo(xy[2 * j], xy[2 * j + 1]);
        else path.lineTo(xy[2 * j], xy[2 * j + 1]);
      }
      if (kind[ring] === 0) path.closePath();
    }
    this.paths[i] = path;
    return path;
  }

  /** Call back with the number of each shape that reaches into the view. */
  each(view, visit) {
    const [west, north, east, south] = view.window(this.zones), b = this.boxes;
    for (let i = 0; i < this.zones.n; i++) {
      if (b[4 * i] <= east && b[4 * i + 2] >= west && b[4 * i + 1] <= south && b[4 * i + 3] >= north) visit(i);
    }
  }

  /** The number of the lowest shape at a place (degrees), or -1; points count within `slack` of zoom-12 pixels. */
  at(latlng, slack) {
    const [wx, wy] = GM.world(latlng.lng, latlng.lat), {origin, n} = this.zones, b = this.boxes;
    const x = wx - origin[0], y = wy - origin[1];
    for (let i = 0; i < n; i++) {
      const near = this.isPoint(i) ? slack : 0;
      if (x < b[4 * i] - near || x > b[4 * i + 2] + near || y < b[4 * i + 1] - near || y > b[4 * i + 3] + near) continue;
      if (near || this.probe.isPointInPath(this.path(i), x, y, "evenodd")) return i;
    }
    return -1;
  }

  /** Bounds of one shape, or of all, in degrees. */
  bounds(i) {
    const b = this.boxes, all = i === undefined;
    let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = all ? 0 : i; k < (all ? this.zones.n : i + 1); k++) {
      if (!Number.isFinite(b[4 * k])) continue;
      west = Math.min(west, b[4 * k]);
      north = Math.min(north, b[4 * k + 1]);
      east = Math.max(east, b[4 * k + 2]);
      south = Math.max(south, b[4 * k + 3]);
    }
    return west > east ? null : L.latLngBounds([this.latlng(west, south), this.latlng(east, north)]);
  }

  latlng(x, y) {
    const {origin} = this.zones;
    return L.CRS.EPSG3857.pointToLatLng(L.point(x + origin[0], y + origin[1]), 12);
  }

  anchor(i) {
    return this.latlng(this.zones.anchor[2 * i], this.zones.anchor[2 * i + 1]);
  }
};
