// Downloads of what is shown: a table as CSV, the map as PNG or SVG.

import { MISSING, iso, yearOf } from "./days.js";
import { RADIUS } from "./geometry.js";
import { drawMap, widthOf } from "./drawing.js";
import { decadeOf, happenedOf, sourcesOf } from "./lifecycle.js";
import { writeCsv } from "./csv.js";

const HEAD = 34; // pixels for a line of title, and for each line of the foot
const MARGIN = 16;

// The columns of `ties.tie_table`, in its order, without the places' ids.
const SIDES = ["name", "country", "region", "latitude", "longitude"];
export const COLUMNS = [
  "tie_id",
  "kind",
  ...["a", "b"].flatMap((side) => SIDES.map((name) => `${name}_${side}`)),
  "is_disputed",
  "founded_earliest",
  "founded_latest",
  "founding_decade",
  "formal",
  "activity",
  "status",
  "status_since",
  "basis",
  "last_activity",
  "n_events",
  "n_sources",
  "as_of",
  "known_by",
  "dormant_after",
  "reports",
];

/** Write the ties shown as CSV, a row each, as Python's tie table has them. */
export function tiesAsCsv(data, evidence, table, shown, { asOf, knownBy, rule }) {
  const { ties, places, vocabularies } = data;
  const day = (value) => (value === MISSING ? null : iso(value));
  const rows = shown.map((tie) => {
    const ends = [ties.a[tie], ties.b[tie]];
    return [
      ties.id[tie],
      vocabularies.tie_kinds[ties.kind[tie]]?.code ?? null,
      ...ends.flatMap((place) => SIDES.map((name) => places[name][place])),
      ends.some((place) => places.claimed_by[place] !== null),
      day(table.foundedEarliest[tie]),
      day(table.foundedLatest[tie]),
      decadeOf(table.foundedEarliest[tie], table.foundedLatest[tie], yearOf),
      vocabularies.formal[table.formal[tie]].code,
      vocabularies.activity[table.activity[tie]].code,
      vocabularies.statuses[table.status[tie]].code,
      day(table.statusSince[tie]),
      vocabularies.bases[table.basis[tie]].code,
      day(table.lastActivity[tie]),
      table.nEvents[tie],
      sourcesOf(evidence, happenedOf(evidence, tie, asOf)).size,
      iso(asOf),
      knownBy === null ? null : iso(knownBy),
      rule.dormantAfter,
      rule.reports,
    ];
  });
  return writeCsv(COLUMNS, rows);
}

/** Draw the map as a PNG, with what it shows said above and below; gives a promise of a Blob. */
export function mapAsPng(picture, words) {
  const { width, height, colours } = picture;
  const canvas = document.createElement("canvas");
  const ratio = Math.max(2, globalThis.devicePixelRatio || 1);
  const whole = height + HEAD * (1 + words.foot.length) + MARGIN;
  Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(whole * ratio) });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, width, whole);
  context.save();
  context.beginPath();
  context.rect(0, HEAD, width, height);
  context.clip();
  context.translate(0, HEAD);
  drawMap(context, { ...picture, land: new Path2D(picture.geometry.land) });
  context.restore();
  writeWords(context, words, width, height, colours);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function writeWords(context, { title, foot, key }, width, height, colours) {
  context.textBaseline = "middle";
  context.fillStyle = colours.ink;
  context.font = `600 16px system-ui, "DejaVu Sans", sans-serif`;
  context.fillText(title, MARGIN, HEAD / 2, width - 2 * MARGIN);
  context.font = `13px system-ui, "DejaVu Sans", sans-serif`;
  foot.forEach((line, i) => {
    context.fillText(line, MARGIN, HEAD * (1.5 + i) + height, width - 2 * MARGIN);
  });
  key.forEach(({ code, label }, i) => {
    const y = HEAD + MARGIN + 18 * i;
    context.fillStyle = colours[code];
    context.fillRect(MARGIN, y - 2, 20, 4);
    context.fillStyle = colours.ink;
    context.fillText(label, MARGIN + 26, y);
  });
}

/** Write the map as SVG, as text. */
export function mapAsSvg(picture, words) {
  const { width, height, colours, geometry, groups, labels, scale, x, y, chosen } = picture;
  const whole = height + HEAD * (1 + words.foot.length) + MARGIN;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" font-family="system-ui, 'DejaVu Sans', sans-serif" fill="${colours.ink}">`,
    `<title>${escapeXml(words.title)}</title><rect width="100%" height="100%" fill="${colours.paper}"/>`,
    `<clipPath id="rim"><circle r="${RADIUS}"/></clipPath><clipPath id="frame"><rect width="${width}" height="${height}"/></clipPath>`,
    `<g transform="translate(0 ${HEAD})" clip-path="url(#frame)">`,
    `<g transform="translate(${round(x)} ${round(y)}) scale(${scale})" stroke-width="${0.6 / scale}" clip-path="url(#rim)">`,
    `<circle r="${RADIUS}" fill="${colours.sea}"/><path d="${geometry.land}" fill="${colours.land}" stroke="${colours.coast}"/>`,
    `<g fill="none" stroke="${colours.grid}">${geometry.circles.map((r) => `<circle r="${round(r)}"/>`).join("")}</g></g>`,
  ];
  for (const { code, ties } of groups) {
    const d = ties.map((tie) => wayAsPath(geometry.ways[tie], scale, x, y)).join("");
    if (d) parts.push(`<path d="${d}" fill="none" stroke="${colours[code]}" stroke-width="${widthOf(code)}" stroke-opacity="0.85"/>`);
  }
  if (chosen !== null) {
    const d = wayAsPath(geometry.ways[chosen.tie], scale, x, y);
    parts.push(`<path d="${d}" fill="none" stroke="${colours.ink}" stroke-width="4"/>`);
  }
  for (const label of labels) {
    const anchor = label.align === "left" ? "start" : "end";
    parts.push(`<text x="${round(label.x)}" y="${round(label.y)}" dy="0.35em" font-size="${label.size}" text-anchor="${anchor}" stroke="${colours.halo}" stroke-width="3" paint-order="stroke">${escapeXml(label.text)}</text>`);
  }
  parts.push("</g>", ...wordsAsSvg(words, height, colours), "</svg>");
  return parts.join("\n") + "\n";
}

function wayAsPath(way, scale, x, y) {
  if (way === null) return "";
  let d = "";
  for (let i = 0; i < way.length; i += 2) {
    d += `${i ? "L" : "M"}${round(way[i] * scale + x)},${round(way[i + 1] * scale + y)}`;
  }
  return d;
}

function wordsAsSvg({ title, foot, key }, height, colours) {
  const text = (line, x, y, size, weight = 400) =>
    `<text x="${x}" y="${y}" dy="0.35em" font-size="${size}" font-weight="${weight}">${escapeXml(line)}</text>`;
  return [
    text(title, MARGIN, HEAD / 2, 16, 600),
    ...foot.map((line, i) => text(line, MARGIN, HEAD * (1.5 + i) + height, 13)),
    ...key.flatMap(({ code, label }, i) => {
      const y = HEAD + MARGIN + 18 * i;
      const swatch = `<rect x="${MARGIN}" y="${y - 2}" width="20" height="4" fill="${colours[code]}"/>`;
      return [swatch, text(label, MARGIN + 26, y, 13)];
    }),
  ];
}

function round(number) {
  return Number(number.toFixed(2));
}

/** Make a text safe within XML: no markup, and no character that XML forbids. */
export function escapeXml(text) {
  const names = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;", "'": "&#39;" };
  return String(text)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[<>&"']/g, (mark) => names[mark]);
}
