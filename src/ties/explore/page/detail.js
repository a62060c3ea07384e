// One tie in full: how it stands, its life on both axes, and what is known with its sources.

import { MISSING, iso } from "./days.js";
import { link, make } from "./elements.js";
import { basisOf, happenedOf, lifeOf } from "./lifecycle.js";
import { lifeLine } from "./lives.js";

const FORMAL_COLOURS = ["--active", "--suspended", "--terminated"];
const ACTIVITY_COLOURS = ["--active", "--dormant", "--no_information"];

/** Give what the page says of one tie. */
export function tieDetail({ data, evidence, rule, asOf, axis, tie }) {
  const life = lifeOf(evidence, tie, rule, asOf);
  const happened = happenedOf(evidence, tie, asOf);
  const parts = [facts(data, evidence, tie, life, asOf)];
  if (life !== null) parts.push(axes(data, life, asOf, axis));
  parts.push(make("h3", {}, "What happened"), events(data, evidence, happened));
  const hidden = evidence.record.eventStarts[tie + 1] - evidence.record.eventStarts[tie] - happened.length;
  if (hidden > 0) {
    const words = hidden === 1 ? "1 event is" : `${hidden} events are`;
    parts.push(make("p", { class: "hint" }, `${words} hidden: later than the day looked from, or not yet known.`));
  }
  parts.push(...searches(evidence, tie));
  return parts;
}

function facts(data, { order, record }, tie, life, asOf) {
  const { vocabularies, ties, places } = data;
  const rows = [];
  const say = (term, ...what) => rows.push(make("dt", {}, term), make("dd", {}, ...what));
  if (life === null) {
    say(`On ${iso(asOf)}`, "Does not yet stand, or nothing was known of it");
  } else {
    const now = life.status.at(-1);
    const status = vocabularies.statuses[now.state];
    const basis = vocabularies.bases[basisOf(record, now.event)];
    say("Status", `${status.label} since ${iso(now.day)}, ${basis.label.toLowerCase()}`);
    say("", make("span", { class: "hint" }, status.definition));
    say("Founded", span(life.founding.earliest, life.founding.latest));
  }
  const kind = vocabularies.tie_kinds[ties.kind[tie]];
  say("Kind", kind ? kind.label : "No source states it");
  for (const place of [ties.a[tie], ties.b[tie]]) {
    const code = places.region[place] ?? places.country[place];
    const names = places.names[place];
    const area = data.areas[code] ?? code;
    const known = names.length ? ` (also ${names.join(", ")})` : "";
    say(places.name[place], `${area}, ${data.areas[places.country[place]] ?? places.country[place]}${known}`);
    if (places.claimed_by[place]) say("", `Claimed by ${data.areas[places.claimed_by[place]]}`);
  }
  return make("dl", {}, rows);
}

function span(earliest, latest) {
  if (earliest === latest) return iso(latest);
  return earliest === MISSING ? `by ${iso(latest)}` : `between ${iso(earliest)} and ${iso(latest)}`;
}

function axes(data, life, asOf, axis) {
  const { vocabularies } = data;
  const rows = [
    ["Status", life.status, vocabularies.statuses, vocabularies.statuses.map((s) => `--${s.code}`)],
    ["Formal", life.formal, vocabularies.formal, FORMAL_COLOURS],
    ["Activity", life.activity, vocabularies.activity, ACTIVITY_COLOURS],
  ];
  const drawn = rows.map(([name, points, terms, colours]) => [
    make("span", {}, name),
    lifeLine(axis, points, life.founding, asOf, (s) => colours[s], (s) => terms[s].label, true),
  ]);
  return make("div", { class: "axes" }, drawn.flat());
}

function events(data, evidence, happened) {
  return make("ol", { class: "events" }, [...happened].map((event) => oneEvent(data, evidence, event)));
}

function oneEvent(data, { record, isKnownAttestation }, event) {
  const { events: table, vocabularies, dates, attestations, sources } = data;
  const until = table.until[event] < 0 ? "" : ` until ${dates.text[table.until[event]]}`;
  const when = `${dates.text[table.date[event]] ?? "no date"}${until}`;
  const side = vocabularies.sides[table.side[event]];
  const reported = vocabularies.reported_statuses[table.reported[event]];
  const by = table.actor[event] ?? (side && side.code !== "none" ? side.label : null);
  const cited = [];
  for (let row = record.attestationStarts[event]; row < record.attestationStarts[event + 1]; row += 1) {
    if (!isKnownAttestation[row]) continue;
    const source = attestations.source[row];
    const published = sources.published[source] < 0 ? "no date" : dates.text[sources.published[source]];
    const said = attestations.date[row] < 0 ? null : dates.text[attestations.date[row]];
    const differs = said !== null && said !== dates.text[table.date[event]] ? `; dates it ${said}` : "";
    const note = attestations.note[row] ? `; ${attestations.note[row]}` : "";
    const title = link(sources.title[source] ?? sources.id[source], sources.url[source]);
    const who = sources.publisher[source] ? `, ${sources.publisher[source]}` : "";
    cited.push(make("li", {}, title, `${who} (${published})${differs}${note}`));
  }
  return make(
    "li",
    {},
    make("span", { class: "when" }, when),
    ` ${reported?.label ?? vocabularies.event_kinds[table.kind[event]]?.label ?? ""}${by ? ` · ${by}` : ""}`,
    table.summary[event] ? make("p", {}, table.summary[event]) : null,
    make("ul", {}, cited),
  );
}

function searches({ record, knownBy }, tie) {
  const { searches: table, dates } = record.data;
  const rows = [];
  for (let row = record.searchStarts[tie]; row < record.searchStarts[tie + 1]; row += 1) {
    if (knownBy !== null && record.searchedOn[row] > knownBy) continue;
    const hits = table.hits[row] === 1 ? "1 result" : `${table.hits[row]} results`;
    rows.push(make("li", {}, `${dates.text[table.date[row]]}: “${table.query[row] ?? ""}”, ${hits}`));
  }
  return rows.length ? [make("h3", {}, "Looked for"), make("ul", {}, rows)] : [];
}
