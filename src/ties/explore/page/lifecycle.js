// From events to states, for one tie at a time: the port of `ties.lifecycle.engine`.
//
// The rules are said in `ties.lifecycle.episodes`; what is called a point here is a day on which a state
// is said anew. Python is the oracle: a test compares every tie over a grid of settings.

import { MISSING, addYears } from "./days.js";

export const NO_EVENT = -1;
const BEGINNING = -719162; // 0001-01-01
// On one day, what comes later in this order has the last word.
const [LAPSE, LOOK, EVENT, RETURN, STOPPED, ACT] = [0, 1, 2, 7, 10, 11]; // RETURN is an event's own
const [ACTIVE, DORMANT, NO_INFORMATION] = [0, 1, 2]; // places in ACTIVITY_STATES
// A status from a state of activity, and from a formal state: places in STATUSES.
const BY_ACTIVITY = [0, 2, 5];
const BY_FORMAL = [null, 3, 4];
const REVIVED = 1;
const [RECORDED, REPORTED, INFERRED] = [0, 1, 2]; // places in BASES

const point = (day, earliest, state, event, rank) => ({ day, earliest, state, event, rank });

/**
 * Give a tie's life as it is read under a rule from a day; null if it does not yet stand.
 *
 * Each axis (formal, activity, status) is a list of points at which its state changes, with
 * `day`, `earliest`, `state` (place in the vocabulary) and `event` (-1 if inferred).
 */
export function lifeOf(evidence, tie, rule, asOf) {
  const happened = happenedOf(evidence, tie, asOf);
  const founding = foundingOf(evidence, happened);
  if (founding.latest === MISSING) return null;
  const activity = settle(
    [
      point(BEGINNING, BEGINNING, NO_INFORMATION, NO_EVENT, LAPSE),
      ...activityPoints(evidence, tie, happened, rule),
    ],
    founding,
    asOf,
  );
  const formal = settle(
    [point(BEGINNING, BEGINNING, 0, founding.event, LAPSE), ...formalPoints(evidence, happened, founding)],
    founding,
    asOf,
  );
  return {
    founding,
    formal: changes(formal),
    activity: changes(activity),
    status: changes(statusPoints(evidence.record, activity, formal)),
  };
}

/** Give the known events of a tie that have happened by a day, in order. */
export function happenedOf(evidence, tie, asOf) {
  const { order, starts, latest } = evidence;
  let end = starts[tie];
  while (end < starts[tie + 1] && latest[order[end]] <= asOf) end += 1;
  return order.subarray(starts[tie], end);
}

/** Bound the founding by its event and by the first sign that the tie stood. */
export function foundingOf(evidence, happened) {
  const { record, earliest, latest, isOpen } = evidence;
  const { kind } = record;
  const kinds = record.data.events.kind;
  const founding = { earliest: MISSING, latest: MISSING, event: NO_EVENT };
  let isNamed = false;
  let isShown = false;
  for (let i = 0; i < happened.length && !(isNamed && isShown); i += 1) {
    const event = happened[i];
    const isFounding = kinds[event] === kind.founded;
    const isDated = isFounding && !isOpen[event];
    if (isFounding && !isNamed) {
      isNamed = true;
      founding.earliest = earliest[event];
    }
    if (!isShown && (isDated || kind.showsStanding[kinds[event]])) {
      isShown = true;
      founding.latest = latest[event];
      founding.event = isDated ? event : NO_EVENT;
    }
  }
  return founding;
}

/** Whether an event is a sign of life: a qualifying one, or a report of activity. */
function isSign({ record, isOpen }, event) {
  const { kind, reported } = record.data.events;
  const counts = record.kind.qualifying[kind[event]] || record.reportsActive[reported[event]];
  return Boolean(counts) && !isOpen[event];
}

