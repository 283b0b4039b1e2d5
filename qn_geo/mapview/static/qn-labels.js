/* Labels that do not collide: by priority, each takes its box on the screen or stays away. How they look stands in qn.css. */
window.QNLabels = (() => {
  const ICON = 9;  // half a marker and a little air, in pixels
  const GAP = 2;

  /** What could be named in the present state: {lon, lat, text, kind, priority}. `shown` are drawn layers with their features. */
  function candidates(config, state, sources, shown, zoom) {
    const list = config.seas.map((s) => ({ lon: s.lon, lat: s.lat, text: s[`name_${state.lang}`], kind: "sea", priority: 60 }));
    const nameOf = (p) => p[`name_${state.lang}`] || p.name_vi;
    const add = (f, text, kind, priority, more) => {
      const at = f.geometry.type === "Point" ? f.geometry.coordinates : (f.inner ||= f.geometry.type.includes("Line") ? null : QNGeometry.inner(f.geometry));
      if (at && text) list.push({ lon: at[0], lat: at[1], text, kind, priority, ...more });
    };
    if (state.visible.includes("areas") && zoom <= 10) sources.areas?.features.forEach((f) => add(f, nameOf(f.properties), "area", 100));
    const plots = shown.some(([layer]) => layer.source === "plots"); // they lie over land use and hide what a code would name
    for (const [layer, features] of shown) {
      for (const f of features) {
        const p = f.properties;
        if (layer.source === "zones") {
          const named = p.zone_id === state.zone || state.compared.includes(p.zone_id);
          const rank = { KKT: 80, KCN: 75, CCN: 65 }[p.kind] + (named ? 50 : 0);
          if (named || zoom >= { KKT: 9, KCN: 9.75, CCN: 11 }[p.kind]) add(f, config.zoneNames[p.zone_id]?.[state.lang] || nameOf(p), p.kind.toLowerCase(), rank, { named });
        } else if (layer.shape === "point" && zoom >= 11) add(f, nameOf(p), "centre", 55);
        else if (layer.source === "landuse" && zoom >= 13 && !plots) add(f, p.use_code, "use", 50, { cell: f.geometry });
      }
    }
    if (zoom >= 9) sources.communes.features.forEach((f) => add(f, nameOf(f.properties), "commune", 30 + Math.min(9, f.properties.area_km2 / 60)));
    return list.sort((a, b) => b.priority - a.priority);
  }

  /** Where a label of this height may stand, in pixels below its place: beside an icon, else as near as there is room. */
  const places = (kind, height) => {
    const beside = ICON + 1 + height / 2;
    if (kind === "centre") return [beside, -beside];
    if (kind === "sea" || kind === "use") return [0];
    return kind === "commune" ? [0, beside / 2, -beside / 2] : [0, beside / 2, -beside / 2, beside, -beside];
  };

  /** Name what fits, areas and zones before what lies in them: where icons leave those no room they stand over icons. */
  function draw(map, pane, config, state, sources, shown) {
    const size = map.getSize(), icons = [];
    const taken = QNView.covers().map((o) => [o.left, o.top, o.right, o.bottom]); // a name half under a button is no name
    for (const [layer, features] of shown) {
      if (layer.shape !== "point") continue;
      for (const f of features) {
        const { x, y } = map.latLngToContainerPoint([f.geometry.coordinates[1], f.geometry.coordinates[0]]);
        icons.push([x - ICON, y - ICON, x + ICON, y + ICON]);
      }
    }
    const seen = candidates(config, state, sources, shown, map.getZoom()).map((c) => ({ ...c, at: map.latLngToContainerPoint([c.lat, c.lon]) }))
      .filter(({ at }) => at.x > 0 && at.y > 0 && at.x < size.x && at.y < size.y);
    for (const c of seen) {
      c.element = document.createElement("div");
      c.element.className = `qn-label ${c.kind}`;
      c.element.textContent = c.text;
    }
    pane.replaceChildren(...seen.map((c) => c.element));
    for (const c of seen) [c.width, c.height] = [c.element.offsetWidth, c.element.offsetHeight]; // all at once: one layout
    const over = new Set(["area", "kkt", "kcn", "ccn"]); // whose names would rather stand over icons than stay away
    for (const c of seen) {
      const half = c.width / 2 + GAP + 1;
      if (c.named) c.at.x = Math.max(half, Math.min(size.x - half, c.at.x)); // what is chosen or compared is always named
      const box = (dy) => [c.at.x - c.width / 2 - GAP, c.at.y + dy - c.height / 2 - 1, c.at.x + c.width / 2 + GAP, c.at.y + dy + c.height / 2 + 1];
      const free = (dy, others) => {
        const b = box(dy);
        return b[0] >= 0 && b[1] >= 0 && b[2] <= size.x && b[3] <= size.y && !others.some((t) => b[0] < t[2] && b[2] > t[0] && b[1] < t[3] && b[3] > t[1]);
      };
      const inside = () => { // a code names its own cell or none
        const b = box(0);
        return [[b[0], b[1]], [b[2], b[1]], [b[0], b[3]], [b[2], b[3]]].every((p) => { const at = map.containerPointToLatLng(p); return QNGeometry.covers(c.cell, at.lng, at.lat); });
      };
      const steps = c.named ? [...places(c.kind, c.height), 2 * c.height, -2 * c.height, 4 * c.height, -4 * c.height] : places(c.kind, c.height);
      const dy = c.cell && !inside() ? undefined
        : steps.find((step) => free(step, taken) && free(step, icons)) ?? (over.has(c.kind) ? steps.find((step) => free(step, taken)) : undefined);
      if (dy === undefined) { c.element.remove(); continue; }
      taken.push(box(dy));
      const p = map.containerPointToLayerPoint(c.at);
      c.element.style.cssText = `left:${Math.round(p.x - c.width / 2)}px;top:${Math.round(p.y + dy - c.height / 2)}px`;
    }
  }
  return { draw };
})();
