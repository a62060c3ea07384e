// Which place a name means: candidates with their evidence on a map, decided by mouse or keyboard.

import { writeCsv } from "./csv.js";
import { draw, make, save } from "./elements.js";

const { columns, names, decided, land } = JSON.parse(document.getElementById("values").textContent);
const CONDITIONS = ["name", "country", "region", "partner"];
const WIDTH = 640, HEIGHT = 440, MARGIN = 40, NARROWEST = 4; // degrees
const OWN = "own", OTHER = "other";
const element = (id) => document.getElementById(id);
const choices = names.map(() => null);
const reasons = names.map(() => null);
let at = 0;
let isSaved = true;

function title({ name, country, region, partner }) {
  const where = [region, country].filter((text) => text).join(", ");
  return `${name}${where ? ` (${where})` : ""}${partner ? `, partner of ${partner}` : ""}`;
}

/** The scale of the map around some points: longitudes are narrowed as at their middle. */
function frame(points) {
  const [lats, lons] = [points.map(([lat]) => lat), points.map(([, lon]) => lon)];
  const middle = (texts) => (Math.min(...texts) + Math.max(...texts)) / 2;
  const [lat, lon] = points.length ? [middle(lats), middle(lons)] : [25, 10];
  const narrow = Math.max(0.3, Math.cos((lat * Math.PI) / 180));
  const span = (texts) => Math.max(NARROWEST, Math.max(...texts) - Math.min(...texts));
  const across = points.length ? Math.max(span(lons) * narrow, NARROWEST) : 330;
  const down = points.length ? span(lats) : 140;
  const scale = Math.min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN) / down);
  return {
    transform: `translate(${WIDTH / 2 - lon * narrow * scale} ${HEIGHT / 2 + lat * scale}) scale(${narrow * scale} ${scale})`,
    place: ([y, x]) => [WIDTH / 2 + (x - lon) * narrow * scale, HEIGHT / 2 - (y - lat) * scale],
    point: (x, y) => [lat - (y - HEIGHT / 2) / scale, lon + (x - WIDTH / 2) / (narrow * scale)],
  };
}

function showMap() {
  const shown = names[at].candidates.filter(({ latitude }) => latitude !== null);
  const own = choices[at]?.point ?? null;
  const view = frame([...shown.map((one) => [one.latitude, one.longitude]), ...(own ? [own] : [])]);
  const mark = (number, point, isChosen) => {
    const [x, y] = view.place(point);
    const circle = draw("circle", { r: 11 });
    const group = draw("g", { class: isChosen ? "chosen" : "", transform: `translate(${x} ${y})` }, circle, draw("text", {}, number));
    if (number !== "0") group.addEventListener("click", (event) => (event.stopPropagation(), choose(Number(number) - 1)));
    return group;
  };
  const marks = names[at].candidates.map((one, i) =>
    one.latitude === null ? null : mark(`${i + 1}`, [one.latitude, one.longitude], choices[at]?.which === i));
  const coast = draw("path", { d: land, class: "coast", transform: view.transform });
  element("map").replaceChildren(coast, ...marks.filter((one) => one).reverse(), ...(own ? [mark("0", own, true)] : []));
  element("map").onclick = (event) => {
    const box = element("map").getBoundingClientRect();
    const [x, y] = [((event.clientX - box.left) * WIDTH) / box.width, ((event.clientY - box.top) * HEIGHT) / box.height];
    choose(OWN, { point: view.point(x, y).map((degrees) => Number(degrees.toFixed(4))) });
  };
}

function choose(which, more = {}) {
  choices[at] = { which, ...more };
  isSaved = false;
  show();
}

function radio(which, words, isPossible = true) {
  const input = make("input", { type: "radio", name: "choice", id: `choice-${which}` });
  input.checked = choices[at]?.which === which;
  input.disabled = !isPossible;
  input.addEventListener("change", () => choose(which));
  return make("label", { for: `choice-${which}` }, input, make("span", {}, ...words));
}

function field(which, name, words, value, take) {
  const input = make("input", { id: name, autocomplete: "off" });
  input.value = value;
  input.addEventListener("change", () => choose(which, take(input.value.trim())));
  return make("p", { class: "field more" }, make("label", { for: name }, words), input);
}

function people(one) {
  // GeoNames numbers the regions of most countries, which tells a reader nothing.
  const region = /^[\d.]*$/.test(one.place_region ?? "") ? null : one.place_region;
  const words = [region, one.place_country].filter((text) => text).join(", ");
  const size = one.population === null ? "" : `, ${one.population.toLocaleString("en-GB")} people`;
  const far = one.km === null ? "" : `, ${Math.round(one.km).toLocaleString("en-GB")} km from the point given`;
  return ` ${words}${size}${far}`;
}

