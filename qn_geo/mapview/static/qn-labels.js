/* Labels that do not collide: by priority, each takes its box on the screen or stays away. */
window.QNLabels = (() => {
  const measure = document.createElement("canvas").getContext("2d");
  const fonts = { area: "700 15px Inter", kkt: "650 12.5px Inter", kcn: "600 11.5px Inter", ccn: "600 11px Inter", commune: "11px Inter", centre: "11px Inter", sea: "italic 13px Inter" };

  /** Draw what fits. `candidates` are {lon, lat, text, kind, priority, dy}, most important first after sorting. */
  function draw(map, pane, candidates) {
    pane.replaceChildren();
    const size = map.getSize(), taken = [];
    for (const c of candidates.sort((a, b) => b.priority - a.priority)) {
      const at = map.latLngToContainerPoint([c.lat, c.lon]);
      if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) continue;
      measure.font = fonts[c.kind] || fonts.commune;
      const w = measure.measureText(c.text).width * 1.04 + 8, h = 17, dy = c.dy || 0;
      const box = [at.x - w / 2, at.y + dy - h / 2, at.x + w / 2, at.y + dy + h / 2];
      if (box[0] < 2 || box[2] > size.x - 2 || taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1])) continue;
      taken.push(box);
      const div = document.createElement("div");
      div.className = `qn-label ${c.kind}`;
      div.textContent = c.text;
      const p = map.latLngToLayerPoint([c.lat, c.lon]);
      div.style.cssText = `left:${p.x - w / 2}px;top:${p.y + dy - h / 2}px;width:${w}px`;
      pane.appendChild(div);
    }
  }
  return { draw };
})();
