// The page itself: what the reader chooses, what follows from it, and showing that.

import { iso, lastDayOfYear, parseDay, yearOf } from "./days.js";
import { knownEvidence, openRecord } from "./evidence.js";
import { readLives, tieTable } from "./lifecycle.js";
import { openSearch, searchTies } from "./names.js";
import { openView, readView, writeView } from "./view.js";
import { openGeometry } from "./geometry.js";
import { openMap } from "./map.js";
import { openAxis } from "./lives.js";
import { make, save } from "./elements.js";
import { tieDetail } from "./detail.js";
import { orderNames, selectTies } from "./shown.js";
import { PAGE, swatch, tieRows } from "./rows.js";
import { mapAsPng, mapAsSvg, tiesAsCsv } from "./saving.js";

const TICK = 450; // milliseconds a year while playing
const SETTLED = 250; // milliseconds after a change until the address is written

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("record").textContent);
const record = openRecord(data);
const names = data.ties.id.map((_, tie) => {
  const [a, b] = [data.ties.a[tie], data.ties.b[tie]].map((place) => data.places.shown[place]);
  return `${a} – ${b}`;
});
data.namesInOrder = orderNames(names);
const nameOf = (tie) => names[tie];
const tieOf = new Map(data.ties.id.map((id, tie) => [id, tie]));
const { statuses } = data.vocabularies;
const ended = Math.max(data.record.as_of, data.view.as_of === null ? -Infinity : parseDay(data.view.as_of));
const years = yearsOf();
const axis = openAxis(lastDayOfYear(years.first), ended);
const views = openView(data, decadesOf());
const search = openSearch(data);
const geometry = openGeometry(data, JSON.parse(byId("land").textContent));

let view = { ...views.first };
let page = 0;
let now = null; // what follows from the view: evidence, table, selection
let opener = null; // what had the focus before a tie was opened
let written = null;
let writing = 0;
const cache = { evidence: [null, null], lives: [null, null], table: [null, null], found: [null, null] };

const map = openMap(
  { box: byId("map"), canvas: byId("canvas"), tip: byId("tip") },
  {
    data,
    geometry,
    nameOf: (tie) => `${names[tie]}: ${statuses[now.table.status[tie]].label}`,
    onChoose: (tie) => choose(tie),
    onMove: (place) => remember({ map: place }),
  },
);

/** Give the first and the last year that the slider reaches. */
function yearsOf() {
  const evidence = knownEvidence(record, { knownBy: null, dates: "recorded", undatedSources: "unknown", reports: true });
  const rule = ruleOf({ dormant_after: data.rule.dormant_after, search_lookback_years: null, reports: true });
  const table = tieTable(readLives(evidence, rule), record.asOf);
  const founded = table.foundedLatest.filter((_, tie) => table.status[tie] >= 0);
  const first = founded.reduce((least, day) => Math.min(least, day), record.asOf);
  return { first: yearOf(first), last: yearOf(ended) };
}

function decadesOf() {
  const decades = [];
  for (let decade = Math.floor(years.first / 10) * 10 - 100; decade <= years.last; decade += 10) decades.push(decade);
  return decades;
}

function ruleOf({ dormant_after, search_lookback_years, reports }) {
  return { dormantAfter: dormant_after, searchReach: search_lookback_years, reports };
}

/** Compute only if something that it depends on has changed. */
function once(name, key, compute) {
  const wanted = JSON.stringify(key);
  if (cache[name][0] !== wanted) cache[name] = [wanted, compute()];
  return cache[name][1];
}

function compute() {
  const { known_by: knownBy, dates, undated_sources: undatedSources, as_of: asOf } = view;
  const rule = ruleOf(view);
  const choices = { knownBy, dates, undatedSources, reports: view.reports };
  const evidence = once("evidence", choices, () => knownEvidence(record, choices));
  const lives = once("lives", [choices, rule], () => readLives(evidence, rule));
  const table = once("table", [choices, rule, asOf], () => tieTable(lives, asOf));
  const found = once("found", view.q, () => searchTies(search, view.q));
  return { data, evidence, table, rule, asOf, knownBy, axis, ...selectTies(data, table, found, view) };
}