/** What stands for the reason if nobody writes one. */
function usualReason(i) {
  const { candidates } = names[i];
  if (choices[i] === null) return "";
  if (choices[i].which === OWN) return candidates.length ? `none of ${candidates.length} candidates` : "a place that no list has";
  if (choices[i].which === OTHER) return "found by hand";
  return `chosen among ${candidates.length} candidates on a map`;
}

function show() {
  const one = names[at];
  const focused = document.activeElement?.id;
  const isDone = (i) => choices[i] !== null && decision(i) !== null;
  element("progress").textContent = `${names.filter((_, i) => isDone(i)).length} of ${names.length} names decided`;
  [...element("which").options].forEach((option, i) => (option.textContent = `${isDone(i) ? "✓ " : ""}${i + 1}. ${title(names[i])}`));
  element("which").value = String(at);
  element("name").textContent = title(one);
  const like = one.open === "unfound" && one.candidates.length ? "; names that look like it stand below" : "";
  const known = { "Why it is open": one.reasons + like, Rows: one.rows, Partners: one.partners, Founded: one.founded };
  element("evidence").replaceChildren(...Object.entries(known).flatMap(([term, text]) => (text ? [make("dt", {}, term), make("dd", {}, text)] : [])));
  const point = choices[at]?.point?.join(", ") ?? "";
  const readPoint = (text) => {
    const numbers = text.split(/[,;\s]+/).map(Number);
    const isPoint = numbers.length === 2 && Math.abs(numbers[0]) <= 90 && Math.abs(numbers[1]) <= 180 && text !== "";
    return isPoint ? { point: numbers } : {};
  };
  element("choices").replaceChildren(
    ...one.candidates.map((place, i) => radio(i, [make("kbd", {}, String(i + 1)), " ", make("strong", {}, place.place), people(place)])),
    radio(OWN, [make("kbd", {}, "0"), " a place of its own", one.country_code ? "" : ": add its country to the table first"], Boolean(one.country_code)),
    ...(one.country_code ? [field(OWN, "point", "its latitude, longitude (or click on the map; may stay empty)", point, readPoint)] : []),
    radio(OTHER, ["another place:"]),
    field(OTHER, "key", "its id: geonames:2950159, or that of a place on record", choices[at]?.key ?? "", (key) => ({ key })),
  );
  element("reason").value = reasons[at] ?? usualReason(at);
  element("previous").disabled = at === 0;
  element("next").disabled = at === names.length - 1;
  showMap();
  if (focused) element(focused)?.focus();
}

/** The row of a name as the file of decisions has it; null while it is open. */
function decision(i) {
  const choice = choices[i];
  if (choice === null || (choice.which === OTHER && !choice.key)) return null;
  const place = names[i].candidates[choice.which] ?? { place_key: choice.key ?? null };
  const [latitude, longitude] = choice.point ?? [place.latitude ?? null, place.longitude ?? null];
  const conditions = Object.fromEntries(CONDITIONS.map((name) => [name, names[i][name]]));
  return { ...conditions, place_key: place.place_key, latitude, longitude, decided_on: today(), reason: reasons[i] ?? usualReason(i) };
}

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
}

function go(step) {
  at = Math.max(0, Math.min(names.length - 1, at + step));
  show();
  element("name").scrollIntoView({ block: "nearest" });
}

function saveAll() {
  const rows = [...decided, ...names.map((_, i) => decision(i)).filter((row) => row)];
  const text = writeCsv(columns, rows.map((row) => columns.map((name) => row[name])));
  save(new Blob([text], { type: "text/csv" }), "decisions.csv");
  isSaved = true;
}

const KEYS = {
  n: () => go(1), p: () => go(-1), s: saveAll, u: () => open(),
  0: () => names[at].country_code && choose(OWN),
};

function open() {
  choices[at] = reasons[at] = null;
  show();
}

if (names.length) {
  element("which").replaceChildren(...names.map((_, i) => make("option", { value: i })));
  element("which").addEventListener("change", () => go(Number(element("which").value) - at));
  element("previous").addEventListener("click", () => go(-1));
  element("next").addEventListener("click", () => go(1));
  element("undo").addEventListener("click", open);
  element("save").addEventListener("click", saveAll);
  element("reason").addEventListener("input", () => ((reasons[at] = element("reason").value.trim() || null), (isSaved = false)));
  document.addEventListener("keydown", (event) => {
    const isText = event.target.matches("input:not([type=radio]), select");
    if (isText || event.ctrlKey || event.metaKey || event.altKey) return;
    const candidate = /^[1-9]$/.test(event.key) && Number(event.key) <= names[at].candidates.length;
    if (candidate) choose(Number(event.key) - 1);
    else if (Object.hasOwn(KEYS, event.key)) KEYS[event.key]();
    else return;
    event.preventDefault();
  });
  addEventListener("beforeunload", (event) => isSaved || event.preventDefault());
  show();
}
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.ready = "yes";
