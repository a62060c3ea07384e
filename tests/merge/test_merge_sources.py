"""A merge accounts for every row, keeps what each source said, and can be undone."""

from __future__ import annotations

import pandas as pd
import pytest

import ties
from ties.errors import TiesError, UnreadableError
from ties.merge.import_source import Origin, import_source
from ties.merge.merge_sources import (
    ACCOUNT,
    merge_sources,
    open_source,
    open_sources,
    questions,
    read_merge,
)
from ties.merge.split import read_apart
from ties.places.decisions import DecisionError

ONE = """city,country,partner,partner country,since
Seattle,United States,Tashkent,Uzbekistan,1973
Duluth,United States,Petrozavodsk,Russia,1986
Bonn,Germany,Opole,Poland,1954
,Germany,Opole,Poland,1954
"""
TWO = """city,country,partner,partner country,since
Opole,Poland,Bonn,Germany,1997
Bonn,Germany,Opole,Poland,1954
Duluth,United States,Petrozavodsk,Russia,1987
"""


@pytest.fixture(scope="module")
def imports(tmp_path_factory):
    """Give the folders of two imports."""
    home = tmp_path_factory.mktemp("imports")
    for name, day, text in (("one", "2020-01-01", ONE), ("two", "2021-01-01", TWO)):
        source = home / f"{name}.csv"
        source.write_text(text, encoding="utf-8")
        import_source("table", source, home / "raw", Origin(name, day))
    return {name: next((home / "raw" / name).iterdir()) for name in ("one", "two")}


@pytest.fixture(scope="module")
def merged(imports, tmp_path_factory):
    folder = tmp_path_factory.mktemp("merged") / "all"
    return merge_sources(open_sources(["us-russia", *imports.values()]), folder, name="all")


def test_rows_in_are_kept_merged_or_rejected_for_every_source(merged):
    account = merged.account.set_index("source_id")
    assert account["rows"].to_dict() == {"us-russia": 164, "one": 4, "two": 3}
    assert account[[*ACCOUNT]].sum(axis="columns").equals(account["rows"])
    assert account.loc["one", "rejected"] == 1
    assert account.loc["two", "merged"] + account.loc["one", "merged"] >= 2


def test_the_log_names_the_tie_that_every_statement_went_into(merged):
    log = pd.read_csv(merged.folder / "merge-log.csv").set_index("statement_id")
    tie = "duluth-petrozavodsk"
    assert log.loc[["one:1", "two:2", f"us-russia:{tie}"], "tie_id"].eq(tie).all()
    assert set(log["tie_id"].dropna()) == set(merged.dataset.ties["tie_id"])


def test_the_record_keeps_its_own_date_and_every_other_stays_beside_it(merged):
    before, after = ties.load("us-russia"), merged.dataset
    own = {"tie_id": "duluth-petrozavodsk", "kind": "founded"}
    is_own = after.events[[*own]].astype("str").eq(pd.Series(own)).all(axis="columns")
    event = after.events[is_own]
    was = before.events[before.events["event_id"].isin(event["event_id"])]
    assert event["date"].tolist() == was["date"].tolist()
    told = after.attestations[after.attestations["event_id"].isin(event["event_id"])]
    dates = dict(zip(told["source_id"], told["date"], strict=True))
    assert dates["one"] == "1986"
    assert dates["two"] == "1987"


def test_every_event_of_the_record_is_in_the_merge(merged):
    before, after = ties.load("us-russia"), merged.dataset
    assert set(before.events["event_id"]) <= set(after.events["event_id"])
    assert set(before.searches["tie_id"]) <= set(after.searches["tie_id"])
    assert merged.events["outcome"].eq("kept").all()


def test_what_is_written_is_a_record_that_passes_every_check(merged):
    problems = ties.check(merged.folder / "record")
    assert problems[problems["severity"] == "error"].empty
    assert len(ties.read(merged.folder / "record").ties) == len(merged.dataset.ties)


def test_the_order_of_imports_changes_nothing(imports, tmp_path):
    a = merge_sources(open_sources([*imports.values()]), tmp_path / "a", name="x")
    b = merge_sources(open_sources([*imports.values()][::-1]), tmp_path / "b", name="x")
    for name in ("ties", "events", "attestations", "places"):
        assert getattr(a.dataset, name).equals(getattr(b.dataset, name)), name


