"""Write docs/world.md from what benchmarks/world.py measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MEASURED = HERE / "results" / "world.json"
PAGE = HERE.parent / "docs" / "world.md"

# Where each set lies in public, and under which licence it and its content were given.
SETS = {
    "wikipedia-twincities-hekman": (
        "[Hekman/twincities](https://github.com/Hekman/twincities), 2026",
        "lists of the English Wikipedia, geocoded: a row a tie, with coordinates",
        "MIT (CC BY-SA, ODbL)",
    ),
    "wikipedia-kompot": (
        "[TheKompot/SisterCities](https://github.com/TheKompot/SisterCities), 2023",
        "lists of the English Wikipedia: nested JSON, a city and its partners",
        "none stated (CC BY-SA)",
    ),
    "wikidata-eu-rogorido": (
        "[rogorido/sistercities](https://github.com/rogorido/sistercities), 2025",
        "answers of Wikidata's query service for six countries, with coordinates",
        "none stated (CC0)",
    ),
    "wikidata-crawl-l3viathan": (
        "[L3viathan/sister-cities](https://github.com/L3viathan/sister-cities), 2016",
        "a crawl of Wikidata: pairs of ids, and their names",
        "none stated (CC0)",
    ),
    "wikidata-query-displayn": (
        "[displayn/sistercities](https://github.com/displayn/sistercities), 2017",
        "an answer of Wikidata's query service for Germany, without countries of partners",
        "MIT (CC0)",
    ),
    "wikipedia-adjlist-niermann": (
        "[KaiErikNiermann/sister-city-visualizer]"
        "(https://github.com/KaiErikNiermann/sister-city-visualizer), 2023",
        "lists of the English Wikipedia: a ragged table, a place and its partners a row",
        "MIT (CC BY-SA)",
    ),
    "uk-twins-fozy81": (
        "[fozy81/twintowns](https://github.com/fozy81/twintowns), 2014",
        "British towns and their twins, with coordinates and without countries",
        "none stated (CC BY-SA)",
    ),
    "nlwiki-arnhem-artez": (
        "[ArtezGDA/MappingTheCity-Data](https://github.com/ArtezGDA/MappingTheCity-Data), 2016",
        "a crawl of the Dutch Wikipedia from Arnhem on, where years were taken for places",
        "MIT (CC BY-SA)",
    ),
    "dated-ties-compiled": (
        "compiled from city and prefecture lists",
        "ties with their years, of seven countries",
        "facts",
    ),
    "wikidata12k-p190": (
        "[soledad921/ATISE](https://github.com/soledad921/ATISE), about 2017",
        "statements of Wikidata with years, as a benchmark of machine learning holds them",
        "MIT (CC0)",
    ),
}

COUNTS = {
    "rows": "rows",
    "entries": "entries",
    "rejected": "rejected",
    "ties": "ties",
    "duplicates": "duplicates",
    "self_pair": "one place",
    "unresolved": "unresolved",
    "places": "places",
    "double_level": "two levels",
    "conflicts": "dates in conflict",
}
DUPLICATES = ("repeated", "mirrored", "respelled", "other_source")


TEMPLATE = """\
# The world's ties, put through

Public data sets of twin cities, each read by the importer for its format, its names resolved to
places (the bundled record's first, then GeoNames), its pairs merged; then all together. The sets
are no part of this project. An *entry* is one naming of a partner, and the program checks that

    entries = rejected + ties + duplicates + one place at both ends + unresolved.

Duplicates are repeated, mirrored or differently spelled entries of a tie. *Two levels*: a pair of
which one end is told as a city and as a region. *Dates in conflict*: foundings that share no day.

{counts}

{in_several_sets:,} of all ties are named by several sets. The sets name {us_russian} pairs of the
United States and Russia; of the ties on record, {both} are named by a set and {alone} by none.
{lacking} of
the pairs are in no tie of the bundled record: namesakes that a set placed in the wrong state or
that stay open, places told at another level than the record knows them at, and Milwaukee-Omsk,
which the record's README weighs.

Most sets say nothing of when a tie was made or how it stands. The notebooks and the report then say
that it cannot be told, and count no such tie as active: a list shows that somebody listed the pair
on that day, and no more.

## Seconds and memory

Measured on {measured_on} with Python {python} on {cores} cores, each set in a process of its own.
The peak includes the gazetteer, GeoNames' places.

{times}

## What they are

{sets}

`TIES_WORLD=FOLDER python benchmarks/world.py` runs them again, where FOLDER holds a folder
for each; `benchmarks/world_page.py` writes this page.
"""


def main() -> None:
    """Write the page."""
    told = json.loads(MEASURED.read_text("utf-8"))
    rows = told.pop("rows")
    world = rows[-1]
    page = TEMPLATE.format(
        counts=table(["set", *COUNTS.values()], [[row["set"], *counts(row)] for row in rows]),
        times=table(["set", "read", "resolve", "merge", "peak, MB"], [times(row) for row in rows]),
        sets=table(["set", "from", "what", "licence"], [[k, *v] for k, v in SETS.items()], 4),
        in_several_sets=world["in_several_sets"],
        **world["on_record"],
        **told,
    )
    PAGE.write_text(page, "utf-8")


def counts(row: dict[str, Any]) -> list[str]:
    """Give the counts of one set, which add up."""
    given = row | {"duplicates": sum(row[name] for name in DUPLICATES)}
    assert given["entries"] == sum(
        given[n] for n in ("rejected", "ties", "duplicates", "self_pair", "unresolved")
    )
    return ["–" if given[name] is None else f"{given[name]:,}" for name in COUNTS]


def times(row: dict[str, Any]) -> list[str]:
    """Give what one set took."""
    seconds = [f"{row['seconds'].get(name, 0):.1f}" for name in ("read", "resolve", "merge")]
    return [row["set"], *seconds, f"{row['peak_mb']:,}"]


def table(header: list[str], rows: list[list[str]], n_text: int = 1) -> str:
    """Draw a table, of which so many columns are text and the others numbers."""
    rule = ["---"] * n_text + ["---:"] * (len(header) - n_text)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *rows])


if __name__ == "__main__":
    main()
