"""Words for the state of a tie, in the languages that tables are written in."""

import pandas as pd
import pytest

from ties.dates import is_edtf
from ties.importers.status_words import _rows, read_status, read_statuses, status_in
from ties.schema.vocabulary import REPORTED_STATUSES


@pytest.mark.parametrize(
    ("status", "words"),
    {
        "active": "active aktiv actif aktywna activo attivo действует 活動中 ativo actief",
        "dormant": "inactive|dormant|on hold|ruht|en sommeil|nieaktywna|inactivo|бездействует|休眠"
        "|not active|nicht mehr aktiv|n'est plus actif|не действует|inativo|no longer active",
        "suspended": "suspended ausgesetzt suspendu zawieszona suspendido приостановлен sospeso",
        "terminated": "terminated|ended|dissolved|emeritus|beendet|dissous|wypowiedziana"
        "|расторгнут|解消|no longer twinned|former|ehemalig|résilié|disuelto|sciolto",
        "in_force": "in force|in Kraft|en vigueur|継続中|vigente",
    }.items(),
)
def test_a_word_is_its_status(status, words):
    found = read_statuses(pd.Series(words.split("|" if "|" in words else None)))
    assert found["status"].tolist() == [status] * len(found)
    assert found["on"].isna().all()


@pytest.mark.parametrize(
    ("text", "status", "on"),
    [
        ("inaktiv seit 2015", "dormant", "2015"),
        ("beendet 2022", "terminated", "2022"),
        ("ruht (seit 2022)", "dormant", "2022"),
        ("suspended March 2022", "suspended", "2022-03"),
        ("beendet zum 31.12.2022", "terminated", "2022-12-31"),
        ("ended May 5, 2010", "terminated", "2010-05-05"),
        ("отношения разорваны после 2014 г.", "terminated", "2014/.."),
        # A state that lasts is of the source's own day, one that was seen is of the day named.
        ("aktiv seit 1991", "active", None),
        ("active (2015)", "active", "2015"),
        ("in force, dormant", "dormant", None),
        ("aktiv, jährlicher Austausch", "active", None),
    ],
)
def test_a_date_beside_a_status_is_its_day(text, status, on):
    assert read_status(text)[:2] == (status, on)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ja", "no word for a status"),
        ("soll beendet werden", "more than a status (soll werden)"),
        ("active partnership ended", "several states (active and terminated)"),
        ("active until 2015", "how the tie stood afterwards"),
        ("not suspended", "no word for a status"),
        ("aktiv, kein Austausch", "no word for a status"),
        ("suspended 2014; 2016", "several dates"),
        ("x" * 1_000, "too long"),
    ],
)
def test_what_is_not_understood_is_no_status_and_says_why(text, reason):
    found = read_status(text)
    assert found.status is None
    assert reason in found.reason


@pytest.mark.parametrize("text", [None, "", "-", "?", "unknown"])
def test_a_cell_that_says_nothing_is_no_problem(text):
    assert read_status(text) == (None, None, "")


def test_a_person_says_what_a_word_means():
    found = read_statuses(pd.Series(["Ja", "ruht", None]), {"ja": "active", "ruht": "suspended"})
    assert found["status"].astype("object").fillna("-").tolist() == ["active", "suspended", "-"]


def test_a_heading_or_sentence_speaks_of_one_state():
    assert status_in("Former twin towns") == "terminated"
    assert status_in("The partnership was suspended in 2022") == "suspended"
    assert status_in("Sister cities") is None
    assert status_in("suspended in 2014, terminated in 2022") is None


def test_every_word_of_the_table_is_read_as_its_row_says():
    rows = pd.DataFrame(_rows())
    assert set(rows["status"]) - {"not", "filler"} == set(REPORTED_STATUSES)
    assert set(rows["use"]) == {"cell", "text", "date"}
    own = rows[~rows["status"].isin(["not", "filler"])]
    found = read_statuses(own["word"].str.rstrip("*"))
    # The one word that two statuses share is told apart by what stands beside it.
    assert found["status"].eq(own["status"]).all()
    assert is_edtf(found["on"].dropna()).all()
