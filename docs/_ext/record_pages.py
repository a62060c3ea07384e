"""A page a tie, and indexes of them, from the record that comes with the package.

The pages are written as text into `docs/record/` before Sphinx reads its sources, and are no part
of the repository. Every word of the record is escaped: it is text, never markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

import ties
from ties.dates import date_bounds, span
from ties.figures.style import STATUS_COLOURS
from ties.io.escape import escape_markdown as text
from ties.lookup import distinct_names
from ties.schema.regions import area_name
from ties.schema.vocabulary import EVENT_KINDS, FORMAL_STATES, STATUSES, TIE_KINDS

RECORD = "us-russia"
FIRST_YEAR = 1970
NOT_KNOWN = "not known"


class Pages:
    """What the pages of a record are made from, put together once."""

    def __init__(self, dataset: ties.Dataset) -> None:
        self.dataset = dataset
        names = distinct_names(dataset)
        table = ties.tie_table(dataset)
        self.table = table.assign(
            title=table["place_b"].map(names) + " – " + table["place_a"].map(names)
        ).sort_values("title", kind="stable")
        episodes = ties.lifecycle(dataset)
        self.episodes = dict(tuple(episodes[episodes["axis"] == "status"].groupby("tie_id")))
        self.events = dict(tuple(dataset.events.groupby("tie_id")))
        sourced = dataset.attestations.merge(
            dataset.sources, on="source_id", validate="many_to_one", suffixes=("", "_source")
        )
        self.attested = dict(tuple(sourced.groupby("event_id")))
        self.searches = dict(tuple(dataset.searches.groupby("tie_id")))
        self.visited_on = dataset.as_of - pd.DateOffset(years=1)
        visited = ties.tie_table(_with_a_visit(dataset, self.visited_on)).set_index("tie_id")
        self.if_visited = visited["status"].to_dict()

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give each tie's row of the tie table."""
        yield from self.table.to_dict("records")

    def page(self, row: dict[str, Any]) -> str:
        """Give the page of one tie."""
        parts = [
            # In no side bar: the indexes lead here, and two hundred lines on every page do not.
            "---\norphan: true\n---",
            f"# {text(row['title'])}",
            self._facts(row),
            self._life(row["tie_id"]),
            *self._what_would_change(row),
            "## What happened, and who says so",
            *self._events(row["tie_id"]),
            *self._searches(row["tie_id"]),
            "[Every tie of the record](../index.md)",
        ]
        return "\n\n".join(parts) + "\n"

    def _facts(self, row: dict[str, Any]) -> str:
        kind = TIE_KINDS[row["kind"]].label if pd.notna(row["kind"]) else NOT_KNOWN
        status = STATUSES[row["status"]].label if pd.notna(row["status"]) else "does not stand yet"
        formal = FORMAL_STATES[row["formal"]].label if pd.notna(row["formal"]) else NOT_KNOWN
        last = str(row["last_activity"].date()) if pd.notna(row["last_activity"]) else NOT_KNOWN
        facts = {
            "Form": kind,
            "Founded": span(row["founded_earliest"], row["founded_latest"]),
            "Status": f"{status} (on {self.dataset.as_of.date()}, {row['basis']})",
            "On paper": formal,
            "Last sign of life": last,
            "Code": f"`{row['tie_id']}`",
        }
        if row["is_disputed"]:
            facts["Territory"] = "disputed: the tie counts in no total"
        lines = [f"| {label} | {value} |" for label, value in facts.items()]
        return "\n".join(["| | |", "|---|---|", *lines])

    def _life(self, tie_id: str) -> str:
        episodes = self.episodes.get(tie_id)
        if episodes is None:
            return ""
        lines = ["## Life line", "", _bar(episodes, self.dataset.as_of), ""]
        lines += ["| from | to | status | known how |", "|---|---|---|---|"]
        for row in episodes.to_dict("records"):
            began = span(row["start_earliest"], row["start_latest"])
            ended = (
                "today"
                if pd.isna(row["end_latest"])
                else span(row["end_earliest"], row["end_latest"])
            )
            lines.append(f"| {began} | {ended} | {STATUSES[row['state']].label} | {row['basis']} |")
        return "\n".join(lines)

    def _what_would_change(self, row: dict[str, Any]) -> Iterator[str]:
        other = self.if_visited.get(row["tie_id"])
        if pd.notna(other):
            yield (
                "**What would change its status.** If a source told of a visit on "
                f"{self.visited_on.date()}, the status would be *{STATUSES[other].label.lower()}*."
            )

    def _events(self, tie_id: str) -> Iterator[str]:
        events = self.events.get(tie_id)
        if events is None:
            return
        bounds = date_bounds(events["date"])
        ordered = events.assign(at=bounds["latest"]).sort_values("at", kind="stable")
        for event in ordered.to_dict("records"):
            until = "" if pd.isna(event["until"]) else f" until {event['until']}"
            who = "" if pd.isna(event["actor"]) else f" ({text(event['actor'])})"
            label = EVENT_KINDS[event["kind"]].label
            yield f"**{text(event['date'])}{until} · {label}**{who}: {text(event['summary'])}"
            yield "\n".join(self._sources(event))

    def _sources(self, event: dict[str, Any]) -> Iterator[str]:
        attested = self.attested.get(event["event_id"])
        if attested is None:
            return
        for source in attested.to_dict("records"):
            published = "undated" if pd.isna(source["published"]) else source["published"]
            publisher = "" if pd.isna(source["publisher"]) else f", {text(source['publisher'])}"
            title = _link(source["title"], source["url"])
            other = source["date"]
            said = f" – dates it {other}" if pd.notna(other) and other != event["date"] else ""
            note = "" if pd.isna(source["note"]) else f" – {text(source['note'])}"
            yield f"- {title}{publisher}, {published}{said}{note}"

    def _searches(self, tie_id: str) -> Iterator[str]:
        searches = self.searches.get(tie_id)
        if searches is not None:
            yield "## Where we looked"
            yield "\n".join(
                f"- {search['searched_on']}: {search['hits']} found for “{text(search['query'])}”"
                for search in searches.to_dict("records")
            )

    def index(self, title: str, group: Callable[[dict[str, Any]], str]) -> str:
        """Give a page that lists all ties under headings."""
        under: dict[str, list[str]] = {}
        for row in self.rows():
            line = f"- [{text(row['title'])}](ties/{row['tie_id']}.md)"
            under.setdefault(group(row), []).append(line)
        parts = [f"# {title}"]
        for heading in sorted(under):
            parts += [f"## {heading} ({len(under[heading])})", "\n".join(under[heading])]
        return "\n\n".join(parts) + "\n"


