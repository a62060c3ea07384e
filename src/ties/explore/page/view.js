// What is looked at, and its form in the address, so that a view can be shared.
//
// The address holds only what differs from the view that the page opens with. Whatever it holds
// that is no choice of this record is left out, and the reader is told.

import { iso, parseDay } from "./days.js";

const MAX_TEXT = 200;

/** Give the choices that a record offers, with how each is read and written. */
export function openView(data, decades) {
  const codes = (terms) => terms.map((term) => term.code);
  const day = { read: (text) => parseDay(text) ?? undefined, write: iso };
  const years = {
    read: (text) => (/^\d{1,3}$/.test(text) && text >= 1 && text <= 100 ? Number(text) : undefined),
    write: String,
  };
  const oneOf = (allowed) => ({
    read: (text) => (allowed.includes(text) ? text : undefined),
    write: String,
  });
  const someOf = (allowed) => ({
    read: (text) => {
      const words = text === "" ? [] : text.split(",");
      return words.every((word) => allowed.includes(word)) ? words : undefined;
    },
    write: (words) => words.join(","),
  });
  const flag = { read: (text) => (text === "yes" ? true : text === "no" ? false : undefined), write: (on) => (on ? "yes" : "no") };
  const place = {
    read: (text) => {
      const numbers = text.split(",").map(Number);
      const isSound = numbers.length === 3 && numbers.every(Number.isFinite);
      return isSound && numbers[0] >= 1 && numbers[0] <= 64 && Math.abs(numbers[1]) < 1000 && Math.abs(numbers[2]) < 1000 ? numbers : undefined;
    },
    write: (numbers) => numbers.map((number) => Number(number.toFixed(3))).join(","),
  };
  const text = { read: (given) => given.slice(0, MAX_TEXT), write: String };
  const regions = [...new Set([...data.places.region, ...data.places.country])].filter(Boolean);
  const sorts = ["name", "status", "founded", "last"];
  return {
    fields: {
      as_of: day,
      known_by: day,
      dormant_after: years,
      search_lookback_years: years,
      dates: oneOf(data.rule.date_rules),
      undated_sources: oneOf(["unknown", "known"]),
      reports: flag,
      status: someOf(codes(data.vocabularies.statuses)),
      decade: oneOf([...decades.map(String), "undated"]),
      kind: oneOf([...codes(data.vocabularies.tie_kinds), "unstated"]),
      region: oneOf(regions),
      disputed: flag,
      q: text,
      sort: oneOf(sorts),
      tie: oneOf(data.ties.id),
      map: place,
    },
    first: firstView(data),
  };
}

function firstView(data) {
  const { rule, view, record, vocabularies } = data;
  return {
    as_of: view.as_of === null ? record.as_of : parseDay(view.as_of),
    known_by: view.known_by === null ? null : parseDay(view.known_by),
    dormant_after: rule.dormant_after,
    search_lookback_years: rule.search_lookback_years,
    dates: rule.dates,
    undated_sources: rule.undated_sources,
    reports: rule.reports,
    status: vocabularies.statuses.map((term) => term.code),
    decade: null,
    kind: null,
    region: null,
    disputed: false,
    q: "",
    sort: "name",
    tie: null,
    map: null,
  };
}

/** Write a view as the part of an address after `#`. */
export function writeView({ fields, first }, view) {
  const parameters = new URLSearchParams();
  for (const [name, field] of Object.entries(fields)) {
    const [value, standard] = [view[name], first[name]];
    if (JSON.stringify(value) === JSON.stringify(standard)) continue;
    parameters.set(name, value === null ? "" : field.write(value));
  }
  return parameters.toString();
}

/** Read a view from the part of an address after `#`: the view, and what was not understood. */
export function readView({ fields, first }, text) {
  const view = { ...first };
  const refused = [];
  for (const [name, given] of new URLSearchParams(text)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const isNothing = given === "" && name !== "status" && name !== "q";
    const value = isNothing ? null : field?.read(given);
    const mayBeNothing = ["known_by", "search_lookback_years", "decade", "kind", "region", "tie", "map"];
    if (!field || value === undefined || (value === null && !mayBeNothing.includes(name))) {
      refused.push(name.slice(0, MAX_TEXT));
    } else {
      view[name] = value;
    }
  }
  if (view.search_lookback_years !== null && view.search_lookback_years < view.dormant_after) {
    view.search_lookback_years = null;
    refused.push("search_lookback_years");
  }
  return { view, refused };
}