/** Take up a changed choice and show what follows; the list begins again at its first page. */
function change(patch) {
  view = { ...view, ...patch };
  if (!("tie" in patch)) page = 0;
  show();
  remember({});
}

function show() {
  now = compute();
  if (page * PAGE >= now.shown.length) page = 0;
  showControls();
  showSummary();
  showCohorts();
  showList();
  showDetail();
  const chosen = chosenTie();
  const isShown = chosen !== null && now.table.status[chosen] >= 0;
  map.show(now.shown, (tie) => statuses[now.table.status[tie]].code, isShown ? chosen : null);
}

function chosenTie() {
  return view.tie === null ? null : tieOf.get(view.tie);
}

function remember(patch) {
  view = { ...view, ...patch };
  clearTimeout(writing);
  writing = setTimeout(writeAddress, SETTLED);
}

function writeAddress() {
  clearTimeout(writing);
  written = writeView(views, view);
  history.replaceState(null, "", `#${written}`);
}

function readAddress() {
  const text = location.hash.slice(1);
  if (text === written) return;
  const { view: read, refused } = readView(views, text);
  view = read;
  written = text;
  page = 0;
  tell(refused.length ? `The address holds what this record does not offer, left out here: ${[...new Set(refused)].join(", ")}.` : "");
  showTie();
  show();
  map.goTo(view.map);
}

/** Turn the list to the page of the chosen tie, once. */
function showTie() {
  const chosen = chosenTie();
  if (chosen === null) return;
  const at = compute().shown.indexOf(chosen);
  if (at >= 0) page = Math.floor(at / PAGE);
}

function tell(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = text === "";
}

const FIELDS = ["q", "as_of", "known_by", "dormant_after", "search_lookback_years", "dates", "undated_sources", "decade", "region", "kind", "sort"];
const DAYS = ["as_of", "known_by"];
const YEARS = ["dormant_after", "search_lookback_years"];

/** Show the choices in the controls, but leave alone the one that is being typed into. */
function showControls() {
  for (const name of FIELDS) {
    const control = byId(name);
    const value = DAYS.includes(name) && view[name] !== null ? iso(view[name]) : String(view[name] ?? "");
    if (control !== document.activeElement && control.value !== value) control.value = value;
  }
  for (const name of ["disputed", "reports"]) byId(name).checked = view[name];
  byId("search_lookback_years").min = view.dormant_after;
  const year = Math.min(years.last, Math.max(years.first, yearOf(view.as_of)));
  byId("year").value = year;
  byId("year").setAttribute("aria-valuetext", iso(view.as_of));
  byId("year-shown").textContent = yearOf(view.as_of);
  statuses.forEach((status, i) => {
    byId(`status-${status.code}`).checked = view.status.includes(status.code);
    byId(`count-${status.code}`).textContent = now.counts[i].toLocaleString("en");
  });
}

function showSummary() {
  const n = now.shown.length;
  const all = now.counts.reduce((sum, count) => sum + count, 0);
  const known = now.knownBy === null ? "" : `, as known by ${iso(now.knownBy)}`;
  const other = now.nOther ? ` ${number(now.nOther, "tie")} did not yet stand, or ${now.nOther === 1 ? "was" : "were"} not yet known.` : "";
  byId("summary").textContent = `${iso(now.asOf)}${known}: ${number(all, "tie")} standing, ${n.toLocaleString("en")} shown.${bounds() || other}`;
  const lost = now.shown.filter((tie) => geometry.ways[tie] === null).length;
  byId("not-drawn").textContent = lost ? `${number(lost, "tie")} without coordinates: in the list, not on the map.` : "";
  const counts = statuses.map((status, i) => `${status.label} ${now.counts[i]}`).join(", ");
  byId("canvas").setAttribute("aria-label", `Map of ${number(n, "tie")} from above the North Pole. ${counts}. The list of ties says the same in words.`);
}

