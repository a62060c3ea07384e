import datetime as dt
import os
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ties.dates import date_bounds, is_edtf
from ties.importers.date_words import _rows, fold
from ties.importers.freetext import MAX_LENGTH, edtf_of, read_dates

READ = {
    # approximate and unsure
    "c. 1970": "1970~",
    "circa 1970": "1970~",
    "ca. 1970": "1970~",
    "~1970": "1970~",
    "1991年頃": "1991~",
    "около 1991 г.": "1991~",
    "1991?": "1991?",
    "1991 (?)": "1991?",
    "c. 1970?": "1970%",
    "c. June 1988": "1988-06~",
    "c. 1989-91": "1989~/1991~",
    # decades and their parts
    "1990s": "199X",
    "In the 1970s": "197X",
    "1990's": "199X",
    "1990er Jahre": "199X",
    "années 1990": "199X",
    "década de 1990": "199X",
    "lata 1990.": "199X",
    "1990-х годов": "199X",
    "1990年代": "199X",
    "early 1990s": "1990/1994",
    "mid-1990s": "1993/1997",
    "late 1980s": "1985/1989",
    "Ende der 1980er Jahre": "1985/1989",
    "début des années 1990": "1990/1994",
    "в начале 1990-х": "1990/1994",
    "1980年代後半": "1985/1989",
    "late 1980s – early 1990s": "1985/1994",
    "Anfang 1990": "1990-01/1990-06",
    "late 1990": "1990-07/1990-12",
    "early June 1988": "1988-06",
    # spans
    "1989-91": "1989/1991",
    "1989–1991": "1989/1991",
    "2001–03": "2001/2003",
    "1990/91": "1990/1991",
    "1989 oder 1990": "1989/1990",
    "between 1989 and 1991": "1989/1991",
    "tussen 1989 en 1991": "1989/1991",
    "с 1989 по 1991": "1989/1991",
    "12–14 June 1990": "1990-06-12/1990-06-14",
    "12.–14.06.1990": "1990-06-12/1990-06-14",
    "June 12–14, 1990": "1990-06-12/1990-06-14",
    "May–June 1990": "1990-05/1990-06",
    # months and days
    "June 1988": "1988-06",
    "Juni 1988": "1988-06",
    "juin 1988": "1988-06",
    "junio de 1988": "1988-06",
    "июнь 1991": "1991-06",
    "в июне 1991 года": "1991-06",
    "w czerwcu 1991": "1991-06",
    "VI 1990": "1990-06",
    "6/1990": "1990-06",
    "1963 - October": "1963-10",
    "December of 1955": "1955-12",
    "20.06.1990": "1990-06-20",
    "20/06/1990": "1990-06-20",
    "06/20/1990": "1990-06-20",
    "04/04/1990": "1990-04-04",
    "03.04.1990": "1990-04-03",
    "20.VI.1990": "1990-06-20",
    "20-Jun-1990": "1990-06-20",
    "20 июня 1990 г.": "1990-06-20",
    "8 kwietnia 1993": "1993-04-08",
    "1er juin 1988": "1988-06-01",
    "1º de junho de 1988": "1988-06-01",
    "1991. június 20.": "1991-06-20",
    "1991. gada 20. jūnijs": "1991-06-20",
    "5. des. 1990": "1990-12-05",
    "November 17, 1959": "1959-11-17",
    "Jun.30.1966": "1966-06-30",
    "Oct. 12. 2004": "2004-10-12",
    "1982. 3. 5": "1982-03-05",
    "27th October, 1994": "1994-10-27",
    "Sunday, 24 November 2019": "2019-11-24",
    # East Asia
    "昭和45年": "1970",
    "昭和四十五年": "1970",
    "平成元年": "1989",
    "平成3年6月": "1991-06",
    "S45.6.20": "1970-06-20",
    "民國80年": "1991",
    "1991年6月20日": "1991-06-20",
    "１９９１年６月": "1991-06",
    "1991년 6월": "1991-06",
    # open and seasons
    "before 1992": "../1992",
    "до 1992": "../1992",
    "1992年以前": "../1992",
    "before the 1990s": "../1990",
    "after 1985": "1985/..",
    "after the 1980s": "1989/..",
    "since 1991": "1991",
    "seit 1991": "1991",
    "1991–present": "1991/..",
    "1991–": "1991/..",
    "spring 1990": "1990-21",
    "1991年春": "1991-21",
    "winter 1990/91": "1990-12/1991-02",
    # written by machines
    "1991": "1991",
    "0836": "0836",
    "1991-06": "1991-06",
    "2001-03": "2001-03",
    "1991-06-26": "1991-06-26",
    "199X": "199X",
    "../1992": "../1992",
    "1991-##-##": "1991",
    "1991-06-##": "1991-06",
    "1991-00-00": "1991",
    "1991-06-20T00:00:00Z": "1991-06-20",
    "1991-06-20 12:30": "1991-06-20",
    "(1991)": "1991",
    "1991[3]": "1991",
}

