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
from ties.errors import WARNING, join, make_problems, public, rows_named
from ties.importers.date_columns import (
    first_days_of_years,
    plain_dates,
    wide_dates,
    years_in_date_cells,
)
from ties.importers.flat_coordinates import read_coordinates
from ties.importers.flat_doubts import Doubts, doubts_of, find_doubts, unknown_words
from ties.importers.flat_entries import are_named, entries_of
from ties.importers.flat_places import geonames, read_places
from ties.importers.freetext import edtf_of, read_dates
from ties.importers.headings import PROBABLE, UNUSED, recognise, require
from ties.importers.lifespans import find_lifespan
from ties.importers.mapping import TableMapping, read_mapping
from ties.importers.statements import REJECTED, STATEMENT, Reading, complete, make_rejected
from ties.importers.status_words import read_statuses
from ties.importers.tabular import read_table
from ties.io.table import Table


def read_flat(
    path: str | Path | pd.DataFrame,
    *,
    mapping: str | Path | Mapping[str, Any] | TableMapping | None = None,
    sheet: str | None = None,
    gazetteer: bool = True,
) -> Reading:
    r"""Read a table of which each row names two places that are tied.

    Parameters
    ----------
    path
        A file whose format its name says: ``.csv``, ``.tsv``, ``.txt`` (commas, semicolons,
        tabs or bars; UTF-8, or UTF-16 with its mark), ``.xlsx``, ``.ods``, ``.xls``, ``.parquet``,
        ``.json``, ``.jsonl``, ``.dbf`` or ``.shp``; or a DataFrame.
    mapping
        What the columns mean where their names do not say it, and how to read the file: a TOML
        file or a dictionary, see `ties.importers.mapping`. `show_columns` shows what is recognised.
    sheet
        Name of a workbook's sheet; the first unless told.
    gazetteer
        Work a country that no column states out from the names, by GeoNames if it is installed.

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
    table = read_table(path, said, sheet)
    found = recognise(table.headings, said, table.cells)
    require(found, said, table.file, table.cells)
    entries, uneven = entries_of(table, found, said)
    has_a = are_named(entries, "a")
    is_named = has_a & are_named(entries, "b")
    statements, doubts = _statements(entries[is_named], table, said, gazetteer)
    found_wrong = [table.problems, _column_doubts(found, table)]
    rejected = [
        _broken(table),
        _rejected(uneven, table, "uneven_split", _UNEVEN),
        *(
            _rejected(entries[~is_named & lacks], table, "blank_name", _BLANK.format(side))
            for side, lacks in (("a", ~has_a), ("b", has_a))
        ),
    ]
    return Reading(
        statements,
        _all_rejected(rejected),
        n_rows=len(table.cells),
        problems=public(join([*found_wrong, _as_problems(doubts, statements, table)])),
        columns=found,
        own=_own(found, table),
    )


def _own(found: pd.DataFrame, table: Table) -> pd.DataFrame:
    """What the rows say in columns that no statement uses, their numbers above all."""
    unused = found[found["column"].isna() & found["heading"].ne("")]
    texts = table.cells[(unused["place"] - 1).tolist()].set_axis(unused["heading"], axis=1)
    return texts.loc[:, ~texts.columns.duplicated()].mask(lambda cells: cells == "")


def show_columns(
    path: str | Path,
    *,
    mapping: str | Path | Mapping[str, Any] | TableMapping | None = None,
    sheet: str | None = None,
) -> pd.DataFrame:
    """What the columns of a file are taken for, before it is read.

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
    return recognise(table.headings, said, table.cells).assign(example=first.astype("str"))


_BLANK: Final = (
    "has no name of place {0}; fill the blank cell, or, where a blank repeats the cell above, "
    'write carry_down = ["name_{0}"] in the options of the mapping'
)
_UNEVEN: Final = (
    "has cells that were split into different numbers of parts; give each part its counterpart, "
    "or put each partner on a row of its own"
)


def _statements(
    entries: pd.DataFrame, table: Table, said: TableMapping, gazetteer: bool
) -> tuple[pd.DataFrame, list[Doubts]]:
    """The statements, with what is doubtful in them."""
    entries = entries.reset_index(drop=True)
    points, why_points = read_coordinates(entries)
    places, why_places = read_places(entries, said, geonames if gazetteer else lambda: None)
    entries, why_remarks = _remarks(entries)
    founded, why_founded = _dated(entries, "founded", said)
    ended, why_ended = _dated(entries, "ended", said)
    lives, why_lives = _lives(founded, ended, said)
    states, why_states = _states(entries, said)
    read = founded | ended | lives | points | places | states
    others = [name for name in entries if name in STATEMENT and name not in read]
    statements = complete(entries[others].assign(file=table.file, **read))
    doubts = [
        *why_remarks,
        *why_founded,
        *why_ended,
        *why_lives,
        *why_points,
        *why_places,
        *why_states,
    ]
    return statements, [*doubts, *find_doubts(statements)]


