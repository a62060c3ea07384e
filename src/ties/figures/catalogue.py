"""The figures that can be had by name, each made whole from a record.

Here, and only here, a figure is composed: the record is read as a life cycle, the analysis makes
the table, the drawing draws it, and the footer says what it rests on and as of when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ties import bounds
from ties.dataset import Dataset
from ties.figures import NAMES, lifelines, revival, style
from ties.figures.coverage import LAYOUT as COVERAGE_LAYOUT
from ties.figures.coverage import draw_coverage
from ties.figures.formation import LAYOUT as FORMATION_LAYOUT
from ties.figures.formation import draw_formation
from ties.figures.incidence import LAYOUT as INCIDENCE_LAYOUT
from ties.figures.incidence import draw_incidence
from ties.figures.lexis import LAYOUT as LEXIS_LAYOUT
from ties.figures.lexis import draw_lexis
from ties.figures.map import LAYOUT as MAP_LAYOUT
from ties.figures.map import draw_map
from ties.figures.occupation import LAYOUT as OCCUPATION_LAYOUT
from ties.figures.occupation import draw_occupation
from ties.figures.stock import LAYOUT as STOCK_LAYOUT
from ties.figures.stock import draw_stock
from ties.lifecycle.engine import episodes_of
from ties.lifecycle.event_view import EventView
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.status_bounds import StatusBounds
from ties.lifecycle.tie_table import tie_table
from ties.stats.decline import observation, stock_without_searches
from ties.stats.incidence import cumulative_incidence
from ties.stats.lexis import lexis
from ties.stats.occupation import followed, occupation, stretches
from ties.stats.revival import coverage, revivals
from ties.stats.spells import durations, lifetimes
from ties.stats.survival import risk_table

DECADE: Final = 1990  # the decade that the claim is about

# A curve of ages is drawn while so many ties are at risk, at steps of so many years.
_MIN_AT_RISK: Final = 20
_AGE_STEP: Final = 5
_MAX_AGE: Final = 100


@dataclass(frozen=True)
class Scene:
    """A record and one reading of it: what a figure is made from."""

    dataset: Dataset
    reading: EventView

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        rule: StatusRule | None,
        as_of: str | dt.date | None,
        known_by: str | dt.date | None,
    ) -> Scene:
        """Read the ties of a record that count; see `ties.lifecycle` for the parameters."""
        counted = dataset.without_disputed()
        return cls(counted, EventView.of(counted, rule, as_of, known_by))

    @cached_property
    def ties(self) -> pd.DataFrame:
        """One row a tie."""
        view = self.reading.view
        return tie_table(self.dataset, self.reading.rule, view.as_of, view.known_by)

    @cached_property
    def episodes(self) -> pd.DataFrame:
        """The episodes of each tie's life."""
        return episodes_of(self.reading)

    @cached_property
    def stood(self) -> StatusBounds:
        """What is certain and possible of each tie on the day."""
        view = self.reading.view
        return bounds.status_bounds(
            self.dataset, view.as_of, known_by=view.known_by, rule=self.reading.rule
        )

    @property
    def last_year(self) -> int:
        """The year of the day looked from."""
        return int(self.reading.view.as_of.year)


@dataclass(frozen=True)
class Entry:
    """One figure of the catalogue."""

    description: str
    draw: Callable[[Scene], Axes]
    note: str = ""


