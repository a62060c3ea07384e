"""Reports of several records at once, and one page that sets their numbers side by side."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties import bounds
from ties.dataset import Dataset
from ties.dates import date_bounds
from ties.figures import NAMES, draw, save
from ties.inputs import read
from ties.io.atomic import check_replaceable, whole_folder
from ties.io.escape import escape_markdown
from ties.lifecycle.rule import StatusRule
from ties.report import bundle
from ties.report.convert import write_html
from ties.report.looks import Looks
from ties.report.output import not_of_a_report
from ties.report.pages import headlines, title_of
from ties.report.run import build_report
from ties.report.sentences import say_day
from ties.report.tables import markdown_table

FOLDER: Final = "comparison"
# Before anything was suspended, on the eve of the war, at the end of that year, and the record's day.
DAYS: Final = ("2018-11-28", "2022-02-23", "2022-12-31", None)
_FIGURES: Final = {
    "stock": "How they stood",
    "alive": "How many lived",
    "cohorts": "By founding decade and status",
    "stops": "How soon they stopped after 24 February 2022",
}
_ONE_SCALE: Final = ("cohorts", "stops")  # drawn of all records, a panel each


def build_reports(
    names: Sequence[str],
    out: str | Path,
    *,
    progress: Callable[[str, int, int], None] | None = None,
    **choices: Any,
) -> list[Path]:
    """Make the report of each of several records, in processes of their own, and compare them.

    Parameters
    ----------
    names
        Names or paths of records.
    out
        Folder that gets a folder for each report, named like its record, and ``comparison``.
    progress
        Called before each step with what is being done, the steps done and their number.
    choices
        As for `ties.report.build_report`, the same for each.

    Returns
    -------
    list
        The folders that were written.
    """
    home = Path(out)
    targets = [home / Path(name).name for name in names]
    for target in (*targets, home / FOLDER):
        check_replaceable(target, not_of_a_report)
    tell = progress or (lambda what, n_done, n_steps: None)
    n_steps = len(names) + 1
    tell(f"reports of {', '.join(names)}", 0, n_steps)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        build = partial(build_report, **choices)
        for n_done, target in enumerate(pool.map(build, names, targets), start=1):
            tell(f"{target.name} done", n_done, n_steps)
    records = {target.name: read(name) for name, target in zip(names, targets, strict=True)}
    compare_reports(records, home, choices.get("rule"))
    tell("done", n_steps, n_steps)
    return [*targets, home / FOLDER]


def compare_reports(
    records: Mapping[str, Dataset], home: Path, rule: StatusRule | None = None
) -> Path:
    """Write the page that compares records whose reports lie in a folder.

    Parameters
    ----------
    records
        Records by the name of their report's folder.
    home
        Folder with the reports; the page goes to ``comparison`` in it.
    rule
        As for `ties.lifecycle`.
    """
    looks = {name: Looks.of(each, rule or StatusRule()) for name, each in records.items()}
    counted = {name: look.dataset for name, look in looks.items()}
    with tempfile.TemporaryDirectory(prefix="ties-report-") as scratch:
        assets = Path(scratch)
        for name in records:
            for figure in _FIGURES.keys() - {*_ONE_SCALE}:
                shutil.copy(
                    home / name / "figures" / f"{figure}.svg", assets / f"{name}-{figure}.svg"
                )
        for figure in _ONE_SCALE:
            save(draw(figure, counted, rule), assets / f"{figure}.svg")
        with whole_folder(home / FOLDER, not_of_a_report) as folder:
            numbers = numbers_of(counted, rule)
            bundle.write_tables({"numbers": numbers}, folder / "tables")
            page = _page(counted, numbers, rule)
            write_html(page, "Two records compared", assets, folder / "index.html")
            bundle.write_manifest(folder, {"records": [*records], "versions": bundle.versions()})
    return home / FOLDER


def numbers_of(records: Mapping[str, Dataset], rule: StatusRule | None = None) -> pd.DataFrame:
    """The headline numbers of records on the days of the comparison.

    Returns
    -------
    DataFrame
        ``record``, ``as_of`` (ISO day), then as `ties.bounds.summary`, its index as ``quantity``.
    """
    tables = []
    for name, record in records.items():
        for day in DAYS:
            found = bounds.summary(record, day, rule=rule).reset_index()
            found.insert(0, "as_of", day or str(record.as_of.date()))
            found.insert(0, "record", name)
            tables.append(found)
    return pd.concat(tables, ignore_index=True)


def evidence(records: Mapping[str, Dataset]) -> pd.DataFrame:
    """How well each record is attested: what any comparison rests on, a column a record."""
    return pd.DataFrame(
        {
            title_of(record): {
                "Pairs of places on record": f"{len(record.ties)}",
                "Dated events": f"{len(record.events):,}",
                "Events a tie": f"{len(record.events) / max(len(record.ties), 1):.1f}",
                "Events of 2023 or later": f"{int((first_days(record) >= '2023').sum())}",
                "Sources listed": f"{len(record.sources)}",
                "Sources that attest events": f"{record.attestations['source_id'].nunique()}",
                "Ties that somebody searched for": f"{record.searches['tie_id'].nunique()}",
            }
            for record in records.values()
        }
    )


def first_days(record: Dataset) -> pd.Series:
    """The first possible day of each event."""
    return date_bounds(record.events["date"])["earliest"]


def _page(records: Mapping[str, Dataset], numbers: pd.DataFrame, rule: StatusRule | None) -> str:
    links = ", ".join(
        f"[{escape_markdown(title_of(record))}](../{name}/index.html)"
        for name, record in records.items()
    )
    attested = evidence(records).rename_axis("measure").reset_index()
    parts = [
        f"The same questions and rules, put to {len(records)} records: {links}.",
        "# First, the evidence",
        "The records were compiled with different effort. A difference below that could come from what was "
        "looked for, and where, is not a difference between countries.",
        markdown_table(attested, "What each record rests on", {"measure": "Measure"}),
        "# What is certain, and what is possible",
        "Each cell gives what is certain and the most that is possible. [The table](tables/numbers.csv)",
    ]
    for day in DAYS:
        columns = {
            title_of(record): headlines(bounds.status_bounds(record, day, rule=rule))
            for record in records.values()
        }
        table = pd.DataFrame(columns).rename_axis("measure").reset_index()
        label = say_day(day) if day else "The day of each record"
        parts.append(markdown_table(table, label, {"measure": "Measure"}))
    for figure, heading in _FIGURES.items():
        parts.append(f"# {heading}")
        if figure in _ONE_SCALE:
            titles = "; ".join(title_of(record) for record in records.values())
            parts.append(f"![{escape_markdown(f'{NAMES[figure]} {titles}')}]({figure}.svg)")
            continue
        for name, record in records.items():
            alt = f"{title_of(record)}: the same figure as in its report"
            parts.append(f"## {escape_markdown(title_of(record))}")
            parts.append(f"![{escape_markdown(alt)}]({name}-{figure}.svg)")
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"