def _remarks(entries: pd.DataFrame) -> tuple[pd.DataFrame, list[Doubts]]:
    """Part a date from a remark in brackets beside it, which may be a status, else is a note."""
    if "founded" not in entries:
        return entries, []
    text = entries["founded"]
    whole = read_dates(text)["edtf"]
    parts = text.where(whole.isna()).str.extract(_REMARK)
    date = parts["date"].str.strip()
    is_date = read_dates(date)["edtf"].notna()
    remark = parts["remark"].where(is_date | date.eq(""))
    status = read_statuses(remark)["status"]
    is_state = status.notna()
    remark = remark.where(is_date | is_state)
    blank = pd.Series(None, index=entries.index, dtype="str")
    columns = {
        "founded": text.mask(remark.notna(), date).mask(lambda cells: cells == ""),
        "status": entries.get("status", blank).fillna(remark.where(is_state)),
        "note": entries.get("note", blank).fillna(remark.where(~is_state)),
    }
    filled = {name: column for name, column in columns.items() if column.notna().any()}
    reason = "holds a remark beside the date; it was taken as the status, or else as a note"
    return entries.assign(**filled), [
        doubts_of(remark.notna(), "date_remark", reason, "founded", text)
    ]


def _states(entries: pd.DataFrame, said: TableMapping) -> tuple[dict[str, pd.Series], list[Doubts]]:
    """Read the column of statuses, and that of the days on which they were so."""
    if "status" not in entries:
        return {}, []
    found = read_statuses(entries["status"], said.statuses)
    columns = {"reported_status": found["status"], "reported_on": found["on"]}
    doubts = unknown_words(entries["status"], found["reason"], "status", "statuses", _STATUSES)
    if "reported_on" in entries:
        days, doubts_of_days = _dated(entries, "reported_on", said)
        columns["reported_on"] = found["on"].fillna(days["reported_on"])
        doubts += doubts_of_days
    return columns, doubts


def _dated(
    entries: pd.DataFrame, name: str, said: TableMapping
) -> tuple[dict[str, pd.Series], list[Doubts]]:
    """Read one date of each entry: from its own column, else from the text beside it."""
    columns = [column for column in (name, f"{name}_text") if column in entries]
    if not columns:
        return {}, []
    doubts: list[Doubts] = []
    readings = []
    for column in columns:
        texts, day_first, traces = plain_dates(entries[column], column, said.day_first)
        reading = read_dates(texts, day_first=day_first)
        dates, years = years_in_date_cells(reading["edtf"], column)
        dates, firsts = first_days_of_years(dates, column, said.first_of_january)
        doubts += [*traces, *years, *firsts]
        readings.append(reading.assign(edtf=dates))
    used = readings[0]
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
    dated = {name: used["edtf"], f"{name}_text": text}
    return {key: column for key, column in dated.items() if key in STATEMENT}, doubts


def _lives(
    founded: dict[str, pd.Series], ended: dict[str, pd.Series], said: TableMapping
) -> tuple[dict[str, pd.Series], list[Doubts]]:
    """Read a span in the column of foundings as a founding and an end: 1993–2022."""
    if not founded or said.spans == "uncertain":
        return {}, []
    text, own = founded["founded_text"], founded["founded"]
    lives = {value: _life_of(value, said) for value in text.dropna().unique()}
    rows = [lives.get(value) or _NO_LIFE for value in text]
    found = pd.DataFrame(rows, index=text.index, columns=["start", "end", "is_short"])
    is_life = found["start"].notna() & ~found["is_short"].eq(True)
    is_short = found["is_short"].eq(True)
    blank = pd.Series(None, index=text.index, dtype="str")
    before = ended.get("ended", blank)
    end = found["end"].where(is_life).astype("str")
    is_apart = end.notna() & before.notna() & end.ne(before)
    is_wide = wide_dates(own, text, _WIDE)
    end_text = ended.get("ended_text", blank)
    columns = {
        "founded": own.mask(is_life, found["start"].astype("str")).astype("str"),
        "ended": before.fillna(end).astype("str"),
        "ended_text": end_text.fillna(text.where(end.notna())).astype("str"),
    }
    return columns, [
        doubts_of(is_short, "date_ambiguous", _SHORT_SPAN, "founded", text),
        doubts_of(is_wide, "date_ambiguous", _WIDE_SPAN, "founded", text),
        doubts_of(is_apart, "dates_differ", _END_APART, "ended", end_text),
    ]


