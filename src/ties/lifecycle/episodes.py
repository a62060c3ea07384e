"""From events to states: the one place where what happened becomes what was.

A tie lives on two axes, because every source that has just one confuses them. *Formally* it
is in force, suspended or terminated, as the governments of its two sides have decided. Its
*activity* is another matter: it is active while a qualifying event lies within the rule's
years, dormant when somebody looked and found nothing, and otherwise there is no information.
No information is never counted as dormant.

How a state follows from events:

1. An event counts from the last day that its date admits: by then it has certainly happened. Of
   one day, reports come first, the milder before the stricter, then signs of life, then silence,
   then returns, so that an act of the day has the last word over a report.
2. A tie stands from its founding, or from the first event that shows it standing if no
   founding is dated: a listing, a renewal, a silence, a formal act, a report of any state.
3. A qualifying event, or a report that the tie is active, makes it active until `dormant_after`
   years after the *first* day that its date admits (of a run, that its end admits): so it is
   active for certain, whichever day it was. A founding of ``1993/2022`` makes nothing active.
   Between, there is no information. An event of kind `dormant`, or a report that the tie is
   dormant, ends activity at once; only what lies wholly after it, or is called a return, shows
   that the silence was over.
4. A search that finds no qualifying event in the years before it makes the tie dormant from
   the day of the search, or from when the last one before it has worn off, whichever day that
   was: an inference, marked as such.
5. Each side suspends, ends or reinstates for itself, and a report may say that the tie is
   suspended or ended; the tie is as the strictest of the three has it. What is reported may have
   begun at any time before, and is nobody's act. It holds until the next report, of whatever
   state, or the next formal act of a side. No report takes back an act: that takes `reinstated`.
6. One status follows: terminated or suspended if it formally is, else as its activity is;
   *revived* if it is active after a dormant, suspended or terminated spell. An event of kind
   `revived` bears witness to such a spell, even where nothing else of it is on record.

A state is *certain* on a day if it holds for every choice of days that the dates admit: from
``start_latest`` to the day before ``end_earliest``, the first day on which a later event may have
ended it. What a report says rests on the word of a source (``basis`` reported), and
``StatusRule(reports=False)`` leaves all reports out.

Everything works on whole columns: no loop runs over single ties or events.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from ties.dataset import Dataset
from ties.lifecycle.engine import episodes_of
from ties.lifecycle.event_view import EventView
from ties.lifecycle.rule import StatusRule


def lifecycle(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    *,
    dormant_after: int | None = None,
) -> pd.DataFrame:
    """The episodes of each tie's life: what state it was in, from when to when.

    Parameters
    ----------
    dataset
        A record, as `ties.load` or `ties.read` gives it.
    rule
        How events are read; `StatusRule()` if not given.
    as_of
        The day to look from: an EDTF date, of which the last day is taken, or a date. The
        record's own date if not given.
    known_by
        Also hide every source published later, and every search made later: what could be
        known on that day.
    dormant_after
        Years after which a tie without a sign of life is no longer active, in place of the rule's.

    Returns
    -------
    DataFrame
        A row an episode, sorted by tie, axis and time: ``tie_id``; ``axis`` (formal, activity,
        status); ``state``; ``start_earliest``, ``start_latest``, ``end_earliest``, ``end_latest``
        (datetime64[s], days; an end is missing while the state holds on `as_of`, and
        ``end_earliest`` also where nothing bounds the day of what ended it);
        ``event_id`` of the event that began it, missing if inferred; ``basis`` (recorded,
        reported, inferred). Episodes of a tie and axis meet without gap or overlap at
        ``start_latest``.
        A tie that does not yet stand on `as_of` has no row.

    Raises
    ------
    ValueError
        If `as_of` or `known_by` is not a date with an end.

    Examples
    --------
    >>> import ties
    >>> episodes = ties.lifecycle(ties.load("us-russia"))
    >>> one = episodes.query("tie_id == 'oklahoma-city-ulyanovsk' and axis == 'status'")
    >>> one["state"].tolist()
    ['active', 'dormant', 'suspended']
    """
    reading = EventView.of(dataset, StatusRule.of(rule, dormant_after), as_of, known_by)
    reading.view.warn_past_end(dataset)
    return episodes_of(reading)
