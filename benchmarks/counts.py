"""Yearly stock, survival and de-duplication, as the package does them and as others would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from records import AS_OF, read_pieces

LAST = int(AS_OF[:4])


def stock_ties(folder: Path) -> Callable[[], Any]:
    """Count the stock as the package does."""
    from ties.stats.decline import stock_by_status

    episodes = read_pieces(folder / "episodes")
    episodes.attrs["as_of"] = AS_OF
    return lambda: stock_by_status(episodes, searches=True).drop(columns="total").stack()


def stock_pandas(folder: Path) -> Callable[[], Any]:
    """Count it with a row for every tie and year."""
    episodes = read_pieces(folder / "episodes")

    def run() -> Any:
        rows = episodes[episodes["axis"] == "status"]
        first = rows["start_latest"].dt.year
        until = rows["end_latest"].dt.year.fillna(LAST + 1).astype("int64")
        years = [range(a, b) for a, b in zip(first, until, strict=True)]
        long = rows.assign(year=years).explode("year")
        return long.groupby(["year", "state"]).size()

    return run


def stock_duckdb(folder: Path) -> Callable[[], Any]:
    """Count it in SQL."""
    import duckdb

    rows = duckdb.connect()
    rows.execute("set threads = 2")
    path = folder / "episodes" / "*.parquet"
    rows.execute(f"create table e as select * from read_parquet('{path}')")

    def run() -> Any:
        found = rows.sql(
            f"""
            select y.year, e.state, count(*) as n
            from (select unnest(range(1800, {LAST + 1})) as year) y
            join e on e.axis = 'status' and year(e.start_latest) <= y.year
                and (e.end_latest is null or year(e.end_latest) > y.year)
            group by all
            """
        ).df()
        return found.set_index(["year", "state"])["n"]

    return run


def stock_polars(folder: Path) -> Callable[[], Any]:
    """Count it with Polars."""
    import polars as pl

    rows = pl.read_parquet(folder / "episodes" / "*.parquet")

    def run() -> Any:
        until = pl.col("end_latest").dt.year().fill_null(LAST + 1)
        long = (
            rows.filter(pl.col("axis") == "status")
            .select("state", year=pl.int_ranges(pl.col("start_latest").dt.year(), until))
            .explode("year")
        )
        found = long.drop_nulls().group_by("year", "state").len()
        frame = pd.DataFrame(found.to_dict(as_series=False))
        return frame.set_index(["year", "state"])["len"]

    return run


def tell_stock(counts: pd.Series) -> Any:
    """A stock in one form: the numbers above none, sorted."""
    counts = counts[counts > 0]
    return sorted([int(year), str(state), int(n)] for (year, state), n in counts.items())


def survival_ties(folder: Path) -> Callable[[], Any]:
    """Estimate survival as the package does."""
    from ties.stats.survival import kaplan_meier, survival_at

    spells = read_pieces(folder / "spells")
    kaplan_meier(spells.head(100))  # what is imported on the way is no part of the work
    return lambda: float(survival_at(kaplan_meier(spells), [20.0])["survival"].iloc[0])


def survival_statsmodels(folder: Path) -> Callable[[], Any]:
    """Estimate it with statsmodels."""
    from statsmodels.duration.survfunc import SurvfuncRight

    spells = read_pieces(folder / "spells")

    def run() -> float:
        status = (spells["event"] != "censored").astype(int)
        found = SurvfuncRight(spells["exit"] / 365.25, status, entry=spells["entry"] / 365.25)
        place = np.searchsorted(found.surv_times, 20.0 + 1e-9, side="right") - 1
        return float(found.surv_prob[place])

    return run


def survival_lifelines(folder: Path) -> Callable[[], Any]:
    """Estimate it with lifelines, which needs an older pandas: in an environment of its own."""
    from lifelines import KaplanMeierFitter

    spells = read_pieces(folder / "spells")

    def run() -> float:
        # At risk after the day of entry: lifelines counts the day itself.
        found = KaplanMeierFitter().fit(
            spells["exit"], spells["event"] != "censored", entry=spells["entry"] + 0.5
        )
        return float(found.predict(20 * 365.25))

    return run


def tell_survival(share: float) -> Any:
    """A share to the eighth digit."""
    return f"{share:.8f}"


def pairs_ties(folder: Path) -> Callable[[], Any]:
    """Merge pairs as the package does."""
    from ties.merge.pairs import merge

    told = pd.read_parquet(folder / "pairs.parquet")
    ids = pd.RangeIndex(len(told)).astype("str")
    rows = pd.DataFrame({"statement_id": ids, "source_id": "one"})
    for side in "ab":
        rows[f"place_key_{side}"] = told[side].to_numpy()
        rows[f"name_{side}"] = told[side].to_numpy()
        rows[f"name_key_{side}"] = told[side].to_numpy()
        for name in ("level", "place_level", "country_code", "reasons", "place_name"):
            rows[f"{name}_{side}"] = pd.Series(None, index=rows.index, dtype="str")
    return lambda: len(merge(rows).pairs)


def pairs_pandas(folder: Path) -> Callable[[], Any]:
    """Count distinct pairs."""
    told = pd.read_parquet(folder / "pairs.parquet")

    def run() -> int:
        low = told["a"].where(told["a"] < told["b"], told["b"])
        high = told["b"].where(told["a"] < told["b"], told["a"])
        return len(pd.DataFrame({"low": low, "high": high}).drop_duplicates())

    return run


def pairs_duckdb(folder: Path) -> Callable[[], Any]:
    """Count distinct pairs in SQL."""
    import duckdb

    rows = duckdb.connect()
    rows.execute("set threads = 2")
    rows.execute(f"create table t as select * from read_parquet('{folder / 'pairs.parquet'}')")
    asked = "select count(*) from (select distinct least(a, b), greatest(a, b) from t)"
    return lambda: rows.sql(asked).fetchall()[0][0]
