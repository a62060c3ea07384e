"""Commands that answer: how do the ties stand, and what is known of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ties.cli import output
from ties.cli.options import RECORD, Format, Question, TableFormat, asks, one_of
from ties.export.plain import as_records
from ties.schema.vocabulary import STATUSES

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = (
    "Source row",
    "Place",
    "Partner",
    "Status as written",
    "Founded",
    "Status",
    "Since",
    "Basis",
    "Last activity",
)


def _statuses(values: list[str] | None) -> list[str]:
    """Accept a status as its code or its label."""
    codes = [value.strip().casefold().replace(" ", "_").replace("-", "_") for value in values or []]
    return [one_of(code, STATUSES, "a status") for code in codes]


@asks
def status(
    question: Question,
    place: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Only ties of places called so, now or once, or lying there."
        ),
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STATUS",
            callback=_statuses,
            autocompletion=lambda: list(STATUSES),
            help=f"Only ties in this status: {', '.join(STATUSES)}. May be given again.",
            show_default=False,
        ),
    ] = None,
    format: TableFormat = Format.table,
) -> None:
    """How each tie stands on a day."""
    table = question.tie_table()
    if place is not None:
        from ties.lookup import ties_of_place

        table = table[table["tie_id"].isin(ties_of_place(question.dataset, place))]
    around = Around.of(question, table)
    table = table[table["status"].isin(status) if status else table["status"].notna()]
    if format is Format.csv:
        output.print_csv(table)
    elif format is Format.json:
        output.print_json(_document(question, table, around))
    else:
        _print_ties(question, table, around)


@dataclass(frozen=True)
class Around:
    """What no row of the table says: ties that may have stood, and the bounds of the numbers."""

    n_may_stand: int
    n_not_yet: int
    numbers: pd.DataFrame

    @classmethod
    def of(cls, question: Question, table: pd.DataFrame) -> Around:
        """Count them among the ties of a table; disputed ones are in no number."""
        from ties.bounds import summary

        own = table.loc[~table["is_disputed"], ["tie_id", "status"]]
        stood = question.stood()
        stood = stood.only(
            own["tie_id"].set_axis(own["tie_id"]).reindex(stood.ids).notna().to_numpy(bool)
        )
        n_may_stand = int(stood.is_possible.sum())
        n_not_yet = int(own["status"].isna().sum()) - n_may_stand
        return cls(n_may_stand, n_not_yet, summary(stood))

    def in_words(self) -> str:
        """Return the numbers of ties with their bounds."""
        counts = self.numbers[self.numbers["unit"] == "ties"]
        return ", ".join(
            f"{row['label'].removeprefix('Ties ')} {row['lower']:,.0f}"
            + ("" if row["lower"] == row["upper"] else f" to {row['upper']:,.0f}")
            for _, row in counts.iterrows()
        )


def _counts(table: pd.DataFrame) -> dict[str, int]:
    counts = table.loc[~table["is_disputed"], "status"].value_counts()
    return {code: int(counts.get(code, 0)) for code in STATUSES}


def _document(question: Question, table: pd.DataFrame, around: Around) -> dict[str, Any]:
    """The ties as plain values, with what was asked."""
    return {
        "record": question.dataset.name,
        **{str(key): value for key, value in table.attrs.items()},
        "counts": _counts(table),
        "n_may_stand": around.n_may_stand,
        "n_not_yet": around.n_not_yet,
        "bounds": around.numbers.reset_index().to_dict("records"),
        "ties": as_records(table),
    }


def _print_ties(question: Question, table: pd.DataFrame, around: Around) -> None:
    """Print a row a tie, and a line of counts."""
    from ties.dates import NOT_KNOWN
    from ties.export.tie_list import tie_list

    found = tie_list(
        question.dataset,
        question.rule,
        question.as_of,
        question.known_by,
        written=question.language is None,
    )
    found = found[found["Tie"].isin(table["tie_id"])]
    shown = found.reindex(columns=[*_SHOWN]).dropna(axis="columns", how="all")
    for end, country in (("Place", "Country"), ("Partner", "Partner country")):
        if found[country].nunique() == 1:
            shown = shown.rename(columns={end: found[country].iloc[0]})
    codes = {term.label: code for code, term in STATUSES.items()}
    rows = [
        [
            output.coloured(cell, output.STATUS_STYLES, codes[cell]) if name == "Status" else cell
            for name, cell in row.items()
        ]
        for row in output.records(shown.fillna(NOT_KNOWN))
    ]
    if rows:
        output.print_table([*shown], rows)
    output.say(_closing(table, around))


def _closing(table: pd.DataFrame, around: Around) -> str:
    """Count the ties in one line, and say from when they are looked at."""
    counts = [f"{n} {STATUSES[code].label.lower()}" for code, n in _counts(table).items() if n]
    day, known = table.attrs["as_of"], table.attrs["known_by"]
    line = f"{output.counted(int((~table['is_disputed']).sum()), 'tie')} on {day}" + (
        f", as it could be known on {known}" if known else ""
    )
    line += f": {', '.join(counts)}." if counts else "."
    n_disputed = int(table["is_disputed"].sum())
    line += f" {n_disputed} more disputed, in no total." if n_disputed else ""
    if around.n_may_stand:
        line += (
            f" {around.n_may_stand} more may have stood: a later source is the first to show them."
        )
    if around.n_not_yet:
        was = "was" if around.n_not_yet == 1 else "were"
        line += f" {around.n_not_yet} did not yet stand, or {was} not yet known."
    return f"{line}\nCertain, and at most: {around.in_words()}."


def _complete_tie(incomplete: str) -> list[str]:
    """Complete the id of a tie of the bundled record."""
    from ties.inputs import read

    return [tie for tie in read(RECORD).ties["tie_id"] if tie.startswith(incomplete)]


@asks
def show(
    question: Question,
    tie: Annotated[
        list[str],
        typer.Argument(
            metavar="TIE",
            help="A tie by its id, or by names of its places as you would write them.",
            autocompletion=_complete_tie,
        ),
    ],
) -> None:
    """The whole life of one tie, with every event and its sources."""
    from ties.cli.life import tell
    from ties.lookup import find_tie

    tell(question, find_tie(question.dataset, " ".join(tie)))
