"""The record that ships with the package: the cases that the rules must get right.

What is pinned here is about the data: a new edition of the record may change it, and these.
"""

from __future__ import annotations

import pandas as pd
import pytest

import ties
from ties.stats.decline import stock_by_status


@pytest.fixture(scope="module")
def record():
    return ties.load("us-russia")


@pytest.fixture(scope="module")
def table(record):
    return ties.tie_table(record).set_index("tie_id")


def history(record, tie, axis="status", **options):
    episodes = ties.lifecycle(record, **options)
    return episodes[(episodes["tie_id"] == tie) & (episodes["axis"] == axis)]


def events(record, tie, *kinds):
    own = record.events[record.events["tie_id"] == tie]
    return own[own["kind"].isin(kinds)] if kinds else own


def names_of(record, place):
    return set(record.place_names.loc[record.place_names["place_id"] == place, "name"])


def test_the_record_is_valid_and_large_enough_to_answer(record):
    assert record.problems.query("severity == 'error'").empty
    assert len(record.ties) >= 163
    assert len(record.events) >= 1050
    assert set(record.events["event_id"]) == set(record.attestations["event_id"])
    assert record.sources["url"].notna().mean() > 0.95


def test_a_failed_motion_changes_nothing_and_is_evidence(record, table):
    assert len(events(record, "juneau-vladivostok", "motion_failed")) == 1
    assert table.loc["juneau-vladivostok", "formal"] == "in_force"


def test_chicago_is_suspended_and_the_failed_order_left_it_so(record, table):
    assert events(record, "chicago-moscow", "suspended")["date"].tolist() == ["2022-03-01"]
    assert events(record, "chicago-moscow", "motion_failed")["date"].tolist() == ["2023-05-24"]
    assert events(record, "chicago-moscow", "terminated").empty
    assert table.loc["chicago-moscow", "status"] == "suspended"


def test_oklahoma_city_was_dormant_and_then_suspended(record):
    episodes = history(record, "oklahoma-city-ulyanovsk")
    assert episodes["state"].tolist() == ["active", "dormant", "suspended"]
    assert episodes["start_latest"].dt.year.tolist() == [1995, 1997, 2022]
    assert (episodes["basis"] == "recorded").all()


def test_spokane_fell_silent_in_the_year_of_its_last_visit(record):
    episodes = history(record, "spokane-makhachkala", "activity")
    assert episodes["state"].tolist() == ["active", "dormant"]
    assert episodes["start_latest"].dt.year.tolist() == [1992, 1994]


def test_dixon_ended_for_lack_of_contact(record, table):
    assert history(record, "dixon-dikson")["state"].tolist()[-2:] == [
        "no_information",
        "terminated",
    ]
    # When contact was lost nobody says; that it was lost by then, the city's page does.
    assert events(record, "dixon-dikson", "dormant")["date"].tolist() == ["../2025-05-03"]
    assert str(table.loc["dixon-dikson", "status_since"].date()) == "2025-05-03"


def test_an_association_is_not_a_side(record, table):
    assert table.loc["albany-tula", "formal"] == "in_force"
    assert history(record, "albany-tula", "activity")["state"].iloc[-1] == "dormant"
    roanoke = events(record, "roanoke-pskov", "suspended", "dormant")
    assert roanoke.set_index("kind")["date"].to_dict() == {
        "dormant": "2023-01",
        "suspended": "2023-02-21",
    }
    formal = record.events["kind"].isin(["suspended", "terminated", "reinstated"])
    assert (record.events.loc[formal, "side"] != "none").all()


def test_a_request_to_restore_ties_is_no_revival(record, table):
    asked = record.events[
        (record.events["kind"] == "petition") & record.events["date"].str.startswith("2025-08")
    ]
    assert "anchorage-magadan" in asked["tie_id"].tolist()
    assert table.loc["anchorage-magadan", "status"] == "suspended"
    assert not (table["status"] == "revived").any()


def test_one_side_can_suspend_alone(record):
    samara = events(record, "st-louis-samara", "suspended")
    assert samara["side"].tolist() == ["a"]
    assert history(record, "st-louis-samara", "formal")["state"].iloc[-1] == "suspended"


