"""What a hostile file can try, and what becomes of it; `docs/security.md` lists the same."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

import ties
from ties.errors import TiesError, UnreadableError
from ties.export.catalogue import export
from ties.importers.flat import read_flat
from ties.importers.kinds import KINDS, reader
from ties.importers.statements import read_limited
from ties.importers.wikipedia.logical import fault_of_markup
from ties.io.writing import write_record
from ties.merge.import_source import Origin, import_source
from ties.merge.merge_sources import merge_sources, open_sources
from ties.report.run import with_record

RECORD = ties.load("us-russia")
SMALL = RECORD.keep_ties(RECORD.ties["tie_id"].iloc[:3])
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1")


@pytest.fixture
def folder(tmp_path):
    return write_record(SMALL, tmp_path / "record")


def with_name(name: str) -> ties.Dataset:
    """Give a small record in which everything that is free text says one thing."""
    return replace(
        SMALL,
        places=SMALL.places.assign(name=name),
        events=SMALL.events.assign(summary=name),
        sources=SMALL.sources.assign(title=name, publisher=name),
    )


def is_formula(text: str) -> bool:
    return text.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_table_that_we_write_is_a_formula(tmp_path, formula):
    source = tmp_path / "theirs.json"
    row = {"city": formula, "country": "DE", "partner": "Opole", "partner country": "PL"}
    source.write_text(json.dumps([row, {**row, "partner": ""}]), "utf-8")
    made = import_source("table", source, tmp_path / "raw", Origin("theirs", "2026-01-01"))
    merged = merge_sources(open_sources([made.folder]), tmp_path / "merged", name="merged")
    for home in (made.folder, merged.folder):
        for path in home.rglob("*.csv"):
            lines = path.read_text("utf-8").replace('"', "").splitlines()
            cells = [cell for line in lines for cell in line.split(",")]
            wrong = [cell for cell in cells if is_formula(cell) and not _is_number(cell)]
            assert wrong == [], path.name


@pytest.mark.parametrize("formula", FORMULAS[:4])
def test_what_was_kept_from_being_run_is_read_as_it_was(tmp_path, formula):
    written = write_record(with_name(formula), tmp_path / "record")
    assert set(ties.read(written).places["name"]) == {formula}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_workbook_that_we_write_is_a_formula(tmp_path, formula):
    book = load_workbook(export(with_name(formula.strip()), "xlsx", tmp_path / "book.xlsx"))
    kinds = {c.data_type for sheet in book for row in sheet.iter_rows() for c in row}
    assert "f" not in kinds


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["[" * 200_000 + "]" * 200_000, '{"a":' * 100_000])
def test_nothing_is_nested_too_deeply_for_us(tmp_path, kind, text):
    path = tmp_path / "deep.json"
    path.write_text(text)
    try:
        assert len(reader(kind)(path).statements) == 0
    except TiesError as error:
        assert "deep" in str(error) or str(path) in str(error)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("table", r'[{"city": "Bo\ud800nn", "partner": "\udfff", "partner country": "PL"}]'),
        ("nested", r'{"Bo\ud800nn": {"twins": [{"name": "Opole\udfff"}]}}'),
        (
            "wikidata",
            r'{"id": "Q1", "labels": {"en": {"value": "\ud800"}}, "claims": {"P190": [7]}}',
        ),
    ],
)
def test_half_of_a_character_breaks_no_reader(tmp_path, kind, text):
    path = tmp_path / "half.json"
    path.write_text(text)
    try:
        found = reader(kind)(path)
    except TiesError as error:
        assert path.name in str(error)
        return
    assert found.n_rows == 1
    told = [*found.statements.to_numpy().ravel(), *found.rejected.to_numpy().ravel()]
    assert "\ud800" not in "".join(map(str, told))


@pytest.mark.parametrize(
    ("name", "member"), [("bomb.xlsx", "xl/worksheets/sheet1.xml"), ("bomb.ods", "content.xml")]
)
def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is(tmp_path, name, member):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, b"0" * 101_000_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(TiesError, match="unpacks to 101 MB"):
        read_flat(path)


def ods(path, text, *, rows=1, columns=1, entities=""):
    """Write a sheet of one cell, said to be repeated."""
    namespaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"{entities}<office:document-content{namespaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="S"><table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}">'
        f"<text:p>{text}</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


@pytest.mark.parametrize(
    ("text", "rows", "columns"), [("x", 60_000, 1_000), ("x" * 100_000, 1, 2_000)]
)
def test_a_cell_that_is_said_to_be_repeated_is_refused_before_it_is(
    tmp_path, monkeypatch, text, rows, columns
):
    import python_calamine

    def opened(path):
        raise AssertionError("the sheet was unpacked")

    monkeypatch.setattr(python_calamine.CalamineWorkbook, "from_path", opened)
    path = ods(tmp_path / "bomb.ods", text, rows=rows, columns=columns)
    assert path.stat().st_size < 2_000
    with pytest.raises(TiesError, match="reaches over more than"):
        read_flat(path)


@pytest.mark.parametrize(
    ("entity", "said"),
    [("lol", "&l9;"), ("x" * 100_000, "&l0;" * 10_000)],
    ids=["laughs", "blow-up"],
)
def test_entities_in_a_sheet_are_not_expanded(tmp_path, entity, said):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    entities = f'<!DOCTYPE x [<!ENTITY l0 "{entity}">{laughs}]>'
    with pytest.raises(TiesError, match="is damaged"):
        read_flat(ods(tmp_path / "laughs.ods", said, entities=entities))


def xlsx(path, cell, entities=""):
    """Write a table in which one cell is written by hand."""
    plain = path.with_name("plain.xlsx")
    book = Workbook()
    book.active.append(["city", "country", "partner", "partner country"])
    book.active.append(["Bonn", "DE", "Opole", "PL"])
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                own = f'<c r="C2" t="inlineStr"><is><t>{cell}</t></is></c>'
                content = entities + re.sub('<c r="C2".*?</c>', own, content)
                assert own in content
            new.writestr(name, content)
    return path


@pytest.mark.parametrize("read", [read_flat, ties.read], ids=["table", "record"])
def test_entities_in_a_sheet_of_excel_are_not_expanded(tmp_path, read):
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    with pytest.raises(TiesError, match="is damaged"):
        read(xlsx(tmp_path / "laughs.xlsx", "&b;", entities))
    assert read_flat(xlsx(tmp_path / "honest.xlsx", "Opole")).n_rows == 1


@pytest.mark.parametrize("kind", ["html", "table"])
def test_entities_that_multiply_are_not_expanded(tmp_path, kind):
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    page = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><html><ul><li>&l9;, Poland</li></ul></html>'
    path = tmp_path / ("page.html" if kind == "html" else "page.csv")
    path.write_text(page)
    try:
        found = reader(kind)(path)
    except TiesError:
        return
    assert all(len(str(text)) < 10_000 for text in found.statements.to_numpy().ravel())


def test_a_cell_of_a_million_characters_is_refused_or_read_in_time(tmp_path):
    big = "x" * 1_000_000
    table = tmp_path / "big.csv"
    table.write_text(f"city,partner\nBonn,{big}\n")
    with pytest.raises(TiesError, match="131,072 characters"):
        read_flat(table)
    document = tmp_path / "big.json"
    document.write_text(json.dumps([{"city": "Bonn", "partner": big}]))
    assert len(read_flat(document).statements) == 1
    row = {"city": "Bonn", "country": "DE", "partner": big, "partner country": "PL"}
    pd.DataFrame([row]).to_parquet(tmp_path / "big.parquet")
    assert len(read_flat(tmp_path / "big.parquet").statements) == 1
    assert len(read_flat(xlsx(tmp_path / "big.xlsx", big)).statements) == 1
    for kind, text in (("html", f"<ul><li>{big}, Poland</li></ul>"), ("wikitext", f"* [[{big}]]")):
        (tmp_path / "big.txt").write_text(text)
        found = reader(kind)(tmp_path / "big.txt")
        assert len(found.statements) + len(found.rejected) == 1


def test_markup_in_pairs_nested_too_deep_is_not_parsed():
    assert fault_of_markup("[[" * 200 + "Bonn" + "]]" * 200) == (
        "markup",
        "nests markup 200 deep; no list of places needs that",
    )
    assert fault_of_markup("[[Bonn]]") is None


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(b"x" * 11)
    with pytest.raises(UnreadableError, match=r"larger than 10 bytes; import it in parts"):
        read_limited(path, 10)
    assert read_limited(path, 11) == b"x" * 11


def test_a_link_that_leaves_the_folder_is_not_followed(folder, tmp_path):
    shutil.move(folder / "events.csv", tmp_path / "elsewhere.csv")
    (folder / "events.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(TiesError, match="leads out of its folder"):
        ties.read(folder)
    (folder / "events.csv").unlink()
    shutil.move(tmp_path / "elsewhere.csv", folder / "kept.txt")
    (folder / "events.csv").symlink_to("kept.txt")
    assert len(ties.read(folder).ties) == 3


@pytest.mark.parametrize("path", ["../elsewhere.csv", "/etc/passwd", "https://example.org/x.csv"])
def test_addresses_in_a_data_package_are_not_followed(folder, tmp_path, path):
    shutil.move(folder / "events.csv", tmp_path / "elsewhere.csv")
    resources = [{"name": "events", "path": path}]
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}))
    with pytest.raises(TiesError, match=r"events\.csv"):
        ties.read(folder)


@pytest.mark.parametrize("name", ["../../outside", "/elsewhere/outside", "..", "a/../../b"])
def test_the_name_of_a_source_leads_nowhere(tmp_path, name):
    source = tmp_path / "theirs.csv"
    source.write_text("city,country,partner,partner country\nBonn,DE,Opole,PL\n")
    home = tmp_path / "raw"
    try:
        made = import_source("table", source, home, Origin(name, "2026-01-01"))
    except TiesError:
        return
    assert made.folder.resolve().is_relative_to(home.resolve())


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("\u202eksmO", "hidden_character"),
        ("Om\u200bsk", "hidden_character"),
        ("Вologda", "mixed_letters"),
        ("Вологда", None),
        ("Smo\u0142dzino", None),
    ],
)
def test_a_name_that_looks_like_another_is_said(tmp_path, name, rule):
    names = SMALL.places["name"].mask(SMALL.places.index == SMALL.places.index[0], name)
    record = replace(SMALL, places=SMALL.places.assign(name=names))
    problems = ties.check(write_record(record, tmp_path / "record"))
    found = problems[problems["rule"].isin(["hidden_character", "mixed_letters"])]
    assert found["rule"].tolist() == ([rule] if rule else [])
    assert found["severity"].eq("warning").all()
    assert found["column"].eq("name").all()


def test_the_bundled_record_has_no_such_name():
    problems = RECORD.problems
    assert not set(problems["rule"]) & {"hidden_character", "mixed_letters"}


@pytest.mark.parametrize(
    "value", ['"; import os; os.system("x")', "'''", "\\", "{__import__('os')}", "\n%system x"]
)
def test_a_parameter_of_a_notebook_is_never_code(value):
    import ast

    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["record = 1\n"]}
    made = json.loads(with_record(json.dumps({"cells": [cell]}), value))
    tree = ast.parse("".join(made["cells"][0]["source"]))
    assert all(isinstance(node, ast.Assign) for node in tree.body)
    assert ast.literal_eval(tree.body[0].value) == value
