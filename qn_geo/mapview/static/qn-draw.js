/* How features look: colours, dashes and hatches, told by the configuration the server makes from one palette. */
window.QNDraw = (() => {
  const svgNS = "http://www.w3.org/2000/svg";
  let config = null, day = null;

  const tiles = {
    hatch: (c) => `<path d="M-2 2 2-2M0 8 8 0M6 10 10 6" stroke="${c}" stroke-width="1.3"/>`,
    cross: (c) => `<path d="M0 0 8 8M0 8 8 0" stroke="${c}" stroke-width="1.1"/>`,
    dots: (c) => `<circle cx="4" cy="4" r="1.2" fill="${c}"/>`,
  };

  /** Fill with a hatch in an SVG pane; the pattern is made once for each kind and colour. */
  function svgPattern(renderer, kind, colour) {
    const id = `qn-${kind}-${colour.replace("#", "")}`;
    const root = renderer._container;
    if (root && !root.querySelector(`#${id}`)) {
      const defs = root.querySelector("defs") || root.insertBefore(document.createElementNS(svgNS, "defs"), root.firstChild);
      const pattern = document.createElementNS(svgNS, "pattern");
      for (const [k, v] of Object.entries({ id, width: 8, height: 8, patternUnits: "userSpaceOnUse" })) pattern.setAttribute(k, v);
      pattern.innerHTML = `<rect width="8" height="8" fill="${colour}" fill-opacity=".16"/>` + tiles[kind](colour);
      defs.appendChild(pattern);
    }
    return `url(#${id})`;
  }

  const canvasPatterns = {};
  function canvasPattern(kind, colour) {
    const key = kind + colour;
    if (!canvasPatterns[key]) {
      const c = document.createElement("canvas");
      c.width = c.height = 8;
      const g = c.getContext("2d");
      g.fillStyle = colour; g.globalAlpha = 0.3; g.fillRect(0, 0, 8, 8); g.globalAlpha = 1;
      g.strokeStyle = colour; g.lineWidth = 1.4; g.beginPath();
      g.moveTo(-2, 2); g.lineTo(2, -2); g.moveTo(0, 8); g.lineTo(8, 0); g.moveTo(6, 10); g.lineTo(10, 6);
      if (kind === "cross") { g.moveTo(-2, 6); g.lineTo(2, 10); g.moveTo(0, 0); g.lineTo(8, 8); g.moveTo(6, -2); g.lineTo(10, 2); }
      g.stroke();
      canvasPatterns[key] = g.createPattern(c, "repeat");
    }
    return canvasPatterns[key];
  }

  /** A thing that opens after the chosen year is drawn as planned, whatever its present status. */
  function statusIn(p, year) {
    const opened = parseInt(p.opened || p.established, 10);
    return opened && opened > year ? "planned" : p.status || "operating";
  }

  const styles = {
    communes: () => ({ color: config.colours.border, weight: 0.8, fill: true, fillColor: config.colours.land, fillOpacity: 0.001 }),
    areas: (p, s) => ({ color: config.areas[p.area_id], weight: 2, fillColor: config.areas[p.area_id],
      fillOpacity: s.area ? (p.area_id === s.area ? 0.1 : 0.05) : 0.22 }),
    landuse: (p) => {
      const colour = config.landuse[p.use_code];
      return { color: config.colours.edge, weight: colour ? 0.7 : 1.1, dashArray: config.layerDashes.landuse,
        fillColor: colour || config.landuse[""], fillOpacity: colour ? 0.8 : config.uncodedOpacity };
    },
    plots: (p) => {
      const colour = config.plots[p.status], pattern = config.plotPatterns[p.status];
      const base = { color: config.colours.edge, weight: 0.6, dashArray: config.layerDashes.plots, fillOpacity: 0.85 };
      if (!colour) return { ...base, fillColor: config.landuse[p.use_code] || config.landuse[""], fillOpacity: 0.45 };
      return { ...base, fillColor: pattern ? canvasPattern(pattern, colour) : colour };
    },
    zones: (p, s, r) => {
      const colour = config.zones[p.kind];
      const future = statusIn(p, s.year) !== "operating";
      const rough = p.quality === "schematic" || p.quality === "demo";
      // From near, land use and plots tell more than the zone's own fill, which would hide them.
      if (p.kind !== "KKT" && s.near) return { color: colour, weight: 2, dashArray: config.dashes[p.quality], fill: false };
      return { color: colour, weight: p.kind === "KKT" ? 1.5 : 1.6, dashArray: config.dashes[p.quality],
        fillColor: p.kind !== "KKT" && rough ? svgPattern(r, future ? "dots" : "hatch", colour) : colour,
        fillOpacity: p.kind === "KKT" ? 0.04 : rough ? 1 : 0.25, opacity: future ? 0.75 : 1 };
    },
    transport: (p, s) => {
      const rail = p.mode.endsWith("railway");
      const status = statusIn(p, s.year);
      return { color: config.modes[p.mode] || "#555", weight: config.widths[p.mode] || 2, fill: false, lineCap: "butt",
        dashArray: status === "operating" ? (rail ? config.layerDashes.railway : null) : config.statusDashes[status] };
    },
  };

  function icon(p, s) {
    const [colour, path] = config.markers[p.kind || p.mode] || config.markers.port;
    const pale = statusIn(p, s.year) !== "operating";
    const attributes = pale ? `fill="#fff" stroke="${colour}" stroke-width="1.6" stroke-dasharray="2.5 1.5"` : `fill="${colour}" stroke="#fff" stroke-width="1"`;
    return L.divIcon({ className: "qn-marker", iconSize: [16, 16], html: `<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="${path}" ${attributes}/></svg>` });
  }

  /** Plots and trouble spots of a review; a decision is told by its outline. */
  const review = {
    plot: (result, verdict) => ({ plain: config.results[result], color: config.verdicts[verdict] || config.colours.ink, weight: verdict ? 2.4 : 0.9, fillColor: result === "fail" ? canvasPattern("hatch", config.results[result]) : config.results[result], fillOpacity: result === "fail" ? 1 : 0.65 }),
    // Information often concerns most plots: it must not cover what is wrong.
    spot: (severity) => ({ color: config.severities[severity], weight: severity === "info" ? 1 : 2, fillColor: config.severities[severity], fillOpacity: severity === "info" ? 0.06 : 0.45 }),
    get old() { return { color: config.colours.ink, weight: 1, dashArray: config.layerDashes.plots, fillColor: config.colours.edge, fillOpacity: 0.35 }; },
    preview: (chosen) => ({ color: chosen ? config.colours.accent : config.colours.ink, weight: chosen ? 2 : 1.2, dashArray: chosen ? null : "4 3", fillColor: chosen ? config.colours.accent : config.colours.ink, fillOpacity: chosen ? 0.4 : 0.12 }),
  };

  /** While a story is shown, labels and buttons are those of a slide; in a dim room every colour has its light twin. */
  function tone({ show, dark }) {
    const { dataset } = document.documentElement, was = "dark" in dataset;
    dataset.show = show ? "on" : "";
    if (was === Boolean(dark)) return false;
    if (dark) dataset.dark = ""; else delete dataset.dark;
    for (const name of Object.keys(config.night)) config[name] = (dark ? config.night : day)[name];
    return true;
  }

  return { use: (c) => { config = c; day = { ...c }; }, tone, styles, icon, statusIn, review };
})();
