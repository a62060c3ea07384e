"""How each tie stands on a day, with its name: what the formats that follow from a rule share."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from ties.dataset import Dataset
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.tie_table import tie_table
from ties.lookup import tie_names


def named_ties(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> pd.DataFrame:
    """`tie_table` with a column ``name``, which says both places, after ``tie_id``.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.tie_table`.

    Examples
    --------
    >>> import ties
    >>> named_ties(ties.load("us-russia")).set_index("tie_id").loc["anchorage-magadan", "name"]
    'Anchorage – Magadan'
    """
    table = tie_table(dataset, rule, as_of, known_by)
    attrs = table.attrs
    table.insert(1, "name", table["tie_id"].map(tie_names(dataset)).astype("str"))
    table.attrs = attrs
    return table
