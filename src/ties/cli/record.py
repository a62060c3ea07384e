"""Commands about the record itself: is it sound, and what is built from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ties.cli import output
from ties.cli.errors import CANNOT
from ties.cli.options import (
    AsOf,
    Format,
    Mapping,
    Question,
    Retrieved,
    TableFormat,
    UseGazetteer,
    asks,
)
from ties.export.plain import as_records

if TYPE_CHECKING:
    import pandas as pd

    from ties.dataset import Dataset

FOUND_PROBLEMS = 1
_STYLES = {"error": "bold red", "warning": "yellow"}


def check(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="A folder of tables, an .xlsx of them, a record that comes with ties; or one "
            "plain table, a row a tie.",
        ),
    ],
    retrieved: Retrieved = None,
    mapping: Mapping = None,
    gazetteer: UseGazetteer = True,
    as_of: AsOf = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="Write a plain table's .xlsx again with its cells marked and a sheet of problems.",
            show_default=False,
        ),
    ] = None,
    format: TableFormat = Format.table,
) -> None:
    """Find every problem of a record or a table: where it stands, and what to do.

    Exit code 0: none, or warnings alone. 1: errors. 2: the record cannot be read.
    """
    from ties.errors import UnreadableError
    from ties.inputs import read

    about: Any = {"retrieved": retrieved, "mapping": mapping, "gazetteer": gazetteer}
    unreadable: UnreadableError | None = None
    try:
        with output.warnings_as_notes():
            dataset = read(path, on_invalid="reject", as_of=as_of, **about)
    except UnreadableError as error:
        if error.problems.empty:
            raise
        unreadable = error
    problems = dataset.problems if unreadable is None else unreadable.problems
    counts = {} if unreadable is not None else _counts(dataset)
    if out is not None:
        _mark(path, problems, out)
    if format is Format.csv:
        output.print_csv(problems)
    elif format is Format.json:
        output.print_json(_document(path, problems, counts))
    else:
        _print_problems(path, problems)
        output.say(_closing(problems, counts, dataset if counts else None))
    if unreadable is not None:
        raise typer.Exit(CANNOT)
    if (problems["severity"] == "error").any():
        raise typer.Exit(FOUND_PROBLEMS)


def _mark(path: str, problems: pd.DataFrame, out: Path) -> None:
    """Write the workbook with its marks, and name what could not be kept."""
    from ties.errors import TiesError
    from ties.export.marked import mark_workbook
    from ties.inputs import is_table

    if not is_table(path):
        raise TiesError("--out is for one plain table in an .xlsx workbook")
    for what in mark_workbook(path, problems, out):
        output.note(f"{out.name} does not keep {what}")
    output.note(f"the marked workbook is {out}")


def _counts(dataset: Dataset) -> dict[str, dict[str, int]]:
    """Count the rows that were read and accepted, by table."""
    return {
        name: {
            "n_read": n,
            "n_accepted": n - int((dataset.rejected["table"] == name).sum()),
        }
        for name, n in dataset.n_read.items()
    }


def _document(
    path: str, problems: pd.DataFrame, counts: dict[str, dict[str, int]]
) -> dict[str, Any]:
    """What `check` found as plain values; the names are stable."""
    return {
        "path": path,
        "is_readable": bool(counts),
        "n_errors": int((problems["severity"] == "error").sum()),
        "n_warnings": int((problems["severity"] == "warning").sum()),
        "tables": counts,
        "problems": as_records(problems),
    }


def _print_problems(path: str, problems: pd.DataFrame) -> None:
    """Print a row a problem, the first of them, and where the rest is."""
    from ties.errors import N_SHOWN

    shown = problems.head(N_SHOWN).astype("object")
    shown = shown.assign(where=shown["cell"].fillna(shown["line"]))
    shown = shown.where(shown.notna(), "")
    pairs = zip(shown["value"], shown["message"], strict=True)
    shown["value"] = ["" if value in message else value for value, message in pairs]
    names = ("severity", "file", "where", "column", "value", "message")
    rows: list[list[Any]] = [
        [output.coloured(severity, _STYLES, severity), *map(str, cells)]
        for severity, *cells in zip(*(shown[name] for name in names), strict=True)
    ]
    if rows:
        headers = ["", "File", "Line", "Column", "Value", "What is wrong, and what to do"]
        output.print_table(headers, rows, numbers=[2])
    if len(problems) > N_SHOWN:
        output.say(
            f"and {len(problems) - N_SHOWN:,} more: ties check {path} --format csv gives them all"
        )


def _closing(
    problems: pd.DataFrame, counts: dict[str, dict[str, int]], dataset: Dataset | None
) -> str:
    """Count the problems, and say how much of the record is sound."""
    from ties.inputs import account

    n_errors = int((problems["severity"] == "error").sum())
    n_warnings = len(problems) - n_errors
    found = f"{output.counted(n_errors, 'error')}, {output.counted(n_warnings, 'warning')}"
    if dataset is None:
        return f"{found}; no row can be judged until the files are mended"
    if "rows" in counts:
        return f"{found}; {account(dataset)}"
    total = sum(count["n_read"] for count in counts.values())
    accepted = sum(count["n_accepted"] for count in counts.values())
    return f"{found}; {total:,} rows in {len(counts)} tables, {accepted:,} of them sound"


def records(format: TableFormat = Format.table) -> None:
    """List the records that come with ties: size, span, edition, licence.

    Every command takes one by its name: --data NAME.
    """
    from ties.io.folder import records as bundled

    found = bundled().reset_index()
    if format is Format.csv:
        output.print_csv(found)
    elif format is Format.json:
        output.print_json({"records": as_records(found)})
    else:
        headers = ["Record", "Ties", "Events", "Sources", "Years", "Edition", "Licence", "Title"]
        rows = [
            [
                row["record"],
                *(f"{row[size]:,}" for size in ("n_ties", "n_events", "n_sources")),
                f"{row['first_year']}–{row['last_year']}",
                str(row["as_of"].date()),
                row["licence"],
                row["title"],
            ]
            for row in output.records(found)
        ]
        output.print_table(headers, rows, numbers=[1, 2, 3])


@asks
def build(
    question: Question,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FOLDER",
            help="Folder to write.  [default: data/processed/NAME]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Build tables: ties, episodes, a yearly panel, the stock.

    Each is written as CSV and Parquet, with a datapackage.json that says what every column
    means. The folder is written whole or not at all, and the same record gives the same bytes.
    """
    from ties.build import build as write_tables

    target = out or question.default_out("data/processed")
    made = write_tables(question.dataset, target, question.rule, question.as_of, question.known_by)
    for path in sorted(made.iterdir()):
        output.say(path)
