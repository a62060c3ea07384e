"""Every format: whole or not at all, the same bytes each time, and back through `ties.read`."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from tests.factory import make_dataset
from typer.testing import CliRunner

import ties
from ties.cli import app
from ties.errors import TiesError
from ties.export.catalogue import FORMATS, export
from ties.io.atomic import OutputError, files_in
from ties.schema.tables import TABLES

TABLE_FORMATS = [name for name, form in FORMATS.items() if not form.is_read]
HOSTILE = ["=1+1", "#N/A", "'q", "  spaced", "two\nlines", "1991", "2001-05", "TRUE", "<b>", "Ёж"]


@pytest.fixture
def small(record_folder):
    return ties.read(record_folder)


def out_of(form, folder):
    return folder / f"out{FORMATS[form].suffix}"


def content(path):
    names = files_in(path) if path.is_dir() else [""]
    return {name: (path / name if name else path).read_bytes() for name in names}


@pytest.mark.parametrize("form", TABLE_FORMATS)
@pytest.mark.parametrize("record", ["small", "us-russia"])
def test_tables_come_back_through_read(record, form, small, tmp_path):
    dataset = small if record == "small" else ties.load(record)
    again = ties.read(export(dataset, form, out_of(form, tmp_path)))
    for name in TABLES:
        pd.testing.assert_frame_equal(again.table(name), dataset.table(name))
    for fact in ("title", "as_of", "countries", "licence", "name"):
        assert getattr(again, fact) == getattr(dataset, fact)


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_a_text_that_a_program_could_take_for_something_else_comes_back(form, small, tmp_path):
    summaries = pd.Series((HOSTILE * 2)[: len(HOSTILE)], dtype="str")
    n = len(HOSTILE)
    events = pd.concat([small.events.iloc[[3]]] * n, ignore_index=True)
    events = events.assign(summary=summaries, event_id=[f"e{i}" for i in range(n)])
    attested = pd.concat([small.attestations.iloc[[3]]] * n, ignore_index=True)
    attested = attested.assign(event_id=events["event_id"])
    founded = small.events.iloc[:3]
    dataset = dataclasses.replace(
        small,
        events=pd.concat([founded, events], ignore_index=True).astype(small.events.dtypes),
        attestations=pd.concat([small.attestations.iloc[:3], attested], ignore_index=True),
    )
    again = ties.read(export(dataset, form, out_of(form, tmp_path)))
    # Spaces round a cell are nobody's statement: reading drops them in every format.
    assert again.events["summary"].tolist()[3:] == [text.strip() for text in HOSTILE]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_record_gives_the_same_bytes(form, small, tmp_path):
    first = content(export(small, form, out_of(form, tmp_path / "one")))
    assert first == content(export(small, form, out_of(form, tmp_path / "two")))


@pytest.mark.parametrize("form", FORMATS)
def test_an_earlier_export_is_replaced(form, small, tmp_path):
    export(ties.load("us-russia"), form, out_of(form, tmp_path))
    second = content(export(small, form, out_of(form, tmp_path)))
    assert second == content(export(small, form, out_of(form, tmp_path / "new")))


@pytest.mark.parametrize("form", [name for name, form in FORMATS.items() if not form.suffix])
def test_a_folder_with_files_of_others_is_never_replaced(form, small, tmp_path):
    note = tmp_path / "out" / "my-notes.txt"
    note.parent.mkdir()
    note.write_text("mine")
    with pytest.raises(OutputError, match=r"my-notes\.txt"):
        export(small, form, tmp_path / "out")
    assert note.read_text() == "mine"


@pytest.mark.parametrize("form", FORMATS)
def test_a_record_without_a_row_has_every_format(form, tmp_path):
    assert export(make_dataset([]), form, out_of(form, tmp_path)).exists()


def test_an_unknown_format_is_refused_with_the_nearest(small, tmp_path):
    with pytest.raises(TiesError, match="did you mean 'geojson'"):
        export(small, "geojsn", tmp_path / "out")


def test_a_file_of_another_ending_is_refused(small, tmp_path):
    with pytest.raises(TiesError, match=r"does not end in \.xlsx"):
        export(small, "xlsx", tmp_path / "out.csv")


@pytest.mark.parametrize("form", TABLE_FORMATS)
def test_a_rule_is_refused_where_it_changes_nothing(form, small, tmp_path):
    with pytest.raises(TiesError, match="whatever the rule"):
        export(small, form, out_of(form, tmp_path), as_of="2018")


def test_a_missing_library_is_named_with_its_extra(small, tmp_path, monkeypatch):
    monkeypatch.setattr("ties.export.catalogue.find_spec", lambda name: None)
    with pytest.raises(TiesError, match=r"ties\[export\]"):
        export(small, "graphml", tmp_path / "out.graphml")


def test_the_command_writes_where_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["export", "geojson", "--as-of", "2018"])
    assert result.exit_code == 0, result.output
    assert result.output.strip() == "exports/us-russia.geojson"
    assert (tmp_path / "exports" / "us-russia.geojson").is_file()
