"""A live import becomes a folder like any other, and its pages are kept in it."""

from __future__ import annotations

import tomllib

import pytest
from typer.testing import CliRunner

import ties
from ties.cli import app
from ties.importers.import_folder import read_import
from ties.importers.wikidata.service import LiveQueryError, RetryPolicy
from ties.merge.import_source import import_live

QUICK = RetryPolicy(max_attempts=1, page_size=4, pause=0)


def ask(service, out, **options):
    usual = {"contact": "ties@example.org", "policy": QUICK}
    return import_live(("DE", "FR"), out, "ours", **usual, endpoint=service.url, **options)


def test_what_the_service_said_is_kept_and_becomes_a_record(service, tmp_path):
    made = ask(service, tmp_path)
    assert made.counts["entries"] == made.counts["rejected"] + made.counts["statements"] > 0
    assert list((made.folder / "received" / "pages").rglob("*.json"))
    origin = tomllib.loads((made.folder / "origin.toml").read_text("utf-8"))
    assert origin["retrieved"] == made.folder.name
    assert len(read_import(made.folder).statements) == made.counts["statements"]
    assert ties.check(made.folder / "record").query("severity == 'error'").empty


def test_after_it_is_whole_the_next_import_asks_anew(service, tmp_path):
    ask(service, tmp_path)
    n = len(service.asked)
    assert n > 0
    ask(service, tmp_path)
    assert len(service.asked) == 2 * n
    assert not (tmp_path / "ours" / "pages").exists()


def test_what_was_received_stays_until_the_import_is_whole(service, tmp_path):
    service.script = [None, lambda handler, _body: handler.send_error(400)]
    with pytest.raises(LiveQueryError):
        ask(service, tmp_path)
    kept = list((tmp_path / "ours" / "pages").rglob("*.json"))
    assert len(kept) == 1
    assert not list(tmp_path.rglob("origin.toml"))
    ask(service, tmp_path)
    assert max(service.served.values()) == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["DE", "France", "--contact", "me@example.org"], "'FRANCE' is no code of a country"),
        (["DE", "FR", "--contact", "me"], "me"),
        (["DE", "FR"], "--contact"),
    ],
)
def test_a_mistake_is_told_before_anything_is_asked(args, message, tmp_path):
    result = CliRunner().invoke(app, ["fetch", *args, "-o", str(tmp_path), "--no-gazetteer"])
    assert result.exit_code == 2
    assert message in result.output
    assert not list(tmp_path.rglob("*.json"))
