"""The figures that can be had by name, each made whole from a record.

Here, and only here, a figure is composed: the record is read as a life cycle, the analysis makes
the table, the drawing draws it, and the footer says what it rests on and as of when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.text import Text

from ties import bounds
from ties.dataset import Dataset
from ties.figures import NAMES, lifelines, revival, style, survival
from ties.figures.alive import LAYOUT as ALIVE_LAYOUT
from ties.figures.alive import draw_alive
from ties.figures.cohorts import LAYOUT as COHORTS_LAYOUT
from ties.figures.cohorts import draw_cohorts
from ties.figures.coverage import LAYOUT as COVERAGE_LAYOUT
from ties.figures.coverage import draw_coverage
from ties.figures.formation import LAYOUT as FORMATION_LAYOUT
from ties.figures.formation import draw_formation
from ties.figures.incidence import LAYOUT as INCIDENCE_LAYOUT
from ties.figures.incidence import draw_incidence
from ties.figures.lexis import LAYOUT as LEXIS_LAYOUT
from ties.figures.lexis import draw_lexis
from ties.figures.map import draw_map
from ties.figures.map import layout as map_layout
from ties.figures.occupation import LAYOUT as OCCUPATION_LAYOUT
from ties.figures.occupation import draw_occupation
from ties.figures.stock import LAYOUT as STOCK_LAYOUT
from ties.figures.stock import draw_stock
from ties.lifecycle.engine import episodes_of
from ties.lifecycle.event_view import EventView
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.status_bounds import StatusBounds
from ties.lifecycle.tie_table import tie_table
from ties.stats.decline import (
    cohorts_without_searches,
    observation,
    stock_by_status,
    without_searches,
)
from ties.stats.incidence import cumulative_incidence
from ties.stats.lexis import lexis
from ties.stats.occupation import followed, occupation, stretches
from ties.stats.revival import coverage, revivals
from ties.stats.spells import durations, lifetimes
from ties.stats.stops import stop_curve, stop_risk, stops
from ties.stats.survival import by_group, risk_table

DECADE: Final = 1990  # the decade that the claim is about

# A curve of ages is drawn while so many ties are at risk, at steps of so many years.
_MIN_AT_RISK: Final = 20
_AGE_STEP: Final = 5
_MAX_AGE: Final = 100
# A decade has few ties, and less is asked of its curve.
_MIN_IN_DECADE: Final = 10

# The day from which stops are followed.
BREAK: Final = "2022-02-24"
_DAY_STEP: Final = 365

# Inches above each panel of several records for its title, and below all for what they rest on.
_HEAD: Final = 0.25
_FOOT: Final = 0.6


@dataclass(frozen=True)
class Scene:
    """A record and one reading of it: what a figure is made from."""

    dataset: Dataset
    reading: EventView
    panel: FigureBase | None = None

    def axes(self, layout: style.Layout) -> Axes:
        """Return axes of a layout: on the panel that is set apart for them, or on a sheet."""
        if self.panel is None:
            return layout.figure()
        headed = replace(layout, height=layout.height + _HEAD, top=layout.top + _HEAD)
        return headed.fill(self.panel)

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
        """One row a tie; what only a search found silent has no information, as in the stock."""
        view = self.reading.view
        return without_searches(
            tie_table(self.dataset, self.reading.rule, view.as_of, view.known_by)
        )

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
    layout: style.Layout | None = None  # of a figure that can be a panel of several


def draw(
    name: str,
    dataset: Dataset | Mapping[str, Dataset],
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> Figure:
    """Make a figure of a record by its name, with its footer.

    Of a dict of records it makes a panel each, one below the other, with one scale.

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
    ValueError
        If there are several records, and the figure is one that has no panels.
    """
    if name not in FIGURES:
        raise KeyError(f"{name!r} is not a figure; they are {', '.join(FIGURES)}")
    if isinstance(dataset, Mapping):
        scenes = [Scene.of(one, rule, as_of, known_by) for one in dataset.values()]
        return _small_multiples(name, scenes)
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
    table, episodes = scene.ties, without_searches(scene.episodes)
    events = scene.reading.happened
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


def _small_multiples(name: str, scenes: Sequence[Scene]) -> Figure:
    """Draw a figure of each record below the last, with the axes that all of them fit."""
    entry = FIGURES[name]
    if entry.layout is None or not scenes:
        able = ", ".join(name for name, entry in FIGURES.items() if entry.layout)
        raise ValueError(f"{name!r} is drawn of one record; of several there are {able}")
    height = entry.layout.height + _HEAD
    sheet = style.Sheet(figsize=(style.WIDTH, height * len(scenes) + _FOOT))
    heights = [*[height] * len(scenes), _FOOT]
    panels = sheet.subfigures(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0]
    drawn = [
        entry.draw(replace(scene, panel=panel))
        for scene, panel in zip(scenes, panels[:-1], strict=True)
    ]
    filled = [ax for ax in drawn if ax.has_data()]
    for ax in filled:
        ax.set_xlim(*_widest([each.get_xlim() for each in filled]))
        ax.set_ylim(*_widest([each.get_ylim() for each in filled]))
    for scene, panel in zip(scenes, panels[:-1], strict=True):
        panel.text(
            0.15 / style.WIDTH, 1 - 0.08 / height, scene.dataset.title or scene.dataset.name or "",
            va="top", fontsize=8.5, color=style.FAINT, parse_math=False,
        )  # fmt: skip
    _write_footer(sheet, scenes, entry.note)
    return sheet


def _widest(limits: Sequence[tuple[float, float]]) -> tuple[float, float]:
    low, high = zip(*limits, strict=True)
    return min(low), max(high)


def _finish(ax: Axes, scene: Scene, note: str) -> Figure:
    figure = style.figure_of(ax)
    style.fit_height(ax, _write_footer(figure, [scene], note))
    return figure


def _write_footer(figure: Figure, scenes: Sequence[Scene], note: str) -> Text:
    n_undated = sum(
        int((scene.ties["status"].notna() & scene.ties["founded_earliest"].isna()).sum())
        for scene in scenes
    )
    known = scenes[0].reading.view.as_record()
    days = {str(scene.reading.view.as_record()["as_of"]): None for scene in scenes}
    note = note.format(years=scenes[0].reading.rule.dormant_after)
    sources = "; ".join(map(_sources, scenes))
    return style.footer(figure, sources, " and ".join(days), known["known_by"], n_undated, note)


def _sources(scene: Scene) -> str:
    n_sources = scene.reading.attested["source_id"].nunique()
    record = scene.dataset.title or scene.dataset.name or "unnamed"
    return f"{style.count(n_sources, 'source')} that attest events, of the record “{record}”"


def _formation(scene: Scene) -> Axes:
    day = scene.reading.view.as_of
    is_over = (day.month, day.day) == (12, 31)
    return draw_formation(
        bounds.founded_per_year(scene.stood),
        scene.axes(FORMATION_LAYOUT),
        share=bounds.share_of_decade(scene.stood, DECADE),
        decade=DECADE,
        open_year=None if is_over else day.year,
    )


def _stock(scene: Scene) -> Axes:
    stock, alive = stock_by_status(scene.episodes), bounds.n_alive(scene.stood)
    observed = observation(scene.episodes)
    return draw_stock(stock, scene.axes(STOCK_LAYOUT), observed=observed, alive=alive)


def _alive(scene: Scene) -> Axes:
    searched = observation(scene.episodes)["searched"]
    return draw_alive(bounds.by_year(scene.stood), ALIVE_LAYOUT.figure(), searched=searched)


def _lifelines(scene: Scene) -> Axes:
    ax = lifelines.layout(scene.ties).figure()
    episodes = without_searches(scene.episodes)
    return lifelines.draw_lifelines(episodes, scene.reading.happened, scene.ties, ax)


def _map(scene: Scene) -> Axes:
    return draw_map(scene.ties, map_layout(scene.ties).figure())


def _revivals(scene: Scene) -> Axes:
    returns = revivals(scene.episodes, scene.dataset)
    status = scene.episodes[scene.episodes["axis"] == "status"]
    last = scene.last_year
    first = last if status.empty else int(status["start_latest"].min().year)
    ax = revival.layout(returns).figure()
    return revival.draw_revivals(returns, ax, years=(first, last))


def _coverage(scene: Scene) -> Axes:
    view = scene.reading.view
    seen = coverage(scene.dataset, view.as_of, view.known_by, rule=scene.reading.rule)
    return draw_coverage(seen, COVERAGE_LAYOUT.figure())


def _lives(scene: Scene) -> pd.DataFrame:
    view = scene.reading.view
    return lifetimes(scene.dataset, scene.reading.rule, view.as_of, view.known_by)


def _lexis(scene: Scene) -> Axes:
    return draw_lexis(lexis(without_searches(scene.episodes), _lives(scene)), LEXIS_LAYOUT.figure())


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


def _cohorts(scene: Scene) -> Axes:
    return draw_cohorts(
        cohorts_without_searches(scene.stood, scene.ties), scene.axes(COHORTS_LAYOUT)
    )


def _survival(scene: Scene) -> Axes:
    spells = durations(_lives(scene)).table
    decade = spells["tie_id"].map(bounds.founding_decade(scene.stood))
    names = decade.astype("str").add("s").where(decade.notna())
    ages = range(0, _MAX_AGE, _AGE_STEP)
    curves, risk = by_group(spells, names, ages, at_least=_MIN_IN_DECADE)
    ax = scene.axes(survival.layout(len(risk.index.unique(0)) if len(risk) else 1))
    return survival.draw_survival(curves, risk, ax, time="Years since the founding")


def _stops(scene: Scene) -> Axes:
    view, ax = scene.reading.view, scene.axes(survival.layout(1))
    last = (view.as_of - pd.Timestamp(BREAK)).days
    if last <= 0:
        said = f"Stops are counted from {BREAK}, which is not before {view.as_of.date()}"
        return survival.draw_survival(pd.DataFrame(), pd.DataFrame(), ax, finding=said)
    rule = scene.reading.rule
    table = stops(scene.dataset, BREAK, view.as_of, known_by=view.known_by, rule=rule)
    finding = survival.finding_of_stops(table, BREAK)
    if table.empty:
        return survival.draw_survival(pd.DataFrame(), pd.DataFrame(), ax, finding=finding)
    curve = stop_curve(table)
    risk = stop_risk(table, [*range(0, last - _DAY_STEP // 2, _DAY_STEP), last])
    curves, risks = (pd.concat({"": one}) for one in (curve, risk))
    return survival.draw_survival(curves, risks, ax, time=f"Days since {BREAK}", finding=finding)


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
_COHORTS: Final = "A tie whose date touches two decades is in neither of them"
_SURVIVAL: Final = (
    "Kaplan-Meier estimate with pointwise 95% intervals, shown while 10 ties are at risk, of those "
    "that stood at its beginning. Ties enter when a dated source first names them; those not "
    "certainly of one decade are left out. Where one year ends ties of every age, a curve of ages "
    "shows that year"
)
_BROKEN: Final = (
    "Kaplan-Meier estimate of the ties on record. The curve lies in the band: acts are dated "
    "within bounds, and what only a report tells of may have come any day before it. The table "
    "counts each stop, at its latest. A tie of which nobody wrote since counts as standing"
)
_ALIVE: Final = "Active: a sign of life that is certainly within {years} years"
_OF_STATUS: Final = f"{_ALIVE}. Dormant: a source says that contact stopped"

# Figures that can stand below one another, of several records.
_PANELS: Final = {
    "formation": FORMATION_LAYOUT,
    "stock": STOCK_LAYOUT,
    "cohorts": COHORTS_LAYOUT,
    "stops": survival.layout(1),
}

FIGURES: Final[dict[str, Entry]] = {
    name: Entry(NAMES[name], draw, note, _PANELS.get(name))
    for name, draw, note in (
        ("formation", _formation, _FOUNDINGS),
        ("stock", _stock, f"{_OF_STATUS}. {_STOCK}"),
        ("alive", _alive, f"{_ALIVE}. {_STOCK}. Stopped: suspended or ended by a government's act"),
        ("lifelines", _lifelines, f"{_OF_STATUS}. {_TICKS}"),
        ("cohorts", _cohorts, f"{_OF_STATUS}. {_COHORTS}"),
        ("survival", _survival, _SURVIVAL),
        ("stops", _stops, _BROKEN),
        ("map", _map, f"{_OF_STATUS}. Land: Natural Earth, public domain"),
        ("revivals", _revivals, _RETURNS),
        ("lexis", _lexis, _LEXIS),
        ("occupation", _occupation, _OCCUPATION),
        ("incidence", _incidence, _INCIDENCE),
        ("coverage", _coverage, "All rows have one scale; the number is that of the fullest year"),
    )
}
