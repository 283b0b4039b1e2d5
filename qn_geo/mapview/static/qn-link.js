/* The page round the frame, linked to the map: layer switches, charts and tables act on the map at once and report the
   choice; the server's answer then draws everything else. One place for every link, whichever way it goes. */
window.QNLink = (() => {
  const page = (() => { try { return window.parent.document; } catch { return null; } })(); // null in another site's frame
  const stop = new AbortController();
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  const alive = () => window.frameElement && window.frameElement.isConnected;
  const NARROW = 640;          // as in the style sheet: there the panel lies below the map
  const DRAWN = ".qn-layers, .qn-legend, table.qn-table";
  const LISTS = { layer: "visible", status: "statuses", plot: "plots" }; // switch -> what the state calls its list
  const known = new WeakSet(); // of these, those that show the present state
  const before = {};           // layers that were on when their group was switched off
  let shown = null, inView = null;

  /** Listen on the page for as long as this frame is part of it. */
  function on(type, act) {
    page.addEventListener(type, (event) => { if (alive()) act(event); else stop.abort(); }, { signal: stop.signal });
  }

  function switches(state, change) {
    on("change", ({ target }) => {
      const kind = target.dataset?.switch;
      if (kind === "group") change({ visible: switched(target, state().visible) });
      else if (LISTS[kind]) {
        const key = LISTS[kind];
        const rest = state()[key].filter((id) => id !== target.value);
        change({ [key]: target.checked ? [...rest, target.value] : rest });
      } else if (kind === "base") change({ basemap: target.value });
      else if (kind === "opacity") change({ opacity: { ...state().opacity, [target.dataset.group]: target.value / 100 } });
    });
    on("click", ({ target }) => {
      const step = { up: 1, down: -1 }[target.dataset?.switch];
      if (!step) return;
      const order = [...state().order], place = order.indexOf(target.dataset.group);
      const to = Math.max(0, Math.min(order.length - 1, place + step));
      order.splice(to, 0, ...order.splice(place, 1));
      change({ order });
    });
  }

  /** A group goes off as a whole and comes back as it was; the first time as it is by default. */
  function switched(box, visible) {
    const own = [...box.closest(".qn-group").querySelectorAll("[data-switch=layer]")];
    const ids = own.map((input) => input.value), rest = visible.filter((id) => !ids.includes(id));
    if (box.checked) return [...rest, ...(before[box.value] || own.filter((input) => input.defaultChecked).map((input) => input.value))];
    before[box.value] = visible.filter((id) => ids.includes(id));
    return rest;
  }

  /** What is unfolded in the panel stays so while the page lives; the panel itself begins open where it lies over the map. */
  function folds(folded) {
    const open = (page.defaultView.qnOpen ||= { panel: page.defaultView.innerWidth > NARROW });
    page.addEventListener("toggle", ({ target }) => {
      if (!alive() || !target.dataset?.fold) return;
      open[target.dataset.fold] = target.open;
      folded(); // names under the panel make way or come back
    }, { capture: true, signal: stop.signal });
    return () => page.querySelectorAll("[data-fold]").forEach((part) => { part.open = Boolean(open[part.dataset.fold]); });
  }

  /** Whatever the page has drawn anew is unfolded, set and marked before anybody sees it. */
  function renewing(folded) {
    const unfold = folds(folded);
    const renew = () => {
      const fresh = [...page.querySelectorAll(DRAWN)].filter((part) => !known.has(part));
      if (!fresh.length) return;
      for (const part of fresh) known.add(part);
      if (fresh.some((part) => part.matches(".qn-layers"))) unfold();
      if (shown) show(shown);
      if (inView) legend(inView);
    };
    const observer = new MutationObserver(() => (alive() ? renew() : observer.disconnect()));
    observer.observe(page.body, { childList: true, subtree: true });
    renew();
  }

  /** Rows and links that carry a zone choose it; heads sort; a search box filters the rows of its table. */
  function tables(choose) {
    on("click", (event) => {
      const head = event.target.closest?.("table.qn-table th[data-sort]");
      if (head) { sort(head); return; }
      if (event.target.closest?.("a[target=_blank], summary, input")) return;
      const row = event.target.closest?.("[data-choose]");
      if (!row) return;
      event.preventDefault();
      page.querySelector(".st-key-mapbox")?.scrollIntoView({ behavior: "smooth", block: "nearest" });
      choose(row.dataset.choose);
    });
    on("keydown", (event) => {
      if ((event.key === "Enter" || event.key === " ") && event.target.dataset?.choose) { event.preventDefault(); choose(event.target.dataset.choose); }
      if (event.key === "Enter" && event.target.dataset?.sort) sort(event.target);
    });
    on("input", ({ target }) => {
      if (!target.matches?.("input.qn-filter")) return;
      const words = fold(target.value).split(/\s+/);
      target.closest(".qn-tablebox").querySelectorAll("tbody tr").forEach((row) => {
        row.hidden = !words.every((word) => fold(row.textContent).includes(word));
      });
    });
  }

  function sort(head) {
    const down = head.getAttribute("aria-sort") === "ascending";
    const body = head.closest("table").tBodies[0], column = head.cellIndex;
    const value = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent.trim();
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === "" || y === "") return (x === "") - (y === ""); // what is missing stays at the end
      return (head.dataset.sort === "number" ? x - y : x.localeCompare(y, "vi")) * (down ? -1 : 1);
    });
    body.append(...rows);
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  }

  /** A click on a bar or point: Plotly tells it only to listeners on its own element, which may be made anew any time. */
  function charts(choose) {
    const hook = () => page.querySelectorAll(".js-plotly-plot").forEach((chart) => {
      if (!chart.on || !chart._ev || chart._ev.qnHooked) return;
      chart._ev.qnHooked = true;
      chart.on("plotly_click", ({ points }) => {
        const custom = points[0].customdata;
        if (alive()) choose(Array.isArray(custom) ? custom[0] : custom);
      });
    });
    const observer = new MutationObserver(() => (alive() ? hook() : observer.disconnect()));
    observer.observe(page.body, { childList: true, subtree: true });
    hook();
  }

  /** Show in the page what the state says: boxes, sliders, the chosen row. */
  function show(state) {
    if (!page) return;
    shown = state;
    page.querySelectorAll("[data-switch]").forEach((input) => {
      const kind = input.dataset.switch;
      if (LISTS[kind]) input.checked = state[LISTS[kind]].includes(input.value);
      if (kind === "base") input.checked = input.value === state.basemap;
      if (kind === "opacity") input.value = Math.round((state.opacity[input.dataset.group] ?? 1) * 100);
    });
    page.querySelectorAll(".qn-group").forEach((group) => {
      const boxes = [...group.querySelectorAll("label input")], on = boxes.filter((input) => input.checked).length;
      const whole = group.querySelector("[data-switch=group]"), layer = group.querySelector(":scope > [data-switch=layer]"), count = group.querySelector(".qn-count");
      if (whole) Object.assign(whole, { checked: on > 0, indeterminate: on > 0 && on < boxes.length });
      if (layer) layer.indeterminate = layer.checked && on < boxes.length;
      if (count) count.textContent = `${on}/${boxes.length}`;
    });
    page.querySelectorAll("tr[data-choose]").forEach((row) => {
      if (row.dataset.choose === (row.dataset.choose.includes(":") ? state.pick : state.zone)) row.setAttribute("aria-selected", "true"); else row.removeAttribute("aria-selected");
    });
  }

  /** What is newly chosen stands at the head of the panel: show it there. */
  function top() {
    page?.querySelector(".st-key-panel")?.scrollTo({ top: 0 });
  }

  /** Of the legend only those entries stay of which something is in view; land use says to which years its plans reach. */
  function legend(keys) {
    inView = keys;
    page?.querySelectorAll(".st-key-legend [data-key]").forEach((item) => { item.hidden = !inView.has(item.dataset.key); });
    const years = [...keys].filter((key) => key.startsWith("horizon:")).map((key) => key.slice(8)).sort();
    const span = [...new Set([years[0], years.at(-1)])].join("–");
    page?.querySelectorAll("[data-horizons]").forEach((row) => { row.textContent = span && row.dataset.horizons.replace("{years}", span); });
  }

  /** Where the layer panel lies over the map, in the map's own pixels; null where it does not. */
  function cover() {
    const panel = page?.querySelector(".qn-layers")?.getBoundingClientRect(), frame = window.frameElement?.getBoundingClientRect();
    return panel && frame ? new DOMRect(panel.x - frame.x, panel.y - frame.y, panel.width, panel.height) : null;
  }

  /** On a phone the sheet lies below the map: say so where the finger is, and go there when that is tapped. */
  function point(notice, text) {
    notice.textContent = text;
    notice.classList.add("qn-below");
    notice.onclick = (event) => {
      event.stopPropagation();
      notice.textContent = "";
      page?.querySelector(".st-key-panel-head")?.scrollIntoView({ behavior: "smooth" });
    };
  }

  /** Take the first hit as soon as the hits of the last letter are there. */
  function first(box, tries = 12) {
    setTimeout(() => {
      const hit = box.querySelector(".st-key-hits button"), busy = page.querySelector("[data-test-script-state=running]");
      if (hit && !busy) hit.click(); else if (tries) first(box, tries - 1);
    }, 400);
  }

  /** Arrows walk through the hits of the search box, Enter takes the first, Esc empties it. */
  function searching() {
    on("keydown", (event) => {
      const box = event.target.closest?.(".st-key-search");
      if (!box) return;
      const stops = [box.querySelector("input"), ...box.querySelectorAll(".st-key-hits button")];
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], place = stops.indexOf(event.target);
      if (step && stops[place + step]) { event.preventDefault(); stops[place + step].focus(); }
      if (event.key === "Enter" && place === 0) first(box);
    });
    // Before Streamlit hears it: there Esc clears what is chosen, as it may once the box is empty.
    page.defaultView.addEventListener("keydown", (event) => {
      const input = event.key === "Escape" && event.target.closest?.(".st-key-search")?.querySelector("input");
      if (!input?.value) return;
      event.stopImmediatePropagation();
      input.focus();
      // React learns of a change only from the element's own setter.
      Object.getOwnPropertyDescriptor(page.defaultView.HTMLInputElement.prototype, "value").set.call(input, "");
      input.dispatchEvent(new page.defaultView.Event("input", { bubbles: true }));
    }, { capture: true, signal: stop.signal });
  }

  /** Esc closes an open list or dialog, then the form under a button, and only then clears what is chosen. */
  function closing() {
    const pressed = (event) => {
      if (event.key !== "Escape") return;
      const close = page.querySelector(".st-key-w-drawer-close button");
      if (event.target.ariaExpanded === "true") { // the list hears it below the body, Streamlit's keys above
        page.body.addEventListener("keydown", (again) => again.stopPropagation(), { once: true, signal: stop.signal });
      } else if (close && !page.querySelector("[role=dialog]")) {
        event.stopImmediatePropagation();
        close.click();
      }
    };
    for (const view of [page.defaultView, window]) view.addEventListener("keydown", pressed, { capture: true, signal: stop.signal });
  }

  /** Full screen takes the map with its layers and legend, not the bare frame. */
  function fullScreen() {
    const whole = page?.querySelector(".st-key-mapbox") || document.documentElement;
    if (whole.ownerDocument.fullscreenElement) whole.ownerDocument.exitFullscreen(); else whole.requestFullscreen?.();
  }

  function install({ state, change, choose, folded }) {
    if (!page) return;
    renewing(folded);
    switches(state, change);
    tables(choose);
    charts(choose);
    searching();
    closing();
    // Keys that the page listens to work with the focus in the map, too.
    document.addEventListener("keydown", ({ key, code }) => {
      if (/^[np]$/i.test(key)) page.body.dispatchEvent(new page.defaultView.KeyboardEvent("keydown", { key, code, bubbles: true }));
    });
    page.querySelector(".st-key-nav-here")?.scrollIntoView({ inline: "center", block: "nearest" });
    window.frameElement.dataset.ready = ""; // the style sheet takes the placeholder away
    say("qn-map");
  }

  /** Tell the page's own scripts (`qn-present.js`) that the map is there or that a hand has moved it. */
  function say(what) {
    page?.dispatchEvent(new page.defaultView.Event(what));
  }
  return { install, say, page, show, top, legend, cover, point, fullScreen };
})();