def test_a_second_merge_gives_the_same_bytes(imports, tmp_path):
    told = open_sources([*imports.values()])
    for name in "ab":
        merge_sources(told, tmp_path / name, name="x")
    for path in sorted((tmp_path / "a").rglob("*.*")):
        twin = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.read_bytes() == twin.read_bytes(), path.name


def test_two_snapshots_of_one_source_are_told_apart_by_their_days(imports, tmp_path):
    source = tmp_path / "one.csv"
    source.write_text(ONE, encoding="utf-8")
    later = import_source("table", source, tmp_path / "raw", Origin("one", "2022-01-01")).folder
    told = open_sources([imports["one"], later])
    assert [each.name for each in told] == ["one-2020-01-01", "one-2022-01-01"]
    made = merge_sources(told, tmp_path / "both", name="both")
    assert made.account["merged"].tolist() == [0, 3]


def test_one_source_given_twice_is_refused(imports, tmp_path):
    with pytest.raises(TiesError, match="one-2020-01-01"):
        merge_sources(open_sources([imports["one"]] * 2), tmp_path / "x", name="x")


def test_a_merge_is_a_source_of_the_next(merged, imports, tmp_path):
    again = merge_sources(
        open_sources([merged.folder, imports["two"]]), tmp_path / "again", name="again"
    )
    assert set(again.dataset.ties["tie_id"]) == set(merged.dataset.ties["tie_id"])


def test_files_of_others_are_never_replaced(imports, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("keep")
    with pytest.raises(TiesError, match=r"mine\.txt"):
        merge_sources(open_sources([imports["one"]]), tmp_path / "letters", name="x")
    assert (tmp_path / "letters" / "mine.txt").read_text() == "keep"


def test_a_tie_is_taken_apart_and_put_together_again(imports, tmp_path):
    told = open_sources([*imports.values()])
    whole = merge_sources(told, tmp_path / "m", name="m")
    asked = questions(tmp_path / "m", "de-bonn-pl-opole")
    assert asked["statement_id"].tolist() == ["one:2", "two:0", "two:1"]
    is_one = asked["statement_id"] == "two:0"
    asked.loc[is_one, ["end", "decided_on", "reason"]] = ["a", "2026-11-24", "Opole in Mazovia"]
    asked.to_csv(tmp_path / "apart.csv", index=False)
    apart = merge_sources(told, tmp_path / "m", name="m", apart=read_apart(tmp_path / "apart.csv"))
    assert len(apart.dataset.ties) == len(whole.dataset.ties) + 1
    again = merge_sources(told, tmp_path / "m", name="m")
    assert again.dataset.ties.equals(whole.dataset.ties)


def test_a_decision_on_words_that_changed_since_is_refused(imports, tmp_path):
    told = open_sources([*imports.values()])
    merge_sources(told, tmp_path / "m", name="m")
    asked = questions(tmp_path / "m", "de-bonn-pl-opole")
    asked = asked.assign(end="a", decided_on="2026-11-24", reason="it is another", name_a="Ulm")
    asked.to_csv(tmp_path / "apart.csv", index=False)
    with pytest.raises(DecisionError, match=r"line 2: 'one:2' is written otherwise now"):
        merge_sources(told, tmp_path / "m", name="m", apart=read_apart(tmp_path / "apart.csv"))


def test_a_tie_that_no_merge_made_is_answered_with_the_nearest(merged):
    with pytest.raises(TiesError, match="did you mean 'de-bonn-pl-opole'"):
        questions(merged.folder, "de-bonn-pl-opol")
    with pytest.raises(UnreadableError, match="ties merge"):
        read_merge(merged.folder / "record")


def test_the_folder_of_a_merge_is_opened_as_the_record_in_it(merged):
    assert len(open_source(merged.folder).statements) == len(merged.dataset.ties)


def test_records_in_which_no_place_lies_in_another_are_merged(record_folder, tmp_path):
    made = merge_sources(open_sources([record_folder]), tmp_path / "merged", name="one")
    assert made.dataset.places["part_of"].isna().all()
    assert len(made.dataset.ties) == 2
