"""Run every public data set of a folder through import, resolving and merging, and time each step.

    TIES_WORLD=/path/to/sets python benchmarks/world.py --measured-on 2026-11-24
    python benchmarks/world_page.py

The sets are not part of the project; `docs/world.md` says where each comes from. Every set runs in
a process of its own, so that its peak memory is its own. Steps: read (bytes to statements), resolve
(names to places, with the bundled record first and GeoNames second), merge (pairs). Then all
statements are merged together into one world.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import pickle
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
from bench import peak_mb

from ties.importers.statements import Reading

SETS = (
    "wikipedia-twincities-hekman",
    "wikipedia-kompot",
    "wikidata-eu-rogorido",
    "wikidata-crawl-l3viathan",
    "wikidata-query-displayn",
    "wikipedia-adjlist-niermann",
    "uk-twins-fozy81",
    "nlwiki-arnhem-artez",
    "dated-ties-compiled",
    "wikidata12k-p190",
)


_UK = {
    "columns": {
        "town": "name_b",
        "townUK": "name_a",
        "latuk": "latitude_a",
        "lonuk": "longitude_a",
        "lat": "latitude_b",
        "lon": "longitude_b",
    },
    "constants": {"country_a": "GB"},
}


_IDS = {"columns": {name: name for name in ("id_a", "id_b", "name_a", "name_b")}}
_LABEL = r"^(?P<name>[^,]+)(?:, (?P<region>.+))?, (?P<country>[^,]+)$"


def pairs_of_ids(pairs: Path, names: Path) -> pd.DataFrame:
    """A table of ties from pairs of ids, and a second file that names the ids."""
    plain = {"sep": "\t", "dtype": "str", "quoting": csv.QUOTE_NONE, "keep_default_na": False}
    labels = pd.read_csv(names, names=["id", "name"], **plain).drop_duplicates("id")
    name_of = labels.set_index("id")["name"]
    table = pd.read_csv(pairs, names=["id_a", "id_b"], **plain)
    return table.assign(name_a=table["id_a"].map(name_of), name_b=table["id_b"].map(name_of))


def ragged(path: Path) -> pd.DataFrame:
    """A table of ties from one with a place in the first column and its partners in the others."""
    partners = pd.read_csv(path, index_col=0, dtype="str").melt(ignore_index=False)["value"]
    labels = partners.dropna().rename_axis("a").rename("b").reset_index()
    return pd.concat(
        [labels[side].str.extract(_LABEL).add_suffix(f"_{side}") for side in labels], axis=1
    )


def read_set(name: str, folder: Path) -> Reading:
    """Read one set with the importer that its format calls for."""
    from ties.importers.flat import read_flat
    from ties.importers.nested import read_nested
    from ties.importers.wikidata import read_wikidata

    readers: dict[str, Callable[[], Reading]] = {
        "wikipedia-twincities-hekman": lambda: read_flat(folder / "twin_cities.csv"),
        "wikipedia-kompot": lambda: read_nested(folder / "sister_cities.json"),
        "wikidata-eu-rogorido": lambda: read_flat(folder / "sistercities.tsv"),
        "wikidata-crawl-l3viathan": lambda: read_flat(
            pairs_of_ids(folder / "relations.tsv", folder / "names.tsv"), mapping=_IDS
        ),
        "wikidata-query-displayn": lambda: read_wikidata(folder / "query.json"),
        "wikipedia-adjlist-niermann": lambda: read_flat(ragged(folder / "adj_list.csv")),
        "uk-twins-fozy81": lambda: read_flat(folder / "twins.csv", mapping=_UK),
        "nlwiki-arnhem-artez": lambda: read_nested(folder / "arnhemtree_2016-06-08.json"),
        "dated-ties-compiled": lambda: read_flat(folder / "ties.csv"),
        "wikidata12k-p190": lambda: read_flat(folder / "p190.tsv"),
    }
    return readers[name]()


def run_set(name: str, folder: Path, keep: Path) -> dict[str, Any]:
    """Read, resolve and merge one set; keep its statements for the world."""
    import ties
    from ties.merge.pairs import merge, resolve_statements
    from ties.places.gazetteer import GeoNames

    known, gazetteer = ties.load("us-russia"), GeoNames()
    clock = [time.perf_counter()]
    reading = read_set(name, folder)
    clock.append(time.perf_counter())
    ids = pd.RangeIndex(len(reading.statements)).astype("str")
    statements = reading.statements.assign(statement_id=name + ":" + ids, source_id=name)
    resolved = resolve_statements(statements, known, gazetteer)
    clock.append(time.perf_counter())
    merged = merge(resolved)
    clock.append(time.perf_counter())
    keep.write_bytes(pickle.dumps(statements))
    peak = peak_mb()
    return row(name, reading, merged, clock, peak)


def row(
    name: str, reading: Reading | None, merged: Any, clock: list[float], peak: int
) -> dict[str, Any]:
    """What the table of the documentation says of one set."""
    outcome = merged.log["outcome"].value_counts()
    ends = pd.concat([merged.statements[f"place_key_{side}"] for side in "ab"])
    names = ("kept", "repeated", "mirrored", "respelled", "other_source", "self_pair", "unresolved")
    counts = {key: int(outcome.get(key, 0)) for key in names}
    assert sum(counts.values()) == len(merged.statements)
    return {
        "set": name,
        "rows": reading.n_rows if reading else None,
        "entries": reading.n_entries if reading else len(merged.statements),
        "rejected": len(reading.rejected) if reading else 0,
        "problems": len(reading.problems) if reading else 0,
        "ties": counts.pop("kept"),
        **counts,
        "places": int(ends.dropna().nunique()),
        "double_level": len(merged.double_level),
        "conflicts": conflicts(merged),
        "seconds": dict(
            zip(
                ("read", "resolve", "merge"),
                [round(end - begin, 2) for begin, end in pairwise(clock)],
                strict=False,
            )
        ),
        "peak_mb": peak,
    }


def conflicts(merged: Any) -> int:
    """Count the ties of which two statements give foundings that share no day."""
    from ties.merge.dating import spans

    told = merged.statements.assign(tie_id=merged.log["pair"]).dropna(subset=["founded", "tie_id"])
    if told.empty:
        return 0
    given = spans(told.rename(columns={"founded": "date"})).groupby("tie_id")
    return int((given["low"].max() > given["high"].min()).sum())


def run_world(parts: list[Path]) -> dict[str, Any]:
    """Merge the statements of all sets together."""
    import ties
    from ties.merge.pairs import merge, resolve_statements
    from ties.places.gazetteer import GeoNames

    known, gazetteer = ties.load("us-russia"), GeoNames()
    clock = [time.perf_counter(), time.perf_counter()]
    statements = pd.concat([pd.read_pickle(part) for part in parts], ignore_index=True)
    resolved = resolve_statements(statements, known, gazetteer)
    clock.append(time.perf_counter())
    merged = merge(resolved)
    clock.append(time.perf_counter())
    peak = peak_mb()
    found = row("all together", None, merged, clock, peak)
    pairs = merged.pairs
    found["in_several_sets"] = int((pairs["n_sources"] > 1).sum())
    found["on_record"] = _on_record(merged, known)
    return found


def _on_record(merged: Any, known: Any) -> dict[str, int]:
    """Compare the pairs of the world with the record, both ways."""
    pairs = merged.pairs
    on_record = {frozenset(p) for p in known.ties[["place_a", "place_b"]].itertuples(index=False)}
    of_world = {frozenset(p) for p in pairs[["place_key_a", "place_key_b"]].itertuples(index=False)}
    codes = merged.statements[["country_code_a", "country_code_b"]].assign(pair=merged.log["pair"])
    codes = codes.dropna().drop_duplicates("pair").set_index("pair")
    both = codes.isin(["US", "RU"]).all(axis="columns")
    apart = codes["country_code_a"] != codes["country_code_b"]
    own = pairs[pairs["pair"].isin(codes.index[both & apart])]
    own_pairs = {frozenset(p) for p in own[["place_key_a", "place_key_b"]].itertuples(index=False)}
    return {
        "both": len(on_record & of_world),
        "alone": len(on_record - of_world),
        "us_russian": len(own_pairs),
        "lacking": len(own_pairs - on_record),
    }


def main() -> None:
    """Run one set, or all of them each in its own process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--world", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results/world.json")
    parser.add_argument("--measured-on", default="", help="the day, for the page")
    asked = parser.parse_args()
    if asked.world:
        print(json.dumps(run_world(sorted(asked.world.glob("*.pickle")))))
        return
    sets = Path(os.environ["TIES_WORLD"])
    if asked.only:
        print(json.dumps(run_set(asked.only, sets / asked.only, asked.keep)))
        return
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in SETS:
            keep = Path(scratch) / f"{name}.pickle"
            rows.append(_child(["--only", name, "--keep", str(keep)]))
            print(rows[-1], file=sys.stderr)
        rows.append(_child(["--world", scratch]))
        print(rows[-1], file=sys.stderr)
    told = {
        "measured_on": asked.measured_on,
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "rows": rows,
    }
    asked.out.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _child(arguments: list[str]) -> dict[str, Any]:
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
