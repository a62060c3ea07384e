// One drawing of the map, onto any surface: the canvas of the page, a PNG, or an SVG.

import { RADIUS } from "./geometry.js";

// The most telling status is drawn last, on top.
export const DRAWN = ["no_information", "dormant", "terminated", "suspended", "active", "revived"];
export const MANY = 3000; // ties, from which lines are thinner and places are not marked
const BATCH = 400; // lines drawn at once: one path of many thousands is slow to fill in
const MAX_LABELS = 28;

/** Read the colours of the page's theme. */
export function readColours(element) {
  const style = getComputedStyle(element);
  const names = ["paper", "ink", "faint", "sea", "land", "coast", "grid", "halo", "focus", ...DRAWN];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Draw the earth and the ties on a 2D context; `scale`, `x` and `y` place the pole. */
export function drawMap(context, { geometry, groups, chosen, labels, colours, scale, x, y, land }) {
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  const rim = new Path2D();
  rim.arc(0, 0, RADIUS, 0, 2 * Math.PI);
  context.fillStyle = colours.sea;
  context.fill(rim);
  context.clip(rim);
  context.lineWidth = 0.6 / scale;
  context.fillStyle = colours.land;
  context.strokeStyle = colours.coast;
  context.fill(land);
  context.stroke(land);
  context.strokeStyle = colours.grid;
  for (const radius of geometry.circles) {
    context.beginPath();
    context.arc(0, 0, radius, 0, 2 * Math.PI);
    context.stroke();
  }
  context.restore();
  context.save();
  context.lineCap = "round";
  context.lineJoin = "bevel";
  const nShown = groups.reduce((sum, group) => sum + group.ties.length, 0);
  for (const group of groups) drawGroup(context, geometry, group, nShown, colours, scale, x, y);
  if (chosen !== null) drawChosen(context, geometry, chosen, colours, scale, x, y);
  drawLabels(context, labels, colours);
  context.restore();
}

function drawGroup(context, geometry, { code, ties }, nShown, colours, scale, x, y) {
  const isMany = nShown > MANY;
  context.strokeStyle = colours[code];
  context.globalAlpha = isMany ? Math.min(0.5, Math.max(0.06, MANY / nShown)) : 0.85;
  context.lineWidth = isMany ? 0.6 : widthOf(code);
  for (let from = 0; from < ties.length; from += BATCH) {
    context.beginPath();
    for (let i = from; i < Math.min(ties.length, from + BATCH); i += 1) {
      trace(context, geometry.ways[ties[i]], scale, x, y);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
  if (!isMany) drawEnds(context, geometry, ties, colours[code], scale, x, y);
}

export function widthOf(code) {
  return code === "no_information" || code === "dormant" ? 1.1 : 1.8;
}

function trace(context, way, scale, x, y) {
  if (way === null) return;
  context.moveTo(way[0] * scale + x, way[1] * scale + y);
  for (let i = 2; i < way.length; i += 2) context.lineTo(way[i] * scale + x, way[i + 1] * scale + y);
}

function drawEnds(context, geometry, ties, colour, scale, x, y) {
  context.fillStyle = colour;
  context.beginPath();
  for (const tie of ties) {
    const way = geometry.ways[tie];
    if (way === null) continue;
    for (const i of [0, way.length - 2]) {
      const [px, py] = [way[i] * scale + x, way[i + 1] * scale + y];
      context.moveTo(px + 2.6, py);
      context.arc(px, py, 2.6, 0, 2 * Math.PI);
    }
  }
  context.fill();
}

function drawChosen(context, geometry, chosen, colours, scale, x, y) {
  const way = geometry.ways[chosen.tie];
  if (way === null) return;
  for (const [colour, width] of [[colours.paper, 8], [colours.ink, 5.5], [colours[chosen.code], 3]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    trace(context, way, scale, x, y);
    context.stroke();
  }
}

function drawLabels(context, labels, colours) {
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const label of labels) {
    context.font = label.font;
    context.textAlign = label.align;
    context.strokeStyle = colours.halo;
    context.lineWidth = 3;
    context.strokeText(label.text, label.x, label.y);
    context.fillStyle = colours.ink;
    context.fillText(label.text, label.x, label.y);
  }
}

/** Name the places with most ties, as many as find room beside their point. */
export function placeLabels(context, { geometry, data, shown, scale, x, y, width, height, size }) {
  const number = new Map();
  for (const tie of shown) {
    for (const place of [data.ties.a[tie], data.ties.b[tie]]) {
      if (geometry.places[place] !== null) number.set(place, (number.get(place) ?? 0) + 1);
    }
  }
  const font = `${size}px system-ui, "DejaVu Sans", sans-serif`;
  const most = [...number].sort((p, q) => q[1] - p[1] || p[0] - q[0]).slice(0, 40 * MAX_LABELS);
  const limit = Math.round(MAX_LABELS * Math.min(2, Math.max(0.3, (width * height) / (700 * 700))));
  const labels = [];
  const boxes = [];
  context.font = font;
  for (const [place] of most) {
    if (labels.length >= limit) break;
    const [px, py] = geometry.places[place].map((at, i) => at * scale + (i ? y : x));
    if (px < 0 || py < 0 || px > width || py > height) continue;
    const text = shorten(data.places.name[place]);
    const wide = context.measureText(text).width;
    const found = ["left", "right"]
      .map((align) => ({ align, x: align === "left" ? px + 6 : px - 6 }))
      .map((at) => ({ ...at, box: boxAt(at, py, wide, size) }))
      .find(({ box }) => box[0] >= 0 && box[2] <= width && box[1] >= 0 && box[3] <= height && !boxes.some((other) => meet(box, other)));
    if (!found) continue;
    boxes.push(found.box);
    labels.push({ text, font, size, align: found.align, x: found.x, y: py });
  }
  return labels;
}

function shorten(text) {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function boxAt({ align, x }, y, wide, size) {
  const left = align === "left" ? x : x - wide;
  return [left - 2, y - 0.7 * size, left + wide + 2, y + 0.7 * size];
}

function meet(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
