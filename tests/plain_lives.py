"""The life cycle once more, as plainly as it can be said: tie by tie, event by event.

`ties.lifecycle.engine` works on whole columns so that it is quick. This is slow and short, follows
the rules of `ties.lifecycle.episodes` one after another, and is what the quick one is held to.
"""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from ties.dates import date_bounds
from ties.schema.vocabulary import DOWN_STATUSES, EVENT_KINDS

NO_SIGN_YET = pd.Timestamp("0001-01-01")
NEVER = pd.Timestamp("9999-12-31")
STRICTNESS = ("in_force", "suspended", "terminated")
MADE = {"reinstated": "in_force", "suspended": "suspended", "terminated": "terminated"}
# What has the last word on one day.
LAPSE, LOOK, REPORT, SIGN, SILENCE, RETURN, STOPPED, ACT = range(8)
RANK = {"dormant": SILENCE, "revived": RETURN, "reinstated": RETURN, "reported": REPORT}
REPORTS = ["in_force", "active", "dormant", "suspended", "terminated"]


def plain_lifecycle(record, rule):
    """Give every spell: tie, axis, state, start (earliest, latest), end (the same), event."""
    events = record.events.join(date_bounds(record.events["date"])[["earliest", "latest"]])
    until = date_bounds(events["until"])
    events["run_earliest"], events["run_end"] = until["earliest"], until["latest"]
    if not rule.reports:
        events = events[events["kind"] != "reported"]
    searches = record.searches.assign(day=date_bounds(record.searches["searched_on"])["latest"])
    lives = []
    for tie in sorted(record.ties["tie_id"]):
        own = events[events["tie_id"] == tie].to_dict("records")
        days = searches.loc[searches["tie_id"] == tie, "day"]
        for axis, points in plain_life(own, [*days], rule, record.as_of).items():
            lives += [(tie, axis, *spell) for spell in spells(points)]
    return lives


def plain_life(events, searches, rule, as_of):
    """Give the points of one tie on each axis: day, rank, state, earliest, event, firm."""
    for event in events:
        event["is_open"] = pd.isna(event["latest"])
        event["latest"] = as_of if event["is_open"] else min(event["latest"], as_of)
        if event["earliest"] > event["latest"]:
            event["earliest"] = event["latest"]
        run_end = event["run_end"]
        event["run_end"] = event["latest"] if pd.isna(run_end) else min(run_end, as_of)
        known = [event["earliest"], min(event["run_earliest"], as_of)]
        event["surely_until"] = max([day for day in known if pd.notna(day)], default=pd.NaT)
        event["rank"] = day_rank(event)
    kinds = [*EVENT_KINDS]
    events = sorted(
        events,
        key=lambda e: (e["latest"], e["rank"], kinds.index(e["kind"]), e["event_id"]),
    )
    standing = [event for event in events if shows_standing(event)]
    if not standing:
        return {}
    founding = [event for event in events if event["kind"] == "founded"]
    start = (founding[0]["earliest"] if founding else pd.NaT, standing[0]["latest"])
    first = standing[0]["event_id"] if standing[0]["kind"] == "founded" else None
    said = activity_points(events, searches, rule)
    activity = settle(said, "no_information", None, start, as_of, ["dormant"])
    formal = formal_points(events, start[0])
    formal = settle(formal, "in_force", first, start, as_of, ["suspended", "terminated"])
    return {
        "formal": formal,
        "activity": activity,
        "status": status_points(activity, formal, events),
    }


def day_rank(event):
    """Rule 1: reports, the milder first; then signs of life, then silence, then returns."""
    status = event["reported_status"]
    strictness = REPORTS.index(status) if event["kind"] == "reported" else 0
    return (RANK.get(event["kind"], SIGN), strictness)


def shows_standing(event):
    """Rule 2: a dated founding, a renewal, a listing, a silence, a formal act, a report."""
    if event["kind"] == "founded":
        return not event["is_open"]
    group = EVENT_KINDS[event["kind"]].group
    return event["kind"] == "renewed" or group in ("evidence", "silence", "formal", "report")


