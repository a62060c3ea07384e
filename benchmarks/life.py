"""The life cycle and the tie table, as the package gives them and as others would.

The others start from less and give less: dates come to them as two days, and they give the state
and its days only, not the event that began it, nor the bounds of its beginning. They read what
a simulated record holds under the usual rule: foundings, visits, listings, suspensions and ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from records import AS_OF, read_pieces, read_record

_YEARS = 5
_DOWN = ("dormant", "suspended", "terminated")
_ENDS = ("suspended", "terminated")


def life_ties(folder: Path) -> Callable[[], Any]:
    """The life cycle."""
    import ties

    record = read_record(folder)
    return lambda: ties.lifecycle(record)


def table_ties(folder: Path) -> Callable[[], Any]:
    """The tie table."""
    import ties

    record = read_record(folder)
    return lambda: ties.tie_table(record)


def life_pandas(folder: Path) -> Callable[[], Any]:
    """Live every tie by itself: group, and apply."""
    events, searches = _plain(folder)
    return lambda: _live_all(events, searches)


def table_pandas(folder: Path) -> Callable[[], Any]:
    """Take from the lives of all ties how each stands, and count its events."""
    events, searches = _plain(folder)
    ids = read_pieces(folder / "tables" / "ties")["tie_id"]

    def run() -> pd.DataFrame:
        lives = _live_all(events, searches)
        now = lives[(lives["axis"] == "status") & lives["end"].isna()]
        own = events.groupby("tie_id")
        return pd.DataFrame(
            {
                "status": now.set_index("tie_id")["state"],
                "founding_decade": own[["kind", "earliest", "latest"]].apply(_decade),
                "n_events": own.size(),
            },
            index=ids,
        ).reset_index()

    return run


def _plain(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    tables = [read_pieces(folder / "plain" / name) for name in ("events", "searches")]
    for table in tables:
        for column in table.columns.intersection(["earliest", "latest", "searched_on"]):
            table[column] = pd.to_datetime(table[column]).astype("M8[s]")
    return tables[0], tables[1]


def _live_all(events: pd.DataFrame, searches: pd.DataFrame) -> pd.DataFrame:
    searched = searches.groupby("tie_id")["searched_on"].agg(list)
    own = events.sort_values(["tie_id", "latest"]).groupby("tie_id")[["kind", "latest"]]
    lives = own.apply(lambda rows: _live(rows, searched.get(rows.name, [])))
    return lives.reset_index(level=0).reset_index(drop=True)


def _live(events: pd.DataFrame, searched: Iterable[pd.Timestamp]) -> pd.DataFrame:
    """Live one tie: what it was, from when to when."""
    shows = events.loc[events["kind"] != "visit", "latest"]
    if shows.empty:
        return pd.DataFrame({"axis": [], "state": [], "start": [], "end": []})
    founded, as_of = shows.iloc[0], pd.Timestamp(AS_OF)
    signs = events.loc[events["kind"].isin(["founded", "visit"]), "latest"].tolist()
    # What is said of the tie, and when; of one day the last word counts.
    said = [(pd.Timestamp("0001-01-01"), 0, "no_information")]
    said += [(day, 2, "active") for day in signs]
    said += [
        (_worn_off(day), 0, "no_information")
        for day, following in zip(signs, [*signs, None][1:], strict=True)
        if following is None or following > _worn_off(day)
    ]
    said += [
        (day, 1, "dormant")
        for day in searched
        if not any(sign <= day < _worn_off(sign) for sign in signs)
    ]
    acts = events[events["kind"].isin(_ENDS)]
    done = [(pd.Timestamp("0001-01-01"), 0, "in_force")]
    done += [(day, 1, kind) for day, kind in zip(acts["latest"], acts["kind"], strict=True)]
    activity, formal = _settled(said, founded, as_of), _settled(done, founded, as_of)
    status: dict[pd.Timestamp, str] = {}
    active = in_force = ""
    was_down = False
    for day in sorted({*activity, *formal}):
        active, in_force = activity.get(day, active), formal.get(day, in_force)
        state = in_force if in_force in _ENDS else active
        was_down |= state in _DOWN
        status[day] = "revived" if was_down and state == "active" else state
    axes = {"activity": activity, "formal": formal, "status": status}
    return pd.DataFrame([row for axis, days in axes.items() for row in _spells(axis, days)])


def _worn_off(day: pd.Timestamp) -> pd.Timestamp:
    """The day five years later; 29 February becomes 1 March."""
    first = day.replace(day=1)
    return first.replace(year=first.year + _YEARS) + (day - first)


def _settled(
    said: list[tuple[pd.Timestamp, int, str]], founded: pd.Timestamp, as_of: pd.Timestamp
) -> dict[pd.Timestamp, str]:
    """Keep the last word of each day; what was said before the founding holds from it."""
    days: dict[pd.Timestamp, str] = {}
    for day, _, state in sorted(said, key=lambda one: one[:2]):
        if max(day, founded) <= as_of:
            days[max(day, founded)] = state
    return days


def _spells(axis: str, days: dict[pd.Timestamp, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for day in sorted(days):
        if found and found[-1]["state"] == days[day]:
            continue
        if found:
            found[-1]["end"] = day
        found.append({"axis": axis, "state": days[day], "start": day, "end": pd.NaT})
    return found


def _decade(events: pd.DataFrame) -> float:
    founding = events.loc[events["kind"] == "founded", "earliest"].min()
    latest = events.loc[events["kind"] != "visit", "latest"].min()
    first, last = founding.year // 10 * 10, latest.year // 10 * 10
    return float(first) if first == last else float("nan")


LIFE = f"""
with founding as (
    select tie_id, min(latest) as founded from events where kind <> 'visit' group by tie_id
),
signs as (
    select tie_id, latest as day,
        (date_trunc('month', latest) + interval {_YEARS} year)::date
            + day(latest)::int - 1 as lapse,
        lead(latest) over (partition by tie_id order by latest) as following
    from events where kind in ('founded', 'visit')
),
said as (
    select tie_id, 'activity' as axis, date '0001-01-01' as day, 0 as rank,
        'no_information' as state from founding
    union all select tie_id, 'activity', day, 2, 'active' from signs
    union all select tie_id, 'activity', lapse, 0, 'no_information' from signs
        where following is null or following > lapse
    union all (
        select s.tie_id, 'activity', s.searched_on, 1, 'dormant'
        from searches s left join signs x on x.tie_id = s.tie_id and x.day <= s.searched_on
        group by s.tie_id, s.searched_on
        having coalesce(max(x.lapse) <= s.searched_on, true)
    )
    union all select tie_id, 'formal', date '0001-01-01', 0, 'in_force' from founding
    union all select tie_id, 'formal', latest, 1, kind from events
        where kind in ('suspended', 'terminated')
),
points as (
    select p.tie_id, p.axis, greatest(p.day, f.founded) as since,
        arg_max(p.state, (p.day - date '0001-01-01') * 4 + p.rank) as state
    from said p join founding f using (tie_id)
    where greatest(p.day, f.founded) <= date '{AS_OF}'
    group by p.tie_id, p.axis, since
),
both_axes as (
    select tie_id, since,
        last_value(activity ignore nulls) over (partition by tie_id order by since) as activity,
        last_value(formal ignore nulls) over (partition by tie_id order by since) as formal
    from (
        select tie_id, since, any_value(state) filter (axis = 'activity') as activity,
            any_value(state) filter (axis = 'formal') as formal
        from points group by tie_id, since
    )
),
plain as (
    select tie_id, since, case when formal <> 'in_force' then formal else activity end as state
    from both_axes
),
status as (
    select tie_id, 'status' as axis, since,
        case when state = 'active'
            and bool_or(state in {_DOWN}) over (partition by tie_id order by since)
        then 'revived' else state end as state
    from plain
),
changes as (
    select *, lag(state) over (partition by tie_id, axis order by since) as before
    from (select * from points union all by name select * from status)
)
select tie_id, axis, state, since as start,
    lead(since) over (partition by tie_id, axis order by since) as "end"
