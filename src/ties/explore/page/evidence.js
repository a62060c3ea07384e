// What is known of events, and by when: the port of `ties.evidence` and of the order in
// `ties.lifecycle.event_view`. Python is the oracle: a test compares every tie over a grid of settings.

import { MISSING } from "./days.js";

const FAR_PAST = -719162; // 0001-01-01
const FAR_FUTURE = 2932896; // 9999-12-31
// Places in FORMAL_STATES, and the acts that make a side's of each.
const FORMAL = ["in_force", "suspended", "terminated"];
const ACTS = ["reinstated", "suspended", "terminated"];

/** Lay out a record's dates and groups once, as numbers that need no further look-up. */
export function openRecord(data) {
  const earliest = data.dates.earliest.map((day) => day ?? MISSING);
  const latest = data.dates.latest.map((day) => day ?? MISSING);
  const at = (days, position) => (position < 0 ? MISSING : days[position]);
  const column = (positions, days) => Int32Array.from(positions, (p) => at(days, p));
  const { events, attestations, sources, searches } = data;
  const kinds = data.vocabularies.event_kinds;
  const code = (name) => kinds.findIndex((kind) => kind.code === name);
  const reported = data.vocabularies.reported_statuses.map((status) => status.code);
  const isReport = code("reported");
  // On one day, what has the larger rank came later.
  const dayRank = events.kind.map((kind, i) =>
    kind === isReport ? (data.rule.report_ranks[events.reported[i]] ?? 0) : data.rule.kind_ranks[kind],
  );
  const group = (names) => kinds.map((kind) => names.includes(kind.group));
  return {
    data,
    nTies: data.ties.id.length,
    nEvents: events.id.length,
    asOf: data.record.as_of,
    eventEarliest: column(events.date, earliest),
    eventLatest: column(events.date, latest),
    untilEarliest: column(events.until, earliest),
    untilLatest: column(events.until, latest),
    dayRank,
    saidEarliest: column(attestations.date, earliest),
    saidLatest: column(attestations.date, latest),
    isSilentOnDate: attestations.date.map((position) => position < 0),
    publishedLatest: column(sources.published, latest),
    isUndated: sources.published.map((position) => position < 0),
    searchedOn: column(searches.date, latest),
    eventStarts: startsOf(events.tie, data.ties.id.length),
    searchStarts: startsOf(searches.tie, data.ties.id.length),
    attestationStarts: startsOf(attestations.event, events.id.length),
    kind: {
      founded: code("founded"),
      dormant: code("dormant"),
      revived: code("revived"),
      qualifying: kinds.map((kind) => data.rule.qualifying.includes(kind.code)),
      reported: isReport,
      showsStanding: group(["evidence", "silence", "formal", "report"]).map(
        (shows, i) => shows || kinds[i].code === "renewed",
      ),
      formalState: kinds.map((kind) => ACTS.indexOf(kind.code)),
    },
    reportsActive: reported.map((status) => status === "active"),
    reportsDormant: reported.map((status) => status === "dormant"),
    reportedState: reported.map((status) => Math.max(0, FORMAL.indexOf(status))),
    actsOfA: data.vocabularies.sides.map((side) => side.code === "a" || side.code === "both"),
    actsOfB: data.vocabularies.sides.map((side) => side.code === "b" || side.code === "both"),
    isSide: data.vocabularies.sides.map((side) => side.code !== "none"),
  };
}

/** Give where the rows of each owner begin, in a list sorted by owner. */
function startsOf(owners, nOwners) {
  const starts = new Int32Array(nOwners + 1);
  for (const owner of owners) starts[owner + 1] += 1;
  for (let i = 0; i < nOwners; i += 1) starts[i + 1] += starts[i];
  return starts;
}

/**
 * Say which events and searches are known, on which days they fell, and in which order.
 *
 * `choices` holds `knownBy` (a day or null), `dates`, `undatedSources` and `reports`, as in
 * `StatusRule`.
 */
