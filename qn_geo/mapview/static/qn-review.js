/* A submission under review: plots by result and decision, trouble spots by severity, earlier plots behind a divider;
   before its reference system is settled, where each proposal would place it. */
window.QNReview = (() => {
  const PANES = ["qn-review-old", "qn-review", "qn-review-spots"];
  const BAR = 28;                          // width of the divider's handle, as in qn.css
  let map = null, config = null, divider = null, sides = null, lang = "vi", shown = {}, verdicts = {}, chosen = 0;
  let data = { plots: [], spots: [], old: [], previews: [] };
  const panes = {}, layers = {}, looks = {};

  function install(leaflet, settings) {
    map = leaflet; config = settings;
    PANES.forEach((name, i) => {
      panes[name] = map.createPane(name);
      Object.assign(panes[name].style, { zIndex: 470 + i, pointerEvents: "none" });
    });
    map.on("move zoom viewreset resize", clip);
  }

  async function read(url) {
    const answer = await fetch(url);
    const found = await answer.json();
    if (!answer.ok) throw new Error(lang === "en" ? found.error : found.loi);
    if (!found.features) return found;
    for (const f of found.features) f.bbox = QNGeometry.bbox(f.geometry);
    return found.features;
  }

  /** Draw what the state asks for: {id, v, d, old}, {id, preview, chosen}, or nothing. Tells when the shapes are there. */
  async function show(wanted, spoken, tell) {
    lang = spoken;
    speak();
    const next = wanted || {}, before = shown, at = `/qn/review/${next.id}`;
    const same = (...keys) => keys.every((key) => next[key] === before[key]);
    const shapes = same("id", "v", "old", "preview");
    shown = next;
    try {
      if (!shapes) {
        clear();
        const [plots, spots, old, previews] = await Promise.all([
          next.v ? read(`${at}/plots.json?v=${next.v}`) : [],
          next.v ? read(`${at}/findings.json?v=${next.v}`) : [],
          next.old ? read(`${at}/earlier.json?v=${next.v}`) : [],
          next.preview ? read(`${at}/preview.json?v=${next.preview}`) : [],
        ]);
        if (shown !== next) return false; // something else is asked for by now
        data = { plots, spots, old, previews };
      } else if (same("d", "chosen")) return false;
      chosen = next.chosen;
      if (!shapes || !same("d")) verdicts = next.v ? await read(`${at}/decisions.json?v=${next.d}`) : {};
      if (shapes && !data.previews.length) layers["qn-review"]?.restyle(); else draw();
      return true;
    } catch (error) { shown = {}; tell(error.message); return false; }
  }

  function clear() {
    for (const name of PANES) { layers[name]?.remove(); delete layers[name]; }
    data = { plots: [], spots: [], old: [], previews: [] };
    divider?.remove(); sides?.remove(); divider = sides = null; clip();
  }

  const look = (result, verdict) => (looks[`${result} ${verdict}`] ||= QNDraw.review.plot(result, verdict)); // a few for all plots
  const styles = {
    "qn-review-old": () => QNDraw.review.old,
    "qn-review": ({ properties: p }) => (p.result ? look(p.result, verdicts[p.row]) : QNDraw.review.preview(p.number === chosen)),
    "qn-review-spots": ({ properties: p }) => QNDraw.review.spot(p.severity),
  };

  function draw() {
    const add = (name, features) => {
      layers[name]?.remove();
      layers[name] = QNMany.layer(features, { pane: name, style: styles[name], small: features === data.plots }).addTo(map);
    };
    add("qn-review-old", data.old);
    add("qn-review", data.previews.length ? [...data.previews].sort((a, b) => (a.properties.number === chosen) - (b.properties.number === chosen)) : data.plots);
    add("qn-review-spots", [...data.spots].reverse()); // the gravest last, on top
    if (data.old.length && !divider) divide();
    clip();
  }

  // ---- side by side: this submission right of the divider, the earlier plots left of it ------------------------------
  function divide() {
    divider = L.DomUtil.create("input", "qn-divider", map.getContainer());
    Object.assign(divider, { type: "range", min: 0, max: 100, step: 0.1, value: 50 });
    L.DomEvent.disableClickPropagation(divider);
    divider.addEventListener("input", clip);
    sides = L.DomUtil.create("div", "qn-sides", map.getContainer());
    sides.append(document.createElement("span"), document.createElement("span"));
    speak();
  }

  function speak() {
    if (!divider) return;
    divider.setAttribute("aria-label", config.strings[lang].divider);
    config.strings[lang].sides.forEach((text, i) => { sides.children[i].textContent = text; });
  }

  function clip() {
    if (!divider) { for (const name of PANES) if (panes[name]) panes[name].style.clip = ""; return; }
    const size = map.getSize(), nw = map.containerPointToLayerPoint([0, 0]), se = map.containerPointToLayerPoint(size);
    const along = BAR / 2 + ((size.x - BAR) * divider.value) / 100, x = nw.x + along;
    sides.style.left = `${along}px`;
    panes["qn-review-old"].style.clip = `rect(${nw.y}px ${x}px ${se.y}px ${nw.x}px)`;
    panes["qn-review"].style.clip = panes["qn-review-spots"].style.clip = `rect(${nw.y}px ${se.x}px ${se.y}px ${x}px)`;
  }

  // ---- pointing ------------------------------------------------------------------------------------------------------
  /** The plot under a place, as {pick, name, marks, f}; the smallest where several overlap. */
  function under({ lng: x, lat: y }) {
    const size = (f) => (f.bbox[2] - f.bbox[0]) * (f.bbox[3] - f.bbox[1]);
    const near = data.plots.length ? layers["qn-review"].within([x, y, x, y]) : [];
    const hit = near.filter((f) => QNGeometry.covers(f.geometry, x, y)).sort((a, b) => size(a) - size(b))[0];
    if (!hit) return null;
    const p = hit.properties, words = config.strings[lang].outcomes;
    return { pick: `row:${p.row}`, name: p.plot_id, marks: [words[p.result], words[verdicts[p.row]]].filter(Boolean).join(" · "), f: hit };
  }

  /** The shape a pick stands for: `row:` and a plot's row, `finding:` and a finding's number. */
  function find(pick) {
    const [kind, id] = (pick || "").split(":");
    if (kind === "row") return data.plots.find((f) => f.properties.row === Number(id));
    if (kind === "finding") return data.spots.find((f) => f.properties.number === Number(id));
    return null;
  }

  /** What of the legend is in view. */
  function keys(box) {
    const inside = (name) => layers[name]?.within(box) || [];
    const found = new Set();
    if (data.plots.length) for (const f of inside("qn-review")) {
      found.add(`result:${f.properties.result}`);
      if (verdicts[f.properties.row]) found.add(`verdict:${verdicts[f.properties.row]}`);
    }
    for (const f of inside("qn-review-spots")) found.add(`severity:${f.properties.severity}`);
    if (data.old.length) found.add("earlier:");
    return found;
  }

  return { install, show, under, find, keys };
})();
