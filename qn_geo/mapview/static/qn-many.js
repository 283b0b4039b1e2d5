/* Very many shapes in one canvas: projected once, only what is in view is painted, the less of each the smaller it is.
   Takes no pointer events; what lies where is answered by `within`. */
window.QNMany = (() => {
  const RADIUS = 5;      // of a point, in pixels
  const SPECK = 1.5;     // pixels; what is smaller is a rectangle of its plain colour
  const FULL = 10;       // pixels; outlines of smaller shapes are thinner
  const RING = 0, LINE = 1, POINT = 2;
  const KINDS = { Polygon: RING, MultiPolygon: RING, LineString: LINE, MultiLineString: LINE, Point: POINT, MultiPoint: POINT };

  /** The rings, lines and points of a geometry: its kind and lists of positions. */
  function paths({ type, coordinates: c, geometries }) {
    if (geometries) return geometries.flatMap(paths);
    const lists = { Polygon: c, MultiPolygon: type === "MultiPolygon" && c.flat(), LineString: [c], MultiLineString: c, Point: [[c]], MultiPoint: type === "MultiPoint" && c.map((p) => [p]) }[type];
    return lists.map((positions) => [KINDS[type], positions]);
  }

  /** Positions as pixels of the whole world at zoom 0, path after path; `of` says where the paths of each feature begin. */
  function packed(features) {
    const xy = [], from = [0], kind = [], of = [0], boxes = new Float64Array(features.length * 4);
    features.forEach((f, i) => {
      for (const [what, positions] of f.geometry ? paths(f.geometry) : []) {
        for (const [lng, lat] of positions)
          xy.push(128 + (lng * 128) / 180, 128 - (128 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)));
        from.push(xy.length); kind.push(what);
      }
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let k = from[of[i]]; k < xy.length; k += 2) {
        box[0] = Math.min(box[0], xy[k]); box[1] = Math.min(box[1], xy[k + 1]);
        box[2] = Math.max(box[2], xy[k]); box[3] = Math.max(box[3], xy[k + 1]);
      }
      boxes.set(box, i * 4); of.push(kind.length);
    });
    return { xy: Float64Array.from(xy), from: Uint32Array.from(from), kind: Uint8Array.from(kind), of: Uint32Array.from(of), boxes };
  }

  /** A renderer is what Leaflet moves and scales while the map moves; ours has nothing to render but its own shapes. */
  const Layer = L.Renderer.extend({
    initialize(features, options) {
      L.Renderer.prototype.initialize.call(this, { padding: 0.2, ...options });
      this._features = features; this._packed = packed(features);
    },
    _initContainer() { this._container = document.createElement("canvas"); this._context = this._container.getContext("2d"); },
    _destroyContainer() { this._container.remove(); delete this._container; },
    _updatePaths() {},

    /** Paint anew, with the styles of now. */
    restyle() { delete this._styles; if (this._map) this._update(); return this; },

    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const { min } = this._bounds, size = this._bounds.getSize(), ratio = L.Browser.retina ? 2 : 1;
      L.DomUtil.setPosition(this._container, min);
      Object.assign(this._container, { width: ratio * size.x, height: ratio * size.y });
      Object.assign(this._container.style, { width: `${size.x}px`, height: `${size.y}px` });
      this._context.scale(ratio, ratio);
      this._context.translate(-min.x, -min.y); // hatches stay where they are when the map is moved
      this._paint();
    },

    _paint() {
      const { boxes } = this._packed, { small } = this.options, scale = this._map.options.crs.scale(this._zoom) / 256;
      const origin = this._map.getPixelOrigin(), min = this._bounds.min.add(origin).divideBy(scale), max = this._bounds.max.add(origin).divideBy(scale);
      const edge = RADIUS / scale;
      this._styles ||= this._features.map(this.options.style);
      this._look = null;
      for (let i = 0, k = 0; i < this._features.length; i++, k += 4) {
        if (boxes[k] > max.x + edge || boxes[k + 2] < min.x - edge || boxes[k + 1] > max.y + edge || boxes[k + 3] < min.y - edge) continue;
        const pixels = small ? Math.max(boxes[k + 2] - boxes[k], boxes[k + 3] - boxes[k + 1]) * scale : Infinity;
        if (pixels < SPECK) this._speck(this._styles[i], boxes[k] * scale - origin.x, boxes[k + 1] * scale - origin.y, Math.max(pixels, 1));
        else this._shape(i, scale, origin, pixels);
      }
    },

    _speck(style, x, y, pixels) {
      const g = this._context;
      if (style.plain !== this._look) { this._look = g.fillStyle = style.plain; g.globalAlpha = 1; }
      g.fillRect(x, y, pixels, pixels);
    },

    _shape(i, scale, origin, pixels) {
      const g = this._context, style = this._styles[i], { xy, from, kind, of } = this._packed;
      g.beginPath();
      for (let path = of[i]; path < of[i + 1]; path++) {
        const start = from[path], x = xy[start] * scale - origin.x, y = xy[start + 1] * scale - origin.y;
        if (kind[path] === POINT) { g.moveTo(x + RADIUS, y); g.arc(x, y, RADIUS, 0, 2 * Math.PI); continue; }
        g.moveTo(x, y);
        for (let k = start + 2; k < from[path + 1]; k += 2) g.lineTo(xy[k] * scale - origin.x, xy[k + 1] * scale - origin.y);
        if (kind[path] === RING) g.closePath();
      }
      if (style !== this._look) {
        this._look = style;
        Object.assign(g, { fillStyle: style.fillColor, strokeStyle: style.color, lineJoin: "round", lineCap: "round" });
        g.setLineDash((style.dashArray || "").split(/[ ,]+/).filter(Boolean).map(Number));
      }
      if (kind[of[i]] !== LINE) { g.globalAlpha = style.fillOpacity; g.fill(kind[of[i]] === RING ? "evenodd" : "nonzero"); }
      g.globalAlpha = 1;
      g.lineWidth = style.weight * Math.min(1, pixels / FULL); // else the outlines of a dense sheet would hide its colours
      g.stroke();
    },

    /** Features whose boxes meet a box of west, south, east and north. */
    within([west, south, east, north]) {
      const { boxes } = this._packed, crs = L.CRS.EPSG3857, low = crs.latLngToPoint(L.latLng(south, west), 0), high = crs.latLngToPoint(L.latLng(north, east), 0);
      return this._features.filter((_, i) => boxes[i * 4] <= high.x && boxes[i * 4 + 2] >= low.x && boxes[i * 4 + 1] <= low.y && boxes[i * 4 + 3] >= high.y);
    },
  });

  /** A layer of GeoJSON features. Options: pane, style (of a feature, as Leaflet has it), small (whether tiny shapes may be
      simplified; their style then has a `plain` colour). */
  return { layer: (features, options) => new Layer(features, options) };
})();
