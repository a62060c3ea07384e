"""A record in partitions has the life cycle of the whole, whatever happens to the workers."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from validation.simulate import simulate

import ties
from ties.errors import TiesError
from ties.partitions import check_parts, lifecycle_of_parts, parts, split

pytest.importorskip("dask")
RECORD = ties.load("us-russia")


def whole(record, **options):
    episodes = ties.lifecycle(record, **options)
    return episodes.sort_values(["tie_id", "axis", "start_latest"], ignore_index=True)


def joined(paths):
    episodes = pd.concat([pd.read_parquet(path) for path in paths], ignore_index=True)
    # Parquet knows no whole seconds.
    days = {name: "datetime64[s]" for name in episodes.select_dtypes("datetime")}
    episodes = episodes.astype(days)
    return episodes.sort_values(["tie_id", "axis", "start_latest"], ignore_index=True)


def same(one, other):
    pd.testing.assert_frame_equal(
        one.astype({"axis": "str", "basis": "str"}), other.astype({"axis": "str", "basis": "str"}),
        check_dtype=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    home = tmp_path_factory.mktemp("parts")
    split(RECORD, home, 7)
    return home


def test_no_row_of_a_tie_is_lost_or_told_twice(folder):
    cut = [ties.read(path) for path in parts(folder)]
    for table in ("ties", "events", "attestations", "searches"):
        assert sum(len(part.table(table)) for part in cut) == len(RECORD.table(table))
    assert len(cut) == 7


@pytest.mark.parametrize(
    "options",
    [{}, {"as_of": "2018-11-28", "known_by": "2018-11-28"}, {"rule": ties.StatusRule(3)}],
    ids=["usual", "as known then", "another rule"],
)
def test_the_parts_have_the_life_cycle_of_the_whole(folder, tmp_path, options):
    same(joined(lifecycle_of_parts(folder, tmp_path, **options)), whole(RECORD, **options))


def test_every_part_passes_every_check(folder):
    problems = check_parts(folder)
    assert problems[problems["severity"] == "error"].empty


@pytest.fixture
def two(tmp_path):
    """Two partitions of five ties each, and what is in them."""
    one, other = simulate("plain", n_ties=5, seed=1).dataset, simulate("plain", n_ties=5, seed=2)
    other = numbered(other.dataset)
    put(one, tmp_path, "part-00000")
    put(other, tmp_path, "part-00001")
    return tmp_path, one, other


def numbered(record):
    """Give a record codes that no other simulated one has; its sources are the same."""
    own = {
        "ties": ["tie_id", "place_a", "place_b"],
        "events": ["event_id", "tie_id"],
        "attestations": ["event_id"],
        "searches": ["tie_id"],
        "places": ["place_id"],
    }
    return replace(
        record,
        **{
            name: record.table(name).assign(**{c: record.table(name)[c] + "-2" for c in columns})
            for name, columns in own.items()
        },
    )


def put(record, home, part):
    split(record, home / "made", 1)
    if (home / part).exists():
        shutil.rmtree(home / part)
    (home / "made" / "part-00000").rename(home / part)
    (home / "made").rmdir()


def errors(folder, **options):
    problems = check_parts(folder, **options)
    return problems[problems["severity"] == "error"]


def test_codes_and_pairs_that_stand_in_two_parts_are_found(two):
    home, one, other = two
    assert errors(home).empty
    tie = one.keep_ties(one.ties["tie_id"].iloc[:1])
    ties, events = (pd.concat([getattr(other, t), getattr(tie, t)]) for t in ("ties", "events"))
    told = pd.concat([other.attestations, tie.attestations])
    again = replace(
        other,
        ties=ties,
        events=events,
        attestations=told,
        places=pd.concat([other.places, one.places]),
        sources=pd.concat([other.sources, one.sources]).drop_duplicates("source_id"),
    )
    put(again, home, "part-00001")
    found = errors(home)
    assert set(found["rule"]) == {"in_two_parts"} and set(found["part"]) == {"part-00001"}
    pair = " – ".join(tie.ties[["place_a", "place_b"]].iloc[0])
    of_ties = found.loc[found["table"] == "ties", "value"]
    assert set(of_ties) == {tie.ties["tie_id"].iloc[0], pair}
    assert set(found.loc[found["table"] == "events", "value"]) == set(tie.events["event_id"])


def test_a_source_that_two_parts_tell_differently_is_found(two):
    home, one, other = two
    both = set(one.sources["source_id"]) & set(other.sources["source_id"])
    source = min(both)
    title = other.sources["title"].mask(other.sources["source_id"] == source, "Other")
    put(replace(other, sources=other.sources.assign(title=title)), home, "part-00001")
    found = errors(home)
    assert found[["rule", "table", "value"]].to_numpy().tolist() == [
        ["told_otherwise", "sources", source]
    ]


def test_an_event_whose_tie_stands_in_another_part_is_told_where(two):
    home, one, other = two
    tie = one.ties["tie_id"].iloc[0]
    moved = other.events["tie_id"].mask(other.events["event_id"] == "e0-2", tie)
    moved = moved.mask(other.events["event_id"] == "e1-2", "t-of-nobody")
    path = home / "part-00001" / "events.parquet"
    pd.read_parquet(path).assign(tie_id=moved.to_numpy()).to_parquet(path)
    found = errors(home)
    told = found[found["column"] == "tie_id"].set_index("value")
    assert told.loc[tie, "rule"] == "in_another_part"
    assert "part-00000" in told.loc[tie, "message"] and told.loc[tie, "part"] == "part-00001"
    assert told.loc["t-of-nobody", "rule"] == "unknown_reference"


def test_codes_of_one_hash_are_not_taken_for_one(two, monkeypatch):
    monkeypatch.setattr("ties.partitions._bucket", lambda keys: np.zeros(len(keys), "int64"))
    assert errors(two[0]).empty


def test_looking_through_a_bucket_at_a_time_finds_the_same(two, monkeypatch):
    home, one, _ = two
    put(one, home, "part-00002")
    together = errors(home)
    assert "in_two_parts" in set(together["rule"])
    monkeypatch.setattr("ties.partitions._TOGETHER", 1)
    apart = errors(home)
    columns = ["rule", "table", "value", "part"]
    assert sorted(map(tuple, apart[columns].to_numpy())) == sorted(
        map(tuple, together[columns].to_numpy())
    )


def test_the_check_leaves_nothing_behind(two, tmp_path_factory):
    home = two[0]
    elsewhere = tmp_path_factory.mktemp("scratch")
    before = sorted(path.name for path in home.iterdir())
    errors(home)
    errors(home, scratch=elsewhere)
    assert sorted(path.name for path in home.iterdir()) == before
    assert not list(elsewhere.iterdir())


def test_a_part_that_cannot_be_read_is_one_problem_among_all(two):
    home = two[0]
    (home / "part-00001" / "events.parquet").write_bytes(b"not Parquet")
    found = errors(home)
    assert set(found["part"]) == {"part-00001"} and "unreadable" in set(found["rule"])


def test_a_folder_without_partitions_is_told(tmp_path):
    with pytest.raises(TiesError, match=r"ties\.partitions\.split"):
        parts(tmp_path)
    with pytest.raises(ValueError, match="at least one"):
        split(RECORD, tmp_path, 0)


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
    ) as made:
        yield made


@pytest.fixture
def client(cluster):
    distributed = pytest.importorskip("distributed")
    with distributed.Client(cluster) as made:
        made.wait_for_workers(2)
        yield made


def test_workers_find_what_one_process_finds(two, client):
    home, one, _ = two
    put(one, home, "part-00002")
    alone, together = check_parts(home), check_parts(home, client=client)
    assert "in_two_parts" in set(alone["rule"])
    pd.testing.assert_frame_equal(alone, together)


def test_a_worker_that_is_killed_midway_costs_nothing(tmp_path, client):
    record = simulate("plain", n_ties=600, seed=1).dataset
    split(record, tmp_path / "parts", 12)
    pids = list(client.run(os.getpid).values())
    assert len(set(pids)) == 2
    out = tmp_path / "out"

    def kill():
        while not list(out.glob("*.parquet")):
            time.sleep(0.05)
        os.kill(pids[0], signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    made = lifecycle_of_parts(tmp_path / "parts", out, client=client)
    killer.join(30)
    assert not killer.is_alive()
    same(joined(made), whole(record))
    assert [path.name for path in sorted(out.iterdir())] == [path.name for path in made]
