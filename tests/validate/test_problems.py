import pickle

import pytest

from ties.errors import (
    InvalidTableError,
    UnreadableError,
    describe,
    empty_problems,
    hints,
    join,
    make_problems,
    nearest,
    public,
    shorten,
)


def found(n, *, file="events.csv", severity="error"):
    return make_problems(
        [f"wrong {i}" for i in range(n)],
        table="events",
        file=file,
        rule="rule",
        column="kind",
        lines=list(range(2, n + 2)),
        severity=severity,
    )


def test_the_message_groups_problems_under_their_file():
    problems = public(join([found(1), found(2, file="ties.csv")]))
    assert describe(problems).splitlines() == [
        "3 problems in 2 files",
        "events.csv: 1 problem",
        "  line 2, kind: wrong 0",
        "ties.csv: 2 problems",
        "  line 2, kind: wrong 0",
        "  line 3, kind: wrong 1",
    ]


def test_a_problem_of_a_whole_file_names_no_line():
    problem = make_problems(["is empty"], table="ties", file="ties.csv", rule="empty_file")
    assert describe(problem) == "ties.csv: 1 problem\n  is empty"


def test_the_message_stops_at_twenty_and_counts_the_rest():
    lines = str(InvalidTableError(public(found(25)))).splitlines()
    assert lines[0] == "events.csv: 25 problems"
    assert len(lines) == 22
    assert lines[-1] == "  and 5 more; ties.check gives them all"


def test_the_error_carries_warnings_but_does_not_print_them():
    error = InvalidTableError(public(join([found(1), found(3, severity="warning")])))
    assert str(error).startswith("events.csv: 1 problem\n")
    assert len(error.problems) == 4


def test_the_error_survives_pickling():
    error = pickle.loads(pickle.dumps(InvalidTableError(public(found(2)))))
    assert len(error.problems) == 2


def test_problems_are_ordered_by_file_and_line():
    late = make_problems(["b"], table="t", file="x", rule="r", lines=9)
    early = make_problems(["a"], table="t", file="x", rule="r", lines=2)
    whole = make_problems(["all"], table="t", file="x", rule="r")
    assert public(join([late, early, whole]))["message"].tolist() == ["all", "a", "b"]


def test_no_problems_have_the_columns_and_types_of_problems():
    assert empty_problems().dtypes.equals(public(found(1)).dtypes)
    assert len(empty_problems()) == 0


@pytest.mark.parametrize(
    ("value", "choice"),
    [("suspnded", "suspended"), ("Suspended", "suspended"), ("zzz", None), ("", None)],
)
def test_the_nearest_word_is_found_or_none(value, choice):
    assert nearest(value, ["suspended", "terminated"]) == choice


def test_no_hint_is_sought_among_very_many_choices():
    assert hints(["a"], [str(i) for i in range(5001)]) == {}


def test_a_long_value_is_shortened():
    assert len(shorten("x" * 1_000_000)) < 70


def test_what_cannot_be_read_says_so_in_a_word_and_has_its_problems():
    assert str(UnreadableError("is no table")) == "is no table"
    assert UnreadableError("is no table").problems.empty
    assert len(UnreadableError("is no table", found(2)).problems) == 2
