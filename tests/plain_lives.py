"""The life cycle once more, as plainly as it can be said: tie by tie, event by event.

`ties.states` works on whole columns so that it is quick. This is slow and short, follows the six
rules of `ties.lifecycle` one after another, and is what the quick one is held to.
"""

from __future__ import annotations

import pandas as pd

from ties.dates import date_bounds
from ties.schema.vocabulary import DOWN_STATUSES, EVENT_KINDS

NO_SIGN_YET = pd.Timestamp("0001-01-01")
STRICTNESS = ("in_force", "suspended", "terminated")
MADE = {"reinstated": "in_force", "suspended": "suspended", "terminated": "terminated"}
# What has the last word on one day.
LAPSE, LOOK, SIGN, SILENCE, RETURN, ACT = range(6)
RANK = {"dormant": SILENCE, "revived": RETURN, "reinstated": RETURN}


def plain_lifecycle(record, rule):
    """Give every spell: tie, axis, state, start (earliest, latest), end (the same), event."""
    events = record.events.join(date_bounds(record.events["date"])[["earliest", "latest"]])
    events["run_end"] = date_bounds(events["until"])["latest"]
    searches = record.searches.assign(day=date_bounds(record.searches["searched_on"])["latest"])
    lives = []
    for tie in sorted(record.ties["tie_id"]):
        own = events[events["tie_id"] == tie].to_dict("records")
        days = searches.loc[searches["tie_id"] == tie, "day"]
        for axis, points in plain_life(own, [*days], rule, record.as_of).items():
            lives += [(tie, axis, *spell) for spell in spells(points)]
    return lives


def plain_life(events, searches, rule, as_of):
    """Give the points of one tie on each axis: day, rank, state, earliest, event."""
    for event in events:
        event["is_open"] = pd.isna(event["latest"])
        event["latest"] = as_of if event["is_open"] else min(event["latest"], as_of)
        if event["earliest"] > event["latest"]:
            event["earliest"] = event["latest"]
        run_end = event["run_end"]
        event["run_end"] = event["latest"] if pd.isna(run_end) else min(run_end, as_of)
    kinds = [*EVENT_KINDS]
    events = sorted(
        events,
        key=lambda e: (
            e["latest"],
            RANK.get(e["kind"], SIGN),
            kinds.index(e["kind"]),
            e["event_id"],
        ),
    )
    standing = [event for event in events if shows_standing(event)]
    if not standing:
        return {}
    founding = [event for event in events if event["kind"] == "founded"]
    start = (founding[0]["earliest"] if founding else pd.NaT, standing[0]["latest"])
    first = standing[0]["event_id"] if standing[0]["kind"] == "founded" else None
    said = activity_points(events, searches, rule)
    activity = settle(said, "no_information", None, start, as_of)
    formal = settle(formal_points(events), "in_force", first, start, as_of)
    return {
        "formal": formal,
        "activity": activity,
        "status": status_points(activity, formal, events),
    }


def shows_standing(event):
    """Rule 2: a dated founding, a renewal, a listing, a silence, a formal act."""
    if event["kind"] == "founded":
        return not event["is_open"]
    group = EVENT_KINDS[event["kind"]].group
    return event["kind"] == "renewed" or group in ("evidence", "silence", "formal")


def activity_points(events, searches, rule):
    """Rules 3 and 4."""

    def is_sign(event):
        return event["kind"] in rule.qualifying and not event["is_open"]

    said = [event for event in events if is_sign(event) or event["kind"] == "dormant"]
    points, signs, lapse = [], [], NO_SIGN_YET
    for event, following in zip(said, [*said[1:], None], strict=False):
        state = "active" if is_sign(event) else "dormant"
        rank = RANK.get(event["kind"], SIGN)
        points.append((event["latest"], rank, state, event["earliest"], event["event_id"]))
        if not is_sign(event):
            lapse = NO_SIGN_YET
            continue
        lapse = max(lapse, years_on(event["run_end"], rule.dormant_after))
        signs.append((event["latest"], lapse))
        if following is None or following["latest"] > lapse:
            earliest = lapse - (event["latest"] - event["earliest"])
            points.append((lapse, LAPSE, "no_information", earliest, None))
    for day in searches:
        start = years_on(day, rule.dormant_after - rule.reach)
        before = [until for sign, until in signs if sign <= day]
        start = max([start, *before[-1:]])
        if start <= day:
            points.append((start, LOOK, "dormant", start, None))
    return points


def formal_points(events):
    """Rule 5."""
    sides = {"a": "in_force", "b": "in_force"}
    points = []
    for event in events:
        if event["kind"] not in MADE or event["side"] == "none":
            continue
        for side in "ab" if event["side"] == "both" else event["side"]:
            sides[side] = MADE[event["kind"]]
        state = max(sides.values(), key=STRICTNESS.index)
        points.append((event["latest"], ACT, state, event["earliest"], event["event_id"]))
    return points


def settle(points, before, founding, start, as_of):
    """Begin at the founding, end with the view, and keep the last point of each day.

    `before` is the state until anything is said, and `founding` the event that it rests on.
    """
    unsaid = (pd.Timestamp("0001-01-01"), LAPSE, before, pd.NaT, founding)
    by_day = {}
    for day, rank, state, earliest, event in sorted([unsaid, *points], key=lambda p: p[:2]):
        if day < start[1]:
            day, earliest = start[1], start[0]
        if day <= as_of:
            by_day[day] = (day, rank, state, earliest, event)
    return [*by_day.values()]


def status_points(activity, formal, events):
    """Rule 6."""
    kinds = {event["event_id"]: event["kind"] for event in events}
    points, was_down = [], False
    for day in sorted({point[0] for point in activity + formal}):
        alive = [point for point in activity if point[0] <= day][-1][2]
        stands = [point for point in formal if point[0] <= day][-1][2]
        status = alive if stands == "in_force" else stands
        today = [point for point in activity + formal if point[0] == day]
        _, rank, _, earliest, event = max(enumerate(today), key=lambda p: (p[1][1], p[0]))[1]
        was_down |= status in DOWN_STATUSES or kinds.get(event) == "revived"
        if was_down and status == "active":
            status = "revived"
        points.append((day, rank, status, earliest, event))
    return points


def spells(points):
    """Join what is the same; each ends where the next begins."""
    changes = [point for i, point in enumerate(points) if i == 0 or point[2] != points[i - 1][2]]
    ends = [(point[3], point[0]) for point in changes[1:]]
    for (day, _, state, earliest, event), end in zip(
        changes, [*ends, (pd.NaT, pd.NaT)], strict=True
    ):
        yield state, earliest, day, *end, event


def years_on(day, years):
    """29 February becomes 1 March in a common year, as in `ties.dates.add_years`."""
    month = pd.Period(day, "M") + 12 * years
    return month.start_time.as_unit("s") + pd.Timedelta(days=day.day - 1)
