"""One flat table, a row a tie, as statements: CSV, workbooks, Parquet, JSON, shapefiles.

    file -> rows of text -> headings recognised, or told by a mapping -> statements | rejected

Every row that holds anything ends in the statements or among the rejected. A row is rejected only
if it does not fit its table, or if one of its two places has neither a name nor an id; whatever
else is doubtful in it stays as written and is a warning.

Places, status and kind are kept as written; dates are read (`ties.importers.freetext`) beside their
text. Three things are not as written: an address of Wikidata in an id becomes its Q-number,
a label that is a bare Q-number also becomes the id where there is none; coordinates are numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties.dates import date_bounds
from ties.errors import WARNING, join, make_problems, public
from ties.importers.flat_coordinates import read_coordinates
from ties.importers.flat_doubts import Doubts, doubts_of, find_doubts
from ties.importers.flat_entries import are_named, entries_of
from ties.importers.freetext import read_dates
from ties.importers.headings import PROBABLE, UNUSED, recognise, require
from ties.importers.mapping import TableMapping, read_mapping
from ties.importers.statements import REJECTED, STATEMENT, Reading, complete, make_rejected
from ties.importers.tabular import Table, read_table


def read_flat(
    path: str | Path,
    *,
    mapping: str | Path | Mapping[str, Any] | TableMapping | None = None,
    sheet: str | None = None,
) -> Reading:
    r"""Read a table of which each row names two places that are tied.

    Parameters
    ----------
    path
        A file whose format its name says: ``.csv``, ``.tsv``, ``.txt`` (commas, semicolons,
        tabs or bars; UTF-8, or UTF-16 with its mark), ``.xlsx``, ``.ods``, ``.xls``, ``.parquet``,
        ``.json``, ``.jsonl``, ``.dbf`` or ``.shp``.
    mapping
        What the columns mean where their names do not say it, and how to read the file: a TOML
        file or a dictionary, see `ties.importers.mapping`. `show_columns` shows what is recognised.
    sheet
        Name of a workbook's sheet; the first unless told.

    Returns
    -------
    Reading
        Statements, rejected rows, and warnings. A row of the input is numbered from 0; a row
        that is blank from end to end is none.

    Raises
    ------
    UnreadableError
        If the file cannot be read as a table, or its headings leave open which columns name
        the two places; the message shows the mapping to write.

    Examples
    --------
    >>> import tempfile
    >>> table = Path(tempfile.mkdtemp()) / "partner.csv"
    >>> _ = table.write_text(
    ...     "Stadt;Partnerstadt;Land;seit\nBonn;Opole;Polen;1954\nBonn;;;1991\n",
    ...     encoding="utf-8",
    ... )
    >>> reading = read_flat(table, mapping={"columns": {"Land": "country_b"}})
    >>> reading.statements[["locator", "name_a", "name_b", "country_b", "founded"]]
      locator name_a name_b country_b founded
    0  line 2   Bonn  Opole     Polen    1954
    >>> reading.rejected[["locator", "rule"]]
      locator        rule
    0  line 3  blank_name
    """
    said = read_mapping(mapping)
    table = read_table(Path(path), said, sheet)
    found = recognise(table.headings, said)
    require(found, said, table.file)
    entries, uneven = entries_of(table, found, said)
    is_named = are_named(entries)
    statements, doubts = _statements(entries[is_named], table, said)
    found_wrong = [table.problems, _column_doubts(found, table)]
    rejected = [
        _broken(table),
        _rejected(uneven, table, "uneven_split", _UNEVEN),
        _rejected(entries[~is_named], table, "blank_name", _BLANK),
    ]
    return Reading(
        statements,
        _all_rejected(rejected),
        n_rows=len(table.cells),
        problems=public(join([*found_wrong, _as_problems(doubts, statements, table)])),
    )


def show_columns(
    path: str | Path,
    *,
    mapping: str | Path | Mapping[str, Any] | TableMapping | None = None,
    sheet: str | None = None,
) -> pd.DataFrame:
    """Give what the columns of a file are taken for, before it is read.

    Parameters
    ----------
    path, mapping, sheet
        As for `read_flat`.

    Returns
    -------
    DataFrame
        As `ties.importers.headings.recognise`, a row a column, with ``example``: its first cell
        that is not blank (missing if there is none).

    Raises
    ------
    UnreadableError
        If the file cannot be read as a table.
    """
    said = read_mapping(mapping)
    table = read_table(Path(path), said, sheet)
    filled = table.cells.mask(table.cells == "")
    first = filled.bfill().iloc[:1].T.reindex(columns=[0])[0].reset_index(drop=True)
    return recognise(table.headings, said).assign(example=first.astype("str"))


_BLANK: Final = (
    "names only one place, or none; fill the blank cell, or, where a blank repeats the cell above, "
    'write carry_down = ["name_a"] in the options of the mapping'
)
_UNEVEN: Final = (
    "has cells that were split into different numbers of parts; give each part its counterpart, "
    "or put each partner on a row of its own"
)


def _statements(
    entries: pd.DataFrame, table: Table, said: TableMapping
) -> tuple[pd.DataFrame, list[Doubts]]:
    """Give the statements, with what is doubtful in them."""
    entries = entries.reset_index(drop=True)
    founded, why_founded = _dated(entries, "founded", said)
    ended, why_ended = _dated(entries, "ended", said)
    places, why_places = read_coordinates(entries)
    read = founded | ended | places
    others = [name for name in entries if name in STATEMENT and name not in read]
    statements = complete(entries[others].assign(file=table.file, **read))
    return statements, [*why_founded, *why_ended, *why_places, *find_doubts(statements)]


def _dated(
    entries: pd.DataFrame, name: str, said: TableMapping
) -> tuple[dict[str, pd.Series], list[Doubts]]:
    """Read one date of each entry: from its own column, else from the text beside it."""
    columns = [column for column in (name, f"{name}_text") if column in entries]
    if not columns:
        return {}, []
    readings = [read_dates(entries[column], day_first=said.day_first) for column in columns]
    used, doubts = readings[0], []
    text = entries[columns[-1]].fillna(entries[columns[0]])
    if len(readings) == 2:
        # A text that cannot be read matters only where its own column says nothing.
        other = readings[1]
        has_own = used["edtf"].notna() | (used["rule"].ne("blank") & other["edtf"].isna())
        used = pd.concat([used[has_own], other[~has_own]]).reindex(entries.index)
        doubts.append(_apart(readings[0]["edtf"], other["edtf"], name, text))
    is_read = used["edtf"].notna()
    is_doubtful = used["reason"].ne("")
    doubts += [
        doubts_of(is_doubtful & is_read, "date_ambiguous", used["reason"], name, text),
        doubts_of(is_doubtful & ~is_read, "date_unread", used["reason"], name, text),
    ]
    return {name: used["edtf"], f"{name}_text": text}, doubts


def _apart(own: pd.Series, other: pd.Series, name: str, text: pd.Series) -> Doubts:
    """Doubt a date that the text beside it contradicts."""
    first, second = date_bounds(own), date_bounds(other)
    is_apart = first["latest"].lt(second["earliest"]) | second["latest"].lt(first["earliest"])
    reason = f"says otherwise than the column read as {name}, which was taken"
    return doubts_of(is_apart, "dates_differ", reason, f"{name}_text", text)


def _as_problems(doubts: list[Doubts], statements: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Give doubts as warnings with their lines; where a row has no line, its locator leads."""
    problems = []
    for doubt in doubts:
        rows = statements["row"].iloc[doubt.entries].to_numpy("int64")
        lines = table.lines[rows]
        where = statements["locator"].iloc[doubt.entries].reset_index(drop=True) + ": "
        reasons = doubt.reasons.reset_index(drop=True).astype("str")
        problems.append(
            make_problems(
                reasons.where(lines > 0, where + reasons),
                table="statements",
                file=table.file,
                rule=doubt.rule,
                column=doubt.column,
                lines=pd.Series(lines, dtype="Int64").mask(lines <= 0),
                values=None if doubt.values is None else doubt.values.tolist(),
                rows=rows,
                severity=WARNING,
            )
        )
    return join(problems)