def test_the_act_is_coded_from_the_instrument_and_the_verb_is_kept(record):
    springs = events(record, "colorado-springs-smolensk", "suspended", "terminated")
    assert springs["kind"].tolist() == ["suspended"]
    notes = record.attestations[record.attestations["event_id"].isin(springs["event_id"])]["note"]
    assert notes.str.contains("terminat", case=False).any()


def test_a_listing_is_never_activity(record):
    listed_only = record.events.groupby("tie_id")["kind"].agg(lambda kinds: set(kinds))
    ties_listed = listed_only[listed_only == {"listed"}].index
    episodes = ties.lifecycle(record)
    own = episodes[episodes["tie_id"].isin(ties_listed) & (episodes["axis"] == "activity")]
    assert len(ties_listed) > 10
    assert "active" not in set(own["state"])


@pytest.mark.parametrize(
    "tie", ["salt-lake-city-izhevsk", "tooele-kambarka", "west-jordan-votkinsk"]
)
def test_the_speech_of_2018_reports_its_three_pairs(record, tie):
    said = events(record, tie, "reported").query("date == '2018-11-16'")
    assert said[["side", "reported_status"]].to_numpy().tolist() == [["none", "in_force"]]
    sources = record.attestations[record.attestations["event_id"].isin(said["event_id"])]
    assert sources["source_id"].tolist() == ["s312"]
    table = ties.tie_table(record, as_of="2018-11-28").set_index("tie_id")
    assert table.loc[tie, "formal"] == "in_force"
    assert pd.notna(table.loc[tie, "status"])


def test_what_is_said_against_an_act_on_record_is_no_report(record):
    acts = record.events[record.events["kind"].isin(["suspended", "terminated"])]
    said = record.events[record.events["reported_status"] == "in_force"]
    acts, said = (rows[["tie_id", "date"]].copy() for rows in (acts, said))
    for rows in (acts, said):
        rows["day"] = ties.dates.date_bounds(rows["date"])["latest"]
    both = said.merge(acts, on="tie_id", suffixes=("", "_act"))
    assert both[both["day"] > both["day_act"]].empty


def test_two_portlands_and_two_saint_petersburgs(record):
    ties_of = record.ties.set_index("tie_id")[["place_a", "place_b"]]
    assert ties_of.loc["portland-arkhangelsk"].tolist() == ["ru-ark-arkhangelsk", "us-me-portland"]
    assert ties_of.loc["portland-khabarovsk"].tolist() == ["ru-kha-khabarovsk", "us-or-portland"]
    assert ties_of.loc["st-petersburg-saint-petersburg"].tolist() == [
        "ru-spe-saint-petersburg",
        "us-fl-st-petersburg",
    ]


@pytest.mark.parametrize(
    ("place", "old", "never"),
    [
        ("ru-spe-saint-petersburg", "Leningrad", "Leningrad Oblast"),
        ("ru-sve-yekaterinburg", "Sverdlovsk", "Sverdlovsk Oblast"),
        ("ru-niz-nizhny-novgorod", "Gorky", "Novgorod"),
        ("ru-tve-tver", "Kalinin", "Kaliningrad"),
        ("ru-sam-samara", "Kuibyshev", "Kuibyshevsky District"),
        ("ru-sam-tolyatti", "Stavropol", "Stavropol Krai"),
    ],
)
def test_old_names_belong_to_the_right_place(record, place, old, never):
    assert old in names_of(record, place)
    assert never not in names_of(record, place)
    dated = record.place_names.query("place_id == @place and name == @old")
    assert dated["valid_to"].notna().all()


def test_leningrad_oblast_is_a_place_of_its_own(record):
    oblast = record.places.set_index("place_id").loc["ru-len"]
    assert (oblast["name"], oblast["level"]) == ("Leningrad Oblast", "region")
    assert record.ties.set_index("tie_id").loc["maryland-leningrad-oblast", "place_a"] == "ru-len"


def test_districts_lie_in_their_city(record):
    districts = record.places[record.places["level"] == "district"].set_index("place_id")
    assert districts.loc["ru-spe-pushkin", "part_of"] == "ru-spe-saint-petersburg"
    assert districts.loc["ru-mow-zelenograd", "part_of"] == "ru-mow-moscow"


