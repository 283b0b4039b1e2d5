/* What lies under the pointer. Layers take no pointer events: every question is answered here, the same for SVG and canvas. */
window.QNGeometry = (() => {
  const polygons = (g) => (g.type === "Polygon" ? [g.coordinates] : g.type === "MultiPolygon" ? g.coordinates : []);
  const lines = (g) => (g.type === "LineString" ? [g.coordinates] : g.type === "MultiLineString" ? g.coordinates : []);

  function bbox(g) {
    const b = [Infinity, Infinity, -Infinity, -Infinity];
    (function walk(c) {
      if (typeof c[0] === "number") {
        b[0] = Math.min(b[0], c[0]); b[1] = Math.min(b[1], c[1]); b[2] = Math.max(b[2], c[0]); b[3] = Math.max(b[3], c[1]);
      } else c.forEach(walk);
    })(g.coordinates);
    return b;
  }

  function inRing(x, y, ring) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i], [xj, yj] = ring[j];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  const covers = (g, x, y) => polygons(g).some((rings) => inRing(x, y, rings[0]) && !rings.slice(1).some((hole) => inRing(x, y, hole)));

  /** Distance in pixels from a screen point to a line or point feature; Infinity for polygons. */
  function pixels(map, g, at) {
    if (g.type === "Point") return map.latLngToContainerPoint([g.coordinates[1], g.coordinates[0]]).distanceTo(at);
    let best = Infinity;
    for (const line of lines(g)) {
      let before = null;
      for (const [x, y] of line) {
        const p = map.latLngToContainerPoint([y, x]);
        if (before) best = Math.min(best, L.LineUtil.pointToSegmentDistance(at, before, p));
        before = p;
      }
    }
    return best;
  }

  /** A point well inside the widest part of a polygon: the middle of the longest run on its middle parallels. */
  function inner(g) {
    let best = null, width = -1;
    for (const rings of polygons(g)) {
      const b = bbox({ coordinates: rings });
      for (const t of [0.5, 0.4, 0.6, 0.3, 0.7]) {
        const y = b[1] + t * (b[3] - b[1]), xs = [];
        for (const ring of rings)
          for (let i = 0, j = ring.length - 1; i < ring.length; j = i++)
            if (ring[i][1] > y !== ring[j][1] > y) xs.push(((ring[j][0] - ring[i][0]) * (y - ring[i][1])) / (ring[j][1] - ring[i][1]) + ring[i][0]);
        xs.sort((a, c) => a - c);
        for (let i = 0; i + 1 < xs.length; i += 2)
          if ((xs[i + 1] - xs[i]) * (t === 0.5 ? 1.3 : 1) > width) { width = (xs[i + 1] - xs[i]) * (t === 0.5 ? 1.3 : 1); best = [(xs[i] + xs[i + 1]) / 2, y]; }
      }
    }
    return best;
  }

  return { bbox, covers, pixels, inner };
})();
