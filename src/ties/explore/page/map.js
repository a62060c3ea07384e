// The map on the page: a canvas that the reader drags, zooms and points at.

import { RADIUS, nearestTie } from "./geometry.js";
import { DRAWN, MANY, drawMap, placeLabels, readColours } from "./drawing.js";

const d3 = globalThis.d3;
const NEAR = 7; // pixels within which a tie is pointed at
const MAX_ZOOM = 64;
const STEP = 60; // pixels that an arrow key moves
const REST = 160; // milliseconds without a change, after which all of very many ties are drawn

/** Put the map on the page. `onChoose` gets a tie, `onMove` the place [zoom, x, y] in map units. */
export function openMap({ box, canvas, tip }, { data, geometry, nameOf, onChoose, onMove }) {
  const context = canvas.getContext("2d");
  const land = new Path2D(geometry.land);
  const state = { shown: [], groups: [], chosen: null, transform: d3.zoomIdentity, width: 1, height: 1 };
  let frame = 0;
  let resting = 0;

  function fit() {
    return (Math.min(state.width, state.height) / 2 - 4) / RADIUS;
  }

  function placement() {
    const { k, x, y } = state.transform;
    return { scale: fit() * k, x: (state.width / 2) * k + x, y: (state.height / 2) * k + y };
  }

  /** Draw now, and of very many ties only some; all of them once nothing has changed for a while. */
  function draw() {
    frame = 0;
    clearTimeout(resting);
    const every = Math.ceil(state.shown.length / (2 * MANY));
    paint(every);
    if (every > 1) resting = setTimeout(() => paint(1), REST);
  }

  function paint(every) {
    const ratio = globalThis.devicePixelRatio || 1;
    const [width, height] = [Math.round(state.width * ratio), Math.round(state.height * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, state.width, state.height);
    const groups = state.groups.map(({ code, ties }) => ({ code, ties: ties.filter((_, i) => i % every === 0) }));
    drawMap(context, { ...picture(), groups: every > 1 ? groups : state.groups, land });
  }

  /** Say what is drawn, for this canvas or for a download of the same view. */
  function picture() {
    const at = placement();
    const { width, height, shown, groups, chosen } = state;
    const size = Math.max(11, Math.min(20, Math.round(Math.min(width, height) / 55)));
    const labels = placeLabels(context, { geometry, data, shown, ...at, width, height, size });
    const colours = readColours(document.documentElement);
    return { geometry, groups, chosen, labels, colours, width, height, ...at };
  }

  function redraw() {
    if (!frame) frame = requestAnimationFrame(draw);
  }

  const zoom = d3
    .zoom()
    .scaleExtent([1, MAX_ZOOM])
    // One finger scrolls the page, two move the map; a wheel scrolls unless the map has the focus.
    .filter((event) => {
      if (event.type === "wheel") return event.ctrlKey || box.contains(document.activeElement);
      return event.touches ? event.touches.length > 1 : !event.button;
    })
    .on("zoom", ({ transform, sourceEvent }) => {
      state.transform = transform;
      redraw();
      if (sourceEvent) onMove(whereabouts());
    });
  const surface = d3.select(canvas).call(zoom).on("dblclick.zoom", null);

  /** Give the zoom and the point of the map in the middle, whatever the size of the window. */
  function whereabouts() {
    const { scale, x, y } = placement();
    const middle = [(state.width / 2 - x) / scale, (state.height / 2 - y) / scale];
    return state.transform.k === 1 ? null : [state.transform.k, ...middle];
  }

  function goTo(place) {
    const [k, px, py] = place ?? [1, 0, 0];
    const [w, h] = [state.width / 2, state.height / 2];
    const scale = fit() * k;
    surface.call(zoom.transform, d3.zoomIdentity.translate(w - px * scale - w * k, h - py * scale - h * k).scale(k));
  }

  function move(change) {
    change();
    onMove(whereabouts());
  }

  const keys = {
    "+": () => surface.call(zoom.scaleBy, 1.5),
    "=": () => surface.call(zoom.scaleBy, 1.5),
    "-": () => surface.call(zoom.scaleBy, 1 / 1.5),
    0: () => goTo(null),
    ArrowLeft: () => surface.call(zoom.translateBy, STEP / state.transform.k, 0),
    ArrowRight: () => surface.call(zoom.translateBy, -STEP / state.transform.k, 0),
    ArrowUp: () => surface.call(zoom.translateBy, 0, STEP / state.transform.k),
    ArrowDown: () => surface.call(zoom.translateBy, 0, -STEP / state.transform.k),
  };
  box.addEventListener("keydown", (event) => {
    if (!Object.hasOwn(keys, event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(keys[event.key]);
  });

  function tieAt(event) {
    const { scale, x, y } = placement();
    const [px, py] = d3.pointer(event, canvas);
    return nearestTie(geometry, state.shown, [(px - x) / scale, (py - y) / scale], NEAR / scale);
  }

  let pointing = 0;
  canvas.addEventListener("pointermove", (event) => {
    if (pointing || event.pointerType === "touch") return;
    pointing = requestAnimationFrame(() => {
      pointing = 0;
      const tie = tieAt(event);
      canvas.classList.toggle("on-tie", tie !== null);
      showTip(tie, d3.pointer(event, canvas));
    });
  });
  canvas.addEventListener("pointerleave", () => showTip(null));
  canvas.addEventListener("click", (event) => {
    const tie = tieAt(event);
    if (tie !== null) onChoose(tie);
  });

  function showTip(tie, [x, y] = [0, 0]) {
    tip.hidden = tie === null;
    if (tie === null) return;
    tip.textContent = nameOf(tie);
    tip.style.left = `${Math.min(x + 12, Math.max(0, state.width - tip.offsetWidth))}px`;
    tip.style.top = `${y + 12}px`;
  }

  new ResizeObserver(() => {
    const place = whereabouts();
    [state.width, state.height] = [box.clientWidth, box.clientHeight];
    goTo(place);
    redraw();
  }).observe(box);

  return {
    picture,
    redraw,
    goTo,
    zoomBy: (factor) => move(() => surface.call(zoom.scaleBy, factor)),
    zoomOut: () => move(() => goTo(null)),
    /** Show ties, with the place of each one's status in DRAWN order, and one chosen. */
    show(shown, statusOf, chosenTie) {
      state.shown = shown;
      state.groups = DRAWN.map((code) => ({ code, ties: [] }));
      for (const tie of shown) state.groups[DRAWN.indexOf(statusOf(tie))].ties.push(tie);
      state.chosen = chosenTie === null ? null : { tie: chosenTie, code: statusOf(chosenTie) };
      redraw();
    },
  };
}