def test_a_joint_programme_is_one_tie_of_one_joint_place(record):
    joint = record.places[record.places["level"] == "joint"]["place_id"]
    assert set(joint) >= {"us-il-bloomington-normal", "us-tx-bryan-college-station"}
    members = record.places[record.places["part_of"].isin(joint)]["place_id"]
    assert {"us-il-bloomington", "us-il-normal", "us-tx-bryan"} <= set(members)
    assert not record.ties[["place_a", "place_b"]].isin(list(members)).any(axis=None)


def test_a_city_and_its_county_with_one_programme_are_one_tie(record):
    rubtsovsk = record.ties[record.ties["place_a"] == "ru-alt-rubtsovsk"]
    assert rubtsovsk["tie_id"].tolist() == ["grants-pass-rubtsovsk"]
    assert events(record, "grants-pass-rubtsovsk")["actor"].str.contains("county").any()


def test_crimea_is_kept_marked_and_not_counted(record, table):
    disputed = table[table["is_disputed"]]
    assert set(disputed.index) == {
        "salem-simferopol",
        "santa-barbara-yalta",
        "santa-cruz-alushta",
    }
    assert set(disputed["country_a"]) | set(disputed["country_b"]) == {"UA", "US"}
    assert len(record.between("US", "RU").ties) == len(record.ties) - 3
    assert len(record.between("RU", "US", disputed=True).ties) == len(record.ties)


def test_every_place_lies_where_its_country_does(record):
    russian = record.places[record.places["country"] == "RU"].dropna(subset=["latitude"])
    assert russian["latitude"].between(41, 78).all()
    assert (russian["longitude"].between(19, 180) | (russian["longitude"] < -168)).all()
    american = record.places[record.places["country"] == "US"].dropna(subset=["latitude"])
    assert american["latitude"].between(18, 72).all()
    assert american["longitude"].between(-180, -66).all()


def test_conflicting_foundings_stay_parallel_map(record):
    oklahoma = record.attestations.query("event_id == 'oklahoma-city-ulyanovsk-1995-founded'")
    assert oklahoma["date"].str[:4].tolist() == ["1995", "2008"]
    early = ties.tie_table(record, ties.StatusRule(dates="earliest")).set_index("tie_id")
    late = ties.tie_table(record, ties.StatusRule(dates="latest")).set_index("tie_id")
    assert early.loc["fairbanks-yakutsk", "founding_decade"] == 1980
    assert late.loc["fairbanks-yakutsk", "founding_decade"] == 1990
    # A founding of 2008 cannot follow a silence of 1997: the silence bounds it.
    assert late.loc["oklahoma-city-ulyanovsk", "founded_latest"].year == 1997


def test_what_could_be_known_in_2018_is_less_than_what_is_known_now(record):
    then = ties.tie_table(record, as_of="2018-11-28", known_by="2018-11-28")
    hindsight = ties.tie_table(record, as_of="2018-11-28")
    assert then["status"].notna().sum() < hindsight["status"].notna().sum()
    assert not hindsight["status"].isin(["suspended", "terminated"]).any()
    assert "oklahoma-city-ulyanovsk" in hindsight.query("status == 'dormant'")["tie_id"].tolist()
    assert "oklahoma-city-ulyanovsk" not in then.query("status == 'dormant'")["tie_id"].tolist()


def test_totals_are_kept_through_every_step(record):
    pair = record.between("US", "RU")
    table = ties.tie_table(pair)
    standing = int(table["status"].notna().sum())
    assert len(table) == len(pair.ties)
    assert stock_by_status(ties.lifecycle(pair))["total"].iloc[-1] == standing
    assert ties.bounds.founded_per_decade(pair)["n_certain"].sum() == standing
    assert table["n_events"].sum() == len(pair.events)


def test_the_record_of_a_pair_bears_the_names_of_both_and_holds_what_it_refers_to():
    pair = ties.load("us-russia").subset_record("UA", "US")
    assert pair.title == "Ties between Ukraine and United States"
    assert pair.countries == ("UA", "US")
    assert set(pair.sources["source_id"]) == set(pair.attestations["source_id"])
    assert pair.counts.empty