export function knownEvidence(record, { knownBy, dates, undatedSources, reports }) {
  const isKnown = knownAttestations(record, knownBy, undatedSources);
  const horizon = knownBy === null ? record.asOf : Math.min(record.asOf, knownBy);
  const n = record.nEvents;
  const found = {
    earliest: new Int32Array(n),
    latest: new Int32Array(n),
    runEnd: new Int32Array(n),
    surelyUntil: new Int32Array(n),
    isOpen: new Uint8Array(n),
    isKnown: new Uint8Array(n),
  };
  const settles = dates !== "recorded" || knownBy !== null;
  for (let event = 0; event < n; event += 1) {
    const given = [];
    for (let row = record.attestationStarts[event]; row < record.attestationStarts[event + 1]; row += 1) {
      if (isKnown[row]) given.push(row);
    }
    const isRead = reports || record.data.events.kind[event] !== record.kind.reported;
    found.isKnown[event] = isRead && (knownBy === null || given.length > 0) ? 1 : 0;
    const own = [record.eventEarliest[event], record.eventLatest[event]];
    const [low, high] = settles ? settleDate(record, own, given, dates) : own;
    const latest = high === MISSING ? horizon : Math.min(high, horizon);
    const until = record.untilLatest[event];
    found.isOpen[event] = high === MISSING ? 1 : 0;
    found.latest[event] = latest;
    found.earliest[event] = low !== MISSING && low > latest ? latest : low;
    found.runEnd[event] = until === MISSING ? latest : Math.min(until, horizon);
    // A run went on at least until the first day that its end admits; MISSING is the least number.
    found.surelyUntil[event] = Math.max(found.earliest[event], Math.min(record.untilEarliest[event], horizon));
  }
  const byTie = orderEvents(record, found);
  return { record, knownBy, isKnownAttestation: isKnown, ...found, ...byTie };
}

function knownAttestations(record, knownBy, undatedSources) {
  const isOut = record.isUndated.map((isUndated, source) => {
    if (knownBy === null) return true;
    if (isUndated) return undatedSources === "known";
    const published = record.publishedLatest[source];
    return published !== MISSING && published <= knownBy;
  });
  return Uint8Array.from(record.data.attestations.source, (source) => (isOut[source] ? 1 : 0));
}

/** Choose among the dates that the known sources give for one event. */
function settleDate(record, own, given, dates) {
  const said = given.map((row) =>
    record.isSilentOnDate[row] ? own : [record.saidEarliest[row], record.saidLatest[row]],
  );
  const low = ([earliest]) => (earliest === MISSING ? FAR_PAST : earliest);
  const high = ([, latest]) => (latest === MISSING ? FAR_FUTURE : latest);
  if (dates === "recorded") {
    const isBacked = said.some((days) => low(days) <= high(own) && high(days) >= low(own));
    return isBacked ? own : spanOf(said);
  }
  if (dates === "span") return spanOf(said);
  if (said.length === 0) return [MISSING, MISSING];
  return said.reduce((best, days) => {
    const first = dates === "earliest" ? low(days) - low(best) : high(best) - high(days);
    const second = dates === "earliest" ? high(days) - high(best) : low(best) - low(days);
    return first < 0 || (first === 0 && second < 0) ? days : best;
  });
}

/** Take all the days that any source admits; an open bound of one opens the whole. */
function spanOf(said) {
  if (said.length === 0) return [MISSING, MISSING];
  const earliest = said.map((days) => days[0]);
  const latest = said.map((days) => days[1]);
  return [
    earliest.includes(MISSING) ? MISSING : Math.min(...earliest),
    latest.includes(MISSING) ? MISSING : Math.max(...latest),
  ];
}

/** Order the known events of each tie by day, then by kind, then by code. */
function orderEvents(record, found) {
  const kinds = record.data.events.kind;
  const order = new Int32Array(record.nEvents);
  const starts = new Int32Array(record.nTies + 1);
  let n = 0;
  for (let tie = 0; tie < record.nTies; tie += 1) {
    const mine = [];
    for (let event = record.eventStarts[tie]; event < record.eventStarts[tie + 1]; event += 1) {
      if (found.isKnown[event]) mine.push(event);
    }
    // Events come sorted by code, and sorting keeps the order of equals.
    mine.sort(
      (a, b) =>
        found.latest[a] - found.latest[b] || record.dayRank[a] - record.dayRank[b] || kinds[a] - kinds[b],
    );
    for (const event of mine) order[n++] = event;
    starts[tie + 1] = n;
  }
  return { order, starts };
}
