/* Scale bar, coordinates under the pointer, measuring, full screen and home. Plane figures are computed in EPSG:5899. */
window.QNTools = (() => {
  let toPlane = null, say = (key) => key, lang = "vi";
  const icons = {
    home: '<path d="M2 8 8 3l6 5M4 7v6h8V7"/>',
    full: '<path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/>',
    line: '<path d="M2 12 6 5l4 5 4-7"/><circle cx="2" cy="12" r="1"/><circle cx="14" cy="3" r="1"/>',
    area: '<path d="M2 12 5 3l8 2 1 8Z"/>',
  };
  const format = (v, digits) => v.toLocaleString(lang === "vi" ? "vi-VN" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const length = (m) => (m < 1000 ? `${format(m, 1)} m` : `${format(m / 1000, 3)} km`);
  const area = (m2) => (m2 < 10000 ? `${format(m2, 1)} m²` : `${format(m2 / 10000, 2)} ha`) + (m2 >= 1e6 ? ` (${format(m2 / 1e6, 2)} km²)` : "");

  function button(bar, icon, key, act) {
    const a = L.DomUtil.create("a", "", bar);
    a.href = "#"; a.role = "button"; a.dataset.key = key;
    a.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true">${icons[icon]}</svg>`;
    L.DomEvent.disableClickPropagation(a);
    L.DomEvent.on(a, "click", (e) => { L.DomEvent.preventDefault(e); act(a); });
    L.DomEvent.on(a, "keydown", (e) => { if (e.key === " ") { L.DomEvent.preventDefault(e); act(a); } }); // as every button does
    return a;
  }

  const control = (position, build) => new (L.Control.extend({ onAdd: build }))({ position });

  /** Measuring by clicks: a line or a polygon, double click ends it, Esc puts it away. */
  function measuring(map, box, colour) {
    let kind = null, points = [], shape = null, pressed = null;
    function show(live) {
      if (shape) shape.remove();
      const all = live ? [...points, live] : points;
      if (!all.length) return;
      shape = (kind === "area" ? L.polygon : L.polyline)(all, { color: colour, weight: 2, dashArray: "5 4", fillOpacity: 0.12, interactive: false, pane: "qn-top" }).addTo(map);
      const plane = all.map((p) => toPlane([p.lng, p.lat]));
      let run = 0, twice = 0;
      plane.forEach(([x, y], i) => {
        if (i) run += Math.hypot(x - plane[i - 1][0], y - plane[i - 1][1]);
        const [x2, y2] = plane[(i + 1) % plane.length];
        twice += x * y2 - x2 * y;
      });
      const ends = plane.length > 2 ? Math.hypot(plane[0][0] - plane.at(-1)[0], plane[0][1] - plane.at(-1)[1]) : 0;
      box.innerHTML = kind === "area"
        ? `${say("area")}: <b data-m2="${Math.abs(twice / 2)}">${area(Math.abs(twice / 2))}</b><br>${say("perimeter")}: <b>${length(run + ends)}</b>`
        : `${say("length")}: <b data-m="${run}">${length(run)}</b>`;
      box.innerHTML += `<br><small>EPSG:5899 · ${say("measureHint")}</small>`;
    }
    function stop() {
      if (shape) shape.remove();
      if (pressed) pressed.setAttribute("aria-pressed", "false");
      kind = shape = pressed = null; points = []; box.style.display = "none";
      map.getContainer().classList.remove("qn-measuring");
      map.doubleClickZoom.enable();
    }
    function start(which, a) {
      const again = kind === which;
      stop();
      if (again) return;
      kind = which; pressed = a; a.setAttribute("aria-pressed", "true");
      box.style.display = ""; box.textContent = say("measureStart");
      map.getContainer().classList.add("qn-measuring");
      map.doubleClickZoom.disable();
    }
    let done = false;
    map.on("click", (e) => { if (!kind) return; if (done) { points = []; done = false; } points.push(e.latlng); show(); });
    map.on("mousemove", (e) => { if (kind && points.length && !done) show(e.latlng); });
    map.on("dblclick", () => { if (kind && points.length > 1) { points.pop(); done = true; show(); } });
    return { start, stop, active: () => kind !== null };
  }

  function install(map, config, home) {
    toPlane = window.proj4("+proj=longlat +datum=WGS84 +no_defs", config.tm3).forward;
    L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" }).addTo(map);
    const box = document.createElement("div");
    box.className = "qn-measure"; box.style.display = "none"; box.setAttribute("role", "status");
    L.DomEvent.disableClickPropagation(box);
    const measure = measuring(map, box, config.colours.accent);
    map.zoomControl.setPosition("topright"); // top left is the layer panel's place
    map.attributionControl.setPrefix('<a href="https://leafletjs.com" target="_blank" rel="noopener">Leaflet</a>');
    control("topright", () => {
      const bar = L.DomUtil.create("div", "leaflet-bar qn-tools");
      button(bar, "home", "home", home);
      button(bar, "full", "full", () => QNLink.fullScreen());
      button(bar, "line", "measureLine", (a) => measure.start("line", a)).setAttribute("aria-pressed", "false");
      button(bar, "area", "measureArea", (a) => measure.start("area", a)).setAttribute("aria-pressed", "false");
      return bar;
    }).addTo(map);
    const readout = document.createElement("div");
    readout.className = "qn-bar qn-coordinates";
    control("bottomleft", () => readout).addTo(map);
    control("bottomleft", () => box).addTo(map);
    const tell = ({ lng, lat }) => {
      const [east, north] = toPlane([lng, lat]);
      readout.innerHTML = `<span>WGS 84 <b>${format(lat, 5)}; ${format(lng, 5)}</b></span> <span>VN-2000 X <b>${format(north, 1)}</b> Y <b>${format(east, 1)}</b></span>`;
    };
    let pointer = false;
    map.on("mousemove click", (e) => { pointer = true; tell(e.latlng); });
    map.on("mouseout", () => { pointer = false; });
    map.on("moveend", () => { if (!pointer) tell(map.getCenter()); });
    return {
      measure,
      speak(strings, language) {
        say = (key) => strings[key] || key; lang = language;
        tell(map.getCenter());
        map.getContainer().querySelectorAll("a[data-key]").forEach((a) => { a.title = say(a.dataset.key); a.setAttribute("aria-label", a.title); });
        for (const [cls, key] of [["in", "zoomIn"], ["out", "zoomOut"]]) {
          const a = map.getContainer().querySelector(`.leaflet-control-zoom-${cls}`);
          if (a) { a.title = say(key); a.setAttribute("aria-label", a.title); }
        }
      },
    };
  }
  return { install };
})();