def _column_doubts(found: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Say which columns were taken for something without their words saying so, and which left."""
    probable = found[found["sure"] == PROBABLE]
    messages = [
        f"was read as {column} ({why}); if it is not, say so in a mapping"
        for column, why in zip(probable["column"], probable["why"], strict=True)
    ]
    unused = found.loc[found["sure"].eq(UNUSED) & found["heading"].ne(""), "heading"].tolist()
    names = ", ".join(map(repr, unused[:20]))
    left = f"columns that no statement uses were left in the file: {names}"
    about = {"table": "statements", "file": table.file, "severity": WARNING}
    return join(
        [
            _each(messages, probable["heading"].tolist(), about),
            make_problems([left] if unused else [], rule="column_unused", **about),
        ]
    )


def _each(messages: list[str], headings: list[str], about: dict[str, str]) -> pd.DataFrame:
    return join(
        make_problems([message], rule="column_probable", column=heading, **about)
        for message, heading in zip(messages, headings, strict=True)
    )


def _broken(table: Table) -> pd.DataFrame:
    rows = list(table.broken)
    rules, reasons, texts = zip(*table.broken.values(), strict=True) if rows else ((), (), ())
    locators = table.locators.iloc[rows].tolist()
    about = {"row": rows, "file": table.file, "locator": locators}
    return pd.DataFrame(about | {"rule": rules, "reason": reasons, "text": texts})


def _rejected(entries: pd.DataFrame, table: Table, rule: str, reason: str) -> pd.DataFrame:
    rows = entries["row"].tolist()
    about = {"row": rows, "file": table.file, "locator": entries["locator"].tolist()}
    about |= {"rule": rule, "reason": reason, "text": table.as_json(rows)}
    return pd.DataFrame(about)


def _all_rejected(parts: list[pd.DataFrame]) -> pd.DataFrame:
    rejected = pd.concat([make_rejected([]), *(part for part in parts if len(part))])
    rejected = rejected.astype(dict(REJECTED)).sort_values("row", kind="stable")
    return rejected.reset_index(drop=True)
