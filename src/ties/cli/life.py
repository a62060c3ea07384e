"""One tie's whole life as text: where, since when, what happened, and who says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich.padding import Padding
from rich.text import Text

from ties.cli import output
from ties.cli.options import Question
from ties.dataset import Dataset
from ties.dates import NOT_KNOWN, date_bounds, span
from ties.lifecycle.event_view import EventView
from ties.schema.regions import area_name
from ties.schema.vocabulary import (
    ACTIVITY_STATES,
    BASES,
    EVENT_KINDS,
    FORMAL_STATES,
    LEVELS,
    REPORTED_STATUSES,
    STATUSES,
    TIE_KINDS,
)

LABEL_WIDTH = 10
DATE_WIDTH = 12


@dataclass(frozen=True)
class Life:
    """One tie: its record, its row of the tie table, its episodes and what has happened."""

    dataset: Dataset
    question: Question
    row: dict[str, Any]
    episodes: pd.DataFrame
    reading: EventView

    @classmethod
    def of(cls, question: Question, tie_id: str) -> Life:
        """Take one tie out of a record."""
        own = question.dataset.keep_ties([tie_id])
        asked = Question(own, question.rule, question.as_of, question.known_by)
        return cls(
            own,
            asked,
            output.records(asked.tie_table())[0],
            asked.episodes(),
            EventView.of(own, asked.rule, asked.as_of, asked.known_by),
        )

    def side(self, side: str) -> str:
        """Name the government that acted."""
        named = {"a": self.row["name_a"], "b": self.row["name_b"], "both": "both sides"}
        return str(named.get(side, ""))


def tell(question: Question, tie_id: str) -> None:
    """Print the life of a tie."""
    life = Life.of(question, tie_id)
    _title(f"{life.row['name_a']} – {life.row['name_b']}")
    _tell_places(life)
    _tell_state(life)
    _tell_status(life)
    _tell_events(life)
    _tell_searches(life)
    output.say()
    output.say(_footer(life), style="bright_black")


def _title(text: str) -> None:
    output.say(text, style="bold")


def _heading(text: str) -> None:
    output.say()
    _title(text)


def _line(text: str | Text, indent: int = 2) -> None:
    """Print a line that keeps its indent where a terminal breaks it."""
    shown = text if isinstance(text, Text) else Text(output.clean(text))
    console = output.console()
    if console.is_terminal:
        console.print(Padding(shown, (0, 0, 0, indent), expand=False))
    else:
        output.say(Text.assemble(" " * indent, shown))


def _labelled(life: Life, label: str, value: str | Text) -> None:
    """Print a value after its label; the labels of a tie are as wide as its longest name."""
    width = max(LABEL_WIDTH, len(life.row["name_a"]), len(life.row["name_b"])) + 2
    shown = value if isinstance(value, Text) else Text(output.clean(value))
    _line(Text.assemble((f"{output.clean(label):<{width}}", "bright_black"), shown))


def _tell_places(life: Life) -> None:
    kind = "" if pd.isna(life.row["kind"]) else f", {TIE_KINDS[life.row['kind']].label.lower()}"
    disputed = ", disputed territory" if life.row["is_disputed"] else ""
    output.say(f"{life.row['tie_id']}{kind}{disputed}")
    output.say()
    places = life.dataset.places.set_index("place_id")
    for side in ("a", "b"):
        place = places.loc[life.row[f"place_{side}"]]
        where = [area_name(place["country"])]
        if pd.notna(place["region"]) and area_name(place["region"]) != place["name"]:
            where.insert(0, area_name(place["region"]))
        if pd.notna(place["part_of"]):
            where.insert(0, f"part of {places.loc[place['part_of'], 'name']}")
        _labelled(
            life, place["name"], f"{LEVELS[place['level']].label.lower()}, {', '.join(where)}"
        )
        for label, names in _other_names(life, side):
            _labelled(life, "", f"{label} {names}")


def _other_names(life: Life, side: str) -> Iterator[tuple[str, str]]:
    """The names of a place that it bears beside its own, and those that it bore."""
    names = life.dataset.place_names
    own = names[
        (names["place_id"] == life.row[f"place_{side}"])
        & (names["name"] != life.row[f"name_{side}"])
    ]
    now = own[own["valid_to"].isna()]
    if len(now):
        yield "also", ", ".join(now["name"].unique())
    past = own[own["valid_to"].notna()]
    if len(past):
        until = past["valid_from"].fillna("?") + "–" + past["valid_to"]
        yield "formerly", ", ".join(past["name"] + " (" + until + ")")


def _tell_state(life: Life) -> None:
    row = life.row
    output.say()
    _labelled(life, "Founded", span(row["founded_earliest"], row["founded_latest"]))
    for said in _founding_dates(life):
        _labelled(life, "", said)
    if pd.isna(row["status"]):
        _labelled(life, "Status", f"did not stand yet on {life.reading.view.as_of.date()}")
        return
    _labelled(life, "Status", _status_text(row["status"]))
    formal, activity = FORMAL_STATES[row["formal"]].label, ACTIVITY_STATES[row["activity"]].label
    _labelled(life, "On paper", formal.lower())
    _labelled(
        life, "Contact", f"{activity.lower()}; last sign of life {_day(row['last_activity'])}"
    )
    _labelled(
        life,
        "Evidence",
        f"{output.counted(row['n_events'], 'event')}, {output.counted(row['n_sources'], 'source')}",
    )


def _status_text(status: str) -> Text:
    return output.coloured(STATUSES[status].label.lower(), output.STATUS_STYLES, status)


def _day(day: pd.Timestamp) -> str:
    return "not known" if pd.isna(day) else str(day.date())


def _founding_dates(life: Life) -> Iterator[str]:
    """Which dates of the founding sources give, where they differ."""
    happened = life.reading.happened
    founding = happened.loc[happened["kind"] == "founded", "event_id"]
    attested = life.reading.attested
    given = attested.loc[attested["event_id"].isin(founding), "date"].dropna()
    times = Counter(given)
    if len(times) > 1:
        dated = (f"{date} ({output.counted(n, 'source')})" for date, n in sorted(times.items()))
        yield f"sources disagree: {', '.join(dated)}"


def _tell_status(life: Life) -> None:
    """Print the line of life: a row a status, from when to when, and what began it."""
    own = life.episodes[life.episodes["axis"] == "status"]
    if own.empty:
        return
    _heading("Status through time")
    happened = life.reading.happened.set_index("event_id")
    for episode in output.records(own):
        began = span(episode["start_earliest"], episode["start_latest"])
        ended = span(episode["end_earliest"], episode["end_latest"])
        basis = BASES[episode["basis"]].label.lower()
        cause = ""
        if pd.notna(episode["event_id"]):
            cause = f": {_label(happened.loc[episode['event_id']]).lower()}"
        lasted = f"{began} → {'today' if ended == NOT_KNOWN else ended}"
        _line(
            Text.assemble(f"{lasted:<26}  ", _status_text(episode["state"]), f"  ({basis}{cause})")
        )


def _tell_events(life: Life) -> None:
    """Print every event that is known and has happened, with its sources."""
    happened = life.reading.happened
    _heading(output.counted(len(happened), "event"))
    attested = life.reading.attested.merge(
        life.dataset.sources, on="source_id", validate="many_to_one", suffixes=("", "_source")
    )
    given = date_bounds(attested["date"])
    attested = attested.assign(earliest=given["earliest"], latest=given["latest"])
    texts = life.dataset.events.set_index("event_id")["date"]
    for event in output.records(happened):
        _tell_event(life, event)
        own = attested[attested["event_id"] == event["event_id"]]
        for source in output.records(own):
            _tell_source(source, texts[event["event_id"]])


def _tell_event(life: Life, event: dict[str, Any]) -> None:
    when = span(event["earliest"], None if event["is_open"] else event["latest"])
    if event["run_end"] > event["latest"]:
        when += f", until {event['run_end'].date()}"
    actors = [life.side(event["side"])]
    if pd.notna(event["actor"]):
        actors.append(str(event["actor"]))
    who = ", ".join(dict.fromkeys(actor for actor in actors if actor))
    what = Text(_label(event), style="bold")
    output.say()
    _line(Text.assemble(f"{when + '  ':<{DATE_WIDTH}}", what, f"  {output.clean(who)}"))
    _line(event["summary"], indent=2 + DATE_WIDTH)


def _label(event: Mapping[str, Any] | pd.Series) -> str:
    """The kind of an event in words; of a report, what it reports."""
    reported = event["reported_status"]
    term = EVENT_KINDS[event["kind"]] if pd.isna(reported) else REPORTED_STATUSES[reported]
    return term.label


def _tell_source(source: dict[str, Any], recorded: str) -> None:
    """Print a source: what it is, where it is, and what it says otherwise."""
    indent = 2 + DATE_WIDTH
    published = "undated" if pd.isna(source["published"]) else source["published"]
    publisher = "" if pd.isna(source["publisher"]) else f" {source['publisher']},"
    stop = "" if source["title"].endswith((".", "?", "!")) else "."
    _line(f"– {source['title']}{stop}{publisher} {published} [{source['source_id']}]", indent)
    if pd.notna(source["url"]):
        # Left for the terminal to break, so that it can still be opened.
        output.say(Text(" " * (indent + 2) + output.clean(source["url"]), style="bright_black"))
    if pd.notna(source["date"]) and source["date"] != recorded:
        _line(f"dates it {source['date']}", indent + 2)
    if pd.notna(source["note"]):
        _line(source["note"], indent + 2)


def _tell_searches(life: Life) -> None:
    searches = life.reading.searches.sort_values(["searched_on", "query"])
    if searches.empty:
        return
    _heading(output.counted(len(searches), "search", "searches"))
    for search in output.records(searches):
        hits = output.counted(search["hits"], "hit")
        _line(f"{search['searched_on'].date()}  {hits}: {search['query']}")


def _footer(life: Life) -> str:
    """From when and under which rule the tie is looked at, and what is therefore hidden."""
    view, rule = life.reading.view, life.reading.rule
    hidden = len(life.dataset.events) - len(life.reading.happened)
    known = "" if view.known_by is None else f", as it could be known on {view.known_by.date()}"
    sentences = [
        f"As of {view.as_of.date()}{known}",
        f"dormant after {output.counted(rule.dormant_after, 'year')} without a sign of life",
    ]
    if not rule.reports:
        sentences.append("what sources report of its state is left out")
    if hidden:
        sentences.append(f"{output.counted(hidden, 'later or unpublished event')} not shown")
    return "; ".join(sentences) + "."
