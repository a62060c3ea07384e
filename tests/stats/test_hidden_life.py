from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from tests.factory import make_dataset
from tests.stats.reference import given, recorded

from ties.stats import hidden_life
from ties.stats.hidden_life import Prior, Traces, fit

SEEN = {"t": "trace", "a": "alive", "d": "dormant", ".": "silent"}


def traces(*lives: str, first: int = 1990) -> Traces:
    """One text a tie, a letter a year, from the year after the founding."""
    width = max(map(len, lives)) + 1
    grid = np.array([list(" " + life.ljust(width - 1, " ")) for life in lives])
    return Traces(
        pd.Index([f"t{i}" for i in range(len(lives))]),
        np.arange(first, first + width),
        *(grid == letter for letter in "tad"),
        np.zeros(len(lives), "int64"),
        np.array([len(life) + 1 for life in lives]),
    )


def model(of: Traces) -> hidden_life._Model:
    return hidden_life._Model(of, Prior(), ())


def parameters(fade, wake, trace, report, *, drift=0.0, spread=1e-9) -> np.ndarray:
    return np.array([[*logit([fade, wake, trace]), drift, logit(report), np.log(spread)]])


@pytest.mark.parametrize("number", [0, 1])
def test_the_likelihood_is_that_of_msm(number: int):
    r = recorded("hidden")[number]
    seen = given("traces").pivot(index="tie", columns="year", values="seen")
    table = Traces(
        seen.index,
        seen.columns.to_numpy(),
        *((seen == SEEN[letter]).to_numpy() for letter in "tad"),
        (seen == "founded").to_numpy().argmax(axis=1),
        np.full(len(seen), seen.shape[1]),
    )
    values = parameters(r["fade"], r["wake"], r["trace"], r["report"])
    found = model(table).log_likelihood(values)
    assert found == pytest.approx(r["log_likelihood"], abs=1e-8)


def every_path(life: str, values: np.ndarray) -> tuple[float, np.ndarray]:
    """Likelihood of a life and the chance that it is alive each year, from all paths."""
    fade, wake, trace, _, report = expit(values[0, :5])
    drift, spread = values[0, 3], np.exp(values[0, 5])
    nodes, weights = np.polynomial.hermite_e.hermegauss(7)
    total, alive = 0.0, np.zeros(len(life) + 1)
    for node, weight in zip(nodes, weights / weights.sum(), strict=True):
        for path in product([True, False], repeat=len(life)):
            chance, before = weight, True
            for t, (now, letter) in enumerate(zip(path, life, strict=True), start=1):
                year = 1990 + t
                p = expit(logit(trace) + drift * (year - 2000) / 10 + spread * node)
                step = (1 - fade if now else fade) if before else (wake if now else 1 - wake)
                if now:
                    sight = {"t": p, "a": 1, ".": 1 - p, "d": 0}[letter]
                else:
                    sight = {"t": 0, "a": 0, ".": 1 - report, "d": report}[letter]
                chance, before = chance * step * sight, now
            total += chance
            alive += chance * np.array([True, *path])
    return total, alive / total


@pytest.mark.parametrize("life", ["..t..", "ta.d.t", ".....", "d", "t.t.t..."])
def test_likelihood_and_states_are_those_of_all_paths(life: str):
    values = parameters(0.1, 0.05, 0.3, 0.08, drift=0.4, spread=0.9)
    chance, alive = every_path(life, values)
    one = model(traces(life))
    assert one.log_likelihood(values) == pytest.approx(np.log(chance), abs=1e-10)
    many = np.repeat(values, 20_000, axis=0)
    drawn, faded, woken = one.states(many, one.by_node(many), np.random.default_rng(3))
    assert drawn.mean(axis=0) == pytest.approx(alive, abs=0.015)
    # Whoever is alive was so before and did not fade, or woke.
    assert (np.diff(drawn, axis=1) == (woken - faded)[:, 1:]).all()


def test_several_ties_are_as_likely_as_each_by_itself():
    values = parameters(0.1, 0.05, 0.3, 0.08, spread=0.7)
    lives = ("..t..", "t.d", "aa..t.")
    alone = sum(model(traces(life)).log_likelihood(values)[0] for life in lives)
    assert model(traces(*lives)).log_likelihood(values) == pytest.approx(alone)


def test_the_gradient_is_that_of_small_steps():
    one = model(traces("..t..t", "t.d.t", "aa..t.", ".", "tt" + "." * 40))
    at = one.mean + np.linspace(-0.5, 0.8, len(one.mean))
    slope = one.log_posterior(at[None])[1][0]
    steps = 1e-5 * np.eye(len(at))
    up, down = (one.log_posterior(at + sign * steps)[0] for sign in (1, -1))
    assert slope == pytest.approx((up - down) / 2e-5, rel=1e-6, abs=1e-6)


def test_silence_after_busy_years_means_more_than_silence_alone():
    quiet, busy = traces(*["." * 25] * 20), traces(*["t.t.tt.t" + "." * 17] * 20)
    ends = [fit(one, n_draws=300).share_alive()["estimate"].iloc[-1] for one in (quiet, busy)]
    assert ends[1] < ends[0] - 0.2


def test_an_answer_repeats_with_its_seed():
    one = traces("..t..t", "t.....", "....d.")
    first, again = (fit(one, n_draws=200, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(first.share_alive(), again.share_alive())


def test_the_drift_decides_what_silence_says():
    one = traces(*["t.t..t......."] * 10, *["............."] * 10)
    held = [hidden_life.varied(Prior(), drift=drift) for drift in (-0.8, 0.8)]
    falls = [fit(one, prior, n_draws=400).change(1992, 2003)["estimate"] for prior in held]
    assert falls[0] > falls[1]


def test_a_record_is_read_as_it_says():
    record = make_dataset(
        [
            ("t", "1991-06", "founded", "both"),
            ("t", "1993-05", "visit", "a"),
            ("t", "1994/1995", "visit", "a"),
            ("t", "1996", "exchange", "a", "1998"),
            ("t", "../2005", "dormant", "none"),
            ("t", "2009-03-01", "terminated", "a"),
            ("vague", "1990/1994", "founded", "both"),
        ]
    )
    read = Traces.of(record, last_year=2012)
    assert read.ids.tolist() == ["t"]
    assert read.years[read.is_trace[0]].tolist() == [1993, 1996]
    assert read.years[read.is_alive[0]].tolist() == [1997, 1998]
    assert read.years[read.is_dormant[0]].tolist() == [2005]
    assert read.years[read.stands[0]].tolist() == list(range(1991, 2009))


def test_a_report_is_a_trace_or_a_silence_and_later_years_are_not_looked_at():
    record = make_dataset(
        [
            ("t", "1991", "founded", "both"),
            ("t", "1995", "reported", "none", None, "active"),
            ("t", "1999", "reported", "none", None, "dormant"),
            ("u", "1992", "founded", "both"),
            ("u", "2003", "visit", "a"),
        ]
    )
    read = Traces.of(record)
    assert read.years[[0, -1]].tolist() == [1991, 2003]
    assert read.years[read.is_trace[0]].tolist() == [1995]
    assert read.years[read.is_dormant[0]].tolist() == [1999]
    assert read.only(pd.Index(["u"])).years[read.only(pd.Index(["u"])).is_trace[0]] == [2003]


def test_without_a_dated_tie_there_is_nothing_to_fit():
    record = make_dataset([("t", "1990", "listed", "none")])
    with pytest.raises(ValueError, match="no tie has a founding"):
        fit(Traces.of(record))