REFUSED = {
    "20.06.90": "two_digit_year",
    "'88": "two_digit_year",
    "late 80s": "two_digit_year",
    "Juni 88": "two_digit_year",
    "Sunday": "no_year",
    "October": "no_year",
    "zaledwie 2 lata temu": "no_year",
    "last year": "no_year",
    "836": "no_year",
    "昭和70年": "no_year",
    "33044": "day_number",
    "1991, 1995": "several",
    "1991 (renewed 2001)": "several",
    "31 June 1990": "impossible",
    "30.02.1991": "impossible",
    "13/1990": "impossible",
    "1991-1989": "reversed",
    "2534": "year_range",
    "0012": "year_range",
    "signed 1991": "unread",
    "1991年度": "unread",
    "5 des 1990": "unread",
    "1991-13": "unread",
    "x" * (MAX_LENGTH + 1): "too_long",
}

BOTH = {
    "03/04/1990": "1990-03-04/1990-04-03",
    "3-4-1990": "1990-03-04/1990-04-03",
    "listopad 1991": "1991-10/1991-11",
    "winter 1990": "1989-12/1991-02",
    "2004/05": "2004/2005",
    "1921-24": "1921/1924",
    "1900s": "19XX",
    "1991-01-01T00:00:00Z": "1991",
    "1991-06-01T00:00:00Z": "1991-06",
}


@pytest.mark.parametrize(("text", "edtf"), READ.items())
def test_a_date_as_people_write_it_becomes_edtf(text, edtf):
    assert edtf_of(text) == (edtf, "", "")
    assert is_edtf(pd.Series([edtf])).all()


@pytest.mark.parametrize(("text", "rule"), REFUSED.items())
def test_what_is_no_date_is_refused_with_its_reason(text, rule):
    found = edtf_of(text)
    assert found[:2] == (None, rule)
    assert found.reason


@pytest.mark.parametrize(("text", "edtf"), BOTH.items())
def test_a_text_with_two_readings_gives_a_date_that_covers_both_and_says_so(text, edtf):
    found = edtf_of(text)
    assert found[:2] == (edtf, "ambiguous")
    assert found.reason.startswith(repr(text))


@pytest.mark.parametrize("text", ["unknown", "n/a", "-", "####-##-##", "o. J.", "不明", "?"])
def test_a_text_that_says_that_there_is_no_date_is_no_fault(text):
    assert edtf_of(text) == (None, "no_date", "")


@pytest.mark.parametrize("text", ["", "  ", None])
def test_a_blank_is_blank(text):
    assert edtf_of(text) == (None, "blank", "")


def test_the_order_of_day_and_month_can_be_told():
    assert edtf_of("03/04/1990", day_first=True) == ("1990-04-03", "", "")
    assert edtf_of("03/04/1990", day_first=False) == ("1990-03-04", "", "")
    # There is just one such day, whatever was told.
    assert edtf_of("06/20/1990", day_first=True).edtf == "1990-06-20"
    # Dots are day first in every locale.
    assert edtf_of("03.04.1990", day_first=False).edtf == "1990-04-03"


