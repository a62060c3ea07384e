"""The folder that an import or a merge leaves: the record, and what became of every row.

One writer serves both. What it wrote is never edited afterwards: a later run replaces it whole,
and a folder that holds files of others is refused.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties.dataset import Dataset
from ties.importers.import_folder import ORIGIN
from ties.io.atomic import check_replaceable, files_in, whole_folder
from ties.io.writing import write_csv, write_record

MERGE: Final = "merge.toml"
_RECEIVED: Final = "received"
_TABLES: Final = (
    "statements",
    "rejected",
    "rejected-rows",
    "problems",
    "merge-log",
    "places",
    "undecided",
    "double-level",
    "events-log",
    "apart",
)
_EARLIER: Final = "ambiguous.csv"  # as 0.5 wrote it
_OURS: Final = {
    *(ORIGIN, MERGE, "report.json", "report.md", _EARLIER),
    *(f"{name}.csv" for name in _TABLES),
}


def sound(dataset: Dataset) -> Dataset:
    """Put aside the rows of a record made of sources that contradict one another.

    Returns
    -------
    Dataset
        The record as it passes every check; what was put aside is in ``rejected``.
    """
    about = {key: getattr(dataset, key) for key in ("name", "title", "countries", "licence")}
    checked = Dataset.from_frames(dataset.tables, on_invalid="reject", as_of=dataset.as_of, **about)
    return replace(checked, rows=dataset.rows)


def check_free(target: Path) -> None:
    """Refuse a folder that holds files of others, before anything is computed.

    Raises
    ------
    OutputError
        If it does.
    """
    check_replaceable(target, _foreign)


def write_result(
    target: Path,
    dataset: Dataset,
    tables: Mapping[str, pd.DataFrame],
    report: Mapping[str, Any],
    texts: Mapping[str, str],
    received: Path | None = None,
) -> Path:
    """Write the folder of an import or of a merge, whole or not at all.

    Parameters
    ----------
    target
        The folder.
    dataset
        Written to ``record/``.
    tables
        What became of every row, by name; CSV.
    report
        Counts, as ``report.json``.
    texts
        Further files: what says where it is from, and ``report.md``.
    received
        The input, kept byte for byte under ``received/``.

    Raises
    ------
    OutputError
        If the folder holds files of others, or cannot be written.
    """
    with whole_folder(target, _foreign) as folder:
        if received is not None:
            kept = folder / _RECEIVED / received.name
            kept.parent.mkdir()
            (shutil.copytree if received.is_dir() else shutil.copyfile)(received, kept)
        for name, table in tables.items():
            write_csv(table, folder / f"{name}.csv")
        write_record(dataset, folder / "record")
        document = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
        for name, text in {**texts, "report.json": document}.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return target


def as_page(title: str, counts: Mapping[str, object], *more: list[str]) -> str:
    """Render counts, and further tables, as a page of Markdown."""
    lines = [f"# {title}", "", "| | |", "|---|---:|"]
    lines += [f"| {label} | {number:,} |" for label, number in counts.items()]
    for part in more:
        lines += ["", *part]
    return "\n".join(lines) + "\n"


def places_of(resolved: pd.DataFrame) -> pd.DataFrame:
    """Names as written with what each was taken for, a row a distinct one."""
    columns = ("name", "country", "place_key", "basis", "score", "reasons")
    sides = [
        resolved[[f"{name}_{side}" for name in columns]].set_axis(list(columns), axis="columns")
        for side in "ab"
    ]
    both = pd.concat(sides, ignore_index=True).drop_duplicates(list(columns))
    return both.sort_values(list(columns[:3]), kind="stable", ignore_index=True)


def _foreign(folder: Path) -> list[str]:
    """Name the files of a folder that neither an import nor a merge wrote."""
    names = files_in(folder)
    if not {ORIGIN, MERGE} & set(names):
        return names
    return [n for n in names if n not in _OURS and n.split("/")[0] not in (_RECEIVED, "record")]
