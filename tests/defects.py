"""Defects as data: for each rule of `ties check`, ways to break it, and what must then be said.

Each way puts just one defect into a valid record and gives the problems that it makes. It first
claims what it touches, and whatever the check reads together with it, so that two defects of a
record never meet. Most add rows of their own; a few change a row that is there.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.strategies import Files, Row

from ties.io.csv_reader import MAX_LINE
from ties.io.workbook import MAX_CELLS
from ties.schema import tables
from ties.validate.references import references


@dataclass(frozen=True)
class Told:
    """What must be reported of a defect; a row stands for its line, no row for the whole file."""

    rule: str
    file: str
    row: Row | None = None
    column: str | None = None
    value: str | None = None
    severity: str = "error"
    line: int | None = None


@dataclass
class Spot:
    """A record with what is still free in it for a further defect."""

    draw: st.DrawFn
    files: Files
    claimed: set[object] = field(default_factory=set)

    def choose(self, rows: Iterable[Row], *, claims: Callable[[Row], set[object]]) -> Row | None:
        """Claim one of the rows that no other defect touches, or give nothing if none is left."""
        free = [row for row in rows if not claims(row) & self.claimed]
        if not free:
            return None
        row = self.draw(st.sampled_from(free))
        self.claimed |= claims(row)
        return row

    def tie(self, rows: Iterable[Row] | None = None) -> Row | None:
        """Claim a tie, with its events and all that hangs on them."""
        rows = self.files.table("ties") if rows is None else rows
        return self.choose(rows, claims=lambda row: {row["tie_id"]})

    def event(self, *, kinds: Iterable[str] | None = None) -> Row | None:
        """Claim an event that nothing else hangs on, and its tie."""
        wanted = PLAIN if kinds is None else kinds
        events = [row for row in self.files.table("events") if row["kind"] in wanted]
        return self.choose(events, claims=lambda row: {row["tie_id"]})

    def row(self, table: str) -> Row | None:
        """Claim a row of a table, with the ties and the event that the check reads with it."""
        if table in ("ties", "events"):
            return self.tie() if table == "ties" else self.event()
        rows = self.files.table(table)
        if table == "attestations":
            # Of a pair, one may be what the event's date rests on.
            events = [row["event_id"] for row in rows]
            rows = [row for row in rows if events.count(row["event_id"]) == 1]
        return self.choose(rows, claims=self._around)

    def _around(self, row: Row) -> set[object]:
        event = row.get("event_id", "")
        ties = {e["tie_id"] for e in self.files.table("events") if e["event_id"] == event}
        return {row, *ties} | ({row["tie_id"]} if "tie_id" in row else set())

    def say(
        self, kind: str, date: str, tie: str, *, side: str = "a", source: str = "s0", **cells: str
    ) -> Row:
        """Add an event of a tie; attested by a source that gives no date, if one is named."""
        code = self.files.fresh("event")
        cells = {"date": date, "kind": kind, "side": side, "summary": "Said."} | cells
        event = self.files.new("events", event_id=code, tie_id=tie, **cells)
        if source:
            self.files.new("attestations", event_id=code, source_id=source)
        return event

    def place(self, country: str = "US", **cells: str) -> Row:
        """Add a place that sorts after all that were drawn."""
        code = self.files.fresh("zz")
        cells = {"name": "Somewhere", "level": "city"} | cells
        return self.files.new("places", place_id=code, country=country, **cells)

    def new_tie(self, place_a: str, place_b: str) -> Row:
        """Add a tie that a list names."""
        tie = self.files.new(
            "ties", tie_id=self.files.fresh("tie"), place_a=place_a, place_b=place_b
        )
        self.say("listed", "2010", tie["tie_id"], side="none")
        return tie


Way = Callable[[Spot], list[Told] | None]

# Kinds of event that no check reads together with other events.
PLAIN = ("agreement", "visit", "exchange", "correspondence", "reaffirmed", "petition", "statement")
PLAIN += ("motion_failed", "listed", "revived", "dormant", "renewed")

WAYS: dict[str, list[Way]] = {}
# Ways after which a whole file, or the record's date, is not what it was: nothing fits beside them.
ALONE: dict[str, list[Way]] = {}


def breaks(rule: str, *, alone: bool = False) -> Callable[[Way], Way]:
    """Enter a way to break a rule into the catalogue."""

    def enter(way: Way) -> Way:
        (ALONE if alone else WAYS).setdefault(rule, []).append(way)
        return way

    return enter


def _file(table: str) -> str:
    return f"{table}.csv"


# A cell -----------------------------------------------------------------------------------

# What no longer is of its type, form or range; and how a problem shows it.
CELLS: dict[str, list[tuple[str, str, str, str]]] = {
    "code": [
        ("events", "kind", "vist", "vist"),
        ("events", "side", "us", "us"),
        ("ties", "kind", "Sister", "Sister"),
        ("places", "level", "cty", "cty"),
        ("sources", "kind", " radio ", "radio"),
    ],
    "date": [
        ("events", "date", "c. 1970", "c. 1970"),
        ("events", "until", "1991-13", "1991-13"),
        ("sources", "published", "1991-02-30", "1991-02-30"),
        ("sources", "accessed", "26.06.1991", "26.06.1991"),
        ("place_names", "valid_from", "199x", "199x"),
        ("place_names", "valid_to", "../..", "../.."),
        ("searches", "searched_on", "1999/1990", "1999/1990"),
        ("counts", "date", "в 1991", "в 1991"),
        ("attestations", "date", "long, long ago", "long, long ago"),
    ],
    "type": [
        ("places", "population", "many", "many"),
        ("places", "geonames_id", "1.5", "1.5"),
        ("places", "latitude", "59°33", "59°33"),
        ("places", "longitude", "1,5", "1,5"),
        ("searches", "hits", "none", "none"),
        ("counts", "count", "1 000", "1 000"),
    ],
    "range": [
        ("places", "population", "-3", "-3"),
        ("places", "geonames_id", "0", "0"),
        ("places", "latitude", "-90.5", "-90.5"),
        ("places", "longitude", "180.25", "180.25"),
        ("searches", "hits", "-1", "-1"),
        ("counts", "count", "-1.0", "-1"),
    ],
    "pattern": [
        ("places", "country", "USA", "USA"),
        ("places", "claimed_by", "ua", "ua"),
        ("places", "region", "Alaska", "Alaska"),
        ("places", "wikidata_id", "6206", "6206"),
        ("place_names", "language", "English", "English"),
    ],
    "missing": [
        (table, name, " ", "")
        for table in tables.TABLES
        for name, column in tables.columns(table).items()
        if not column.nullable and not name.endswith("_id")
    ],
}


def _put(rule: str, table: str, column: str, text: str, shown: str) -> Way:
    """Give the way to put a text into a cell of the column."""

    def way(spot: Spot) -> list[Told] | None:
        row = spot.row(table)
        if row is None:
            return None
        row[column] = text
        return [Told(rule, _file(table), row, column, shown or None)]

    return way


for _rule, _cells in CELLS.items():
    WAYS[_rule] = [_put(_rule, *cell) for cell in _cells]


@breaks("pattern")
def a_code_of_other_letters(spot: Spot) -> list[Told] | None:
    table = spot.draw(st.sampled_from(["places", "ties", "events", "sources"]))
    if table == "places":
        row = spot.place()
    elif table == "sources":
        row = spot.files.new("sources", source_id=spot.files.fresh("s"), title="Unused")
    else:
        tie = spot.tie()
        if tie is None:
            return None
        row = tie if table == "ties" else spot.say("visit", "2005", tie["tie_id"])
    column = next(iter(row))
    old, new = row[column], f"{row[column]}_X"
    for other in (row for rows in spot.files.rows.values() for row in rows):
        # What refers to it refers to it still: the row is refused, not its name.
        if other.get(column) == old and (table != "places" or other is row):
            other[column] = new
    spot.claimed.add(new)
    return [Told("pattern", _file(table), row, column, new)]


# A row ------------------------------------------------------------------------------------


@breaks("duplicate_key")
def the_same_row_twice(spot: Spot) -> list[Told] | None:
    table = spot.draw(st.sampled_from([*tables.TABLES]))
    row = spot.row(table)
    if row is None:
        return None
    again = Row(row)
    rows = spot.files.table(table)
    rows.insert(spot.draw(st.integers(rows.index(row) + 1, len(rows))), again)
    key = tables.KEYS[table][0]
    return [Told("duplicate_key", _file(table), again, key, row[key])]


@breaks("ragged")
def a_row_of_another_length(spot: Spot) -> list[Told] | None:
    table = spot.draw(st.sampled_from([*tables.TABLES]))
    row = spot.row(table)
    if row is None or (table == "events" and _is_only_event(spot.files, row)):
        return None
    # A code that is cut off is one that others refer to in vain.
    is_code_last = spot.files.columns[table][-1] == next(iter(row))
    if is_code_last or spot.draw(st.booleans()):
        row.extra = ("beyond", "the last")
    else:
        row.n_cut = 1
    return [Told("ragged", _file(table), row)]


def _is_only_event(files: Files, event: Row) -> bool:
    return sum(row["tie_id"] == event["tie_id"] for row in files.table("events")) == 1


# Between tables ---------------------------------------------------------------------------


@breaks("unknown_reference")
def a_code_that_no_row_bears(spot: Spot) -> list[Told] | None:
    files = spot.files
    table, column, _ = spot.draw(st.sampled_from([*references()]))
    nobody = files.fresh("zzz" if column == "place_b" else "nobody")
    if table == "ties":
        row = spot.new_tie(*sorted([nobody, spot.place()["place_id"]]))
    elif table == "events":
        row = spot.say("visit", "2005", nobody)
    elif table == "places":
        row = spot.place(part_of=nobody)
    else:
        cells = {"event_id": files.table("events")[0]["event_id"], "source_id": "s0"}
        cells |= {"name": "Name", "language": "en", "searched_on": "2020", "query": nobody}
        cells |= {"hits": "0", "count": "1", "scope": nobody} | {column: nobody}
        dates = {"date": "2005"} if table == "counts" else {}
        known = {name: text for name, text in cells.items() if name in tables.columns(table)}
        row = files.new(table, **known | dates)
    return [Told("unknown_reference", _file(table), row, column, nobody)]


@breaks("part_of_itself")
def places_that_lie_in_themselves(spot: Spot) -> list[Told]:
    loop = [spot.place() for _ in range(spot.draw(st.integers(1, 3)))]
    for place, around in zip(loop, [*loop[1:], loop[0]], strict=True):
        place["part_of"] = around["place_id"]
    inner = spot.place(part_of=loop[0]["place_id"])
    assert inner["part_of"]  # lies in the loop, and is no part of it
    return [
        Told("part_of_itself", "places.csv", place, "part_of", place["part_of"]) for place in loop
    ]


@breaks("self_tie")
def a_tie_of_a_place_with_itself(spot: Spot) -> list[Told]:
    code = spot.place()["place_id"]
    return [Told("self_tie", "ties.csv", spot.new_tie(code, code), "place_b", code)]


@breaks("pair_order")
def a_pair_the_wrong_way_round(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    tie["place_a"], tie["place_b"] = tie["place_b"], tie["place_a"]
    return [Told("pair_order", "ties.csv", tie, "place_a", tie["place_a"])]


@breaks("pair_twice")
def a_pair_stored_twice(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    again = spot.new_tie(tie["place_a"], tie["place_b"])
    return [Told("pair_twice", "ties.csv", again, "tie_id", again["tie_id"])]


@breaks("swapped_coordinates")
def coordinates_the_other_way_round(spot: Spot) -> list[Told] | None:
    if "ZA" in spot.claimed:
        return None
    spot.claimed.add("ZA")
    for _ in range(5):
        spot.place("ZA", latitude="-26.5", longitude="28.25")
    odd = spot.place("ZA", latitude="28.25", longitude="-26.5")
    told = Told("swapped_coordinates", "places.csv", odd, "latitude", "28.25", "warning")
    return [told]


@breaks("no_events")
def a_tie_without_events(spot: Spot) -> list[Told]:
    ends = [spot.place()["place_id"] for _ in range(2)]
    code = spot.files.fresh("tie")
    tie = spot.files.new("ties", tie_id=code, place_a=ends[0], place_b=ends[1])
    spot.claimed.add(code)  # another defect would give it an event
    return [Told("no_events", "ties.csv", tie, "tie_id", code, "warning")]


def _named(rule: str, name: str) -> Way:
    def way(spot: Spot) -> list[Told]:
        place = spot.place()
        if spot.draw(st.booleans()):
            place["name"] = name
            return [Told(rule, "places.csv", place, "name", name, "warning")]
        cells = {"place_id": place["place_id"], "name": name, "language": "en"}
        row = spot.files.new("place_names", **cells)
        return [Told(rule, "place_names.csv", row, "name", name, "warning")]

    return way


WAYS["hidden_character"] = [_named("hidden_character", f"Om{c}sk") for c in "\u00ad\u200b\u202e"]
WAYS["mixed_letters"] = [_named("mixed_letters", name) for name in ("Mоscow", "Тулa", "Αthens")]


# What came when ---------------------------------------------------------------------------


@breaks("second_founding")
def a_second_founding(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    for _ in range(2):
        last = spot.say("founded", "1995", tie["tie_id"])
    events = spot.files.table("events")
    own = [e for e in events if e["tie_id"] == tie["tie_id"] and e["kind"] == "founded"]
    assert own[-1] is last
    return [Told("second_founding", "events.csv", row, "kind", "founded") for row in own[1:]]


@breaks("before_founding")
def an_end_before_the_founding(spot: Spot) -> list[Told]:
    tie = spot.new_tie(*(spot.place()["place_id"] for _ in range(2)))["tie_id"]
    founded = spot.draw(st.sampled_from(["1990", "1990-06-01", "1990/..", "199X"]))
    kind = spot.draw(st.sampled_from(["terminated", "suspended", "dormant", "renewed"]))
    date = spot.draw(st.sampled_from(["1989", "1989-12-31", "../1988", "198X"]))
    spot.say("founded", founded, tie)
    event = spot.say(kind, date, tie)
    return [Told("before_founding", "events.csv", event, "date", date)]


@breaks("nothing_to_reinstate")
def a_reinstatement_of_what_stood(spot: Spot) -> list[Told]:
    tie = spot.new_tie(*(spot.place()["place_id"] for _ in range(2)))["tie_id"]
    if spot.draw(st.booleans()):
        spot.say("suspended", "2012", tie)
    event = spot.say("reinstated", "2011", tie)
    return [Told("nothing_to_reinstate", "events.csv", event, "kind", "reinstated", "warning")]


@breaks("agreed_after_end")
def an_agreement_after_an_end(spot: Spot) -> list[Told]:
    tie = spot.new_tie(*(spot.place()["place_id"] for _ in range(2)))["tie_id"]
    spot.say("terminated", "2011", tie)
    kind = spot.draw(st.sampled_from(["agreement", "renewed"]))
    event = spot.say(kind, "2012", tie)
    return [Told("agreed_after_end", "events.csv", event, "date", "2012", "warning")]


@breaks("founded_until")
def a_founding_for_a_term(spot: Spot) -> list[Told]:
    tie = spot.new_tie(*(spot.place()["place_id"] for _ in range(2)))["tie_id"]
    event = spot.say("founded", "2005", tie)
    event["until"] = "2011"
    return [Told("founded_until", "events.csv", event, "until", "2011", "warning")]


@breaks("until_before_date")
def a_run_that_ends_before_it_begins(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    event = spot.say("exchange", "2005-06", tie["tie_id"])
    event["until"] = spot.draw(st.sampled_from(["2005-05", "2004", "../2003"]))
    return [Told("until_before_date", "events.csv", event, "until", event["until"])]


@breaks("name_ends_early")
def a_name_that_ends_before_it_begins(spot: Spot) -> list[Told]:
    code = spot.place()["place_id"]
    cells = {"place_id": code, "name": "Old", "language": "en", "valid_from": "1930"}
    row = spot.files.new("place_names", **cells, valid_to="1929")
    return [Told("name_ends_early", "place_names.csv", row, "valid_to", "1929")]


@breaks("before_place")
def a_visit_before_the_place(spot: Spot) -> list[Told]:
    ends = [spot.place()["place_id"] for _ in range(2)]
    tie = spot.new_tie(*ends)["tie_id"]
    young = spot.draw(st.sampled_from(ends))
    for name, start in (("Later", "1950"), ("First", "1939-07-14")):
        cells = {"place_id": young, "name": name, "language": "en"}
        spot.files.new("place_names", **cells, valid_from=start)
    date = spot.draw(st.sampled_from(["1938", "1939-07-13", "../1920", "1939-06"]))
    event = spot.say("visit", date, tie)
    return [Told("before_place", "events.csv", event, "date", date)]


LOOKED_AT = (
    ("events", "date"),
    ("sources", "published"),
    ("sources", "accessed"),
    ("searches", "searched_on"),
    ("counts", "date"),
)


@breaks("future")
def what_is_yet_to_come(spot: Spot) -> list[Told] | None:
    files, code, date = spot.files, spot.files.fresh("later"), "2026-11-24"
    table, column = spot.draw(st.sampled_from(LOOKED_AT))
    if table == "events":
        files.new("sources", source_id=code, title="Undated")
        tie = spot.tie()
        if tie is None:
            return None
        row = spot.say("visit", date, tie["tie_id"], source=code)
    elif table == "sources":
        row = files.new("sources", source_id=code, title="Unused", **{column: date})
    elif table == "searches":
        tie = spot.tie()
        if tie is None:
            return None
        cells = {"tie_id": tie["tie_id"], "query": code, "hits": "0"}
        row = files.new("searches", searched_on=date, **cells)
    else:
        row = files.new("counts", date=date, count="1", scope=code, source_id="s0")
    return [Told("future", _file(table), row, column, date)]


# Who says so ------------------------------------------------------------------------------


@breaks("no_side")
def an_act_of_nobody(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    kind = spot.draw(st.sampled_from(["suspended", "terminated"]))
    event = spot.say(kind, "2005", tie["tie_id"], side="none")
    return [Told("no_side", "events.csv", event, "side", "none")]


@breaks("no_reported_status")
def a_report_of_nothing(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    event = spot.say("reported", "2005", tie["tie_id"], side="none")
    return [Told("no_reported_status", "events.csv", event, "reported_status")]


@breaks("stray_reported_status")
def a_status_of_what_is_no_report(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    event = spot.say("visit", "2005", tie["tie_id"], reported_status="active")
    return [Told("stray_reported_status", "events.csv", event, "reported_status", "active")]


@breaks("report_with_a_side")
def a_report_that_a_government_made(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    event = spot.say("reported", "2005", tie["tie_id"], side="both", reported_status="dormant")
    return [Told("report_with_a_side", "events.csv", event, "side", "both")]


@breaks("unattested")
def an_event_that_nobody_attests(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    event = spot.say("visit", "2005", tie["tie_id"], source="")
    return [Told("unattested", "events.csv", event, "event_id", event["event_id"])]


@breaks("date_unattested")
def a_date_from_nowhere(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    event = spot.say("visit", "2005", tie["tie_id"])
    code = event["event_id"]
    spot.files.new("attestations", event_id=code, source_id="s1", date="2004")
    return [Told("date_unattested", "events.csv", event, "date", "2005", "warning")]


@breaks("published_before_event")
def a_source_older_than_what_it_reports(spot: Spot) -> list[Told] | None:
    tie = spot.tie()
    if tie is None:
        return None
    code = spot.files.fresh("s")
    spot.files.new("sources", source_id=code, title="Old", published="2004")
    spot.say("visit", "2005-01-01", tie["tie_id"], source=code)
    row = spot.files.table("attestations")[-1]
    rule = "published_before_event"
    return [Told(rule, "attestations.csv", row, "source_id", code, "warning")]


@breaks("read_before_published")
def a_source_read_before_it_came_out(spot: Spot) -> list[Told]:
    cells = {"source_id": spot.files.fresh("s"), "title": "Early"}
    row = spot.files.new("sources", **cells, published="2020-02", accessed="2020-01")
    rule = "read_before_published"
    return [Told(rule, "sources.csv", row, "accessed", "2020-01", "warning")]


# A whole file -----------------------------------------------------------------------------


def _any_table(spot: Spot) -> str:
    return spot.draw(st.sampled_from([*tables.TABLES]))


def _after(spot: Spot, change: Callable[[Path], None]) -> None:
    """Change the folder after it is written."""

    def tamper(folder: Path) -> Path:
        change(folder)
        return folder

    spot.files.tamper = tamper


@breaks("unknown_column")
def a_column_that_no_table_has(spot: Spot) -> list[Told] | None:
    table = _any_table(spot)
    if ("header", table) in spot.claimed:
        return None
    spot.claimed.add(("header", table))
    columns = spot.files.columns[table]
    heading = spot.draw(st.sampled_from(["remark", "nme", "Заметка"]))
    columns.insert(spot.draw(st.integers(0, len(columns))), heading)
    return [Told("unknown_column", _file(table), None, heading, heading, line=1)]


@breaks("duplicate_column")
def a_column_twice(spot: Spot) -> list[Told] | None:
    table = _any_table(spot)
    if ("header", table) in spot.claimed:
        return None
    spot.claimed.add(("header", table))
    heading = spot.draw(st.sampled_from(spot.files.columns[table]))
    spot.files.columns[table].append(heading)
    return [Told("duplicate_column", _file(table), None, heading, heading, line=1)]


@breaks("missing_column", alone=True)
def a_column_less(spot: Spot) -> list[Told] | None:
    table = _any_table(spot)
    described = tables.columns(table)
    column = spot.draw(
        st.sampled_from([name for name in described if not described[name].nullable])
    )
    key = [name for name in tables.KEYS[table] if name != column]
    rows = [tuple(row[name] for name in key) for row in spot.files.table(table)]
    if len(set(rows)) < len(rows) and key[:1] == [tables.KEYS[table][0]]:
        return None  # without the column these rows would be the same
    spot.files.columns[table].remove(column)
    return [Told("missing_column", _file(table), None, column, line=1)]


@breaks("no_rows", alone=True)
def a_header_and_no_more(spot: Spot) -> list[Told]:
    spot.files.rows["attestations"].clear()
    spot.files.rows["events"].clear()
    told = [
        Told("no_events", "ties.csv", row, "tie_id", row["tie_id"], "warning")
        for row in spot.files.table("ties")
    ]
    return [Told("no_rows", "events.csv"), Told("no_rows", "attestations.csv"), *told]


@breaks("misnamed")
def a_file_that_was_meant_as_a_table(spot: Spot) -> list[Told] | None:
    if "tamper" in spot.claimed:
        return None
    spot.claimed.add("tamper")
    name = spot.draw(st.sampled_from(["event.csv", "place-names.parquet", "Ties.CSV"]))
    _after(spot, lambda folder: (folder / name).write_text("x", "utf-8") and None)
    return [Told("misnamed", name, severity="warning")]


@breaks("record")
def a_word_of_the_record_that_is_none(spot: Spot) -> list[Told] | None:
    key, text = spot.draw(
        st.sampled_from(
            [("title", "7"), ("name", "[]"), ("countries", "3"), ("licence", "2026-01-01")]
        )
    )
    if ("about", key) in spot.claimed:
        return None
    spot.claimed.add(("about", key))
    spot.files.about[key] = text
    return [Told("record", "record.toml", None, key)]


@breaks("record", alone=True)
def a_description_that_is_no_toml(spot: Spot) -> list[Told]:
    spot.files.about = {"as_of": "2026-11-23", "title": "two words"}
    return [Told("record", "record.toml", line=2)]


@breaks("no_as_of", alone=True)
def nothing_that_tells_when(spot: Spot) -> list[Told]:
    files = spot.files
    files.about = {}
    del files.rows["searches"]
    for event in files.table("events"):
        event |= {"date": "2010/..", "until": ""}
    for row in files.table("attestations"):
        row["date"] = ""
    for source in files.table("sources"):
        source |= {"published": "", "accessed": ""}
    # Nothing is dated, so no act comes before another.
    files.rows["events"] = [e for e in files.table("events") if e["kind"] != "reinstated"]
    known = {event["event_id"] for event in files.table("events")}
    files.rows["attestations"] = [
        row for row in files.table("attestations") if row["event_id"] in known
    ]
    return [Told("no_as_of", "record.toml")]


@breaks("missing_table", alone=True)
def a_table_less(spot: Spot) -> list[Told]:
    table = spot.draw(st.sampled_from(tables.REQUIRED))
    del spot.files.rows[table]
    return [Told("missing_table", _file(table))]


@breaks("duplicate_table", alone=True)
def a_table_in_two_forms(spot: Spot) -> list[Told]:
    table = _any_table(spot)
    _after(spot, lambda folder: (folder / f"{table}.parquet").write_bytes(b"PAR1") and None)
    return [Told("duplicate_table", _file(table))]


@breaks("link_out", alone=True)
def a_link_out_of_the_folder(spot: Spot) -> list[Told]:
    table = _any_table(spot)

    def move(folder: Path) -> None:
        elsewhere = folder.with_name("elsewhere.csv")
        (folder / _file(table)).rename(elsewhere)
        (folder / _file(table)).symlink_to(elsewhere)

    _after(spot, move)
    return [Told("link_out", _file(table))]


@breaks("unreadable", alone=True)
def a_folder_in_place_of_a_file(spot: Spot) -> list[Told]:
    table = _any_table(spot)

    def replace(folder: Path) -> None:
        (folder / _file(table)).unlink()
        (folder / _file(table)).mkdir()

    _after(spot, replace)
    return [Told("unreadable", _file(table))]


@breaks("rows", alone=True)
def rows_that_lead_to_no_tie(spot: Spot) -> list[Told]:
    _after(spot, lambda folder: (folder / "rows.csv").write_text("no\n1\n", "utf-8") and None)
    return [Told("rows", "rows.csv", severity="warning")]


def _bytes(rule: str, change: Callable[[bytes], bytes], line: int | None) -> Way:
    """Give the way to change the bytes of a file, which is told on a line or on none."""

    def way(spot: Spot) -> list[Told]:
        table = _any_table(spot)

        def rewrite(folder: Path) -> None:
            path = folder / _file(table)
            path.write_bytes(change(path.read_bytes()))

        _after(spot, rewrite)
        spot.files.newline, spot.files.n_blank = "\n", 0
        spot.files.has_mark, spot.files.quoting = False, csv.QUOTE_MINIMAL
        return [Told(rule, _file(table), line=line)]

    return way


ALONE["empty_file"] = [_bytes("empty_file", lambda _: b"", None)]
ALONE["nul_byte"] = [_bytes("nul_byte", lambda text: b"\0" + text, 1)]
ALONE["line_ends"] = [_bytes("line_ends", lambda text: text.replace(b"\n", b"\r", 1), 1)]
ALONE["line_length"] = [_bytes("line_length", lambda text: b"x" * (MAX_LINE + 1) + text, 1)]
ALONE["quote"] = [_bytes("quote", lambda text: b'"' + text.replace(b'"', b""), 1)]
ALONE["delimiter"] = [_bytes("delimiter", lambda text: text.replace(b",", b";"), 1)]
ALONE["encoding"] = [
    _bytes("encoding", lambda text: "ж".encode("cp1251") + text, 1),
    _bytes("encoding", lambda text: text.decode().encode("utf-16"), None),
]


# Other forms ------------------------------------------------------------------------------


@breaks("column_type", alone=True)
def a_list_in_a_cell(spot: Spot) -> list[Told]:
    def rewrite(folder: Path) -> None:
        path = folder / "events.csv"
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        frame["actor"] = [[text] for text in frame["actor"]]
        frame.to_parquet(path.with_suffix(".parquet"))
        path.unlink()

    _after(spot, rewrite)
    return [Told("column_type", "events.parquet", None, "actor")]


def _book(spot: Spot, change: Callable[[Workbook], None]) -> None:
    """Give the record as a workbook, changed by hand."""

    def tamper(folder: Path) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for name, rows in spot.files.rows.items():
            sheet = book.create_sheet(name)
            columns = spot.files.columns[name]
            for cells in [columns, *([row[column] for column in columns] for row in rows)]:
                sheet.append(cells)
                for cell in sheet[sheet.max_row]:
                    cell.data_type = "s"  # text, even where it begins like a formula
        about = book.create_sheet("record")
        about.append(["as_of", "2026-11-23"])
        change(book)
        path = folder.with_suffix(".xlsx")
        book.save(path)
        return path

    spot.files.tamper = tamper


def _cell_of(rule: str, value: Any, shown: str) -> Way:
    """Give the way to type something that is no text into a cell for text."""

    def way(spot: Spot) -> list[Told]:
        files = spot.files
        number = spot.draw(st.integers(0, len(files.table("sources")) - 1))
        place = files.columns["sources"].index("title") + 1

        def change(book: Workbook) -> None:
            book["sources"].cell(number + 2, place).value = value

        _book(spot, change)
        file = "drawn.xlsx[sources]"
        return [Told(rule, file, files.table("sources")[number], "title", shown, line=number + 2)]

    return way


ALONE["formula"] = [_cell_of("formula", "=1+1", "=1+1")]
ALONE["excel_error"] = [_cell_of("excel_error", "#N/A", "#N/A")]
ALONE["excel_date"] = [_cell_of("excel_date", dt.datetime(1991, 6, 26), "1991-06-26")]
ALONE["truth_value"] = [_cell_of("truth_value", True, "True")]


@breaks("merged_cells", alone=True)
def cells_that_are_merged(spot: Spot) -> list[Told]:
    files = spot.files
    files.columns["sources"] = ["source_id", "title", "published", "accessed", "kind", "publisher"]
    files.columns["sources"] += ["note", "url"]
    _book(spot, lambda book: book["sources"].merge_cells("F2:H2"))
    row = files.table("sources")[0]
    return [Told("merged_cells", "drawn.xlsx[sources]", row, line=2)]


@breaks("header", alone=True)
def a_header_that_is_a_formula(spot: Spot) -> list[Told]:
    def change(book: Workbook) -> None:
        book["events"].cell(1, 1).value = "=1+1"

    _book(spot, change)
    return [Told("header", "drawn.xlsx[events]", line=1)]


@breaks("sheet_size", alone=True)
def a_sheet_that_reaches_far(spot: Spot) -> list[Told]:
    def change(book: Workbook) -> None:
        sheet: Worksheet = book["events"]
        sheet.cell(MAX_CELLS // sheet.max_column + 1, sheet.max_column).value = "x"

    _book(spot, change)
    return [Told("sheet_size", "drawn.xlsx[events]")]
