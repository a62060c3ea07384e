// Search by any spelling: names are folded as `ties.lookup.fold` folds them.

const APOSTROPHES = /['’‘ʼʹ`´]/g;
const JOINING = new Set(["and", "и"]);

/** Reduce a text to the words that are compared: no case, no accents, no punctuation. */
export function fold(text) {
  const letters = text.replace(APOSTROPHES, "").normalize("NFKD").toLowerCase().replaceAll("ß", "ss");
  const words = letters.replace(/\p{M}/gu, "").match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.filter((word) => !JOINING.has(word));
}

/** Make ready to search the ties of a record. */
export function openSearch(data) {
  return { ties: data.ties, words: data.places.words.map((words) => words.split(" ")) };
}

/**
 * Tell which ties fit a query; null if the query says nothing.
 *
 * First those with a place that goes by every word, then pairs that do between them; only if
 * there are none, beginnings of words will do, in the same order.
 */
export function searchTies({ ties, words }, query) {
  const asked = fold(query);
  if (asked.length === 0) return null;
  const isWhole = (known, word) => known.includes(word);
  const isBegun = (known, word) => known.some((other) => other.startsWith(word));
  for (const fits of [isWhole, isBegun]) {
    const byWord = asked.map((word) => words.map((known) => fits(known, word)));
    const place = words.map((_, i) => byWord.every((found) => found[i]));
    const one = ties.id.map((_, tie) => place[ties.a[tie]] || place[ties.b[tie]]);
    if (one.includes(true)) return one;
    const pair = ties.id.map((_, tie) =>
      byWord.every((found) => found[ties.a[tie]] || found[ties.b[tie]]),
    );
    if (pair.includes(true)) return pair;
  }
  return ties.id.map(() => false);
}
