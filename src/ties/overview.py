"""A record as JupyterLab shows it: what it holds, which years it spans, what was wrong with it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import pandas as pd

from ties.dates import date_bounds
from ties.schema.regions import area_name
from ties.schema.tables import TABLES

if TYPE_CHECKING:
    from ties.dataset import Dataset

_N_SHOWN: Final = 10
_CELL: Final = '<td style="text-align: {side}">{text}</td>'


def overview(dataset: Dataset) -> str:
    """A record's overview as HTML; whatever the record says is shown as text.

    Examples
    --------
    >>> import ties
    >>> "164" in overview(ties.load("us-russia"))
    True
    """
    parts = [
        f"<p><strong>{_text(dataset.title or dataset.name or 'Unnamed record')}</strong><br>",
        f"{_text(_about(dataset))}</p>",
        _counts(dataset),
        _problems(dataset),
    ]
    return f"<div>{''.join(parts)}</div>"


def _about(dataset: Dataset) -> str:
    facts = [
        " and ".join(area_name(code) for code in dataset.countries),
        f"as of {dataset.as_of.date()}",
        _span(dataset),
        f"licence {dataset.licence}" if dataset.licence else "",
    ]
    return "; ".join(fact for fact in facts if fact)


def _span(dataset: Dataset) -> str:
    """From which year to which the events are, as far as their dates say."""
    bounds = date_bounds(dataset.events["date"])
    first, last = bounds["earliest"].min(), bounds["latest"].max()
    if pd.isna(first) or pd.isna(last):
        return ""
    return f"events from {first.year} to {min(last, dataset.as_of).year}"


def _counts(dataset: Dataset) -> str:
    rejected = dataset.rejected["table"].value_counts()
    rows = [
        (name.replace("_", " "), len(dataset.table(name)), int(rejected.get(name, 0)))
        for name in TABLES
    ]
    head = ("Table", "Rows", "Rejected")
    lines = [_line([f"<th>{cell}</th>" for cell in head])]
    lines += [_line([_cell(row[0], "left"), *(_cell(f"{n:,}") for n in row[1:])]) for row in rows]
    return f"<table>{''.join(lines)}</table>"


def _problems(dataset: Dataset) -> str:
    found = dataset.problems
    n_errors = int((found["severity"] == "error").sum())
    said = f"{_counted(n_errors, 'error')}, {_counted(len(found) - n_errors, 'warning')}"
    if found.empty:
        return f"<p>{said}</p>"
    shown = found[["file", "line", "message"]].head(_N_SHOWN).astype("object")
    lines = [
        _line([_cell("" if pd.isna(cell) else cell, "left") for cell in row])
        for row in shown.to_numpy().tolist()
    ]
    more = len(found) - len(lines)
    rest = f"<p>and {more:,} more: see <code>.problems</code></p>" if more else ""
    return f"<details><summary>{said}</summary><table>{''.join(lines)}</table>{rest}</details>"


def _line(cells: list[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def _cell(value: object, side: str = "right") -> str:
    return _CELL.format(side=side, text=_text(value))


def _text(value: object) -> str:
    """A value as HTML text; ``bdi`` keeps its letters from turning the text around it."""
    return f"<bdi>{escape(str(value))}</bdi>"


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