def test_many_texts_keep_their_index_and_their_order():
    texts = pd.Series(["1991", None, "Mai 1952", "1991"], index=[7, 7, 2, 1], dtype="str")
    found = read_dates(texts)
    assert found.index.tolist() == [7, 7, 2, 1]
    assert found["edtf"].fillna("-").tolist() == ["1991", "-", "1952-05", "1991"]
    assert found["rule"].tolist() == ["", "blank", "", ""]
    assert [str(kind) for kind in found.dtypes] == ["str"] * 3


def test_no_text_at_all_gives_an_empty_frame():
    found = read_dates(pd.Series([], dtype="str"))
    assert found.empty
    assert list(found) == ["edtf", "rule", "reason"]


WORDS = """
1991 1990 91 5 31 0 12 . , / - – ( ) [ ] ' ? ~ s er c. late early mid June juin июнь листопад
listopad 昭和 平成 元 45 年 月 日 頃 代 before after since between and to or present the de г. X VI
spring winter # : ; XX 199X .. T00:00:00Z ² ٣ é des
"""
PIECES = st.lists(st.sampled_from(WORDS.split()), max_size=14)
ANY = st.one_of(st.text(max_size=40), PIECES.map("".join), PIECES.map(" ".join))
DAYS = st.dates(dt.date(1000, 1, 1), dt.date(2099, 12, 31))


@given(ANY, st.sampled_from([None, True, False]))
def test_any_text_gives_edtf_or_a_reason(text, day_first):
    found = edtf_of(text, day_first=day_first)
    if found.edtf is None:
        assert found.rule
        assert bool(found.reason) == (found.rule not in ("blank", "no_date"))
    else:
        assert is_edtf(pd.Series([found.edtf])).all(), text
        assert found.rule in ("", "ambiguous")


@given(DAYS)
def test_a_day_with_numbers_alone_is_never_left_out_of_what_is_read(day):
    for text in (f"{day.day}/{day.month}/{day.year}", f"{day.month}/{day.day}/{day.year}"):
        bounds = date_bounds(pd.Series([edtf_of(text).edtf])).iloc[0]
        assert bounds["earliest"] <= pd.Timestamp(day) <= bounds["latest"]


@pytest.mark.parametrize(
    "piece", ["(", "1991 ", "1991-", "12.", "des ", "early ", "元", "1991/06/", "–"]
)
def test_a_long_text_is_read_in_no_time(piece):
    begun = time.perf_counter()
    for n in (20, MAX_LENGTH // len(piece)):
        edtf_of(piece * n)
    edtf_of(piece * 1_000_000)
    assert time.perf_counter() - begun < 1


def test_the_months_are_those_of_cldr():
    babel = pytest.importorskip("babel", reason="Babel, with the names of CLDR, is not installed")
    ours = {(row["word"], int(row["month"])) for row in _rows() if row["what"] == "month"}
    for language in ("cs", "de", "el", "en", "es", "fi", "fr", "hu", "it", "lt", "pl", "ru", "uk"):
        months = babel.Locale.parse(language).months
        for width in ("format", "stand-alone"):
            for number, name in months[width]["wide"].items():
                assert (fold(name), number) in ours, (language, name)


def test_the_dates_of_a_set_compiled_by_hand_are_read_as_its_compilers_read_them():
    world = os.environ.get("TIES_WORLD")
    if not world:
        pytest.skip("TIES_WORLD does not name the folder of the world's sets")
    path = Path(world) / "dated-ties-compiled" / "ties.csv"
    sets = pd.read_csv(path, dtype="str", keep_default_na=False)
    for raw, read in (("start_raw", "start"), ("end_raw", "end")):
        found = read_dates(sets[raw])
        is_read = found["edtf"].notna() & (sets[read] != "")
        by_hand = sets[read].str.replace(r"^(\d{3})0s$", r"\1X", regex=True)
        assert (found["edtf"] == by_hand)[is_read].all()
        refused = sets.loc[found["rule"].eq("no_year"), raw].tolist()
        expected = ["zaledwie 2 lata temu", "Sunday", "October", "836"]
        assert refused == (expected if raw == "start_raw" else [])
        assert set(found["rule"]) <= {"", "blank", "no_year"}
