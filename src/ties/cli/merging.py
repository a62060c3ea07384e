"""Commands that lay sources side by side: merge, apart, conflicts, compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ties.cli import output
from ties.cli.options import RECORD, Format, Question, TableFormat, UseGazetteer, asks, one_of

if TYPE_CHECKING:
    import pandas as pd

    from ties.merge.conflicts import Conflicts

_N_SHOWN = 30
_SIGNS = {"appeared": "+", "vanished": "-", "changed": "~", "same": "="}

Decisions = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="What was decided about names with several meanings."),
]


def merge(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Folders of imports, and records by name or path. Of records the first keeps its "
            "codes and dates.",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where it is written.")
    ],
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Name of the record.  [default: the folder's]"),
    ] = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="Its title.")] = "",
    decisions: Decisions = None,
    apart: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Ties to be taken apart again; see ties apart."),
    ] = None,
    dates: Annotated[
        str,
        typer.Option(
            metavar="RULE",
            help="Which founding date is taken of several: the one that most sources give "
            "(most), the earliest, or the latest.",
        ),
    ] = "most",
    gazetteer: UseGazetteer = True,
) -> None:
    """Make one record of several sources, with nothing lost and every row accounted for.

    Writes FOLDER: the record, the statements as they came, a log that names the tie each went
    into, what was rejected and why, and what the sources disagree on. Nothing ambiguous is merged.
    """
    from ties.inputs import find_gazetteer
    from ties.merge.dating import DATE_RULES
    from ties.merge.merge_sources import merge_sources, open_sources
    from ties.merge.split import read_apart
    from ties.places.decisions import read_decisions

    one_of(dates, DATE_RULES, "a rule for dates")
    made = merge_sources(
        open_sources(sources),
        out,
        name=name or out.resolve().name,
        title=title,
        gazetteer=find_gazetteer(gazetteer),
        decisions=read_decisions(decisions) if decisions else None,
        apart=read_apart(apart) if apart else None,
        date_rule=dates,
    )
    account = made.account.set_index("source_id")
    shown = account.reset_index().astype("str").to_numpy().tolist()
    output.print_table(
        [str(name).replace("_", " ") for name in account.reset_index().columns],
        shown,
        range(1, len(account.columns) + 1),
    )
    several = int((made.merged.pairs["n_sources"] > 1).sum())
    output.say()
    output.say(
        f"{output.counted(len(made.dataset.ties), 'tie')}, {several:,} of them in several sources; "
        f"{output.counted(len(made.dataset.places), 'place')}"
    )
    if len(made.dataset.rejected):
        rows = output.counted(len(made.dataset.rejected), "row")
        output.note(f"sources contradict one another in {rows}: see rejected-rows.csv")
    output.say(made.folder)


def apart(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder that ties merge wrote.")
    ],
    tie: Annotated[str, typer.Argument(metavar="TIE", help="A tie of it, by its code.")],
) -> None:
    """Print the statements of one tie of a merge, to be told apart by a person.

    Fill in the column `end` (a, b or ab) where an end is another place, with the day and the
    reason, and merge again with --apart FILE. Without the file the merge is as it was.
    """
    from ties.merge.merge_sources import questions

    output.print_csv(questions(folder, tie))


@asks
def conflicts(
    question: Question,
    about: Annotated[
        str | None,
        typer.Option(metavar="WHAT", help="Only about founding, level or status."),
    ] = None,
    form: TableFormat = Format.table,
) -> None:
    """Show where sources disagree, and what taking the other word would change.

    Nothing is settled here: a founding keeps its date, a tie its level and its status.
    """
    from ties.merge.conflicts import ABOUT, find_conflicts

    if about is not None:
        one_of(about, ABOUT, "what sources disagree on")
    found = find_conflicts(question.dataset, question.rule, question.as_of)
    found = found if about is None else found.only(about)
    if form is Format.csv:
        output.print_csv(found.words)
    elif form is Format.json:
        parts = {"words": found.words, "choices": found.choices, "totals": found.totals}
        tables = {name: _rows(table) for name, table in parts.items()}
        output.print_json({"record": question.dataset.name, **tables})
    else:
        _tell_conflicts(found)


def compare(
    old: Annotated[
        str, typer.Argument(metavar="OLD", help="The earlier snapshot: an import, or a record.")
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The later one.")],
    decisions: Decisions = None,
    known: Annotated[
        str, typer.Option(metavar="RECORD", help="Record whose places come first.")
    ] = RECORD,
    gazetteer: UseGazetteer = True,
    form: TableFormat = Format.table,
) -> None:
    """Compare two snapshots of one source: what appeared, vanished or changed.

    A tie that the later one does not name has vanished from the source. It has not ended by that.
    """
    from ties.inputs import find_gazetteer, read
    from ties.merge.merge_sources import open_sources
    from ties.merge.snapshots import compare as compare_snapshots
    from ties.places.decisions import read_decisions

    before, after = open_sources([old, new])
    found = compare_snapshots(
        before,
        after,
        known=read(known),
        gazetteer=find_gazetteer(gazetteer),
        decisions=read_decisions(decisions) if decisions else None,
    )
    if form is Format.csv:
        output.print_csv(found)
    elif form is Format.json:
        output.print_json({"old": before.name, "new": after.name, "ties": _rows(found)})
    else:
        _tell_changes(found, before.name, after.name)


def _tell_conflicts(found: Conflicts) -> None:
    for about, n in found.n_ties.items():
        words = found.words[found.words["about"] == about]
        if words.empty:
            continue
        output.say(f"{output.counted(int(n), 'tie')}: sources disagree on the {about}")
        rows = words[["tie_id", "source_id", "date", "says"]].astype("str").fillna("")
        taken = words["is_taken"].map({True: "taken", False: ""})
        lines = rows.assign(taken=taken).to_numpy().tolist()
        output.print_table(["tie", "source", "date", "says", ""], lines)
        _tell_totals(found.totals[found.totals["about"] == about])
        output.say()
    if found.words.empty:
        output.say("no source disagrees with another on a founding, a level or a status")


def _tell_totals(totals: pd.DataFrame) -> None:
    """What each choice would change in the numbers of the whole record."""
    output.say()
    for choice, rows in totals[totals["choice"] != "recorded"].groupby("choice", sort=False):
        changed = rows[rows["change"] != 0]
        parts = [
            f"{name} {change:+,} to {n:,}"
            for name, change, n in zip(
                changed["value"].where(changed["measure"] != "ties", "ties"),
                changed["change"],
                changed["n"],
                strict=True,
            )
        ]
        word = str(choice).replace("_", " ")
        output.say(f"if {word}: {', '.join(parts) or 'nothing changes'}")


def _tell_changes(found: pd.DataFrame, old: str, new: str) -> None:
    ties = found.drop_duplicates(["place_a", "place_b"])
    counts = ties["change"].value_counts()
    shown = found[found["change"] != "same"]
    rows = shown.head(_N_SHOWN).astype("str").fillna("")
    pair = rows["name_a"] + " (" + rows["country_a"] + ") – " + rows["name_b"]
    pair = pair + " (" + rows["country_b"] + ")"
    words = rows["column"] + ": " + rows["before"] + " → " + rows["after"]
    sign = rows["change"].map(_SIGNS)
    lines = [sign.tolist(), pair.tolist(), words.where(rows["column"] != "", "").tolist()]
    output.print_table(["", "tie", "what changed"], [list(row) for row in zip(*lines, strict=True)])
    if len(shown) > _N_SHOWN:
        output.say(f"... and {len(shown) - _N_SHOWN:,} more: --format csv gives all")
    output.say()
    told = [f"{int(counts.get(name, 0)):,} {name}" for name in _SIGNS]
    output.say(f"{old} to {new}: {', '.join(told)}")


def _rows(table: pd.DataFrame) -> list[dict[str, object]]:
    return output.records(table.astype("object").where(table.notna(), None))
