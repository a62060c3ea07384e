// Which ties are shown: those that stand, pass every filter, and in which order.

import { MISSING, yearOf } from "./days.js";
import { decadeOf } from "./lifecycle.js";

/** Give the ties that pass all filters but status, and those that pass status too, sorted. */
export function selectTies(data, table, found, view) {
  const { ties, places, vocabularies } = data;
  const kinds = vocabularies.tie_kinds.map((kind) => kind.code);
  const isWanted = vocabularies.statuses.map((status) => view.status.includes(status.code));
  const lies = (place) => places.region[place] === view.region || places.country[place] === view.region;
  const candidates = [];
  for (let tie = 0; tie < ties.id.length; tie += 1) {
    if (!view.disputed && !ties.is_counted[tie]) continue;
    if (found !== null && !found[tie]) continue;
    if (view.kind !== null && (kinds[ties.kind[tie]] ?? "unstated") !== view.kind) continue;
    if (view.region !== null && !lies(ties.a[tie]) && !lies(ties.b[tie])) continue;
    if (view.decade !== null && decadeCode(table, tie) !== view.decade) continue;
    candidates.push(tie);
  }
  const standing = candidates.filter((tie) => table.status[tie] >= 0);
  const shown = standing.filter((tie) => isWanted[table.status[tie]]);
  return {
    nOther: candidates.length - standing.length,
    counts: countBy(standing, table.status, vocabularies.statuses.length),
    cohorts: cohortsOf(table, standing, vocabularies.statuses.length),
    shown: sortTies(data, table, shown, view.sort),
  };
}

function decadeCode(table, tie) {
  const decade = decadeOf(table.foundedEarliest[tie], table.foundedLatest[tie], yearOf);
  return decade === null ? "undated" : String(decade);
}

function countBy(ties, codes, n) {
  const counts = new Array(n).fill(0);
  for (const tie of ties) counts[codes[tie]] += 1;
  return counts;
}

/** Count the ties of each founding decade by status: every decade between the first and the last, then those of no one decade. */
function cohortsOf(table, standing, n) {
  const members = new Map();
  for (const tie of standing) {
    const code = decadeCode(table, tie);
    members.set(code, [...(members.get(code) ?? []), tie]);
  }
  const decades = [...members.keys()].filter((code) => code !== "undated").map(Number);
  const codes = [];
  for (let decade = Math.min(...decades); decade <= Math.max(...decades); decade += 10) codes.push(String(decade));
  if (members.has("undated")) codes.push("undated");
  return codes.map((code) => ({ code, counts: countBy(members.get(code) ?? [], table.status, n) }));
}

/** Sort by name unless told otherwise; what is missing comes last. */
function sortTies({ namesInOrder }, table, shown, sort) {
  const byName = (p, q) => namesInOrder[p] - namesInOrder[q];
  const latest = (days) => (p, q) => compare(days[p], days[q]);
  const by = {
    name: byName,
    status: (p, q) => table.status[p] - table.status[q],
    founded: latest(table.foundedLatest),
    last: (p, q) => compare(table.lastActivity[q], table.lastActivity[p], true),
  }[sort];
  return shown.sort((p, q) => by(p, q) || byName(p, q));
}

function compare(p, q, isReversed = false) {
  if (p === q) return 0;
  if (p === MISSING) return isReversed ? -1 : 1;
  if (q === MISSING) return isReversed ? 1 : -1;
  return p - q;
}

/** Give each tie's place in the order of names, worked out once. */
export function orderNames(names) {
  const collator = new Intl.Collator("en", { numeric: true });
  const order = names.map((_, i) => i).sort((p, q) => collator.compare(names[p], names[q]) || p - q);
  const place = new Int32Array(names.length);
  order.forEach((tie, i) => {
    place[tie] = i;
  });
  return place;
}
