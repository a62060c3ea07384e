"""`ties merge`, `apart`, `conflicts`, `compare`: what they print, and mistakes in one message."""

from __future__ import annotations

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from ties.cli import app

ONE = """city,country,partner,partner country,since
Duluth,United States,Petrozavodsk,Russia,1986
Bonn,Germany,Opole,Poland,1954
"""
TWO = """city,country,partner,partner country,since
Opole,Poland,Bonn,Germany,1997
Ulm,Germany,Brest,France,1991
"""


def run(*args, code=0):
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    assert result.exit_code == code, result.output
    return result


@pytest.fixture(scope="module")
def imports(tmp_path_factory):
    home = tmp_path_factory.mktemp("imports")
    for day, text in (("2020-01-01", ONE), ("2021-01-01", TWO)):
        (home / "list.csv").write_text(text, encoding="utf-8")
        run("import", "table", home / "list.csv", "--retrieved", day, "-o", home, "--no-gazetteer")
    return [home / "list" / day for day in ("2020-01-01", "2021-01-01")]


def test_merging_tells_what_became_of_every_row_and_its_record_is_read(imports, tmp_path):
    result = run("merge", "us-russia", *imports, "--out", tmp_path / "all", "--no-gazetteer")
    assert "us-russia" in result.output
    assert "166 ties, 2 of them in several sources" in result.output
    assert "Opole" in run("status", "--data", tmp_path / "all", "--between", "DE", "PL").output


def test_the_statements_of_a_tie_are_printed_as_a_file_to_fill_in(imports, tmp_path):
    run("merge", *imports, "--out", tmp_path / "all", "--no-gazetteer")
    text = run("apart", tmp_path / "all", "de-bonn-pl-opole").output
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["statement_id"] for row in rows] == ["list-2020-01-01:1", "list-2021-01-01:0"]
    assert {row["end"] for row in rows} == {""}


def test_two_snapshots_are_compared_without_ending_what_vanished(imports):
    result = run("compare", *imports, "--no-gazetteer")
    assert "1 appeared, 1 vanished, 1 changed, 0 same" in result.output
    assert "founded: 1954 → 1997" in result.output
    told = json.loads(run("compare", *imports, "--no-gazetteer", "-f", "json").output)
    assert {row["change"] for row in told["ties"]} == {"appeared", "vanished", "changed"}


def test_conflicts_are_shown_with_what_each_choice_would_change():
    text = run("conflicts", "--about", "founding").output
    assert "tallahassee-krasnodar" in text
    assert "if earliest: " in text
    assert "status" not in text
    told = json.loads(run("conflicts", "--format", "json").output)
    assert set(told) == {"record", "words", "choices", "totals"}
    rows = csv.DictReader(io.StringIO(run("conflicts", "--format", "csv").output))
    assert {row["about"] for row in rows} == {"founding", "status"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["conflicts", "--about", "foundings"], "did you mean 'founding'?"),
        (["merge", "us-russia", "--out", "x", "--dates", "erliest"], "did you mean 'earliest'?"),
        (["apart", "us-russia", "x"], "no folder of a merge"),
        (["compare", "us-russia", "us-russia"], "us-russia"),
        (["merge", "no-such", "--out", "x"], "no-such"),
    ],
)
def test_a_mistake_is_told_in_one_message(args, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*args, code=2)
    assert message in result.output.replace("\n", " ")
    assert not list(tmp_path.iterdir())
