"""Every code that points to a row of another table must find one there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from ties.errors import hints, join, shorten
from ties.schema import tables
from ties.validate.record import RecordTables

_MAX_HOPS = 8


class Reference(NamedTuple):
    """A column that holds a code of another table."""

    table: str
    column: str
    target: str


def references() -> Iterator[Reference]:
    """Every reference between the tables.

    Examples
    --------
    >>> next(references())
    Reference(table='places', column='part_of', target='places')
    """
    for table in tables.TABLES:
        for name, column in tables.columns(table).items():
            if column.references:
                yield Reference(table, name, column.references.partition(".")[0])


def unknown_references(record: RecordTables) -> pd.DataFrame:
    """Find codes that no row of the other table bears, with the nearest one that does."""
    return join(
        _unknown(record, reference)
        for reference in references()
        if record.can_follow(reference.target)
    )


def _unknown(record: RecordTables, reference: Reference) -> pd.DataFrame:
    table, column, target = reference
    values = record.frames[table][column]
    wrong = values[values.notna() & (record.rows(table, column) < 0)]
    wrong = wrong[~wrong.isin(list(record.raw[target].known_codes))]
    if not len(wrong):
        return join([])
    codes = record.frames[target].iloc[:, 0]
    near = hints(wrong.unique().tolist(), codes.dropna().tolist())
    what = target.removesuffix("s")
    advice = f"; correct it, or add the {what} to {record.raw[target].file}"
    messages = [
        f"{shorten(value)} is the code of no {what}{near.get(value) or advice}" for value in wrong
    ]
    return record.raw[table].row_problems(
        wrong.index.to_numpy(),
        "unknown_reference",
        messages,
        column=column,
        values=wrong.tolist(),
    )


def part_of_itself(record: RecordTables) -> pd.DataFrame:
    """Find places that lie, by whatever way round, in themselves."""
    place = record.rows("places", "place_id")
    around = record.rows("places", "part_of")
    # A last one, for the place that lies in none: nothing is round it either.
    larger = np.append(around, -1)
    is_wrong = np.zeros(len(place), dtype=bool)
    for _ in range(_MAX_HOPS):
        is_wrong |= (around == place) & (around >= 0)
        around = larger[around]
    message = "{value!r} is part of this place: a place cannot lie in itself; correct one of them"
    return record.problems(
        "places", pd.Series(is_wrong), "part_of_itself", message, column="part_of"
    )