def draw(
    name: str,
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> Figure:
    """Make a figure of a record by its name, with its footer.

    Parameters
    ----------
    name
        A name of `FIGURES`.
    dataset, rule, as_of, known_by
        As for `ties.lifecycle`.

    Returns
    -------
    Figure
        As wide as the text of an A4 page; `ties.figures.style.save` writes it.

    Raises
    ------
    KeyError
        If there is no figure of that name; the message lists those there are.
    """
    if name not in FIGURES:
        raise KeyError(f"{name!r} is not a figure; they are {', '.join(FIGURES)}")
    scene = Scene.of(dataset, rule, as_of, known_by)
    return _finish(FIGURES[name].draw(scene), scene, FIGURES[name].note)


def lifeline_pages(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    *,
    rows: int = 48,
) -> list[Figure]:
    """Make the life lines in figures that each fit a printed page, in the order of the story.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.lifecycle`.
    rows
        Ties a page.
    """
    scene = Scene.of(dataset, rule, as_of, known_by)
    table, episodes, events = scene.ties, scene.episodes, scene.reading.happened
    ordered = lifelines.story_order(table)
    pages = [ordered.iloc[i : i + rows] for i in range(0, max(len(ordered), 1), rows)]
    room = max(lifelines.layout(page).left for page in pages)
    drawn = [
        lifelines.draw_lifelines(
            episodes,
            events,
            table,
            replace(lifelines.layout(page), left=room).figure(),
            only=page["tie_id"],
        )
        for page in pages
    ]
    # One axis of time for all pages, so that they can be laid side by side.
    first = min(ax.get_xlim()[0] for ax in drawn)
    for ax in drawn:
        ax.set_xlim(left=first)
    return [_finish(ax, scene, FIGURES["lifelines"].note) for ax in drawn]


def _finish(ax: Axes, scene: Scene, note: str) -> Figure:
    figure = style.figure_of(ax)
    n_undated = int((scene.ties["status"].notna() & scene.ties["founded_earliest"].isna()).sum())
    known = scene.reading.view.as_record()
    note = note.format(years=scene.reading.rule.dormant_after)
    foot = style.footer(
        figure, _sources(scene), str(known["as_of"]), known["known_by"], n_undated, note
    )
    style.fit_height(ax, foot)
    return figure


def _sources(scene: Scene) -> str:
    n_sources = scene.reading.attested["source_id"].nunique()
    record = scene.dataset.title or scene.dataset.name or "unnamed"
    return f"{style.count(n_sources, 'source')} of the record “{record}”"


def _formation(scene: Scene) -> Axes:
    day = scene.reading.view.as_of
    is_over = (day.month, day.day) == (12, 31)
    return draw_formation(
        bounds.founded_per_year(scene.stood),
        FORMATION_LAYOUT.figure(),
        share=bounds.share_of_decade(scene.stood, DECADE),
        decade=DECADE,
        open_year=None if is_over else day.year,
    )


def _stock(scene: Scene) -> Axes:
    stock, alive = stock_without_searches(scene.episodes), bounds.n_alive(scene.stood)
    observed = observation(scene.episodes)
    return draw_stock(stock, STOCK_LAYOUT.figure(), observed=observed, alive=alive)


def _lifelines(scene: Scene) -> Axes:
    ax = lifelines.layout(scene.ties).figure()
    return lifelines.draw_lifelines(scene.episodes, scene.reading.happened, scene.ties, ax)


def _map(scene: Scene) -> Axes:
    return draw_map(scene.ties, MAP_LAYOUT.figure())


def _revivals(scene: Scene) -> Axes:
    returns = revivals(scene.episodes, scene.dataset)
    status = scene.episodes[scene.episodes["axis"] == "status"]
    last = scene.last_year
    first = last if status.empty else int(status["start_latest"].min().year)
    ax = revival.layout(returns).figure()
    return revival.draw_revivals(returns, ax, years=(first, last))


def _coverage(scene: Scene) -> Axes:
    attested = coverage(replace(scene.dataset, attestations=scene.reading.attested))
    until = attested[attested.index <= scene.last_year]
    until.attrs = {"as_of": str(scene.reading.view.as_of.date())}
    return draw_coverage(until, COVERAGE_LAYOUT.figure())


def _lives(scene: Scene) -> pd.DataFrame:
    view = scene.reading.view
    return lifetimes(scene.dataset, scene.reading.rule, view.as_of, view.known_by)


def _lexis(scene: Scene) -> Axes:
    return draw_lexis(lexis(scene.episodes, _lives(scene)), LEXIS_LAYOUT.figure())


def _incidence(scene: Scene) -> Axes:
    spells = durations(_lives(scene)).table
    risk = risk_table(spells, range(0, _MAX_AGE, _AGE_STEP))
    enough = risk[risk["at_risk"] >= _MIN_AT_RISK]
    shown = enough if len(enough) > 1 else risk.iloc[:2]
    curves = cumulative_incidence(spells, after=float(shown.index[0]))
    return draw_incidence(curves, shown, INCIDENCE_LAYOUT.figure())


def _occupation(scene: Scene) -> Axes:
    spells = stretches(scene.episodes, _lives(scene)).table
    risk = followed(spells, range(0, _MAX_AGE, _AGE_STEP))
    enough = risk[risk["at_risk"] >= _MIN_AT_RISK]
    shown = enough if len(enough) > 1 else risk.iloc[:2]
    curves = occupation(spells, after=float(shown.index[0])) if len(spells) else pd.DataFrame()
    return draw_occupation(curves, shown, OCCUPATION_LAYOUT.figure())


_FOUNDINGS: Final = (
    "An outline stands in every year that the date admits. Hatched: a year that is not over"
)
_RETURNS: Final = (
    "A bar is the time before the return. Activity after a spell without information is a return "
    "only if a source calls it one"
)
_STOCK: Final = (
    "Each year as on 31 December, the last as on its day; a tie without a known founding enters "
    "when it is first shown to stand"
)
_TICKS: Final = (
    "Dark ticks are events that changed a tie or showed it alive, grey ticks other mentions; "
    "dashes span a founding that is known within bounds, dots one without"
)
_LEXIS: Final = (
    "A thin line: the founding has no earliest day, so the tie is at least as old. A point: the "
    "tie was suspended or ended"
)
_INCIDENCE: Final = (
    "Aalen-Johansen estimate with pointwise 95% intervals, shown while 20 ties are at risk. Ties "
    "enter when a dated source first names them; those without an earliest founding are left out"
)
_OCCUPATION: Final = (
    "Aalen-Johansen estimate, shown while 20 ties are followed; dashed: 95% limits of what is "
    "alive for certain, and of what may be. Ties without an earliest founding are left out"
)
_ALIVE: Final = "Active: a sign of life that is certainly within {years} years"
_OF_STATUS: Final = (
    f"{_ALIVE}. Dormant: a source says that contact stopped, or a search found no such sign; it "
    "counts from the day of the search"
)

FIGURES: Final[dict[str, Entry]] = {
    name: Entry(NAMES[name], draw, note)
    for name, draw, note in (
        ("formation", _formation, _FOUNDINGS),
        ("stock", _stock, f"{_ALIVE}. Dormant: a source says that contact stopped. {_STOCK}"),
        ("lifelines", _lifelines, f"{_OF_STATUS}. {_TICKS}"),
        ("map", _map, f"{_OF_STATUS}. Land: Natural Earth, public domain"),
        ("revivals", _revivals, _RETURNS),
        ("lexis", _lexis, _LEXIS),
        ("occupation", _occupation, _OCCUPATION),
        ("incidence", _incidence, _INCIDENCE),
        ("coverage", _coverage, "All rows have one scale; the number is that of the fullest year"),
    )
}