/** Say where activity begins, lapses, is said to have stopped, or is looked for in vain. */
function activityPoints(evidence, tie, happened, rule) {
  const { record, earliest, latest, runEnd, surelyUntil } = evidence;
  const { kind, reported } = record.data.events;
  const points = [];
  const signs = [];
  // The day and rank of the last silence; when the signs so far may, and must, have worn off.
  let [silentOn, silentRank, lapse, lastLapse] = [-Infinity, 0, -Infinity, -Infinity];
  for (const event of happened) {
    const [day, rank] = [latest[event], record.dayRank[event]];
    let begun = earliest[event];
    let state = DORMANT;
    if (isSign(evidence, event)) {
      // A run of exchanges wears off after its end, whatever single visit falls within it.
      lastLapse = Math.max(lastLapse, addYears(runEnd[event], rule.dormantAfter));
      signs.push({ day, lapse: lastLapse });
      const mayPrecede = begun < silentOn || (begun === silentOn && rank <= silentRank);
      if (mayPrecede && rank < RETURN) continue;
      if (surelyUntil[event] !== MISSING) {
        lapse = Math.max(lapse, addYears(surelyUntil[event], rule.dormantAfter));
      }
      if (lapse === day) begun = day;
      // A sign that may have worn off by its last day shows no more than that a silence was over.
      state = lapse > day ? ACTIVE : NO_INFORMATION;
    } else if (kind[event] === record.kind.dormant || record.reportsDormant[reported[event]]) {
      [silentOn, silentRank, lapse, lastLapse] = [day, rank, -Infinity, -Infinity];
    } else continue;
    // What comes before the signs have worn off takes the lapse back.
    if (points.at(-1)?.rank === LAPSE && points.at(-1).day >= day) points.pop();
    points.push(point(day, begun, state, event, EVENT + rank));
    if (state === ACTIVE) points.push(point(lapse, lapse, NO_INFORMATION, NO_EVENT, LAPSE));
  }
  points.push(...lookPoints(evidence, tie, signs, rule));
  return points;
}

/** Say where a search shows silence: no sign of life in the years before it. */
function lookPoints({ record, knownBy }, tie, signs, rule) {
  const points = [];
  for (let row = record.searchStarts[tie]; row < record.searchStarts[tie + 1]; row += 1) {
    const searched = record.searchedOn[row];
    if (knownBy !== null && searched > knownBy) continue;
    const before = signs.findLast((sign) => sign.day <= searched);
    const spokenFor = addYears(searched, rule.dormantAfter - (rule.searchReach ?? rule.dormantAfter));
    const start = before ? Math.max(before.lapse, spokenFor) : spokenFor;
    if (start <= searched) points.push(point(start, start, DORMANT, NO_EVENT, LOOK));
  }
  return points;
}

/** Say what each formal act and each report makes of the tie; each side decides for itself. */
function formalPoints({ record, earliest, latest }, happened, founding) {
  const { kind, side, reported } = record.data.events;
  const points = [];
  const made = { a: 0, b: 0 };
  for (const event of happened) {
    const state = record.kind.formalState[kind[event]];
    let [begun, rank, said] = [earliest[event], EVENT + record.dayRank[event], 0];
    if (state >= 0 && side[event] >= 0 && record.isSide[side[event]]) {
      if (record.actsOfA[side[event]]) made.a = state;
      if (record.actsOfB[side[event]]) made.b = state;
      rank = ACT;
    } else if (reported[event] >= 0) {
      said = record.reportedState[reported[event]];
      // A tie that is said to be stopped may have been so for any time.
      if (said > 0) [begun, rank] = [Math.min(founding.earliest, latest[event]), STOPPED];
    } else continue;
    points.push(point(latest[event], begun, Math.max(made.a, made.b, said), event, rank));
  }
  return points;
}

/** Carry what lies before the founding to it, end at a day, and keep one point a day. */
function settle(points, founding, asOf) {
  const shown = points
    .map((p) =>
      p.day < founding.latest
        ? { ...p, said: p.day, day: founding.latest, earliest: founding.earliest }
        : { ...p, said: p.day },
    )
    .filter((p) => p.day <= asOf);
  shown.sort((p, q) => p.day - q.day || p.said - q.said || p.rank - q.rank);
  return shown.filter((p, i) => i + 1 === shown.length || shown[i + 1].day !== p.day);
}

function changes(points) {
  return points.filter((p, i) => i === 0 || points[i - 1].state !== p.state);
}

/** Read the two axes as one status; a formal stop outweighs any activity. */
function statusPoints(record, activity, formal) {
  const both = [
    ...activity.map((p) => ({ ...p, isFormal: false })),
    ...formal.map((p) => ({ ...p, isFormal: true })),
  ];
  // A formal act has the last word on its day, but the founding belongs to both axes.
  both.sort((p, q) => p.day - q.day || p.rank - q.rank);
  const kinds = record.data.events.kind;
  const points = [];
  let [active, inForce, wasDown] = [NO_INFORMATION, 0, false];
  both.forEach((p, i) => {
    if (p.isFormal) inForce = p.state;
    else active = p.state;
    if (i + 1 < both.length && both[i + 1].day === p.day) return;
    let state = BY_FORMAL[inForce] ?? BY_ACTIVITY[active];
    const revives = p.event !== NO_EVENT && kinds[p.event] === record.kind.revived;
    wasDown ||= revives || (state >= 2 && state <= 4);
    if (wasDown && state === BY_ACTIVITY[ACTIVE]) state = REVIVED;
    points.push({ ...p, state });
  });
  return points;
}

