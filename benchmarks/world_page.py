"""Put what benchmarks/world.py measured into the tables of docs/world.md."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))  # for `validation`, which is no part of the wheel

from validation.pages import fill  # noqa: E402

PAGE = HERE.parent / "docs" / "world.md"
# Columns of the page, by what the measurement calls them.
COUNTS = {
    "set": "set",
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
DUPLICATES = ["repeated", "mirrored", "respelled", "other_source"]
STEPS = ["read", "resolve", "merge"]


def main() -> None:
    """Fill the page; refuse counts that do not add up."""
    told = json.loads((HERE / "results" / "world.json").read_text("utf-8"))
    rows = pd.DataFrame(told["rows"])
    rows["duplicates"] = rows[DUPLICATES].sum(axis=1)
    parts = ["rejected", "ties", "duplicates", "self_pair", "unresolved"]
    assert rows[parts].sum(axis=1).equals(rows["entries"])
    seconds = pd.DataFrame([*rows["seconds"]]).reindex(columns=STEPS).fillna(0.0)
    times = seconds.assign(set=rows["set"], **{"peak, MB": rows["peak_mb"]})
    world, on_record = told["rows"][-1], told["rows"][-1]["on_record"]
    blocks = {
        "counts": table(rows[[*COUNTS]].rename(columns=COUNTS)),
        "several": (
            f"{world['in_several_sets']:,} of all ties are named by several sets. The sets name "
            f"{on_record['us_russian']} pairs of the United States and Russia; of the ties on "
            f"record, {on_record['both']} are named by a set and {on_record['alone']} by none. "
            f"{on_record['lacking']} pairs are in no tie of the bundled record."
        ),
        "measured": (
            f"Measured on {told['measured_on']} with Python {told['python']} on {told['cores']} "
            "cores, each set in a process of its own."
        ),
        "seconds": table(times[["set", *STEPS, "peak, MB"]]),
    }
    PAGE.write_text(fill(PAGE.read_text("utf-8"), blocks), "utf-8")


def table(frame: pd.DataFrame) -> str:
    """Return a table in Markdown; what was not counted is a dash."""
    numbers = frame.columns[1:]
    written = frame[numbers].map(lambda n: "–" if pd.isna(n) else f"{n:,.{int(n % 1 > 0)}f}")
    align = ["left", *["right"] * len(numbers)]
    return frame.assign(**written).to_markdown(index=False, disable_numparse=True, colalign=align)


if __name__ == "__main__":
    main()