def _life_of(text: str, said: TableMapping) -> tuple[str, str | None, bool] | None:
    """Return the founding and the end (EDTF) of a span of life, and whether it may be none."""
    span = find_lifespan(text)
    if span is None or span.whole.strip() != text.strip():
        return None
    start = edtf_of(span.start, day_first=said.day_first).edtf
    end = edtf_of(span.end, day_first=said.day_first).edtf if span.end else None
    if start is None or (span.end and (end is None or end[:4] <= start[:4])):
        return None
    return start, end, span.is_short and said.spans != "life"


_STATUSES: Final = '"active" (or dormant, suspended, terminated, in_force)'
_REMARK: Final = r"^(?P<date>[^()]{0,40})\((?P<remark>[^()]{3,200})\)\s*$"
_NO_LIFE: Final = (None, None, None)
# Years that an uncertain founding may span before one asks whether it is a span of life.
_WIDE: Final = 10
_SHORT_SPAN: Final = (
    "may be some time between the two years, which was taken, or a founding and an end; write "
    'spans = "uncertain" or spans = "life" in the options of the mapping'
)
_WIDE_SPAN: Final = (
    "was read as a founding some time between the two (EDTF); if it is a founding and an end, "
    "write it with a dash, as 1993–2022"
)
_END_APART: Final = "says otherwise than the span in the column of foundings; this was taken"


def _apart(own: pd.Series, other: pd.Series, name: str, text: pd.Series) -> Doubts:
    """Doubt a date that the text beside it contradicts."""
    first, second = date_bounds(own), date_bounds(other)
    is_apart = first["latest"].lt(second["earliest"]) | second["latest"].lt(first["earliest"])
    reason = f"says otherwise than the column read as {name}, which was taken"
    return doubts_of(is_apart, "dates_differ", reason, f"{name}_text", text)


def _as_problems(doubts: list[Doubts], statements: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Doubts as warnings with their lines; where a row has no line, its locator leads."""
    problems = []
    for doubt in doubts:
        if doubt.is_once and len(doubt.entries):
            doubt = _at_first(doubt, statements["locator"])
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


def _at_first(doubt: Doubts, locators: pd.Series) -> Doubts:
    """A doubt at the first of its rows, and name the others."""
    rows = rows_named(locators.iloc[doubt.entries])
    values = None if doubt.values is None else doubt.values.iloc[:1]
    return doubt._replace(
        entries=doubt.entries[:1], reasons=doubt.reasons.iloc[:1] + rows, values=values
    )


def _column_doubts(found: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Which columns were taken for something without their words saying so, and which left."""
    probable = found[found["sure"] == PROBABLE]
    messages = [
        f"was read as {column} ({why}); if it is not, say so in a mapping"
        for column, why in zip(probable["column"], probable["why"], strict=True)
    ]
    unused = found.loc[found["sure"].eq(UNUSED) & found["heading"].ne(""), "heading"].tolist()
    names = ", ".join(map(repr, unused[:20]))
    left = f"columns that say nothing of the tie are kept with its rows, as written: {names}"
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
    about = {
        "row": rows,
        "file": table.file,
        "locator": table.locators.iloc[rows].tolist(),
        "rule": [row.rule for row in table.broken.values()],
        "reason": [row.reason for row in table.broken.values()],
        "text": table.as_json(rows),
    }
    return pd.DataFrame(about)


def _rejected(entries: pd.DataFrame, table: Table, rule: str, reason: str) -> pd.DataFrame:
    rows = entries["row"].tolist()
    about = {"row": rows, "file": table.file, "locator": entries["locator"].tolist()}
    about |= {"rule": rule, "reason": reason, "text": table.as_json(rows)}
    return pd.DataFrame(about)


def _all_rejected(parts: list[pd.DataFrame]) -> pd.DataFrame:
    rejected = pd.concat([make_rejected([]), *(part for part in parts if len(part))])
    rejected = rejected.astype(dict(REJECTED)).sort_values("row", kind="stable")
    return rejected.reset_index(drop=True)
