"""A record in partitions has the life cycle of the whole, whatever happens to the workers."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace

import pandas as pd
import pytest

import ties
from ties.model.problems import TiesError
from ties.partitions import check_parts, lifecycle_of_parts, parts, split
from ties.simulate import simulate

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


def test_what_only_all_parts_can_show_is_found(tmp_path):
    one, other = split(RECORD, tmp_path, 2)
    first, second = ties.read(one), ties.read(other)
    tie = first.ties["tie_id"].iloc[0]
    again = RECORD.keep_ties([*second.ties["tie_id"], tie])
    source = again.sources["source_id"] == second.sources["source_id"].iloc[0]
    again = replace(
        again, sources=again.sources.assign(title=again.sources["title"].mask(source, "Other"))
    )
    split(again, tmp_path / "again", 1)
    (tmp_path / "again" / "part-00000").rename(tmp_path / "part-00009")
    for path in other.iterdir():
        path.unlink()
    other.rmdir()
    problems = check_parts(tmp_path)
    twice = problems[problems["rule"] == "in_two_parts"]
    assert tie in set(twice["value"])
    assert set(twice["table"]) == {"ties", "events"}
    if source.any() and second.sources["source_id"].iloc[0] in set(first.sources["source_id"]):
        assert "told_otherwise" in set(problems["rule"])


def test_a_folder_without_partitions_is_told(tmp_path):
    with pytest.raises(TiesError, match=r"ties\.partitions\.split"):
        parts(tmp_path)
    with pytest.raises(ValueError, match="at least one"):
        split(RECORD, tmp_path, 0)


def test_a_worker_that_is_killed_midway_costs_nothing(tmp_path):
    distributed = pytest.importorskip("distributed")
    record = simulate("plain", n_ties=2_000, seed=1).dataset
    split(record, tmp_path / "parts", 12)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
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
