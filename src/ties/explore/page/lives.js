// Life lines: what a tie was, from its founding to the day looked from.

import { MISSING, dayOf, iso, yearOf } from "./days.js";
import { draw } from "./elements.js";

const WIDTH = 1000;

/** Give the span of years that all life lines share, a tick a decade. */
export function openAxis(first, last) {
  const [from, to] = [Math.floor(yearOf(first) / 10) * 10, yearOf(last) + 1];
  const [start, end] = [dayOf(from, 1, 1), dayOf(to, 1, 1)];
  const at = (day) => (Math.min(end, Math.max(start, day)) - start) / (end - start);
  const step = to - from > 120 ? 50 : to - from > 60 ? 20 : 10;
  const years = [];
  for (let year = Math.ceil(from / step) * step; year < to; year += step) years.push(year);
  return { at, ticks: years.map((year) => ({ year, part: at(dayOf(year, 1, 1)) })) };
}

/** Draw one axis of a life as bars, one a state; colours are the names of style variables. */
export function lifeLine(axis, points, founding, asOf, colourOf, labelOf, isLarge = false) {
  const x = (day) => axis.at(day) * WIDTH;
  const svg = draw("svg", {
    class: isLarge ? "life large" : "life",
    viewBox: `0 0 ${WIDTH} 10`,
    preserveAspectRatio: "none",
    role: "img",
    "aria-label": describe(points, labelOf),
  });
  for (const { part } of axis.ticks) {
    const at = part * WIDTH;
    svg.append(line(at, at, 0, 10, "--rule"));
  }
  if (founding.earliest !== MISSING && founding.earliest < founding.latest) {
    svg.append(line(x(founding.earliest), x(founding.latest), 5, 5, "--faint"));
  }
  points.forEach((point, i) => {
    const end = i + 1 < points.length ? points[i + 1].day : asOf;
    const colour = colourOf(point.state);
    const isThin = colour === "--no_information";
    const bar = draw("rect", {
      class: "bar",
      x: x(point.day),
      y: isThin ? 4 : 1.5,
      width: Math.max(3, x(end) - x(point.day)),
      height: isThin ? 2 : 7,
    });
    bar.style.fill = `var(${colour})`;
    bar.append(draw("title", {}, `${labelOf(point.state)} since ${iso(point.day)}`));
    svg.append(bar);
  });
  svg.append(line(x(asOf), x(asOf), 0, 10, "--ink"));
  return svg;
}

function line(x1, x2, y1, y2, colour) {
  const drawn = draw("line", { x1, x2, y1, y2, "vector-effect": "non-scaling-stroke" });
  drawn.style.stroke = `var(${colour})`;
  return drawn;
}

function describe(points, labelOf) {
  return points.map((point) => `${labelOf(point.state)} from ${iso(point.day)}`).join("; ");
}
