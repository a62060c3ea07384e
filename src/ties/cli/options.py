"""The options that all commands share, and the question that they put together.

A command about a record takes a `Question` as its first argument and is marked with `asks`, which
gives it the options of `ask`: so they are the same, in the same words, everywhere.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from ties.cli import output

if TYPE_CHECKING:
    import pandas as pd

    from ties.dataset import Dataset
    from ties.lifecycle.rule import StatusRule
    from ties.lifecycle.status_bounds import StatusBounds

RECORD = "us-russia"
DORMANT_AFTER = 5


class Format(StrEnum):
    """How a table is given."""

    table = "table"
    csv = "csv"
    json = "json"


def _day(value: str | None) -> str | None:
    """Refuse what is no date before anything else is done."""
    if value is not None:
        from ties.dates import last_day

        try:
            last_day(value)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
    return value


def _pair(value: tuple[str, str] | None) -> tuple[str, str] | None:
    """Refuse what is no pair of countries."""
    if value is None:
        return None
    from ties.schema.regions import areas

    codes = (value[0].upper(), value[1].upper())
    for given, code in zip(value, codes, strict=True):
        if code not in areas() or len(code) != 2:
            raise typer.BadParameter(f"{given!r} is no ISO 3166-1 code of a country, such as DE")
    return codes


def one_of(value: str, choices: Iterable[str], what: str) -> str:
    """Refuse a word that is not among the choices, and say which was probably meant."""
    choices = list(choices)
    if value in choices:
        return value
    from ties.errors import nearest

    near = nearest(value, choices)
    way_out = f"did you mean {near!r}?" if near else f"choose from {', '.join(choices)}"
    raise typer.BadParameter(f"{value!r} is not {what}; {way_out}")


Data = Annotated[
    str,
    typer.Option(
        "--data",
        "-d",
        metavar="NAME|PATH",
        help="A record: the name of one that comes with ties, a folder of tables, an .xlsx of "
        "them; or one plain table, a row a tie: CSV, TSV, XLSX, ODS, Parquet, JSON.",
    ),
]
Retrieved = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="Day on which a plain table said what it says: 2024-03-01 or 01.03.2024.  "
        "[default: when its file was last changed]",
        show_default=False,
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option(
        "--map",
        metavar="FILE",
        help="What the columns of a plain table mean, in TOML, where their headings do not say it.",
        show_default=False,
    ),
]
UseGazetteer = Annotated[
    bool,
    typer.Option(
        "--gazetteer/--no-gazetteer",
        help="Look names of a plain table up in GeoNames, if the extra `gazetteer` is installed.",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        callback=_day,
        help="Look from the last day of a date: 2018, 2018-11, 2018-11-28.  "
        "[default: the record's own date]",
    ),
]
KnownBy = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        callback=_day,
        help="Use only sources published, and searches made, by then.",
    ),
]
DormantAfter = Annotated[
    int,
    typer.Option(
        metavar="YEARS",
        min=1,
        max=100,
        help="Years without a sign of life after which a tie is no longer active.",
    ),
]
Reports = Annotated[
    bool,
    typer.Option(
        "--reports/--no-reports",
        help="Whether what sources say of a tie's state counts, or acts and contact alone.",
    ),
]
Between = Annotated[
    tuple[str, str] | None,
    typer.Option(
        "--between",
        metavar="COUNTRY COUNTRY",
        callback=_pair,
        help="Only the ties of two countries, by their ISO 3166-1 codes: --between DE FR.",
        show_default=False,
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        metavar="CODE",
        help="Show places by their names in a language, as they were called on the day: de, ru.  "
        "[default: the record's own names]",
        show_default=False,
    ),
]
TableFormat = Annotated[
    Format, typer.Option("--format", "-f", help="A table to read, or text for a program.")
]


@dataclass(frozen=True)
class Question:
    """A record, the rule to read it by, and the day to look from."""

    dataset: Dataset
    rule: StatusRule
    as_of: str | None = None
    known_by: str | None = None
    data: str = RECORD
    between: tuple[str, str] | None = None
    language: str | None = None

    def tie_table(self) -> pd.DataFrame:
        """A row for each tie."""
        from ties.lifecycle.tie_table import tie_table

        return tie_table(self.dataset, self.rule, self.as_of, self.known_by)

    def stood(self) -> StatusBounds:
        """Return what is certain and possible of each tie, disputed ones included."""
        from ties.bounds import status_bounds

        return status_bounds(
            self.dataset, self.as_of, known_by=self.known_by, rule=self.rule, disputed="include"
        )

    def episodes(self) -> pd.DataFrame:
        """The episodes of each tie's life."""
        from ties.lifecycle.episodes import lifecycle

        return lifecycle(self.dataset, self.rule, self.as_of, self.known_by)

    def default_out(self, parent: str) -> Path:
        """The folder that a command writes unless told otherwise, named like the record."""
        from ties.build import folder_name
        from ties.io.folder import locate

        name = folder_name(locate(self.data).resolve().stem) or "record"
        return Path(parent) / "-".join([name, *(code.casefold() for code in self.between or ())])


def ask(
    data: Data = RECORD,
    retrieved: Retrieved = None,
    mapping: Mapping = None,
    gazetteer: UseGazetteer = True,
    between: Between = None,
    as_of: AsOf = None,
    known_by: KnownBy = None,
    dormant_after: DormantAfter = DORMANT_AFTER,
    reports: Reports = True,
    language: Language = None,
) -> Question:
    """Read a record and put the question to it; of a plain table say what became of its rows."""
    from ties.inputs import account, is_table, read
    from ties.lifecycle.rule import StatusRule

    about = {"retrieved": retrieved, "mapping": mapping, "gazetteer": gazetteer}
    if is_table(data):
        dataset = read(data, on_invalid="reject", **about)  # type: ignore[arg-type]
        output.note(account(dataset))
        output.note_errors(dataset.problems, f"ties check {data} --format csv gives them all")
    else:
        dataset = read(data, **about)  # type: ignore[arg-type]
    if between is not None:
        dataset = dataset.subset_record(*between)
    if language is not None:
        dataset = dataset.in_language(language, as_of)
    rule = StatusRule(dormant_after=dormant_after, reports=reports)
    return Question(dataset, rule, as_of, known_by, data, between, language)


def asks(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of `ask`, and what it asks for as the first argument."""
    own = _options(command)[1:]
    shared = _options(ask)
    names = [option.name for option in shared]

    @wraps(command)
    def run(**given: Any) -> None:
        with output.warnings_as_notes():
            question = ask(**{name: given.pop(name) for name in names})
            command(question, **given)

    options = [*own, *shared]
    run.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    run.__annotations__ = {option.name: option.annotation for option in options}
    return run


def _options(command: Callable[..., Any]) -> list[inspect.Parameter]:
    """The options of a function, each to be named, with what typer reads of them."""
    hints = get_type_hints(command, include_extras=True)
    return [
        option.replace(annotation=hints[option.name], kind=inspect.Parameter.KEYWORD_ONLY)
        for option in inspect.signature(command).parameters.values()
    ]