from changes where before is distinct from state
"""

TABLE = f"""
select tie_id, status, n_events,
    case when year(earliest) // 10 = year(latest) // 10 then year(latest) // 10 * 10 end
        as founding_decade
from ties
left join (
    select tie_id, count(*) as n_events, min(earliest) filter (kind = 'founded') as earliest,
        min(latest) filter (kind <> 'visit') as latest
    from events group by tie_id
) using (tie_id)
left join (
    select tie_id, state as status from ({LIFE}) where axis = 'status' and "end" is null
) using (tie_id)
"""


def life_duckdb(folder: Path) -> Callable[[], Any]:
    """The life cycle in SQL, with window functions."""
    rows = _in_duckdb(folder)
    return lambda: rows.sql(LIFE).to_arrow_table()


def table_duckdb(folder: Path) -> Callable[[], Any]:
    """The tie table in SQL."""
    rows = _in_duckdb(folder)
    return lambda: rows.sql(TABLE).to_arrow_table()


def _in_duckdb(folder: Path) -> Any:
    import duckdb

    rows = duckdb.connect()
    rows.execute("set threads = 2")
    homes = {"events": "plain/events", "searches": "plain/searches", "ties": "tables/ties"}
    for name, home in homes.items():
        path = f"{folder}/{home}/*.parquet"
        rows.execute(f"create table {name} as select * from read_parquet('{path}')")
    return rows


def life_polars(folder: Path) -> Callable[[], Any]:
    """The life cycle with Polars."""
    events, searches, _ = _in_polars(folder)
    return lambda: _live_polars(events, searches).collect()


def table_polars(folder: Path) -> Callable[[], Any]:
    """The tie table with Polars."""
    import polars as pl

    events, searches, ties = _in_polars(folder)

    def run() -> Any:
        lives = _live_polars(events, searches)
        now = lives.filter((pl.col("axis") == "status") & pl.col("end").is_null())
        kind, decade = pl.col("kind"), pl.col("latest").dt.year() // 10 * 10
        own = events.group_by("tie_id").agg(
            n_events=pl.len(),
            earliest=pl.col("earliest").filter(kind == "founded").min(),
            latest=pl.col("latest").filter(kind != "visit").min(),
        )
        is_one = pl.col("earliest").dt.year() // 10 * 10 == decade
        own = own.with_columns(founding_decade=pl.when(is_one).then(decade))
        status = now.select("tie_id", status="state")
        table = ties.join(own, on="tie_id", how="left").join(status, on="tie_id", how="left")
        return table.select("tie_id", "status", "founding_decade", "n_events").collect()

    return run


def _in_polars(folder: Path) -> list[Any]:
    import polars as pl

    homes = ("plain/events", "plain/searches", "tables/ties")
    return [pl.read_parquet(f"{folder}/{home}/*.parquet").lazy() for home in homes]


def _live_polars(events: Any, searches: Any) -> Any:
    import polars as pl

    tie, kind, day = pl.col("tie_id"), pl.col("kind"), pl.col("latest")
    founding = events.filter(kind != "visit").group_by("tie_id").agg(founded=day.min())
    first = day.dt.month_start()
    signs = (
        events.filter(kind.is_in(["founded", "visit"]))
        .select("tie_id", "latest", lapse=first.dt.offset_by(f"{_YEARS}y") + (day - first))
        .sort("tie_id", "latest")
        .with_columns(following=day.shift(-1).over("tie_id"))
    )
    sought = pl.col("searched_on")
    silent = (
        searches.join(signs, on="tie_id", how="left")
        .group_by("tie_id", "searched_on")
        .agg(lapse=pl.col("lapse").filter(day <= sought).max())
        .filter(pl.col("lapse").is_null() | (pl.col("lapse") <= sought))
    )
    worn_off = pl.col("following").is_null() | (pl.col("following") > pl.col("lapse"))

    def said(rows: Any, axis: str, when: Any, rank: int, state: Any) -> Any:
        return rows.select(
            tie, axis=pl.lit(axis), day=when, rank=pl.lit(rank, pl.Int8), state=state
        )

    begin = pl.lit(np.datetime64("0001-01-01", "D").astype(object))
    points = (
        pl.concat(
            [
                said(founding, "activity", begin, 0, pl.lit("no_information")),
                said(signs, "activity", day, 2, pl.lit("active")),
                said(
                    signs.filter(worn_off), "activity", pl.col("lapse"), 0, pl.lit("no_information")
                ),
                said(silent, "activity", sought, 1, pl.lit("dormant")),
                said(founding, "formal", begin, 0, pl.lit("in_force")),
                said(events.filter(kind.is_in(_ENDS)), "formal", day, 1, kind),
            ]
        )
        .join(founding, on="tie_id")
        .with_columns(at=pl.max_horizontal("day", "founded"))
        .filter(pl.col("at") <= pl.lit(AS_OF).str.to_date())
        .sort("tie_id", "axis", "at", "day", "rank")
        .unique(["tie_id", "axis", "at"], keep="last", maintain_order=True)
        .select("tie_id", "axis", "at", "state")
    )
    activity, formal = (
        points.filter(pl.col("axis") == axis).select("tie_id", "at", pl.col("state").alias(axis))
        for axis in ("activity", "formal")
    )
    state = pl.col("state")
    status = (
        activity.join(formal, on=["tie_id", "at"], how="full", coalesce=True)
        .sort("tie_id", "at")
        .with_columns(pl.col("activity", "formal").forward_fill().over("tie_id"))
        .with_columns(
            state=pl.when(pl.col("formal") != "in_force").then("formal").otherwise("activity")
        )
        .with_columns(was_down=state.is_in(_DOWN).cum_max().over("tie_id"))
        .select(
            "tie_id",
            "at",
            axis=pl.lit("status"),
            state=pl.when((state == "active") & pl.col("was_down"))
            .then(pl.lit("revived"))
            .otherwise(state),
        )
        .select("tie_id", "axis", "at", "state")
    )
    changes = pl.concat([points, status]).sort("tie_id", "axis", "at")
    return (
        changes.filter(state.ne_missing(state.shift().over("tie_id", "axis")))
        .with_columns(end=pl.col("at").shift(-1).over("tie_id", "axis"))
        .rename({"at": "start"})
    )


def tell_life(found: Any) -> Any:
    """Of a life cycle how many episodes of each state it has, and which in a hash."""
    episodes = _as_pandas(found).rename(columns={"start_latest": "start", "end_latest": "end"})
    axis, state = episodes["axis"].astype("str"), episodes["state"].astype("str")
    n = (axis + " " + state).value_counts().sort_index()
    return [n.to_dict(), _hash(episodes, ["tie_id", "axis", "state"], ["start", "end"])]


def tell_table(found: Any) -> Any:
    """Of a tie table how many ties have each status, and the rest in a hash."""
    table = _as_pandas(found)
    n = table["status"].astype("str").value_counts().sort_index()
    numbers = table[["founding_decade", "n_events"]].astype("Float64").fillna(0).astype("int64")
    return [
        n.to_dict(),
        _hash(table.assign(**numbers), ["tie_id", "status"], ["founding_decade", "n_events"]),
    ]


def _as_pandas(found: Any) -> pd.DataFrame:
    if isinstance(found, pd.DataFrame):
        return found
    arrow = found.to_arrow() if hasattr(found, "to_arrow") else found
    frame: pd.DataFrame = arrow.to_pandas()
    return frame


def _hash(frame: pd.DataFrame, words: list[str], numbers: list[str]) -> str:
    """One number for all rows, whatever their order."""
    total = np.zeros(len(frame), "uint64")
    for place, name in enumerate([*words, *numbers]):
        column = frame[name]
        if name in words:
            code, own = pd.factorize(column.astype("str"))
            hashed = np.append(pd.util.hash_array(np.asarray(own, object)), np.uint64(0))[code]
        else:
            plain = column if column.dtype == "int64" else pd.to_datetime(column).astype("M8[s]")
            hashed = pd.util.hash_array(plain.to_numpy().astype("int64"))
        # Mixed again after each column, so that which value stands beside which counts.
        total = pd.util.hash_array(total * np.uint64(31) + hashed + np.uint64(place))
    return f"{int(total.sum(dtype='uint64')):016x}"
