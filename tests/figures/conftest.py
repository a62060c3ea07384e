"""Small tables in the shape that lifecycle and analysis give, and axes that are closed again."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib as mpl
import pandas as pd
import pytest

from ties.schema.vocabulary import STATUSES

AS_OF = "2023-01-03"


@pytest.fixture(autouse=True)
def _headless() -> Iterator[None]:
    mpl.use("agg")
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


def days(*texts: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts)).astype("M8[s]"))


@pytest.fixture
def tie_table() -> pd.DataFrame:
    """Four ties: one alive, one dormant, one without a known founding, one not yet standing."""
    table = pd.DataFrame(
        {
            "tie_id": ["a-magadan", "b-tomsk", "c-izhevsk", "d-sochi"],
            "name_a": ["Magadan", "Томск", "Izhevsk", "Sochi"],
            "name_b": ["Cañon City", "A_$B$ and $x_1$", "Salt Lake City", "Long Beach"],
            "founded_earliest": days("1991-06-01", "1990-01-01", None, None),
            "founded_latest": days("1991-06-30", "1999-12-31", "2016-05-01", None),
            "status": pd.Categorical(
                ["revived", "dormant", "no_information", None], categories=[*STATUSES]
            ),
            "latitude_a": [59.6, 56.5, 56.9, 43.6],
            "longitude_a": [150.8, 85.0, 53.2, 39.7],
            "latitude_b": [38.4, 61.2, float("nan"), 33.8],
            "longitude_b": [-105.2, -149.9, float("nan"), -118.2],
        }
    )
    table.attrs = {"as_of": AS_OF, "known_by": None}
    return table


@pytest.fixture
def episodes() -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "tie_id": ["a-magadan"] * 3 + ["b-tomsk", "c-izhevsk"],
            "axis": "status",
            "state": ["active", "dormant", "revived", "dormant", "no_information"],
            "start_earliest": days("1991-06-01", "2001-01-01", "2020-01-01", "1990-01-01", None),
            "start_latest": days(
                "1991-06-30", "2001-12-31", "2020-12-31", "1999-12-31", "2016-05-01"
            ),
            "end_earliest": days("2001-01-01", "2020-01-01", None, None, None),
            "end_latest": days("2001-12-31", "2020-12-31", None, None, None),
        }
    )
    table.attrs = {"as_of": AS_OF, "known_by": None}
    return table


@pytest.fixture
def events() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "tie_id": ["a-magadan", "a-magadan", "b-tomsk", "c-izhevsk", "c-izhevsk"],
            "date": ["1991-06", "2020", "199X", "2016-05-01", "2025"],
            "kind": ["founded", "visit", "founded", "listed", "visit"],
        }
    )


@pytest.fixture
def revivals() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "tie_id": ["a-magadan", "e-omsk"],
            "name_a": ["Magadan", "Omsk"],
            "name_b": ["Cañon City", "$Milwaukee_"],
            "start_earliest": days("2020-01-01", "2015-05-01"),
            "start_latest": days("2020-12-31", "2015-05-01"),
            "from_status": ["dormant", "no_information"],
            "down_since": days("2001-12-31", None),
            "kind": ["visit", None],
        }
    )
