"""What is fuzzed: every parser of what strangers give us, with inputs to begin from.

A target takes bytes and may refuse them with an error of ours. Anything else that it raises, a
hang, or a lost entry is a finding.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pandas as pd

from ties.claims.read import parse_claims
from ties.dates import date_bounds, is_edtf
from ties.errors import TiesError
from ties.importers.flat import read_flat
from ties.importers.freetext import edtf_of
from ties.importers.kinds import detect
from ties.importers.mapping import read_mapping
from ties.importers.nested import read_nested
from ties.importers.statements import Reading
from ties.importers.wikidata import read_wikidata
from ties.importers.wikidata.times import read_literal
from ties.importers.wikipedia.html import read_html
from ties.importers.wikipedia.wikitext import read_wikitext
from ties.inputs import read
from ties.merge.split import read_apart
from ties.places.decisions import read_decisions

SCRATCH = Path(tempfile.mkdtemp(prefix="ties-fuzz-"))


class LostEntryError(Exception):
    """An entry is neither a statement nor rejected."""


def of_file(name: str, reader: Callable[[Path], object]) -> Callable[[bytes], None]:
    """A target that writes its input to a file and reads that."""
    path = SCRATCH / name

    def target(data: bytes) -> None:
        path.write_bytes(data)
        try:
            found = reader(path)
        except TiesError:
            return
        if isinstance(found, Reading):
            check(found)

    return target


def check(reading: Reading) -> None:
    """Check that every entry stands on a row of the input, and every refused one has a reason."""
    for table in (reading.statements, reading.rejected):
        if len(table) and not table["row"].between(0, reading.n_rows - 1).all():
            raise LostEntryError("an entry stands on no row of the input")
    if reading.rejected["reason"].isna().any():
        raise LostEntryError("an entry was refused without a reason")


def of_text(function: Callable[[str], object]) -> Callable[[bytes], None]:
    """A target that reads its input as text."""

    def target(data: bytes) -> None:
        try:
            function(data.decode("utf-8", errors="replace"))
        except TiesError:
            return

    return target


def free_date(text: str) -> None:
    """Read a date as people write it: what comes out is EDTF, or nothing."""
    found = edtf_of(text).edtf
    if found is not None and not is_edtf(pd.Series([found], dtype="str")).all():
        raise LostEntryError(f"{found!r} is no EDTF")


def edtf(text: str) -> None:
    """Read EDTF: valid dates have bounds in order, and others none."""
    dates = pd.Series([text], dtype="str")
    if is_edtf(dates).all():
        bounds = date_bounds(dates)
        if (bounds["earliest"] > bounds["latest"]).any():
            raise LostEntryError(f"{text!r} ends before it begins")


def record(path: Path) -> None:
    """Read a folder of which one table is the input."""
    for name, lines in TABLES.items():
        (path.parent / name).write_text(lines, "utf-8")
    (path.parent / "events.csv").write_bytes(path.read_bytes())
    read(path.parent, on_invalid="reject")


TABLES = {
    "places.csv": "place_id,name,country,level\nde-bonn,Bonn,DE,city\npl-opole,Opole,PL,city\n",
    "ties.csv": "tie_id,place_a,place_b,kind\nbonn-opole,de-bonn,pl-opole,sister\n",
    "sources.csv": "source_id,title\ns1,A list\n",
    "attestations.csv": "event_id,source_id\ne1,s1\n",
}
(SCRATCH / "record").mkdir()

TARGETS: dict[str, Callable[[bytes], None]] = {
    "free_date": of_text(free_date),
    "edtf": of_text(edtf),
    "wikidata_time": of_text(read_literal),
    "table_csv": of_file("t.csv", read_flat),
    "table_json": of_file("t.json", read_flat),
    "table_xlsx": of_file("t.xlsx", read_flat),
    "wikitext": of_file("t.wiki", read_wikitext),
    "html": of_file("t.html", read_html),
    "wikidata": of_file("w.json", read_wikidata),
    "nested": of_file("n.json", read_nested),
    "detect": of_file("d", detect),
    "mapping": of_file("m.toml", read_mapping),
    "claims": of_text(lambda text: parse_claims(text, "claims.toml")),
    "decisions": of_file("d.csv", read_decisions),
    "apart": of_file("x.csv", read_apart),
    "record": of_file("record/input", record),
}

_TIES = "city,country,partner,partner country,since\nBonn,Germany,Opole,Poland,1954\n"
_EVENTS = "event_id,tie_id,date,kind,side,summary\ne1,bonn-opole,1954-06,founded,both,Signed\n"
_NESTED = '{"Bonn": {"sister_city": ["Opole"], "country_of_sc": ["Poland"], "country": "Germany"}}'
_ANSWER = (
    '{"results": {"bindings": [{"item": {"type": "uri", "value": '
    '"http://www.wikidata.org/entity/Q64"}, "itemLabel": {"type": "literal", "value": "Berlin"}, '
    '"sistercity": {"type": "uri", "value": "http://www.wikidata.org/entity/Q90"}}]}}'
)
_ENTITY = (
    '{"entities": {"Q64": {"id": "Q64", "labels": {"en": {"value": "Berlin"}}, "claims": {"P190": '
    '[{"id": "Q64$1", "rank": "normal", "mainsnak": {"snaktype": "value", "datavalue": {"value": '
    '{"id": "Q90"}}}, "qualifiers": {"P580": [{"datavalue": {"value": {"time": '
    '"+1987-07-02T00:00:00Z", "precision": 11, "calendarmodel": "Q1985727"}}}]}}]}}}}'
)
_CLAIM = (
    '[[claim]]\nid = "many"\nwho = "A"\nsaid_on = "2018-11-28"\nwhere = "B"\nwording = "C"\n'
    'population = "D"\nlooks = [{ as_of = "2018-11-28" }]\n[[claim.condition]]\n'
    'estimand = "share_of_decade"\nmore_than = 0.5\n'
)
_DECISIONS = "name,country,region,on,place_key,decided_on,reason\nBonn,DE,,,de-bonn,2026-11-23,x\n"
_APART = "statement_id,name_a,name_b,end,place_key,decided_on,reason\na:1,B,O,a,,2026-11-23,x\n"


def workbook() -> bytes:
    """Make a small workbook."""
    from openpyxl import Workbook

    book, content = Workbook(), BytesIO()
    for line in _TIES.splitlines():
        book.active.append(line.split(","))
    book.save(content)
    return content.getvalue()


SEEDS: dict[str, tuple[str | bytes, ...]] = {
    "free_date": (
        "c. 1970",
        "late 1980s",
        "1989-91",
        "20.06.1990",
        "июнь 1991",
        "昭和45年",
        "1991?",
    ),
    "edtf": ("1991-06", "1989/1991", "../1988-12-05", "198X", "1991~", "[1984,1986]"),
    "wikidata_time": ("+1987-07-02T00:00:00Z", "1987-07-02", "-0044-03-15T00:00:00Z", "1987"),
    "table_csv": (_TIES, _TIES.replace(",", ";"), _TIES.replace(",", "\t")),
    "table_json": ('[{"city": "Bonn", "partner": "Opole", "since": 1954}]',),
    "table_xlsx": (workbook(),),
    "wikitext": (
        "==[[Bonn]]==\n* {{flagicon|POL}} [[Opole]], Poland (1954)<ref>x</ref>\n",
        "===Ulm===\n'''Former'''\n* [[Brest]], France, [[Como]], Italy (suspended in 2022)\n",
    ),
    "html": (
        "<h2>Bonn</h2><ul><li><a title='Opole'>Opole</a>, Poland (since 1954)</li></ul>",
        "<table class='wikitable'><tr><th>City<th>Partner<tr><td>Bonn<td>Opole</table>",
    ),
    "wikidata": (_ANSWER, _ENTITY, '[{"item": "http://www.wikidata.org/entity/Q64"}]'),
    "nested": (_NESTED,),
    "detect": (_NESTED, _TIES, _ANSWER, "==[[Bonn]]==\n* [[Opole]]\n"),
    "mapping": (
        '[columns]\nname_a = "city"\n[constants]\ncountry_a = "DE"\n[options]\nheader = 1\n',
    ),
    "claims": (_CLAIM,),
    "decisions": (_DECISIONS,),
    "apart": (_APART,),
    "record": (_EVENTS,),
}
