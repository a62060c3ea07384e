"""The command that asks a person what names mean, on the terminal and on a page."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ties.cli import output
from ties.cli.options import RECORD, UseGazetteer

if TYPE_CHECKING:
    import pandas as pd

DECISIONS: Final = "decisions.csv"
PAGE: Final = "decide.html"
_STOP: Final[dict[str, object]] = {"stop": True}
_POINT: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)[,;\s]+(-?\d+(?:\.\d+)?)\s*")
_ASKED: Final = "number; 0 a place of its own; an id such as geonames:2950159; Enter later; q stop"


def decide(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="The folder that an import wrote.")
    ],
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"File that keeps the decisions.  [default: {DECISIONS} beside FOLDER]",
            show_default=False,
        ),
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask/--page", help="Ask here, or write the page and stop.")
    ] = True,
    known: Annotated[
        str, typer.Option(metavar="RECORD", help="Record whose places come first.")
    ] = RECORD,
    gazetteer: UseGazetteer = True,
) -> None:
    """Decide which places are meant by names that are ambiguous or found nowhere.

    Asks for one name after the other, with its candidates and what the table says of it, and keeps
    each answer at once. Writes a page beside FOLDER too, decide.html, on which the same is
    done on a map. The next import of the source uses the decisions by itself.
    """
    from ties.explore.decide import decide_page
    from ties.inputs import find_gazetteer, read
    from ties.io.atomic import whole_file
    from ties.merge.undecided import read_undecided, with_similar, without_decided
    from ties.places.decisions import add_decision, by_mention, no_decisions, read_decisions

    target = decisions or folder.parent / DECISIONS
    earlier = read_decisions(target) if target.is_file() else no_decisions()
    with output.warnings_as_notes():
        names = without_decided(read_undecided(folder), earlier)
        if names["place_key"].isna().any():
            names = with_similar(names, read(known), find_gazetteer(gazetteer))
    page = folder.parent / PAGE
    with whole_file(page) as part:
        part.write_text(decide_page(names, earlier, folder.parent.name), encoding="utf-8")
    questions = [part for _, part in by_mention(names)]
    output.say(f"{output.counted(len(questions), 'name')} to be decided; {page} has them on a map")
    n_decided = 0
    for number, question in enumerate(questions if ask else [], 1):
        row = _asked(question, f"{number} of {len(questions)}")
        if row == _STOP:
            break
        if row:
            add_decision(target, row)
            n_decided += 1
    if n_decided:
        output.say(f"{n_decided:,} decided: {target}. The next import of this source uses it")


def _asked(question: pd.DataFrame, count: str) -> dict[str, object]:
    """One decision by the person at the terminal; empty if the name stays open."""
    from ties.places.decisions import CONDITIONS

    first = question.astype("object").where(question.notna(), None).iloc[0]
    places = question[question["place_key"].notna()]
    _show(first, places, count)
    while True:
        answer = _prompt(_ASKED)
        if answer in ("", "q"):
            return _STOP if answer == "q" else {}
        point: tuple[float | None, float | None] = (None, None)
        if answer.isdigit() and 0 < int(answer) <= len(places):
            chosen = places.iloc[int(answer) - 1]
            key, point = chosen["place_key"], (chosen["latitude"], chosen["longitude"])
            usual = f"chosen among {output.counted(len(places), 'candidate')}"
        elif answer == "0" and first["country_code"]:
            key, usual = None, "a place of its own"
            point = _point(_prompt("latitude, longitude, if you know them"))
        elif not answer.isdigit() and " " not in answer:
            key, usual = answer, "found by hand"
        else:
            more = "" if first["country_code"] else "; to stand for itself it needs a country"
            output.complain(f"{answer!r} is none of these{more}", label="")
            continue
        reason = _prompt(f"why [{usual}]") or usual
        stated = {name: first[name] for name in CONDITIONS}
        where = dict(zip(("latitude", "longitude"), point, strict=True))
        day = str(dt.date.today())
        return {**stated, "place_key": key, **where, "decided_on": day, "reason": reason}


def _show(first: pd.Series, places: pd.DataFrame, count: str) -> None:
    where = ", ".join(first[name] for name in ("region", "country") if first[name])
    partner = f", partner of {first['partner']}" if first["partner"] else ""
    output.say()
    output.say(f"{count}: {first['name']}{f' ({where})' if where else ''}{partner}", "bold")
    told = {"": first["reasons"], "rows": first["rows"], "partners": first["partners"]}
    told |= {"founded": first["founded"]}
    output.say("; ".join(f"{term} {text}".strip() for term, text in told.items() if text))
    if len(places):
        lies_in = places["place_country"] + " " + places["place_region"].fillna("")
        points = places["latitude"].map("{:.2f}, ".format) + places["longitude"].map(
            "{:.2f}".format
        )
        people = places["population"].map("{:,.0f}".format)
        shown = [places["place"], lies_in, people.mask(places["population"].isna(), "")]
        shown.append(points.mask(places["latitude"].isna(), ""))
        rows = [[str(n), *row] for n, row in enumerate(zip(*shown, strict=True), 1)]
        output.print_table(["", "place", "in", "people", "lies at"], rows, (0, 3))


def _prompt(text: str) -> str:
    """What the person writes; the end of input is to stop, since all answers are kept."""
    try:
        answer: str = typer.prompt(text, default="", show_default=False)
    except typer.Abort:
        output.say()
        return "q"
    return answer.strip()


def _point(text: str) -> tuple[float | None, float | None]:
    found = _POINT.fullmatch(text)
    return (float(found[1]), float(found[2])) if found else (None, None)
