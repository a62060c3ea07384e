"""Places named in a language, as they were called on the day."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import ties
from ties.cli import app
from ties.errors import TiesError
from ties.lookup import find_tie

RECORD = ties.load("germany-russia")
CHEMNITZ, PETERSBURG = "de-sn-chemnitz", "ru-spe-saint-petersburg"


def called(language, on=None):
    return RECORD.in_language(language, on).places.set_index("place_id")["name"]


def test_a_place_has_the_name_of_its_day_in_the_language():
    now, then = called("de"), called("de", "1985")
    assert (now[CHEMNITZ], now[PETERSBURG]) == ("Chemnitz", "Sankt Petersburg")
    assert (then[CHEMNITZ], then[PETERSBURG]) == ("Karl-Marx-Stadt", "Leningrad")
    assert called("ru", "1985")[PETERSBURG] == "Ленинград"


def test_a_place_without_such_a_name_keeps_its_own():
    own = RECORD.places.set_index("place_id")["name"]
    finnish = called("fi")
    assert (finnish != own).sum() <= 1 and finnish.notna().all()


def test_every_name_still_finds_its_tie():
    named = RECORD.in_language("ru")
    for name in ("Dresden Saint Petersburg", "Дрезден Ленинград", "dresden sankt petersburg"):
        assert find_tie(named, name) == "dresden-saint-petersburg"


def test_a_language_that_the_record_lacks_is_refused_with_those_it_has():
    with pytest.raises(TiesError, match="no place in 'xx'; its languages: de, dsb, en, fi, ru"):
        RECORD.in_language("xx")


def test_the_command_shows_them():
    said = CliRunner().invoke(
        app, ["status", "-d", "germany-russia", "--language", "de", "--place", "Volgograd"]
    )
    assert "Wolgograd" in said.stdout
