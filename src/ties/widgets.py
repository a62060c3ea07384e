"""Sliders for JupyterLab: the day that a record is looked at from, and the rule of dormancy.

What they show is computed anew at every move by the same functions that a script calls, so a
number under a slider is the number of `ties.tie_table` for that day and rule. Needs the extra
``widgets``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ties import figures
from ties.dataset import Dataset
from ties.dates import date_bounds
from ties.errors import TiesError
from ties.figures.style import svg
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.tie_table import tie_table
from ties.report.errors import MissingExtraError
from ties.schema.vocabulary import STATUSES

if TYPE_CHECKING:
    from ipywidgets import VBox

_LONGEST: Final = 20


def sliders(dataset: Dataset, figure: str = "stock") -> VBox:
    """Sliders for the day and the rule over a figure and the number of ties in each status.

    Parameters
    ----------
    dataset
        A record; `Dataset.without_disputed` leaves disputed places out of its totals.
    figure
        Name of a figure, one of `ties.figures.NAMES`.

    Returns
    -------
    VBox
        JupyterLab displays it. Its children are the two sliders, the numbers and the figure.

    Raises
    ------
    MissingExtraError
        If ipywidgets is not installed.
    TiesError
        If there is no such figure.

    Examples
    --------
    >>> import ties
    >>> len(sliders(ties.load("us-russia").without_disputed()).children)
    4
    """
    if find_spec("ipywidgets") is None:
        raise MissingExtraError("widgets", ["ipywidgets"])
    if figure not in figures.NAMES:
        raise TiesError(f"{figure!r} is not a figure; choose from {', '.join(figures.NAMES)}")
    from ipywidgets import HTML, IntSlider, SelectionSlider, VBox

    wide: dict[str, Any] = {
        "continuous_update": False,
        "style": {"description_width": "initial"},
        "layout": {"width": "32em"},
    }
    days = _days(dataset)
    day = SelectionSlider(options=days, value=days[-1], description="As of", **wide)
    years = IntSlider(
        StatusRule().dormant_after, 1, _LONGEST, description="Dormant after years", **wide
    )
    numbers, drawn = HTML(), HTML()
    draw = _drawer(dataset, figure)

    def redraw(_: object = None) -> None:
        numbers.value, drawn.value = draw(day.value, years.value)

    for slider in (day, years):
        slider.observe(redraw, names="value")
    redraw()
    return VBox([day, years, numbers, drawn])


def status_counts(dataset: Dataset, rule: StatusRule, as_of: str) -> pd.DataFrame:
    """Count the ties in each status on a day.

    Returns
    -------
    DataFrame
        A row a status, in the order of `STATUSES`: ``status`` (text), ``n`` (int64).

    Examples
    --------
    >>> import ties
    >>> counts = status_counts(ties.load("us-russia"), StatusRule(), "2018-11-28")
    >>> counts["status"].tolist() == [*STATUSES]
    True
    """
    counts = tie_table(dataset, rule, as_of)["status"].value_counts().reindex([*STATUSES])
    return counts.rename_axis("status").rename("n").reset_index().astype({"status": "str"})


def _drawer(dataset: Dataset, figure: str) -> Callable[[str, int], tuple[str, str]]:
    """Return what makes the HTML of the numbers and of the figure for a day and a rule."""

    def draw(as_of: str, dormant_after: int) -> tuple[str, str]:
        rule = StatusRule(dormant_after=dormant_after)
        counts = status_counts(dataset, rule, as_of)
        counts["status"] = counts["status"].map(lambda code: STATUSES[code].label)
        table = counts.set_axis(["Status", "Ties"], axis="columns").to_html(index=False, border=0)
        return f"<p>On {as_of}:</p>{table}", svg(figures.draw(figure, dataset, rule, as_of, None))

    return draw


def _days(dataset: Dataset) -> list[str]:
    """The last day of every year since the first event, and the record's own day."""
    first = date_bounds(dataset.events["date"])["latest"].min()
    last = dataset.as_of
    years = range(last.year if pd.isna(first) else min(first, last).year, last.year)
    return [*(f"{year}-12-31" for year in years), str(last.date())]
