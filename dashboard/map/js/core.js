/* What every plug-in shares: listening to each other, reading zones from our binary, telling Python what was chosen. */
window.GM = (() => {
  const listeners = {};
  let sequence = 0;

  function on(event, listener) {
    (listeners[event] = listeners[event] || []).push(listener);
  }

  function emit(event, detail) {
    for (const listener of listeners[event] || []) listener(detail);
  }

  /** Pixels of Web Mercator at zoom 12; double precision, so centimetres survive. */
  function world(lon, lat) {
    const sine = Math.sin((lat * Math.PI) / 180), size = 256 * 4096;
    return [((lon + 180) / 360) * size, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size];
  }

  /** Sum up the deltas and project; the answer is relative to the origin, so that a canvas's float32 is enough. */
  function unfold(deltas, lon0, lat0, origin) {
    const out = new Float64Array(deltas.length);
    let x = lon0, y = lat0;
    for (let i = 0; i < deltas.length; i += 2) {
      x += deltas[i];
      y += deltas[i + 1];
      const point = world(x / 1e6, y / 1e6);
      out[i] = point[0] - origin[0];
      out[i + 1] = point[1] - origin[1];
    }
    return out;
  }

  /** Read what `dashboard/map/packing.py` wrote. */
  function decode(buffer) {
    const [, n, rings, coords, lon0, lat0] = new Int32Array(buffer, 0, 6);
    let at = 24;
    const take = count => {
      const part = new Int32Array(buffer, at, count);
      at += 4 * count;
      return part;
    };
    const origin = world(lon0 / 1e6, lat0 / 1e6);
    const zones = {n, origin, ringOf: take(n + 1), kind: take(rings), coordOf: take(rings + 1)};
    zones.anchor = unfold(take(2 * n), lon0, lat0, origin);
    zones.xy = unfold(take(2 * coords), lon0, lat0, origin);
    return Object.assign(zones, JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, at))));
  }

  const fetched = {};
  /** Fetch a layer once; a failure is told, so that nobody looks at an empty map without a word. */
  function load(url) {
    fetched[url] = fetched[url] || fetch(url, {credentials: "same-origin"})
      .then(answer => (answer.ok ? answer.arrayBuffer() : Promise.reject(new Error(String(answer.status)))))
      .then(decode)
      .catch(error => {
        delete fetched[url];
        emit("failed", error);
        throw error;
      });
    return fetched[url];
  }

  /** Tell Python at once; streamlit-folium's own way waits 250 ms and takes no geometry-less feature. */
  function report(properties) {
    const feature = {type: "Feature", geometry: null, properties: {...properties, seq: `${Date.now()}-${++sequence}`}};
    const shared = window.__GLOBAL_DATA__;
    shared.last_active_drawing = feature;
    shared.previous_data = {last_active_drawing: feature};
    window.Streamlit.setComponentValue(shared.previous_data);
  }

  return {on, emit, world, decode, load, report, paint: null, remembered: false};
})();
