// The map as numbers: azimuthal equidistant from above the North Pole, a great circle a tie.
//
// Everything is projected once, in units of which the rim of the map is RADIUS from the pole;
// what the reader zooms and drags is a transform of these points.

const d3 = globalThis.d3;
const topojson = globalThis.topojson;

export const RADIUS = 500;
const DOWN = -95; // the meridian that points down: through the middle of the United States
const LEAST_EDGE = 70; // degrees from the pole that the map shows at least
const STEP = 4; // degrees between the points of a great circle
const RAD = Math.PI / 180;

/** Project the ties and the land of a record. */
export function openGeometry(data, land) {
  const [ways, reach] = projectTies(data);
  const edge = Math.min(179.9, Math.max(LEAST_EDGE, Math.ceil(reach / RAD / 5) * 5 + 5));
  const scale = RADIUS / (edge * RAD);
  for (const way of ways) if (way !== null) scaleBy(way, scale);
  const projection = d3
    .geoAzimuthalEquidistant()
    .rotate([-DOWN, -90])
    .scale(scale)
    .translate([0, 0])
    .clipAngle(edge)
    .precision(0.1);
  const outline = d3.geoPath(projection).digits(2);
  return {
    ways,
    edge,
    boxes: ways.map(boxOf),
    places: projectPlaces(data, scale),
    land: outline(topojson.feature(land, land.objects.land)) ?? "",
    circles: d3.range(20, edge, 20).map((degrees) => degrees * RAD * scale),
  };
}

function projectTies({ ties, places }) {
  let reach = 0;
  const ways = ties.id.map((_, tie) => {
    const ends = [ties.a[tie], ties.b[tie]].map((p) => [places.longitude[p], places.latitude[p]]);
    if (ends.flat().some((degrees) => degrees === null)) return null;
    const along = d3.geoInterpolate(...ends);
    const n = Math.max(1, Math.ceil((along.distance ?? d3.geoDistance(...ends)) / RAD / STEP));
    const way = new Float32Array(2 * (n + 1));
    for (let i = 0; i <= n; i += 1) {
      const [longitude, latitude] = along(i / n);
      const distance = (90 - latitude) * RAD;
      const angle = (longitude - DOWN) * RAD;
      reach = Math.max(reach, distance);
      way[2 * i] = distance * Math.sin(angle);
      way[2 * i + 1] = distance * Math.cos(angle);
    }
    return way;
  });
  return [ways, reach];
}

function projectPlaces({ places }, scale) {
  return places.latitude.map((latitude, i) => {
    if (latitude === null || places.longitude[i] === null) return null;
    const distance = (90 - latitude) * RAD * scale;
    const angle = (places.longitude[i] - DOWN) * RAD;
    return [distance * Math.sin(angle), distance * Math.cos(angle)];
  });
}

function scaleBy(way, scale) {
  for (let i = 0; i < way.length; i += 1) way[i] *= scale;
}

function boxOf(way) {
  if (way === null) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < way.length; i += 2) {
    box[0] = Math.min(box[0], way[i]);
    box[1] = Math.min(box[1], way[i + 1]);
    box[2] = Math.max(box[2], way[i]);
    box[3] = Math.max(box[3], way[i + 1]);
  }
  return box;
}

/** Give the tie that passes nearest a point, within a distance; null if none does. */
export function nearestTie({ ways, boxes }, shown, [x, y], within) {
  let [best, found] = [within * within, null];
  for (const tie of shown) {
    const box = boxes[tie];
    if (box === null || x < box[0] - within || y < box[1] - within) continue;
    if (x > box[2] + within || y > box[3] + within) continue;
    const way = ways[tie];
    for (let i = 2; i < way.length; i += 2) {
      const apart = distanceToSegment(x, y, way[i - 2], way[i - 1], way[i], way[i + 1]);
      if (apart < best) [best, found] = [apart, tie];
    }
  }
  return found;
}

function distanceToSegment(x, y, x1, y1, x2, y2) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const part = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length));
  return (x - x1 - part * dx) ** 2 + (y - y1 - part * dy) ** 2;
}
