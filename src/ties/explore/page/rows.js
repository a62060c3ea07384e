// The list of ties: a page of rows at a time, each with its status and its life.

import { MISSING, iso } from "./days.js";
import { make } from "./elements.js";
import { lifeOf } from "./lifecycle.js";
import { lifeLine } from "./lives.js";

export const PAGE = 40;

/** Make the rows of one page of the list. */
export function tieRows({ data, evidence, table, rule, asOf, axis, nameOf, onChoose }, ties, chosen) {
  const { statuses } = data.vocabularies;
  return ties.map((tie) => {
    const status = statuses[table.status[tie]];
    const life = lifeOf(evidence, tie, rule, asOf);
    const button = make("button", { type: "button" }, nameOf(tie));
    button.addEventListener("click", () => onChoose(tie));
    const bars = lifeLine(axis, life.status, life.founding, asOf, (s) => `--${statuses[s].code}`, (s) => statuses[s].label);
    return make(
      "tr",
      { "aria-current": tie === chosen ? "true" : null, "data-tie": data.ties.id[tie] },
      make("th", { scope: "row" }, button),
      make("td", {}, make("span", { class: "state" }, swatch(status.code), status.label)),
      make("td", { class: "wide" }, foundedOf(table, tie)),
      make("td", { class: "wide" }, iso(table.lastActivity[tie]) || "none known"),
      make("td", { class: "line" }, bars),
    );
  });
}

function foundedOf(table, tie) {
  const [earliest, latest] = [table.foundedEarliest[tie], table.foundedLatest[tie]];
  if (earliest === latest) return iso(latest);
  if (earliest === MISSING) return `by ${iso(latest).slice(0, 4)}`;
  const [first, last] = [iso(earliest), iso(latest)];
  if (first.slice(0, 7) === last.slice(0, 7)) return first.slice(0, 7);
  const [from, to] = [first.slice(0, 4), last.slice(0, 4)];
  return from === to ? from : `${from}–${to}`;
}

/** Make the bar of colour that stands for a status; its words stand beside it. */
export function swatch(code) {
  const bar = make("span", { class: "swatch", "aria-hidden": "true" });
  bar.style.setProperty("--status", `var(--${code})`);
  return bar;
}
