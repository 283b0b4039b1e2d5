/* The controller inside the map's frame. The page sends it a few hundred bytes of state; it fetches layers by address,
   draws them, answers hover and click at once, and reports what was clicked. No geometry ever travels through a rerun. */
window.QN = (() => {
  const asked = fetch("/qn/map/config.json").then((r) => r.json()); // at once, while the component still makes its map
  const sources = {};          // catalogue id -> {features, waiting}
  const drawn = {};            // layer id -> L.Layer
  let map = null, config = null, state = null, pending = null, tools = null, renderers = {}, panes = {}, base = null;
  let highlight = null, hover = null, pin = null, tip = null, notice = null, online = null, moved = null, counter = 0, labelTimer = 0;
  let later = 0;
  let optimistic = null;       // what a click chose, until the server's state says the same
  let sent = null;             // the last event reported

  const strings = () => config.strings[(state && state.lang) || "vi"];
  const nameOf = (p) => p[`name_${state.lang}`] || p.name_vi || p.plot_id || "";

  function report(event) {
    // The number is unique over frames and reloads, so the server can tell a new event from an old one.
    sent = { n: `${Date.now()}-${++counter}`, at: performance.now() };
    if (window.Streamlit) window.Streamlit.setComponentValue({ n: sent.n, ...event });
  }

  /** Change how things are shown: at once here, then on the server, which writes it into the address. */
  function change(part) {
    state = { ...state, ...part };
    if (part.basemap) basemap();
    present();
    window.qnState = state;
    report({ t: "view", ...part });
  }

  /** Choose a zone, or another thing as `kind:id`, from a chart or a table: outlined at once, gone to when out of sight. */
  function choose(id) {
    const [kind, rest] = (id || "").split(/:(.*)/s);
    if (kind === "case") { report({ t: "case", case: rest }); return; }
    const pick = rest === undefined ? null : id, zone = pick ? null : id;
    const f = pick ? QNReview.find(pick) : state && find("zones", "zone_id", zone);
    if (!f && !pick && !config.zoneNames[zone]) return;
    if (f || zone) { optimistic = { zone, plot: null, pick, at: null }; drawHighlight(); }
    if (f) QNView.goTo(f.bbox, { most: pick ? 18 : 15 });
    report(pick ? { t: "pick", pick } : { t: "zone", zone });
  }

  async function install(leaflet) {
    map = leaflet;
    window.qnBorn = Date.now();
    map.options.zoomSnap = 0.1; // boxes fit tightly; the buttons still go by whole steps

    config = await asked;
    QNDraw.use(config);
    QNView.install(map, report);
    map.setMaxBounds(QNView.bounds(config.limits));
    ["qn-land", "qn-online", ...config.layers.map((l) => `qn-${l.id}`), "qn-high", "qn-points", "qn-names", "qn-top"].forEach((name, i) => {
      panes[name] = map.createPane(name);
      panes[name].style.zIndex = 300 + i;
      panes[name].style.pointerEvents = "none";
    });
    QNReview.install(map, config);
    tools = QNTools.install(map, config, () => home());
    notice = L.DomUtil.create("div", "qn-notice");
    notice.setAttribute("role", "status");
    new (L.Control.extend({ onAdd: () => notice }))({ position: "topright" }).addTo(map);
    tip = L.DomUtil.create("div", "qn-tip", map.getContainer());
    tip.style.display = "none";
    map.on("click", onClick).on("mousemove", onMove).on("mouseout movestart", () => hovered(null)).on("moveend zoomend", refresh);
    document.addEventListener("keydown", (e) => { if (e.key === "Escape") escape(); });
    await Promise.all(["backdrop", "city", "communes"].map(load));
    drawBase();
    QNLink.install({ state: () => state, change, choose, folded: () => state && label() });
    window.qnReady = true;
    if (pending) apply(pending);
  }

  function escape() {
    if (tools.measure.active()) { tools.measure.stop(); return; }
    optimistic = { zone: null, plot: null, pick: null };
    drawHighlight();
    report({ t: "clear" });
  }

  // ---- data ---------------------------------------------------------------------------------------------------------
  function load(id) {
    if (!sources[id]) {
      sources[id] = { features: [] };
      sources[id].waiting = fetch(config.sources[id].url).then(async (r) => {
        const data = await r.json();
        if (!r.ok) throw new Error((state && state.lang) === "en" ? data.error : data.loi); // names file and remedy
        return data;
      }).then((data) => {
        sources[id].features = data.features.filter((f) => f.geometry);
        for (const f of sources[id].features) f.bbox = QNGeometry.bbox(f.geometry);
      }).catch((error) => { sources[id].failed = true; tell(`${strings().layerFailed.replace("{layer}", id)} ${error.message}`, true); });
    }
    return sources[id].waiting;
  }

  /** Say something over the map: for a while, or for as long as it is true. */
  function tell(text, stays = false) {
    notice.classList.remove("qn-below");
    notice.textContent = text;
    if (!stays) setTimeout(() => { if (notice.textContent === text) notice.textContent = ""; }, 15000);
  }
  const accepts = (layer, f) => Object.entries(layer.where).every(([k, values]) => values.includes(f.properties[k]));
  const featuresOf = (layer) => {
    const all = (sources[layer.source] || { features: [] }).features.filter((f) => accepts(layer, f));
    if (layer.source === "landuse") return inForce(all);
    if (layer.source === "zones") return all.filter((f) => !(parseInt(f.properties.established, 10) > state.year));
    if (layer.source === "transport" || layer.source === "logistics") return all.filter((f) => state.statuses.includes(shownStatus(f.properties)));
    if (layer.source === "plots") return all.filter((f) => state.plots.includes(f.properties.status || "none"));
    return all;
  };
  const shownStatus = (p) => { const s = QNDraw.statusIn(p, state.year); return s === "proposed" ? "planned" : s; };

  /** Of each zone only the plan in force in the chosen year: the nearest horizon not before it, else the newest. */
  function inForce(cells) {
    const chosen = {};
    for (const { properties: p } of cells) {
      const h = parseInt(p.horizon, 10), now = chosen[p.zone_id];
      const better = now === undefined || (now < state.year ? h > now : h >= state.year && h < now);
      if (better) chosen[p.zone_id] = h;
    }
    return cells.filter(({ properties: p }) => parseInt(p.horizon, 10) === chosen[p.zone_id]);
  }

  // ---- drawing ------------------------------------------------------------------------------------------------------
  const renderer = (pane, canvas) => (renderers[pane] ||= canvas ? L.canvas({ pane }) : L.svg({ pane, padding: 0.3 }).addTo(map));

  function drawBase() {
    document.documentElement.style.setProperty("--qn-sea", config.colours.sea);
    if (base) base.remove();
    base = L.layerGroup().addTo(map);
    const plain = (fill, line, weight) => ({ interactive: false, pane: "qn-land", renderer: renderer("qn-land", true), style: { fillColor: fill, fillOpacity: 1, color: line, weight } });
    const add = (id, ...look) => L.geoJSON({ type: "FeatureCollection", features: sources[id].features }, plain(...look)).addTo(base);
    add("backdrop", config.colours.neighbour, config.colours.coast, 0.6);
    add("communes", config.colours.land, config.colours.land, 1);
    add("city", "transparent", config.colours.city, 1.6);
  }

  function drawLayer(layer) {
    if (drawn[layer.id]) { drawn[layer.id].remove(); delete drawn[layer.id]; }
    if (!state.visible.includes(layer.id) || map.getZoom() < layer.min_zoom) return;
    const pane = layer.shape === "point" ? "qn-points" : `qn-${layer.id}`;
    const r = renderer(`qn-${layer.id}`, ["plots", "communes", "areas"].includes(layer.source));
    const style = QNDraw.styles[layer.source];
    drawn[layer.id] = L.geoJSON({ type: "FeatureCollection", features: featuresOf(layer) }, {
      interactive: false, pane, renderer: layer.shape === "point" ? undefined : r,
      style: (f) => (style ? style(f.properties, state, r) : {}),
      pointToLayer: (f, at) => L.marker(at, { icon: QNDraw.icon(f.properties, state), pane: "qn-points", interactive: false, keyboard: false, alt: "" }),
    }).addTo(map);
  }

  function stack() {
    config.layers.forEach((layer) => {
      const pane = panes[`qn-${layer.id}`];
      const behind = state.review && layer.shape === "polygon" ? 0.4 : 1; // what a submission lies over steps back
      pane.style.opacity = (state.opacity[layer.group] ?? 1) * behind;
      pane.style.zIndex = 310 + 20 * state.order.indexOf(layer.group) + config.layers.indexOf(layer);
    });
    panes["qn-high"].style.zIndex = 500; panes["qn-points"].style.zIndex = 510; panes["qn-names"].style.zIndex = 520; panes["qn-top"].style.zIndex = 530;
    panes["qn-points"].style.opacity = state.opacity.logistics ?? 1;
  }

  async function refresh() {
    if (!state) return;
    state.near = map.getZoom() >= 12;
    if (chosen().zone && !sources.zones) load("zones").then(drawHighlight); // outlined even where its layer is off
    const wanted = config.layers.filter((l) => state.visible.includes(l.id) && map.getZoom() >= l.min_zoom);
    await Promise.all([...new Set(wanted.map((l) => l.source))].map(load));
    for (const layer of config.layers) {
      const key = wanted.includes(layer) ? JSON.stringify([state.year, state.area, state.near && layer.source === "zones", layer.source === "transport" || layer.source === "logistics" ? state.statuses : 0, layer.source === "plots" && state.plots]) : "";
      if (layer.key !== key) { layer.key = key; drawLayer(layer); }
    }
    clearTimeout(labelTimer);
    labelTimer = setTimeout(() => { label(); markLegend(); }, 30);
    drawHighlight();
  }

  const label = () => QNLabels.draw(map, panes["qn-names"], config, state, sources, shown());
  const shown = () => config.layers.filter((layer) => drawn[layer.id]).map((layer) => [layer, featuresOf(layer)]);

  function markLegend() {
    const inView = new Set(), view = map.getBounds();
    const box = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
    for (const [layer, features] of shown()) {
      for (const f of features) {
        if (f.bbox[0] > box[2] || f.bbox[2] < box[0] || f.bbox[1] > box[3] || f.bbox[3] < box[1]) continue;
        const p = f.properties;
        inView.add(`layer:${layer.id}`);
        if (layer.shape === "point") inView.add(`kind:${p.kind || p.mode}`);
        if (layer.id === "areas") inView.add(`area:${p.area_id}`);
        if (layer.source === "landuse") inView.add(`use:${p.use_code || ""}`).add(`horizon:${p.horizon}`);
        if (layer.source === "plots") inView.add(p.status ? `plot:${p.status}` : `plotuse:${p.use_code}`);
        if (layer.source === "zones" && p.kind !== "KKT" && !state.near && QNDraw.statusIn(p, state.year) !== "operating") inView.add("zone:future");
        if (layer.source === "transport" || layer.source === "logistics") inView.add(`status:${shownStatus(p)}`);
        if (p.quality === "schematic" && layer.shape === "polygon") inView.add("quality:schematic");
      }
    }
    for (const key of QNReview.keys(box)) inView.add(key);
    QNLink.legend(inView);
  }

  const chosen = () => optimistic || state;
  const find = (source, key, id) => ((sources[source] || { features: [] }).features.find((f) => f.properties[key] === id));

  function drawHighlight() {
    if (highlight) highlight.remove();
    highlight = L.layerGroup().addTo(map);
    if (pin) { pin.remove(); pin = null; }
    if (!state) return;
    const { zone, plot, pick } = chosen();
    const outline = (f, weight) => {
      if (!f) return;
      for (const [color, w] of [[config.colours.halo, weight + 3.5], [config.colours.accent, weight]])
        L.geoJSON(f, { interactive: false, pane: "qn-high", renderer: renderer("qn-high"), style: { color, weight: w, opacity: color === config.colours.halo ? 0.85 : 1, fill: false },
          pointToLayer: (g, at) => L.circleMarker(at, { radius: 12, renderer: renderer("qn-high"), pane: "qn-high", interactive: false, color, weight: w, fill: false }) }).addTo(highlight);
    };
    for (const id of state.compared) outline(find("zones", "zone_id", id), 2);
    if (zone) outline(find("zones", "zone_id", zone), zone.startsWith("kkt") ? 1.8 : 3);
    if (plot) outline(find("plots", "plot_id", plot), 2.5);
    const [kind, id] = (pick || ":").split(/:(.*)/s);
    const place = { link: ["transport", "link_id"], centre: ["logistics", "centre_id"], commune: ["communes", "code"], area: ["areas", "area_id"] }[kind];
    outline(place ? find(place[0], place[1], id) : QNReview.find(pick), 3);
    const at = optimistic ? optimistic.at : state.at;
    if (at && !plot) pin = L.circleMarker([at[1], at[0]], { radius: 4, color: config.colours.halo, weight: 1.5, fillColor: config.colours.accent, fillOpacity: 1, pane: "qn-top", renderer: renderer("qn-top"), interactive: false }).addTo(map);
  }

  // ---- pointing -----------------------------------------------------------------------------------------------------
  /** Everything visible under a point, nearest to the eye first. */
  function under(latlng, point) {
    const { lng: x, lat: y } = latlng, hits = [];
    const tolerance = L.Browser.mobile ? 16 : 8;
    for (const layer of [...config.layers].reverse()) {
      if (!drawn[layer.id]) continue;
      for (const f of featuresOf(layer)) {
        const g = f.geometry;
        if (g.type.includes("Polygon")) {
          if (x >= f.bbox[0] && x <= f.bbox[2] && y >= f.bbox[1] && y <= f.bbox[3] && QNGeometry.covers(g, x, y)) hits.push({ layer, f, rank: layer.source === "plots" ? 1 : layer.source === "zones" ? 2 + f.properties.area_ha / 1e6 : layer.source === "landuse" ? 3 : layer.id === "communes" ? 5 : 4 });
        } else if (QNGeometry.pixels(map, g, point) <= (g.type === "Point" ? tolerance + 3 : tolerance)) hits.push({ layer, f, rank: g.type === "Point" ? -1 : 0 });
      }
    }
    return hits.sort((a, b) => a.rank - b.rank);
  }

  function onClick(e) {
    if (!state || tools.measure.active()) return;
    const held = QNReview.under(e.latlng);
    if (held) { choose(held.pick); return; }
    const hits = under(e.latlng, e.containerPoint);
    const first = (source) => hits.find((h) => h.layer.source === source)?.f.properties;
    const zone = first("zones")?.zone_id || null, plot = first("plots")?.plot_id || null;
    const link = first("transport")?.link_id, centre = first("logistics")?.centre_id;
    const pick = centre ? `centre:${centre}` : link ? `link:${link}` : null;
    const at = [+e.latlng.lng.toFixed(6), +e.latlng.lat.toFixed(6)];
    optimistic = { zone, plot, pick, at };
    drawHighlight();
    report({ t: "click", lon: at[0], lat: at[1], zone, plot, pick });
    const head = (hits.find((h) => h.layer.source === "zones") || hits[0])?.f.properties; // as the sheet is headed
    if (map.getSize().x < 500) QNLink.point(notice, `${head ? nameOf(head) : strings().place} ↓`);
  }

  const POINTER = window.matchMedia("(hover: hover)").matches; // a finger does not hover: its tap already chooses
  let moving = false;
  function onMove(e) {
    if (moving || !state || !POINTER) return;
    if (tools.measure.active()) { hovered(null); return; }
    moving = true;
    requestAnimationFrame(() => {
      moving = false;
      const hit = QNReview.under(e.latlng) || under(e.latlng, e.containerPoint).find((h) => !(h.layer.id === "areas" && map.getZoom() > 10));
      hovered(hit, e.containerPoint);
    });
  }

  function hovered(hit, at) {
    map.getContainer().classList.toggle("qn-hovering", Boolean(hit));
    if (hover) { hover.remove(); hover = null; }
    tip.style.display = hit ? "" : "none";
    if (!hit) return;
    const p = hit.f.properties;
    const name = hit.name ?? (hit.layer.source === "landuse" ? `${p.use_code || "–"} · ${p[`use_name_${state.lang}`]}` : nameOf(p));
    const marks = hit.marks ?? [strings().kinds[hit.layer.id], strings().qualities[hit.layer.shape]?.[p.quality]].filter(Boolean).join(" · ");
    tip.replaceChildren(Object.assign(document.createElement("span"), { textContent: name }), document.createElement("br"), Object.assign(document.createElement("small"), { textContent: marks }));
    const size = map.getSize(), w = tip.offsetWidth, h = tip.offsetHeight;
    tip.style.left = `${Math.min(at.x + 14, size.x - w - 4)}px`;
    tip.style.top = `${at.y + 16 + h > size.y ? at.y - h - 10 : at.y + 16}px`;
    if (hit.f.geometry.type.includes("Polygon") && hit.layer?.id !== "areas")
      hover = L.geoJSON(hit.f, { interactive: false, pane: "qn-high", renderer: renderer("qn-high"), style: { color: config.colours.ink, weight: 1.6, fill: false } }).addTo(map);
  }

  // ---- state --------------------------------------------------------------------------------------------------------
  function basemap() {
    const choice = config.basemaps[state.basemap];
    if (online) { online.remove(); online = null; }
    if (!choice) return;
    let failures = 0;
    online = L.tileLayer(choice.url, { pane: "qn-online", maxZoom: 19, attribution: choice.attribution });
    online.on("tileerror", () => { if (++failures === 1) tell(strings().offline); });
    online.addTo(map);
  }

  /** The whole area, or the whole city: as large as its land leaves the layer panel room. */
  function home(options) {
    const land = sources.communes.features.filter((f) => !state?.area || f.properties.area_id === state.area);
    const points = land.flatMap((f) => f.geometry.coordinates.flat(f.geometry.type === "Polygon" ? 1 : 2));
    QNView.goTo(state?.home || config.home, { force: true, points: points.length ? points : undefined, room: 0, ...options });
  }

  /** Move when the server asks for it, each asked movement once. */
  function move() {
    const m = state.move, first = moved === null;
    if (!m || m.n === moved) return;
    moved = m.n;
    const seconds = m.fly ? QNView.FLIGHT : undefined;
    if (m.view && m.fly) QNView.stage(m.view, first ? 0 : seconds);
    else if (m.view) QNView.look(m.view);
    else if ((first || m.force) && String(m.bbox) === String(state.home)) home({ animate: !first, seconds });
    else QNView.goTo(m.bbox, { force: first || m.force, animate: !first, ...(state.review && { most: 18, room: 0 }), seconds }); // plots bring their own room
  }

  function present() {
    stack();
    refresh();
    QNReview.show(state.review, state.lang, tell).then((fresh) => { if (fresh) { drawHighlight(); markLegend(); } });
    QNLink.show(state);
    QNView.keep(state);
  }

  function apply(next) {
    if (!window.qnReady) { pending = next; return; }
    // An answer to an older event than the last one reported is out of date; the right one is on its way.
    if (sent && next.ack !== sent.n && performance.now() - sent.at < 3000) return;
    const before = state;
    state = next;
    optimistic = null;
    if (!before || before.lang !== state.lang) tools.speak(strings(), state.lang);
    if (!before || before.basemap !== state.basemap) basemap();
    if (QNDraw.tone(state)) {
      drawBase();
      for (const layer of config.layers) layer.key = null;
    }
    // Figures and chart of a scene are drawn first: the flight would hold them up.
    clearTimeout(later);
    if (before && state.show) later = setTimeout(() => { move(); present(); }, 20); else { move(); present(); }
    if (before && ["zone", "plot", "pick"].some((key) => before[key] !== state[key])) QNLink.top();
    window.qnState = state;
    window.qnApplied = performance.now();
  }

  return { install, state: apply, get map() { return map; }, get sources() { return sources; }, get chosen() { return chosen(); } };
})();
