/* Presenting a story: keys and clickers, fingers, the black screen, full screen, and the second window. It runs in the
   page itself, in both windows; the server draws scenes, this says which. The newest wish wins: while an answer is on
   its way nothing more is asked, and afterwards only for the scene wanted by then. */
const KEYS = {
  ArrowRight: "next", " ": "next", PageDown: "next", Enter: "next",
  ArrowLeft: "previous", PageUp: "previous", Backspace: "previous",
  Home: "first", End: "last", b: "black", ".": "black", f: "full", d: "dark", r: "back", s: "speaker", "?": "keys", Escape: "leave",
};
const STAGE = ".st-key-show, .st-key-speaker";
const TYPED = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
const PRESSED = "a[href], button, summary, [role=button]"; // Enter and the space bar are theirs
const IDLE = 2500;  // milliseconds after which a resting pointer and the buttons go
const LOST = 4000;  // milliseconds after which an answer no longer comes
const SWIPE = 60;   // pixels
const root = document.documentElement.dataset;

function presenting() {
  let now = null, send = null;           // what the server last said, and the way to it
  let target = 0, asked = 0, askedAt = 0; // scenes: wanted, and asked for but not yet drawn
  let black = false, moved = false, channel = null, idle = 0, touch = null;

  const here = () => document.querySelector(STAGE);
  const tell = () => channel?.postMessage({ scene: target, black, dark: now.dark });
  const flag = (name, on) => { if (on) root[name] = ""; else delete root[name]; };

  // ---- scenes -------------------------------------------------------------------------------------------------------
  function go(scene, { quietly = false } = {}) {
    const before = target;
    target = Math.max(1, Math.min(now.total, scene));
    if (target === before) return;
    if (!quietly) tell();
    ask();
  }

  function ask() {
    if (target === now.scene || (asked && performance.now() - askedAt < LOST)) return;
    asked = target;
    askedAt = performance.now();
    send("do", { scene: target });
    setTimeout(() => { if (asked && performance.now() - askedAt >= LOST) { asked = 0; ask(); } }, LOST + 50);
  }

  function lift(on, { quietly = false } = {}) {
    black = on;
    flag("qnBlack", on);
    if (!quietly) tell();
  }

  // ---- what keys and buttons do -------------------------------------------------------------------------------------
  const step = (by) => { if (black) lift(false); else go(target + by); }; // a black screen first shows the scene again
  const jump = (scene) => { if (black) lift(false); go(scene); };
  const acts = {
    next: () => step(1),
    previous: () => step(-1),
    first: () => jump(1),
    last: () => jump(now.total),
    go: (scene) => jump(Number(scene)),
    black: () => lift(!black),
    dark: () => { send("do", { dark: !now.dark }); channel?.postMessage({ dark: !now.dark }); },
    back: () => { if (now.mode === "show") send("do", { back: true }); else channel?.postMessage({ back: true }); },
    keys: () => flag("qnKeys", !("qnKeys" in root)),
    full: () => { if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen?.(); },
    speaker: () => {
      const url = new URL(location);
      url.searchParams.set("mode", now.mode === "show" ? "speaker" : "show");
      url.searchParams.set("scene", target);
      window.open(url, `qn-${now.mode === "show" ? "speaker" : "show"}-${now.story}`, "popup,width=1180,height=760");
    },
    reset: () => { start(true); tick(); },
    leave: () => {
      if ("qnKeys" in root) flag("qnKeys", false);
      else if (document.fullscreenElement) document.exitFullscreen();
      else if (black) lift(false);
      else send("do", { leave: true });
    },
  };

  function pressed(event) {
    if (!now || !here() || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = event.composedPath()[0];
    if (at.closest?.(TYPED)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((key === " " || key === "Enter") && at.closest?.(PRESSED)) return;
    if (!Object.hasOwn(KEYS, key)) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // neither Streamlit's own keys nor the map's
    // A held key walks at the pace of the scenes, and switches nothing to and fro.
    if (event.repeat && (target !== now.scene || !["next", "previous"].includes(KEYS[key]))) return;
    acts[KEYS[key]]();
  }

  // ---- pointer and fingers ------------------------------------------------------------------------------------------
  const frame = () => document.querySelector(".st-key-show .st-key-map iframe");
  const inner = () => frame()?.contentDocument?.documentElement.dataset ?? {};
  function pointing(event) {
    if (event.pointerType === "touch") return;
    flag("qnPointer", true);
    inner().pointer = "";
    clearTimeout(idle);
    idle = setTimeout(() => { flag("qnPointer", false); delete inner().pointer; }, IDLE);
  }

  function clicked(event) {
    const button = event.target.closest?.("[data-show]");
    if (button && here()) { const [act, value] = button.dataset.show.split(":"); acts[act]?.(value); }
    // A pointer leaves no focus behind: the next key is meant for the presentation.
    if (event.detail > 0 && here()) event.target.ownerDocument.activeElement?.blur?.();
  }

  const listened = new WeakSet();
  function listen(view) {
    if (!view || listened.has(view.document)) return;
    listened.add(view.document);
    view.addEventListener("keydown", pressed, true);
    view.addEventListener("pointermove", pointing, { passive: true });
    view.addEventListener("click", clicked);
  }
  document.addEventListener("touchstart", (event) => { touch = event.touches.length === 1 && here() ? event.touches[0] : null; }, { passive: true });
  document.addEventListener("touchend", ({ changedTouches: [end] }) => {
    const across = touch ? end.clientX - touch.clientX : 0, along = touch ? end.clientY - touch.clientY : 0;
    touch = null;
    if (Math.abs(across) > SWIPE && Math.abs(across) > 2 * Math.abs(along)) step(across < 0 ? 1 : -1);
  }, { passive: true });
  document.addEventListener("qn-map", () => listen(frame()?.contentWindow));
  document.addEventListener("qn-moved", () => { moved = true; off(); });
  const off = () => flag("qnOff", Boolean(now?.off || moved) && now.mode === "show");

  // ---- clock --------------------------------------------------------------------------------------------------------
  function start(anew = false) {
    const key = `qn-start-${now.story}`;
    const held = Number(localStorage.getItem(key));
    if (held && !anew) return held;
    localStorage.setItem(key, Date.now());
    return Date.now();
  }
  function tick() {
    if (!now || !here()) return;
    const seconds = Math.max(0, Math.floor((Date.now() - start()) / 1000)), two = (n) => String(n).padStart(2, "0");
    const elapsed = `${seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : ""}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    for (const part of document.querySelectorAll("[data-elapsed]")) part.textContent = elapsed;
    for (const part of document.querySelectorAll("[data-clock]")) part.textContent = new Date().toLocaleTimeString(now.lang === "vi" ? "vi-VN" : "en-GB", { hour: "2-digit", minute: "2-digit" });
  }
  setInterval(tick, 500);

  // ---- the other window ---------------------------------------------------------------------------------------------
  function join() {
    channel?.close();
    channel = new BroadcastChannel(`qn-${now.story}`);
    channel.onmessage = ({ data: said }) => {
      if (!here()) return;
      if (said.hello) tell();
      if (said.back && now.mode === "show") send("do", { back: true });
      if (said.black !== undefined && said.black !== black) lift(said.black, { quietly: true });
      if (said.dark !== undefined && said.dark !== now.dark) send("do", { dark: said.dark });
      if (said.scene) go(said.scene, { quietly: true });
    };
    channel.postMessage({ hello: true });
  }

  listen(window);
  return (data, trigger) => {
    const before = now;
    [now, send] = [data, trigger];
    if (!before || before.story !== now.story || before.mode !== now.mode) {
      [target, asked, moved] = [now.scene, 0, false];
      for (const name of ["qnKeys", "qnBlack"]) flag(name, false);
      black = false;
      join();
    } else if (asked) {
      if (now.scene === asked) asked = 0;
    } else if (now.scene !== target) { // Back, or an address that was typed
      target = now.scene;
      tell();
    }
    if (before?.stamp !== now.stamp) moved = false;
    listen(frame()?.contentWindow);
    off();
    ask();
    tick();
  };
}

export default function ({ data, setTriggerValue }) {
  window.qnPresenting ||= presenting();
  window.qnPresenting(data, setTriggerValue);
}