/**
 * Read every tie's life under a rule, so that any day can be asked for.
 *
 * A life read to its end also says how it stood on each day before, unless searches reach back
 * beyond the years of dormancy: then what was found later changes what is said of an earlier day,
 * and each day has to be read by itself.
 */
export function readLives(evidence, rule) {
  const reachesBack = rule.searchReach !== null && rule.searchReach > rule.dormantAfter;
  if (reachesBack) return { evidence, rule, lives: null };
  const ties = Array.from({ length: evidence.record.nTies }, (_, tie) => tie);
  return { evidence, rule, lives: ties.map((tie) => lifeOf(evidence, tie, rule, Infinity)) };
}

/** Give one row a tie, as `ties.tie_table` does, by columns. */
export function tieTable({ evidence, rule, lives }, asOf) {
  const n = evidence.record.nTies;
  const column = (Type, empty) => new Type(n).fill(empty);
  const table = {
    status: column(Int8Array, -1),
    formal: column(Int8Array, -1),
    activity: column(Int8Array, -1),
    statusSince: column(Int32Array, MISSING),
    basis: column(Int8Array, -1),
    foundedEarliest: column(Int32Array, MISSING),
    foundedLatest: column(Int32Array, MISSING),
    lastActivity: column(Int32Array, MISSING),
    nEvents: column(Int32Array, 0),
  };
  for (let tie = 0; tie < n; tie += 1) {
    const happened = happenedOf(evidence, tie, asOf);
    fillEvidence(table, tie, evidence, happened, asOf);
    const life = lives === null ? lifeOf(evidence, tie, rule, asOf) : lives[tie];
    if (life !== null && life.founding.latest <= asOf) fillStates(table, tie, life, asOf, evidence.record);
  }
  return table;
}

function fillEvidence(table, tie, evidence, happened, asOf) {
  const founding = foundingOf(evidence, happened);
  table.foundedEarliest[tie] = founding.earliest;
  table.foundedLatest[tie] = founding.latest;
  table.nEvents[tie] = happened.length;
  table.lastActivity[tie] = lastActivity(evidence, happened, asOf);
}

function fillStates(table, tie, life, asOf, record) {
  const now = onDay(life.status, asOf);
  table.status[tie] = now.state;
  table.formal[tie] = onDay(life.formal, asOf).state;
  table.activity[tie] = onDay(life.activity, asOf).state;
  table.statusSince[tie] = now.day;
  table.basis[tie] = basisOf(record, now.event);
}

/** The place in BASES of what a state rests on: an event, a report, or the rule. */
export function basisOf(record, event) {
  if (event === NO_EVENT) return INFERRED;
  return record.data.events.kind[event] === record.kind.reported ? REPORTED : RECORDED;
}

/** Give the last point that a day has reached. */
function onDay(points, day) {
  let i = points.length - 1;
  while (points[i].day > day) i -= 1;
  return points[i];
}

function lastActivity(evidence, happened, asOf) {
  let last = MISSING;
  for (const event of happened) {
    if (isSign(evidence, event) && evidence.runEnd[event] > last) last = evidence.runEnd[event];
  }
  return Math.min(last, asOf);
}

/** Give the known sources of some events. */
export function sourcesOf({ record, isKnownAttestation }, events) {
  const found = new Set();
  for (const event of events) {
    for (let row = record.attestationStarts[event]; row < record.attestationStarts[event + 1]; row += 1) {
      if (isKnownAttestation[row]) found.add(record.data.attestations.source[row]);
    }
  }
  return found;
}

/** Give the decade of founding, as its first year; null unless both bounds lie in it. */
export function decadeOf(earliest, latest, yearOf) {
  if (earliest === MISSING || latest === MISSING) return null;
  const [first, last] = [earliest, latest].map((day) => Math.floor(yearOf(day) / 10) * 10);
  return first === last ? first : null;
}
