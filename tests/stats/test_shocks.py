"""Gradual or in steps: the models tell what made the data, and say when they cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaln

from ties.stats.shocks import VERDICTS, ExitPrior, compare_shocks
from ties.stats.spells import DAYS_PER_YEAR

SINCE = "1991-12-26"
AS_OF = "2026-11-23"


def day(date: str) -> float:
    return float((pd.Timestamp(date) - pd.Timestamp(SINCE)).days)


def leaving(rng: np.random.Generator, rates: dict[str, float], n: int = 200) -> pd.DataFrame:
    """Make ties that stand from the first day on and leave at rates (a year) from given days."""
    starts = np.array([0.0, *(day(date) for date in list(rates)[1:])])
    rate = np.array(list(rates.values())) / DAYS_PER_YEAR
    last = day(AS_OF)
    ends = np.append(starts[1:], last)
    draws = rng.exponential(size=(n, len(rate))) / rate
    within = starts + draws
    left = np.where(within < ends, within, np.inf).min(axis=1)
    is_gone = np.isfinite(left)
    # Known to the day: after the day before, and no later than that day.
    return pd.DataFrame(
        {
            "entry": 0.0,
            "left": np.where(is_gone, np.ceil(left) - 1, last),
            "right": np.where(is_gone, np.ceil(left), np.inf),
        }
    )


def told(table: pd.DataFrame) -> pd.DataFrame:
    table.attrs = {"since": SINCE, "as_of": AS_OF}
    return table


def test_a_step_is_found_where_there_is_one():
    rng = np.random.default_rng(2022)
    found = compare_shocks(told(leaving(rng, {"": 0.002, "2022-02-24": 0.1})))
    assert found.verdict == "steps"
    assert found.models["probability"].idxmax().startswith("step 2022")


def test_a_constant_course_is_not_called_a_step():
    rng = np.random.default_rng(7)
    called = [compare_shocks(told(leaving(rng, {"": 0.02}))).verdict for _ in range(10)]
    assert "steps" not in called
    assert set(called) <= set(VERDICTS)


def test_probabilities_add_up_and_kinds_weigh_the_same_beforehand():
    rng = np.random.default_rng(3)
    models = compare_shocks(told(leaving(rng, {"": 0.02}, n=40))).models
    assert models["probability"].sum() == pytest.approx(1)
    assert set(models["kind"]) == {"gradual", "steps"}
    assert models.loc["constant", "bayes_factor"] == 1


def test_few_exits_leave_it_open():
    rng = np.random.default_rng(1)
    found = compare_shocks(told(leaving(rng, {"": 0.002}, n=20)))
    assert found.verdict == "cannot tell"


def test_the_marginal_of_the_constant_course_is_that_of_the_gamma_prior():
    # With days known it has a closed form, Gamma(a + n) b^a / Gamma(a) / (b + T)^(a + n), for each
    # exit times the length of its day.
    table = leaving(np.random.default_rng(5), {"": 0.02}, n=300)
    found = compare_shocks(told(table), prior=ExitPrior(exits=1.0)).models.loc["constant"]
    n = int(np.isfinite(table["right"]).sum())
    years = float(table["left"].sum()) / DAYS_PER_YEAR
    a, b = 1.0, years / n
    exact = a * np.log(b) - gammaln(a) + gammaln(a + n) - (a + n) * np.log(b + years)
    assert found["log_marginal"] == pytest.approx(exact - n * np.log(DAYS_PER_YEAR), abs=0.01)


def test_rates_by_period_count_exits_and_hold_the_truth():
    table = leaving(np.random.default_rng(2022), {"": 0.01, "2022-02-24": 0.1}, n=400)
    rates = compare_shocks(told(table), breaks=("2022-02-24",)).rates
    n_exits = int(np.isfinite(table["right"]).sum())
    assert rates["n_certain"].sum() == n_exits
    assert (rates["n_possible"] == rates["n_certain"]).all()  # each exit lies on one day
    truth = np.array([0.01, 0.1])
    assert (rates["lower"] < truth).all() and (rates["upper"] > truth).all()


@pytest.mark.parametrize(
    ("breaks", "message"), [((), "break"), (("2022", "2014"), "rise"), (("20-22",), "20-22")]
)
def test_breaks_that_are_none_are_refused(breaks, message):
    table = leaving(np.random.default_rng(1), {"": 0.02}, n=20)
    with pytest.raises(ValueError, match=message):
        compare_shocks(told(table), breaks)


def test_a_prior_that_is_none_is_refused():
    with pytest.raises(ValueError, match="more than no exit"):
        ExitPrior(exits=0)
