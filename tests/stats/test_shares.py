"""A share's interval is Wilson's, for as many independent ties as the clusters leave."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import proportion_confint

from ties.stats.shares import clustered_share, imputed_share

RNG = np.random.default_rng(4)
PAIRS = RNG.choice(12 * 20, 60, replace=False)  # no pair of cities twice, as in a record
SHARED = pd.DataFrame({"a": PAIRS // 20, "b": PAIRS % 20})
LIKE_CITY = pd.Series((SHARED["b"] < 8) ^ (RNG.random(60) < 0.15))


def apart(n: int) -> pd.DataFrame:
    return pd.DataFrame({"a": range(n), "b": range(n)})


def test_without_shared_cities_it_is_wilsons_interval():
    found = clustered_share(pd.Series([True] * 30 + [False] * 70), apart(100))
    level = 2 * norm.sf(t.ppf(0.975, 99))
    assert found.n_effective == 100 and found.df == 99
    assert (found.lower, found.upper) == pytest.approx(
        proportion_confint(30, 100, alpha=level, method="wilson")
    )


def test_the_two_way_variance_is_that_of_statsmodels():
    fit = OLS(LIKE_CITY.to_numpy("float64"), np.ones(60))
    by_group = fit.fit(
        cov_type="cluster", cov_kwds={"groups": SHARED.to_numpy(), "use_correction": True}
    )
    own = fit.fit(cov_type="cluster", cov_kwds={"groups": np.arange(60), "use_correction": True})
    effect = by_group.cov_params()[0, 0] / own.cov_params()[0, 0]
    found = clustered_share(LIKE_CITY, SHARED)
    assert effect > 1.5
    # statsmodels scales by g/(g-1) too, for a regression with one constant.
    assert 60 / found.n_effective == pytest.approx(effect, rel=1e-9)


def test_ties_that_are_alike_within_a_city_count_for_less():
    alone = clustered_share(LIKE_CITY, apart(60))
    shared = clustered_share(LIKE_CITY, SHARED)
    assert shared.estimate == alone.estimate
    assert shared.lower < alone.lower and shared.upper > alone.upper
    assert shared.df == min(SHARED["a"].nunique(), SHARED["b"].nunique()) - 1


def test_there_are_never_more_independent_ties_than_ties():
    # Each city has one of either kind: clusters would make the mean look surer than it is.
    cities = pd.DataFrame({"a": np.repeat(range(10), 2), "b": range(20)})
    found = clustered_share(pd.Series([True, False] * 10), cities)
    assert found.n_effective == 20


@pytest.mark.parametrize("value", [True, False])
def test_all_or_none_still_has_an_interval(value):
    found = clustered_share(pd.Series([value] * 10), apart(10))
    assert found.estimate == value
    assert 0 <= found.lower < found.upper <= 1 and found.upper - found.lower > 0.2


def test_one_city_says_nothing_about_others():
    found = clustered_share(
        pd.Series([True, False, True]), pd.DataFrame({"a": [0, 0, 0], "b": [0, 1, 2]})
    )
    assert (found.lower, found.upper) == (0, 1)


def test_nothing_has_no_share():
    found = clustered_share(pd.Series(dtype=bool), apart(0))
    assert found.n == 0 and math.isnan(found.estimate)


def test_draws_that_agree_give_the_complete_interval():
    value = LIKE_CITY.to_numpy()
    draws = np.repeat(value[:, None], 5, axis=1)
    pooled = imputed_share(draws, np.ones_like(draws), SHARED)
    complete = clustered_share(LIKE_CITY, SHARED)
    assert pooled.estimate == pytest.approx(complete.estimate)
    assert pooled.n_effective == pytest.approx(complete.n_effective)
    # Barnard and Rubin take a little off even then: (df + 1) / (df + 3).
    assert pooled.df == pytest.approx(complete.df * (complete.df + 1) / (complete.df + 3))


def test_draws_that_differ_widen_the_interval():
    rng = np.random.default_rng(1)
    draws = np.repeat(LIKE_CITY.to_numpy()[:, None], 20, axis=1)
    draws[:25] = rng.random((25, 20)) < 0.5
    pooled = imputed_share(draws, np.ones_like(draws), SHARED)
    each = [clustered_share(pd.Series(draw), SHARED) for draw in draws.T]
    assert pooled.upper - pooled.lower > np.mean([one.upper - one.lower for one in each])
    assert pooled.df < max(one.df for one in each)


def test_a_tie_counts_only_in_the_draws_in_which_it_stood():
    draws = np.array([[True, True], [False, False], [False, False], [True, True]])
    member = draws.copy()
    member[1] = [True, False]
    member[2] = [False, True]
    assert imputed_share(draws, member, apart(4)).estimate == pytest.approx(2 / 3)