/** Say what is certain and what is possible, as Python worked it out: for all ties, under the rule that the page opens with. */
function bounds() {
  const at = data.bounds.day.indexOf(now.asOf);
  const usual = ["dormant_after", "search_lookback_years", "dates"].every((name) => view[name] === views.first[name]);
  if (at < 0 || !usual || now.knownBy !== null || view.disputed) return "";
  const span = (name) => {
    const [low, high] = ["lower", "upper"].map((end) => data.bounds[`${name}_${end}`][at]);
    return low === high ? low.toLocaleString("en") : `${low.toLocaleString("en")} to ${high.toLocaleString("en")}`;
  };
  const more = data.bounds.ties_upper[at] - data.bounds.ties_lower[at];
  const may = more ? ` ${more.toLocaleString("en")} more may have stood.` : "";
  return `${may} Of all, in force on paper: ${span("in_force")}; alive: ${span("alive")}; suspended or ended: ${span("stopped")}.`;
}

function number(n, what) {
  return `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
}

/** Show how the ties of each founding decade stand: those that pass every filter but status. */
function showCohorts() {
  byId("cohorts").hidden = now.cohorts.length === 0;
  const cells = (counts) => [...counts, counts.reduce((sum, n) => sum + n, 0)].map((n) => make("td", {}, n.toLocaleString("en")));
  byId("cohort-rows").replaceChildren(
    ...now.cohorts.map(({ code, counts }) =>
      make("tr", {}, make("th", { scope: "row" }, code === "undated" ? "Not one decade" : `${code}s`), ...cells(counts)),
    ),
  );
}

function showList() {
  const from = page * PAGE;
  const ties = now.shown.slice(from, from + PAGE);
  byId("rows").replaceChildren(...tieRows({ ...now, nameOf, onChoose: choose }, ties, chosenTie()));
  const last = from + ties.length;
  byId("range").textContent = ties.length ? `${(from + 1).toLocaleString("en")}–${last.toLocaleString("en")} of ${now.shown.length.toLocaleString("en")}` : "No tie fits.";
  byId("previous").disabled = page === 0;
  byId("next").disabled = last >= now.shown.length;
}

function turn(by) {
  page += by;
  showList();
  byId("ties-list").scrollIntoView({ block: "start" });
}

function showDetail() {
  const chosen = chosenTie();
  byId("detail").hidden = chosen === null;
  if (chosen === null) return;
  byId("detail-title").textContent = names[chosen];
  byId("detail-body").replaceChildren(...tieDetail({ ...now, tie: chosen }));
}

/** Open a tie: what is said of it gets the focus, and gives it back when it is closed. */
function choose(tie) {
  opener = document.activeElement?.closest("tr")?.dataset.tie ?? null;
  view = { ...view, tie: data.ties.id[tie] };
  showTie();
  change({ tie: data.ties.id[tie] });
  byId("detail-title").focus({ preventScroll: true });
  byId("detail").scrollIntoView({ block: "nearest" });
}

function close() {
  change({ tie: null });
  const row = opener === null ? null : document.querySelector(`tr[data-tie="${CSS.escape(opener)}"] button`);
  (row ?? byId("map")).focus();
}

let player = 0;

function play(isOn) {
  clearInterval(player);
  player = 0;
  byId("play").setAttribute("aria-pressed", String(isOn));
  byId("play").textContent = isOn ? "Pause" : "Play";
  if (!isOn) return;
  if (yearOf(view.as_of) >= years.last) change({ as_of: dayInYear(years.first) });
  player = setInterval(() => {
    const next = yearOf(view.as_of) + 1;
    if (next <= years.last) change({ as_of: dayInYear(next) });
    if (next >= years.last) play(false);
  }, TICK);
}

/** Give the last day of a year, or the last that the record reaches. */
function dayInYear(year) {
  return Math.min(lastDayOfYear(year), Math.max(ended, lastDayOfYear(year - 1) + 1));
}

function listen() {
  const on = (id, event, act) => byId(id).addEventListener(event, act);
  on("controls", "submit", (event) => event.preventDefault());
  on("q", "input", () => change({ q: byId("q").value }));
  on("year", "input", () => {
    play(false);
    change({ as_of: dayInYear(Number(byId("year").value)) });
  });
  on("as_of", "change", () => {
    play(false);
    change({ as_of: parseDay(byId("as_of").value) ?? views.first.as_of });
  });
  on("known_by", "change", () => change({ known_by: parseDay(byId("known_by").value) }));
  on("dormant_after", "input", takeYears);
  on("search_lookback_years", "input", takeYears);
  for (const name of ["dates", "undated_sources", "sort"]) on(name, "change", () => change({ [name]: byId(name).value }));
  for (const name of ["decade", "region", "kind"]) on(name, "change", () => change({ [name]: byId(name).value || null }));
  for (const name of ["disputed", "reports"]) on(name, "change", () => change({ [name]: byId(name).checked }));
  for (const { code } of statuses) {
    on(`status-${code}`, "change", () => change({ status: statuses.map((s) => s.code).filter((c) => byId(`status-${c}`).checked) }));
  }
  on("play", "click", () => play(player === 0));
  on("close", "click", close);
  on("detail", "keydown", (event) => event.key === "Escape" && close());
  on("previous", "click", () => turn(-1));
  on("next", "click", () => turn(1));
  on("zoom-in", "click", () => map.zoomBy(1.6));
  on("zoom-out", "click", () => map.zoomBy(1 / 1.6));
  on("zoom-all", "click", () => map.zoomOut());
  on("save-csv", "click", () => saveAs("csv", new Blob(["\ufeff", tiesAsCsv(data, now.evidence, now.table, now.shown, now)], { type: "text/csv" })));
  on("save-png", "click", async () => saveAs("png", await mapAsPng(map.picture(), words())));
  on("save-svg", "click", () => saveAs("svg", new Blob([mapAsSvg(map.picture(), words())], { type: "image/svg+xml" })));
  on("share", "click", share);
  on("reset", "click", () => {
    play(false);
    view = { ...views.first };
    map.goTo(null);
    change({});
    tell("");
  });
  on("theme", "click", () => setTheme(document.documentElement.dataset.theme !== "dark"));
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address holds the view, not a place on the page
    byId("ties-list").focus();
  });
  globalThis.addEventListener("hashchange", readAddress);
}

/** Take the years of the rule; a search reaches at least as far back as dormancy takes. */
function takeYears() {
  const [after, reach] = YEARS.map((name) => byId(name));
  if (!after.checkValidity()) return;
  reach.min = after.value;
  if (!reach.checkValidity() && document.activeElement === reach) return;
  const asked = reach.value === "" || Number(reach.value) < Number(after.value) ? null : Number(reach.value);
  change({ dormant_after: Number(after.value), search_lookback_years: asked });
}

function saveAs(kind, blob) {
  save(blob, `${data.record.name || "ties"}-${iso(now.asOf)}.${kind}`);
}

/** Say in a download what it shows. */
function words() {
  const parts = [`${byId("summary").textContent}`];
  const rule = [`a sign of life lasts ${number(now.rule.dormantAfter, "year")}`];
  if (now.rule.searchReach !== null) rule.push(`a search speaks of ${number(now.rule.searchReach, "year")}`);
  if (view.dates !== "recorded") rule.push(`dates: ${view.dates}`);
  if (!view.reports) rule.push("what sources report of a state is left out");
  const filters = ["q", "decade", "region", "kind"].filter((name) => view[name]).map((name) => `${name}: ${view[name]}`);
  parts.push([...rule, ...filters].join("; "));
  const key = statuses
    .map(({ code, label }, i) => ({ code, label: `${label} ${now.counts[i]}`, n: now.counts[i] }))
    .filter(({ code, n }) => n && view.status.includes(code));
  return { title: data.record.title, foot: parts, key };
}

async function share() {
  writeAddress();
  try {
    await navigator.clipboard.writeText(location.href);
    tell("The link to this view is on your clipboard.");
  } catch {
    tell("The address of this page is the link to this view: copy it from the address bar.");
  }
}

function setTheme(isDark) {
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(isDark));
  map.redraw();
}

function fillControls() {
  const option = (value, text) => make("option", { value }, text);
  const { tie_kinds: kinds } = data.vocabularies;
  byId("about").textContent = `${number(data.ties.id.length, "tie")}, ${number(data.events.id.length, "event")}, ${number(data.sources.id.length, "source")}; the record ends on ${iso(data.record.as_of)}. Everything is computed on this page.`;
  byId("dates").append(...[["recorded", "as the record weighs them"], ["earliest", "the earliest"], ["latest", "the latest"], ["span", "all that any admits"]].map((pair) => option(...pair)));
  const decades = new Set();
  const table = compute().table;
  for (let tie = 0; tie < data.ties.id.length; tie += 1) {
    if (table.status[tie] >= 0) decades.add(Math.floor(yearOf(table.foundedLatest[tie]) / 10) * 10);
  }
  byId("decade").append(option("", "any decade"), ...[...decades].sort((p, q) => p - q).map((decade) => option(decade, `the ${decade}s`)), option("undated", "not dated to a decade"));
  byId("kind").append(option("", "any kind"), ...kinds.map((kind) => option(kind.code, kind.label)), option("unstated", "not stated"));
  byId("region").append(option("", "anywhere"), ...regionGroups());
  Object.assign(byId("year"), { min: years.first, max: years.last });
  byId("disputed-field").hidden = !data.ties.is_counted.includes(false);
  byId("legend").append(...statuses.map(statusCheck));
  byId("cohort-head").append(...["Founded", ...statuses.map((status) => status.label), "Ties"].map((label) => make("th", { scope: "col" }, label)));
  byId("axis").append(...axis.ticks.filter(({ part }) => part > 0.03 && part < 0.97).map(({ year, part }) => {
    const tick = make("span", {}, String(year));
    tick.style.left = `${100 * part}%`;
    return tick;
  }));
}

function statusCheck(status) {
  const box = make("input", { type: "checkbox", id: `status-${status.code}` });
  const count = make("span", { class: "count", id: `count-${status.code}` });
  return make("div", { class: "check" }, box, make("label", { for: `status-${status.code}`, title: status.definition }, swatch(status.code), status.label, count));
}

/** Offer each country with the regions of its places that have ties. */
function regionGroups() {
  const byCountry = new Map();
  for (const place of new Set([...data.ties.a, ...data.ties.b])) {
    const country = data.places.country[place];
    if (!byCountry.has(country)) byCountry.set(country, new Set());
    if (data.places.region[place]) byCountry.get(country).add(data.places.region[place]);
  }
  const named = (codes) => [...codes].map((code) => [code, data.areas[code] ?? code]).sort((p, q) => p[1].localeCompare(q[1], "en"));
  return named(byCountry.keys()).map(([country, label]) =>
    make(
      "optgroup",
      { label },
      make("option", { value: country }, `All of ${label}`),
      ...named(byCountry.get(country)).map(([code, text]) => make("option", { value: code }, text)),
    ),
  );
}

setTheme(matchMedia("(prefers-color-scheme: dark)").matches);
fillControls();
listen();
readAddress();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => setTheme(event.matches));
if (now === null) show();
document.documentElement.dataset.ready = "yes";
