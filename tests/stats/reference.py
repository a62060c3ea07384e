"""What R gave, and the data that it was given (see tests/reference/README.md)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ties.stats.spells import DAYS_PER_YEAR

FOLDER = Path(__file__).parents[1] / "reference"


def recorded(*keys: str) -> Any:
    """Give one of the recorded values; null becomes missing."""
    found = json.loads((FOLDER / "recorded.json").read_text("utf-8"))
    for key in keys:
        found = found[key]
    return found


def numbers(values: list[Any]) -> np.ndarray:
    """Give recorded numbers as an array, null as missing."""
    return np.array(values, dtype="float64")


def given(name: str) -> pd.DataFrame:
    """Give a data set that R was given."""
    return pd.read_csv(FOLDER / "data" / f"{name}.csv")


def days(times: pd.Index | pd.Series) -> np.ndarray:
    """Turn the years of a result back into the unit of the data."""
    return np.asarray(times, dtype="float64") * DAYS_PER_YEAR