def _with_a_visit(dataset: ties.Dataset, day: pd.Timestamp) -> ties.Dataset:
    """Give the record with a visit to every tie on a day, to tell what it would change."""
    names = "supposed-visit-" + dataset.ties["tie_id"]
    visits = pd.DataFrame(
        {
            "event_id": names,
            "tie_id": dataset.ties["tie_id"],
            "date": str(day.date()),
            "kind": "visit",
            "side": "none",
            "summary": "supposed",
        }
    )
    attested = pd.DataFrame({"event_id": names, "source_id": dataset.sources["source_id"].iloc[0]})
    return replace(
        dataset,
        events=_append(dataset.events, visits),
        attestations=_append(dataset.attestations, attested),
    )


def _append(frame: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([frame, rows.reindex(columns=frame.columns)], ignore_index=True)
    return both.astype(frame.dtypes.to_dict())


def _link(title: str, url: object) -> str:
    if pd.isna(url) or not str(url).startswith(("https://", "http://")):
        return text(title)
    address = str(url).replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return f"[{text(title)}](<{address}>)"


def _bar(episodes: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Draw the status through time as one bar, with its meaning in words beside it."""
    last = as_of.year + 1
    scale = 700 / (last - FIRST_YEAR)
    shapes, said = [], []
    for row in episodes.to_dict("records"):
        end = as_of if pd.isna(row["end_latest"]) else row["end_latest"]
        start = max(_year(row["start_latest"]), FIRST_YEAR)
        label = STATUSES[row["state"]].label
        said.append(f"{label.lower()} from {int(start)}")
        width = max((_year(end) - start) * scale, 2)
        shapes.append(
            f'<rect x="{(start - FIRST_YEAR) * scale:.1f}" y="4" width="{width:.1f}" height="16" '
            f'fill="{STATUS_COLOURS[row["state"]]}"><title>{escape(label)}</title></rect>'
        )
    for year in range(FIRST_YEAR, last, 10):
        x = (year - FIRST_YEAR) * scale
        shapes.append(f'<text x="{x:.1f}" y="36" font-size="12" fill="currentColor">{year}</text>')
    return (
        f'<svg viewBox="0 0 700 40" role="img" aria-label="{escape(", ".join(said))}" '
        f'style="width:100%;max-width:44rem">{"".join(shapes)}</svg>'
    )


def _year(day: pd.Timestamp) -> float:
    return day.year + (day.dayofyear - 1) / 366


def _decade(row: dict[str, Any]) -> str:
    decade = row["founding_decade"]
    return "Decade not certain" if pd.isna(decade) else f"{decade}s"


def _status(row: dict[str, Any]) -> str:
    return STATUSES[row["status"]].label if pd.notna(row["status"]) else "Does not stand yet"


def _area(side: str) -> Callable[[dict[str, Any]], str]:
    def named(row: dict[str, Any]) -> str:
        region = row[f"region_{side}"]
        return area_name(row[f"country_{side}"] if pd.isna(region) else region)

    return named


INDEXES: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "by-status": ("Ties by status", _status),
    "by-decade": ("Ties by founding decade", _decade),
    "by-state": ("Ties by state of the United States", _area("b")),
    "by-subject": ("Ties by region of Russia", _area("a")),
}


def write_pages(folder: Path) -> None:
    """Write every page of the bundled record into a folder; a page that is the same stays."""
    pages = Pages(ties.load(RECORD))
    written = {f"ties/{row['tie_id']}.md": pages.page(row) for row in pages.rows()}
    written |= {f"{name}.md": pages.index(*wanted) for name, wanted in INDEXES.items()}
    listed = "\n".join(f"{name}" for name in INDEXES)
    dataset = pages.dataset
    written["index.md"] = (
        f"# The record: every tie\n\n{len(dataset.ties)} ties, {len(dataset.events)} events, "
        f"{len(dataset.sources)} sources, as of {dataset.as_of.date()}. Each tie has a page with "
        f"its life line, its events and who attests them.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    )
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != content:
            path.write_text(content, "utf-8")


def setup(app: Any) -> dict[str, Any]:
    """Write the pages before Sphinx looks for its sources."""
    app.connect("builder-inited", lambda app: write_pages(Path(app.srcdir) / "record"))
    return {"version": "1", "parallel_read_safe": True}
