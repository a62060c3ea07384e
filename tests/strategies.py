"""Whole records as they lie on disk, drawn by hypothesis: all eight tables, every form of a cell.

Time is laid out in stages, so that a drawn record breaks no rule and deserves no warning:
names begin by 1940, foundings lie in 1950 to 1999, what follows in 2001 to 2015 (an end before
its undoing), sources come out from 2017 on, and the record is of 2026. A defect then stands out.
"""

from __future__ import annotations

import csv
import io
import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ties.schema import tables, vocabulary

OPTIONAL = ("place_names", "searches", "counts")
FORMAL_ACTS = ("suspended", "terminated", "reinstated")


class Row(dict[str, str]):
    """The cells of one row by column; rows alike are still two rows."""

    extra: tuple[str, ...] = ()
    """Cells beyond the last column."""
    n_cut = 0
    """Cells that are missing at the end."""

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


@dataclass
class Files:
    """A record to be: rows by table, what it says of itself, and how it is written down."""

    rows: dict[str, list[Row]]
    columns: dict[str, list[str]]
    about: dict[str, Any] = field(default_factory=dict)
    has_mark: bool = False
    newline: str = "\n"
    quoting: int = csv.QUOTE_MINIMAL
    n_blank: int = 0
    n_made: int = 0
    tamper: Callable[[Path], Path] | None = None
    """What is done to the folder last; it gives the path to read instead."""

    def table(self, name: str) -> list[Row]:
        return self.rows[name]

    def new(self, table: str, **cells: str) -> Row:
        """Add a row; what is not given is empty."""
        row = Row({name: cells.get(name, "") for name in tables.columns(table)})
        self.rows[table].append(row)
        return row

    def fresh(self, stem: str) -> str:
        """Give a code that nothing bears yet; it sorts after those drawn."""
        self.n_made += 1
        return f"{stem}-{self.n_made:03}"

    def write(self, folder: Path) -> tuple[Path, dict[Row, int]]:
        """Write the files; give the path to read, and the line on which each row starts."""
        folder.mkdir()
        lines: dict[Row, int] = {}
        for name, rows in self.rows.items():
            text = self._text(name, rows, lines)
            mark = b"\xef\xbb\xbf" if self.has_mark else b""
            (folder / f"{name}.csv").write_bytes(mark + text.encode())
        if self.about:
            described = "".join(f"{key} = {value}\n" for key, value in self.about.items())
            (folder / "record.toml").write_text(described, encoding="utf-8")
        path = folder if self.tamper is None else self.tamper(folder)
        if path.suffix == ".xlsx":
            lines = {row: n for rows in self.rows.values() for n, row in enumerate(rows, start=2)}
        return path, lines

    def _text(self, name: str, rows: list[Row], lines: dict[Row, int]) -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator=self.newline, quoting=self.quoting)
        writer.writerow(self.columns[name])
        for row in rows:
            out.write(self.newline * self.n_blank)
            lines[row] = out.getvalue().count("\n") + 1
            cells = [row.get(column, "") for column in self.columns[name]]
            writer.writerow([*cells[: len(cells) - row.n_cut], *row.extra])
        return out.getvalue()


# Text and dates ---------------------------------------------------------------------------

PLAIN_WORDS = ["Omsk", "Old Town", "Санкт-Петербург", "Ñuñoa", "Łódź", "日本", "עיר", "🏙", "1991"]
# What a file, a spreadsheet or a reader of tables may take for something else.
ODD_WORDS = ['the "Hero" City', "Washington, D.C.", "a;b\tc|d", "two\nlines", "two\r\nlines"]
TAKEN_WORDS = ["NA", "null", "None", "#N/A", "'", "''t Harde", "'quoted'", "=1+1", "@home", "-x"]
WORDS = st.sampled_from([*PLAIN_WORDS, *ODD_WORDS, *TAKEN_WORDS])
TEXTS = (
    st.lists(
        st.one_of(WORDS, st.text(string.ascii_letters + "äéйё, \"'\n", min_size=1, max_size=12)),
        min_size=1,
        max_size=3,
    )
    .map(" / ".join)
    .filter(lambda text: text.strip() != "")
)
NOTES = st.one_of(st.just(""), TEXTS)
NAMES = st.lists(WORDS, min_size=1, max_size=2).map(" ".join)


