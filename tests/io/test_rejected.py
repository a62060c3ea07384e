"""Rows put aside: each with its reason and what depends on it, none lost."""

import json

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from ties.errors import InternalError
from ties.inputs import check, read
from ties.schema import tables
from ties.validate import rejects as quarantine
from ties.validate.references import references


def rules(folder):
    return check(folder)["rule"].tolist()


def add_line(folder, name, line):
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def refused(dataset):
    return dataset.rejected[["file", "line", "reason"]].to_numpy().tolist()


def test_nothing_is_rejected_from_a_good_record(record_folder):
    dataset = read(record_folder, on_invalid="reject")
    assert dataset.rejected.empty
    assert list(dataset.rejected) == ["table", "file", "line", "reason", "row"]


def test_all_that_hangs_on_a_rejected_place_is_rejected_with_the_reason(edited):
    dataset = read(edited("places.csv", "US-AK,city", "US-AK,cty"), on_invalid="reject")
    founded, suspended = "anchorage-magadan-1991-founded", "anchorage-magadan-2022-suspended"
    assert refused(dataset) == [
        ["places.csv", 4, "level: 'cty' is not a level of place; did you mean 'city'?"],
        ["ties.csv", 2, "place_b: the place 'us-ak-anchorage' was rejected"],
        ["events.csv", 2, "tie_id: the tie 'anchorage-magadan' was rejected"],
        ["events.csv", 3, "tie_id: the tie 'anchorage-magadan' was rejected"],
        ["attestations.csv", 2, f"event_id: the event '{founded}' was rejected"],
        ["attestations.csv", 3, f"event_id: the event '{suspended}' was rejected"],
    ]
    assert len(dataset.problems) == 1


def test_an_event_that_loses_its_last_attestation_is_rejected(edited):
    folder = edited("sources.csv", "2022-03-09", "spring")
    events = [row for row in refused(read(folder, on_invalid="reject")) if row[0] == "events.csv"]
    assert [line for _, line, _ in events] == [3, 5]
    assert events[0][2].endswith(
        "every attestation of 'anchorage-magadan-2022-suspended' was rejected"
    )


def test_a_rejected_row_keeps_its_cells_as_they_were_read(edited):
    dataset = read(edited("counts.csv", "2015,2,", " 2015 ,two,"), on_invalid="reject")
    assert json.loads(dataset.rejected["row"].iloc[0]) == {
        "date": " 2015 ",
        "count": "two",
        "scope": "ties in force",
        "source_id": "s1",
    }


def test_a_ragged_row_is_rejected_and_its_code_is_not_unknown(edited):
    folder = edited("ties.csv", "us-ak-anchorage,sister", "us-ak-anchorage,sister,")
    assert rules(folder) == ["ragged"]
    dataset = read(folder, on_invalid="reject")
    assert json.loads(dataset.rejected["row"].iloc[0]) == [
        "anchorage-magadan",
        "ru-mag-magadan",
        "us-ak-anchorage",
        "sister",
        "",
    ]
    assert dataset.ties["tie_id"].tolist() == ["st-petersburg-saint-petersburg"]


def test_of_a_pair_stored_twice_the_first_stays(record_folder):
    add_line(record_folder, "ties.csv", "magadan-anchorage,ru-mag-magadan,us-ak-anchorage,")
    dataset = read(record_folder, on_invalid="reject")
    assert dataset.rejected["line"].tolist() == [4]
    assert len(dataset.ties) == 2


def test_of_two_foundings_the_first_stays(record_folder):
    add_line(record_folder, "events.csv", "x-2,anchorage-magadan,1993,,founded,a,,Made once more.")
    add_line(record_folder, "attestations.csv", "x-2,s1,1993,")
    dataset = read(record_folder, on_invalid="reject")
    assert dataset.rejected[["file", "line"]].to_numpy().tolist() == [
        ["events.csv", 6],
        ["attestations.csv", 6],
    ]


def test_a_row_with_several_errors_is_rejected_once_with_all_reasons(edited):
    folder = edited("counts.csv", "2015,2,ties in force,s1", "then,two,,s9")
    rejected = read(folder, on_invalid="reject").rejected
    assert len(rejected) == 1
    assert rejected["reason"].iloc[0].count("; ") >= 3


def test_lost_rows_would_be_noticed(record_folder, monkeypatch):
    monkeypatch.setattr(quarantine, "to_vocabulary", lambda name, frame: frame.iloc[1:])
    with pytest.raises(InternalError, match="4 rows read, but 3 accepted and 0 rejected"):
        read(record_folder)


CSV_TABLES = [f"{name}.csv" for name in tables.TABLES]
CORRUPTION = st.tuples(
    st.sampled_from(CSV_TABLES),
    st.integers(0, 10),
    st.integers(0, 12),
    st.one_of(
        st.sampled_from(["", "x", "1991", "a", "s2", "us-ak-anchorage", "c. 1970", "-1", "x,y"]),
        st.text(st.characters(codec="utf-8", exclude_characters='"\0\r\n,'), max_size=8),
    ),
)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(corruptions=st.lists(CORRUPTION, min_size=1, max_size=6), again=st.booleans())
def test_no_row_is_lost_and_none_is_left_dangling(record_folder, corruptions, again):
    originals = {name: (record_folder / name).read_bytes() for name in CSV_TABLES}
    try:
        for name, row, cell, value in corruptions:
            corrupt(record_folder / name, row, cell, value, again)
        dataset = read(record_folder, on_invalid="reject")
        n_rejected = dataset.rejected["table"].value_counts()
        for name, n_read in dataset.n_read.items():
            lines = (record_folder / f"{name}.csv").read_text(encoding="utf-8").split("\n")
            assert n_read == sum(bool(line.strip(",")) for line in lines) - 1
            assert n_read == len(dataset.table(name)) + n_rejected.get(name, 0)
        for table, column, target in references():
            codes = dataset.table(target).iloc[:, 0]
            assert dataset.table(table)[column].dropna().isin(codes).all()
        assert dataset.events["event_id"].isin(dataset.attestations["event_id"]).all()
        assert_good_rows_are_good(dataset, record_folder)
    finally:
        for name, content in originals.items():
            (record_folder / name).write_bytes(content)


def corrupt(path, row, cell, value, again):
    """Put a value into a cell below the header; repeat the row too if asked."""
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    place = 1 + row % (len(lines) - 1)
    cells = lines[place].split(",")
    cells[cell % len(cells)] = value
    lines[place] = ",".join(cells)
    if again:
        lines.append(lines[place])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def assert_good_rows_are_good(dataset, folder):
    """Check that the rows accepted, written down and read again, have no error."""
    for name in dataset.n_read:
        dataset.table(name).to_csv(folder / f"{name}.csv", index=False)
    errors = check(folder).query("severity == 'error' and rule != 'no_rows'")
    assert errors.empty, errors["message"].tolist()