def activity_points(events, searches, rule):
    """Rules 3 and 4."""

    def is_sign(event):
        is_active = event["kind"] in rule.qualifying or event["reported_status"] == "active"
        return is_active and not event["is_open"]

    def is_silence(event):
        return event["kind"] == "dormant" or event["reported_status"] == "dormant"

    points = []
    silent = (NO_SIGN_YET, (LAPSE, 0))  # the last silence, and its rank
    lapse = last_lapse = NO_SIGN_YET  # when the signs so far may have worn off, and must have
    signs = []
    for event in events:
        day, first = event["latest"], event["earliest"]
        if is_sign(event):
            last_lapse = max(last_lapse, years_on(event["run_end"], rule.dormant_after))
            signs.append((day, last_lapse))
            start = NO_SIGN_YET if pd.isna(first) else first
            if silent >= (start, event["rank"]) and event["rank"][0] != RETURN:
                continue  # it may lie before the silence
            if pd.notna(event["surely_until"]):
                lapse = max(lapse, years_on(event["surely_until"], rule.dormant_after))
            first = day if lapse == day else first
            state = "active" if lapse > day else "no_information"
        elif is_silence(event):
            silent, lapse, last_lapse = (day, event["rank"]), NO_SIGN_YET, NO_SIGN_YET
            state = "dormant"
        else:
            continue
        # What comes before the signs have worn off takes the lapse back.
        points = [point for point in points if point[1] != (LAPSE, 0) or point[0] < day]
        points.append((day, event["rank"], state, first, event["event_id"]))
        if state == "active":
            points.append((lapse, (LAPSE, 0), "no_information", lapse, None))
    for day in searches:
        start = years_on(day, rule.dormant_after - rule.reach)
        before = [until for sign, until in signs if sign <= day]
        start = max([start, *before[-1:]])
        if start <= day:
            points.append((start, (LOOK, 0), "dormant", start, None))
    return points


def formal_points(events, founded):
    """Rule 5."""
    sides = {"a": "in_force", "b": "in_force"}
    points = []
    for event in events:
        day, first, rank = event["latest"], event["earliest"], event["rank"]
        reported = "in_force"
        if event["kind"] in MADE and event["side"] != "none":
            for side in "ab" if event["side"] == "both" else event["side"]:
                sides[side] = MADE[event["kind"]]
            rank = (ACT, 0)
        elif event["kind"] == "reported":
            if event["reported_status"] in STRICTNESS[1:]:
                reported, rank = event["reported_status"], (STOPPED, 0)
                first = pd.NaT if pd.isna(founded) else min(founded, day)
        else:
            continue
        state = max([*sides.values(), reported], key=STRICTNESS.index)
        points.append((day, rank, state, first, event["event_id"]))
    return points


def settle(points, before, founding, start, as_of, ends):
    """Begin at the founding, end with the view, and keep the last point of each day.

    `before` is the state until anything is said, and `founding` the event that it rests on. What
    holds is firm until the first day of any later point whose state is one of `ends`.
    """
    unsaid = (pd.Timestamp("0001-01-01"), (LAPSE, 0), before, pd.NaT, founding)
    points = sorted([unsaid, *points], key=lambda p: p[:2])
    points = [point for point in points if max(point[0], start[1]) <= as_of]
    by_day = {}
    for i, (day, rank, state, earliest, event) in enumerate(points):
        later = [point[3] for point in points[i:] if point[2] in ends and state not in ends]
        firm = pd.NaT if any(pd.isna(one) for one in later) else min([NEVER, *later])
        if day < start[1]:
            day, earliest = start[1], start[0]
        by_day[day] = (day, rank, state, earliest, event, firm)
    return [*by_day.values()]


def status_points(activity, formal, events):
    """Rule 6."""
    kinds = {event["event_id"]: event["kind"] for event in events}
    points, was_down = [], False
    for day in sorted({point[0] for point in activity + formal}):
        alive = [point for point in activity if point[0] <= day][-1]
        stands = [point for point in formal if point[0] <= day][-1]
        status, firm = stands[2], NEVER
        if stands[2] == "in_force":
            status, firm = alive[2], first_of(alive[5], stands[5])
        today = [point for point in activity + formal if point[0] == day]
        _, rank, _, earliest, event, _ = max(enumerate(today), key=lambda p: (p[1][1], p[0]))[1]
        was_down |= status in DOWN_STATUSES or kinds.get(event) == "revived"
        if was_down and status == "active":
            status = "revived"
        points.append((day, rank, status, earliest, event, firm))
    return points


def spells(points):
    """Join what is the same; each ends where the next begins, and is firm no longer than that."""
    changes = [point for i, point in enumerate(points) if i == 0 or point[2] != points[i - 1][2]]
    ends = [(first_of(one[5], following[3]), following[0]) for one, following in pairwise(changes)]
    for (day, _, state, earliest, event, _), end in zip(
        changes, [*ends, (pd.NaT, pd.NaT)], strict=True
    ):
        yield state, earliest, day, *end, event


def first_of(one, other):
    """The earlier of two days, of which a missing one is as early as can be."""
    return pd.NaT if pd.isna(one) or pd.isna(other) else min(one, other)


def years_on(day, years):
    """29 February becomes 1 March in a common year, as in `ties.dates.add_years`."""
    month = pd.Period(day, "M") + 12 * years
    return month.start_time.as_unit("s") + pd.Timedelta(days=day.day - 1)