@st.composite
def dates(draw: st.DrawFn, first: int, last: int, *, is_closed: bool = False) -> str:
    """Draw an EDTF date of some precision that has a day in the years from `first` to `last`."""
    year = draw(st.integers(first + 2, last - 2))
    month, day = draw(st.integers(1, 12)), draw(st.integers(1, 28))
    forms = [
        f"{year}",
        f"{year}-{month:02}",
        f"{year}-{month:02}-{day:02}",
        f"{year}-{20 + (month + 2) // 3}",
        f"{year}-XX",
        f"{year}-{month:02}-XX",
        f"{year}~",
        f"{year}?",
        f"{year}%",
        f"{year}-{month:02}~",
        f"{year}-{month:02}-{day:02}?",
        f"{year - 1}/{year + 1}",
        f"{year}-{month:02}/{year}-12-31",
    ]
    decade = year // 10 * 10
    forms += [f"{year // 10}X"] if first <= decade and decade + 9 <= last else []
    forms += [] if is_closed else [f"../{year}", f"{year}/..", f"{year}/", f"/{year}"]
    return draw(st.sampled_from(forms))


def _maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), strategy)


def _codes(words: Iterable[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(words))


# Tables -----------------------------------------------------------------------------------


@st.composite
def _place(draw: st.DrawFn, number: int, country: str, above: Sequence[str]) -> Row:
    # So near one another that no place is suspected of swapped coordinates.
    middle = {"RU": (55, 45), "US": (40, -75)}[country]
    at = [f"{degrees + draw(st.integers(-50, 50)) / 100}" for degrees in middle]
    latitude, longitude = draw(st.sampled_from([at, ["", ""]]))
    return Row(
        place_id=f"{country.lower()}-{number:02}",
        name=draw(NAMES),
        country=country,
        region=draw(_maybe(st.sampled_from(["RU-MAG", "US-AK", "NO-3"]))),
        level=draw(_codes(vocabulary.LEVELS)),
        latitude=latitude,
        longitude=longitude,
        population=draw(st.sampled_from(["", "0", "92052", "3.0"])),
        geonames_id=draw(_maybe(st.integers(1, 10**7).map(str))),
        wikidata_id=draw(_maybe(st.integers(1, 10**6).map("Q{}".format))),
        part_of=draw(_maybe(st.sampled_from([*above]))) if above else "",
        claimed_by=draw(st.sampled_from(["", "", "UA"])),
    )


@st.composite
def _names(draw: st.DrawFn, places: list[Row]) -> list[Row]:
    rows = []
    for place in places:
        for number in range(draw(st.integers(0, 2))):
            rows.append(
                Row(
                    place_id=place["place_id"],
                    name=f"{draw(NAMES)} {number}",
                    language=draw(st.sampled_from(["en", "ru", "rus"])),
                    valid_from=draw(_maybe(dates(1900, 1920))),
                    valid_to=draw(_maybe(dates(1930, 1945))),
                )
            )
    return rows


def _event(draw: st.DrawFn, tie: Row, number: int, kind: str, date: str) -> Row:
    sides = set(vocabulary.SIDES) - ({"none"} if kind in FORMAL_ACTS else set())
    is_report = kind == "reported"
    return Row(
        event_id=f"{tie['tie_id']}-e{number}",
        tie_id=tie["tie_id"],
        date=date,
        until=draw(_maybe(dates(2016, 2022))) if kind in ("visit", "exchange") else "",
        kind=kind,
        side="none" if is_report else draw(_codes(sides)),
        actor=draw(NOTES),
        summary=draw(TEXTS),
        reported_status=draw(_codes(vocabulary.REPORTED_STATUSES)) if is_report else "",
    )


@st.composite
def _events(draw: st.DrawFn, tie: Row) -> list[Row]:
    """Draw the life of a tie; whatever is reinstated was stopped some years before."""
    plain = set(vocabulary.EVENT_KINDS) - {"founded", *FORMAL_ACTS}
    told: list[tuple[str, str]] = []
    if draw(st.booleans()):
        told.append(("founded", draw(dates(1950, 1999))))
    if draw(st.booleans()):
        told.append((draw(st.sampled_from(FORMAL_ACTS[:2])), draw(dates(2001, 2008))))
        if draw(st.booleans()):
            told.append(("reinstated", draw(dates(2008, 2015))))
    # Every tie has an event that nothing else hangs on.
    for kind in draw(st.lists(_codes(plain), min_size=1, max_size=2)):
        # An agreement comes before any end, for after one it would be warned of.
        is_agreement = kind in ("agreement", "renewed")
        told.append((kind, "2000-06" if is_agreement else draw(dates(2001, 2015))))
    return [_event(draw, tie, number, *one) for number, one in enumerate(told)]


@st.composite
def _attestations(draw: st.DrawFn, events: list[Row], sources: list[Row]) -> list[Row]:
    rows = []
    for event in events:
        first = draw(st.sampled_from(["", event["date"]]))
        # A source that disagrees is no fault while another agrees.
        given = [first] + ([draw(dates(1950, 2015))] if first and draw(st.booleans()) else [])
        by = draw(st.permutations(sources))
        for date, source in zip(given, by, strict=False):
            codes = {"event_id": event["event_id"], "source_id": source["source_id"]}
            rows.append(Row(codes, date=date, note=draw(NOTES)))
    return rows


@st.composite
def _sources(draw: st.DrawFn) -> list[Row]:
    return [
        Row(
            source_id=f"s{number}",
            title=draw(TEXTS),
            publisher=draw(NOTES),
            url=draw(st.sampled_from(["", "https://example.org/?a=1&b=2,3"])),
            published=draw(_maybe(dates(2017, 2023))),
            accessed="2026-11-20" if not number else draw(_maybe(dates(2023, 2027))),
            kind=draw(_maybe(_codes(vocabulary.SOURCE_KINDS))),
            note=draw(NOTES),
        )
        for number in range(draw(st.integers(2, 3)))
    ]


@st.composite
def valid_records(draw: st.DrawFn, *, is_full: bool = False) -> Files:
    """Draw a record without an error and without a warning.

    A full one has all its tables, columns and its own date, so that any defect can be put in.
    """
    places: list[Row] = []
    for number in range(draw(st.integers(4, 6))):
        above = [place["place_id"] for place in places]
        places.append(draw(_place(number, ("RU", "US")[number % 2], above)))
    ids = sorted(place["place_id"] for place in places)
    pairs = [(a, b) for a in ids for b in ids if a < b]
    drawn = draw(st.lists(st.sampled_from(pairs), min_size=2, max_size=3, unique=True))
    ties = [
        Row(tie_id=f"t{n}", place_a=a, place_b=b, kind=draw(_maybe(_codes(vocabulary.TIE_KINDS))))
        for n, (a, b) in enumerate(drawn)
    ]
    events = [event for tie in ties for event in draw(_events(tie))]
    sources = draw(_sources())
    searches = [
        Row(tie_id=tie["tie_id"], searched_on=f"20{20 + n}", query=draw(TEXTS), hits=str(n))
        for n, tie in enumerate(ties)
    ]
    counts = [
        Row(
            date=f"20{10 + n}",
            count="12",
            scope=draw(TEXTS),
            source_id="s0",
            population=draw(_maybe(_codes(vocabulary.COUNT_POPULATIONS))),
            claims=draw(_maybe(_codes(vocabulary.COUNT_CLAIMS))),
        )
        for n in range(2)
    ]
    rows = {
        "places": places,
        "place_names": draw(_names(places)),
        "ties": ties,
        "events": events,
        "sources": sources,
        "attestations": draw(_attestations(events, sources)),
        "searches": searches,
        "counts": counts,
    }
    columns = {name: draw(st.permutations([*tables.columns(name)])) for name in rows}
    return draw(_laid_out(rows, columns, is_full))


@st.composite
def _laid_out(
    draw: st.DrawFn, rows: dict[str, list[Row]], columns: dict[str, list[str]], is_full: bool
) -> Files:
    """Draw how a record is written down: what may be absent, and the manner of its files."""
    rows = {name: draw(st.permutations(table)) for name, table in rows.items()}
    about = {"name": '"drawn"', "as_of": "2026-11-23", "countries": '["RU", "US"]'}
    if not is_full:
        for name in OPTIONAL:
            if draw(st.booleans()):
                del rows[name]
        for table, name in (("events", "actor"), ("sources", "url"), ("places", "part_of")):
            if draw(st.booleans()):
                columns[table].remove(name)
        about = draw(st.sampled_from([about, {}]))
    return Files(
        rows,
        columns,
        about,
        has_mark=draw(st.booleans()),
        newline=draw(st.sampled_from(["\n", "\r\n"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        n_blank=draw(st.integers(0, 1)),
    )
