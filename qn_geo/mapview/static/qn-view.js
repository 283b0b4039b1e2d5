/* Where the map looks. What it goes to is fitted beside the layer panel and the buttons, which lie over the map; what a
   person has turned to by hand is kept in the address (`view=lon,lat,zoom`) without a rerun, so reload and Back find it. */
window.QNView = (() => {
  const EDGE = 14;     // pixels round what is shown, at least
  const ROOM = 0.1;    // of the shorter side of the map, round what is gone to: its name fits in, too
  const OFF = 2;       // steps of zoom that are given up rather than stand off the middle by half the map
  const FLIGHT = 1.1;  // seconds from one scene of a story to the next
  const LATE = 500;    // milliseconds after which a flight that has not landed was stopped
  const FRAME = 40;    // milliseconds between two drawings of a long flight
  const USUAL = [900, 560]; // pixels of a usual map
  const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
  let map = null;
  let kept = null;     // what the address is to say, or null
  let ours = false;    // the map is going where it was sent, not where a hand moved it
  let sent = null;     // goes once more where it was sent last, as long as no hand has moved it
  let landing = 0;     // when the present flight ends
  let flight = 0;      // the clock that looks whether it landed
  let drawn = 0;       // when it was last drawn anew
  let cost = 0;        // milliseconds that took
  let timer = 0;
  let aim = null;      // the box it was sent to last, as long as no hand has moved it
  let state = {};      // what the server last said
  let told = "";       // what it was last told
  let report = () => {};

  const bounds = (b) => [[b[1], b[0]], [b[3], b[2]]];

  /** Points of a box, so dense that nothing can lie over the box and hide none. */
  function grid([west, south, east, north]) {
    const steps = Array.from({ length: 11 }, (_, i) => i / 10);
    return steps.flatMap((x) => steps.map((y) => [west + x * (east - west), south + y * (north - south)]));
  }

  /** What lies over the map, in its own pixels: layer panel, buttons, coordinates. */
  function covers() {
    const frame = map.getContainer().getBoundingClientRect();
    const lying = shown() ? [".leaflet-bottom.leaflet-left"] : [".leaflet-top.leaflet-right", ".leaflet-bottom.leaflet-left"];
    const corners = lying.map((corner) => map.getContainer().querySelector(corner).getBoundingClientRect());
    return [QNLink.cover(), ...corners].filter((box) => box?.width && box.right > frame.left && box.bottom > frame.top && box.left < frame.right && box.top < frame.bottom);
  }
  const shown = () => document.documentElement.dataset.show === "on"; // as a scene of a story: buttons come with the pointer
  const within = (box, x, y) => x > box.left && x < box.right && y > box.top && y < box.bottom;

  /** Centre and zoom that show a box as large as possible, near the middle, with none of the points (longitude, latitude) covered. */
  function fit(box, points, most, room) {
    const target = L.latLngBounds(bounds(box)), size = map.getSize(), over = covers();
    const edge = Math.max(EDGE, room * Math.min(size.x, size.y));
    const world = points.map(([lon, lat]) => map.project([lat, lon], 0));
    const above = over.filter((o) => o.top < size.y / 2), below = over.filter((o) => o.top >= size.y / 2);
    const far = (boxes, reach) => Math.max(edge, ...boxes.map(reach));
    const bottom = far(below, (o) => size.y - o.top + edge - EDGE);
    const lefts = [edge, far(above, (o) => (o.left < size.x / 2 ? o.right + edge : 0))];
    const rights = [edge, far(above, (o) => (o.left < size.x / 2 ? 0 : size.x - o.left + edge))];
    const tops = [0, 0.25, 0.5, 0.75, 1].map((share) => edge + share * Math.min(far(above, (o) => o.bottom), size.y / 2));
    // What lies below and is wider than half the map, as on a phone, leaves the map a higher middle.
    const strip = below.some((o) => o.width > size.x / 2) ? bottom - edge : 0;
    const tries = [];
    for (const left of lefts) for (const right of rights) for (const top of tops) for (const low of [edge, bottom]) {
      const zoom = Math.min(map.getBoundsZoom(target, false, L.point(left + right, top + low)), most);
      const middle = map.project(target.getSouthWest(), zoom).add(map.project(target.getNorthEast(), zoom)).divideBy(2);
      const off = Math.abs(right - left) / size.x + Math.abs(low - strip - top) / size.y;
      tries.push({ zoom, worth: zoom - OFF * off, middle: middle.add([(right - left) / 2, (low - top) / 2]) });
    }
    const free = ({ zoom, middle }) => world.every((p) => {
      const x = p.x * 2 ** zoom - middle.x + size.x / 2, y = p.y * 2 ** zoom - middle.y + size.y / 2;
      return !over.some((o) => within(o, x, y));
    });
    tries.sort((a, b) => b.worth - a.worth);
    const { zoom, middle } = tries.find(free) || tries.at(-1);
    return { zoom, centre: map.unproject(middle, zoom) };
  }

  /** Show a box (west, south, east, north); unless told otherwise only when it is out of sight or far too small. */
  function goTo(box, { force = false, animate = true, points = grid(box), most = 15, room = ROOM, seconds = 0.5 } = {}) {
    const target = L.latLngBounds(bounds(box)), at = map.latLngToContainerPoint(target.getCenter());
    const wide = map.latLngToContainerPoint(target.getNorthEast()).distanceTo(map.latLngToContainerPoint(target.getSouthWest()));
    const seen = map.getBounds().contains(target) && wide > 60 && !covers().some((o) => within(o, at.x, at.y));
    if (!force && seen) return;
    const { zoom, centre } = fit(box, points, most, room);
    fly(centre, zoom, animate ? seconds : 0);
    aim = box;
    sent = (left) => goTo(box, { force: true, points, most, room, seconds: left });
  }

  /** Fly there; whoever asks for no seconds, or has asked the system for calm, is there at once. */
  function fly(centre, zoom, seconds) {
    ours = true;
    aim = null;
    sent = (left) => fly(centre, zoom, left);
    const calm = CALM.matches || !seconds;
    landing = calm ? 0 : performance.now() + 1000 * seconds;
    if (calm) { map.setView(centre, zoom, { animate: false }); return; }
    map.getContainer().classList.add("qn-flying"); // names would stay behind
    map.flyTo(centre, zoom, { duration: seconds });
    clearTimeout(flight);
    flight = setTimeout(landed, 1000 * seconds + LATE);
  }

  /** Name what is seen where a flight ended without a word: a press of the mouse stops it in the air. */
  function landed() {
    if (!map.getContainer().classList.contains("qn-flying")) return;
    map.fire("moveend");
    map.getContainer().classList.remove("qn-flying");
  }

  /** How many steps of zoom this map is larger than the usual one, for which scenes of stories are kept: they show the
      same land in a preview, on a projector and on paper. */
  function larger() {
    const size = map.getSize();
    return Math.log2(Math.min(size.x / USUAL[0], size.y / USUAL[1]));
  }

  /** Fly to where a scene looks: longitude, latitude and the zoom of a usual map. */
  function stage([lon, lat, zoom], seconds) {
    fly([lat, lon], zoom + larger(), seconds);
    sent = (left) => stage([lon, lat, zoom], left);
  }

  /** Leaflet draws shapes when a flight is over; over a long way one would fly through an empty sea. */
  function draw() {
    const now = performance.now();
    if (now > landing || now - drawn < Math.max(FRAME, 4 * cost)) return; // a slow machine draws less often
    map.eachLayer((layer) => {
      if (!(layer instanceof L.Renderer)) return;
      layer._reset();
      if (!layer._redrawRequest) return;
      L.Util.cancelAnimFrame(layer._redrawRequest); // a canvas would be empty until the next frame
      layer._redraw();
    });
    drawn = performance.now();
    cost = drawn - now;
  }

  /** Show what an address says a hand had turned to. */
  function look([lon, lat, zoom]) {
    if (written() !== `${lon},${lat},${zoom}`) map.setView([lat, lon], zoom, { animate: false });
  }

  function written() {
    const { lng, lat } = map.getCenter();
    return `${+lng.toFixed(5)},${+lat.toFixed(5)},${+map.getZoom().toFixed(2)}`;
  }

  /** Bring the address and the server in line, once the map has come to rest and the page has written what it has to. */
  function keep(next = state) {
    state = next;
    const page = QNLink.page?.defaultView, path = page?.location.pathname;
    if (!page || shown()) return; // a scene has its own address
    clearTimeout(timer);
    timer = setTimeout(() => {
      const url = new URL(page.location);
      if (url.pathname !== path) return;
      if (performance.now() >= landing) tell((page.qnLooks ||= {}), path.split("/").pop());
      if (url.searchParams.get("view") === kept) return;
      if (kept) url.searchParams.set("view", kept); else url.searchParams.delete("view");
      page.history.replaceState(page.history.state, "", url);
    }, 300);
  }

  /** Tell where the map looks, to a server that asks (`tell`): every look, or only what a hand has turned to; and, in the
      editor of stories, where the page it names (`before`) looked last. */
  function tell(looks, slug) {
    const { lng, lat } = map.getCenter(), zoom = map.getZoom() - larger();
    const now = { look: `${lng.toFixed(5)},${lat.toFixed(5)},${zoom.toFixed(2)}`, box: aim }, news = {};
    if (state.before === undefined) looks[slug] = now; else if (looks[state.before]) news.before = looks[state.before];
    if (state.tell === "every" || (state.tell === "hand" && kept)) news.now = now;
    const text = Object.keys(news).length ? JSON.stringify(news) : "";
    if (text && text !== told) report({ t: "look", ...news });
    told = text;
  }

  function install(leaflet, toServer) {
    map = leaflet;
    report = toServer;
    let begun = false; // a change of size ends a movement that never began
    map.on("dragstart", () => { ours = false; });
    map.on("movestart", () => { begun = true; });
    map.on("moveend", () => {
      if (!begun) return;
      kept = ours ? null : written();
      if (!ours) QNLink.say("qn-moved");
      if (!ours) sent = aim = null;
      ours = begun = false;
      setTimeout(() => { if (performance.now() > landing) map.getContainer().classList.remove("qn-flying"); }, 60);
      keep();
    });
    map.on("move", draw);
    map.on("resize", () => { if (sent) sent(Math.max(0, landing - performance.now()) / 1000); }); // full screen, a turned phone
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(map.getContainer());
  }

  return { FLIGHT, install, bounds, covers, goTo, stage, look, keep };
})();
