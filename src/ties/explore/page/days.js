// Days counted from 1970-01-01, as whole numbers: no clock, no time zone, no rounding.

export const MISSING = -(2 ** 31);

/** Give [year, month, day] of a day, in the proleptic Gregorian calendar. */
export function civil(day) {
  const z = day + 719468;
  const era = Math.floor(z / 146097);
  const inEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36524) - Math.floor(inEra / 146096)) / 365,
  );
  const inYear = inEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * inYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return [year, month, inYear - Math.floor((153 * shifted + 2) / 5) + 1];
}

/** Give the day of a date; a day beyond the end of its month runs on into the next. */
export function dayOf(year, month, date) {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const inYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  const inEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + inYear;
  return era * 146097 + inEra - 719468;
}

/** Move a day by whole years; 29 February becomes 1 March in a common year. */
export function addYears(day, years) {
  const [year, month, date] = civil(day);
  return dayOf(year + years, month, date);
}

export function yearOf(day) {
  return civil(day)[0];
}

export function lastDayOfYear(year) {
  return dayOf(year, 12, 31);
}

/** Write a day as YYYY-MM-DD; a missing one as nothing. */
export function iso(day) {
  if (day === MISSING || day === null || day === undefined) return "";
  const [year, month, date] = civil(day);
  const two = (number) => String(number).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`;
}

/** Read YYYY-MM-DD as a day; null if it is no day of the calendar. */
export function parseDay(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? "");
  if (!match) return null;
  const day = dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  return Number(match[1]) >= 1 && iso(day) === text ? day : null;
}
