"""What a command says: tables, sentences and complaints.

On a terminal there are lines and colours; anywhere else there is plain text, one row a line.
A record may hold any text, so what would steer a terminal is taken out of whatever is shown.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.text import Text

STATUS_STYLES: Mapping[str, str] = {
    "active": "bold blue",
    "revived": "bold cyan",
    "dormant": "yellow",
    "suspended": "red",
    "terminated": "bold red",
    "no_information": "bright_black",
}


def console(*, is_error: bool = False) -> Console:
    """The console of stdout or stderr; its colours are off unless it is a terminal."""
    from rich.console import Console

    return Console(stderr=is_error, highlight=False, markup=False, emoji=False)


def clean(text: object) -> str:
    """Text without control characters, line by line."""
    from ties.io.escape import plain

    lines = str(text).split("\n")
    return "\n".join(line[: len(line) - len(line.lstrip(" "))] + plain(line) for line in lines)


def say(text: object = "", style: str = "") -> None:
    """Print text as it is, wrapped by the terminal alone."""
    from rich.text import Text

    shown = text if isinstance(text, Text) else Text(clean(text), style=style)
    console().print(shown, soft_wrap=True)


def note(text: str) -> None:
    """Write a line beside the answer, to stderr."""
    from rich.text import Text

    console(is_error=True).print(Text(f"Note: {clean(text)}", style="yellow"), soft_wrap=True)


def note_errors(problems: pd.DataFrame, rest: str) -> None:
    """Write to stderr what nobody takes for granted of a table; `rest` leads to those not shown."""
    from ties.errors import describe, unexpected

    told = unexpected(problems)
    if len(told):
        note(describe(told, rest=rest))


@contextmanager
def warnings_as_notes() -> Iterator[None]:
    """Show the package's warnings as notes on stderr, and any other as Python does."""
    from ties.errors import TiesWarning

    with warnings.catch_warnings():
        warnings.simplefilter("always", TiesWarning)
        otherwise = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if issubclass(category, TiesWarning):
                note(str(message))
            else:
                otherwise(message, category, *place, **more)

        warnings.showwarning = show
        yield


def complain(text: str, label: str = "Error: ") -> None:
    """Write to stderr what went wrong."""
    from rich.text import Text

    shown = Text.assemble((label, "bold red"), clean(text))
    console(is_error=True).print(shown, soft_wrap=True)


def coloured(text: str, styles: Mapping[str, str], key: str) -> Text:
    """Text in the colour of what it stands for."""
    from rich.text import Text

    return Text(text, style=styles.get(key, ""))


def print_table(
    headers: Sequence[str], rows: Sequence[Sequence[str | Text]], numbers: Sequence[int] = ()
) -> None:
    """Print a table: with rules on a terminal, as aligned columns elsewhere.

    Parameters
    ----------
    headers, rows
        Text; cells of a row may be coloured.
    numbers
        Positions of the columns that are aligned at the right.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = console()
    table = Table(
        box=box.SIMPLE_HEAD if out.is_terminal else None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="bold",
    )
    for place, header in enumerate(headers):
        justify: Any = "right" if place in numbers else "left"
        table.add_column(header, justify=justify, overflow="fold", no_wrap=not out.is_terminal)
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
    if out.is_terminal:
        out.print(table)
        return
    drawn = StringIO()
    # Rows are never broken here, however long, so that grep and awk can have them.
    Console(file=drawn, width=100_000, color_system=None).print(table)
    say(Text("\n".join(line.rstrip() for line in drawn.getvalue().splitlines())))


def print_csv(table: pd.DataFrame) -> None:
    """Print a table as CSV, in UTF-8, without anything that a spreadsheet would run."""
    from ties.io.escape import escape_formulas

    _write(escape_formulas(table).to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d"))


def print_json(document: Mapping[str, Any]) -> None:
    """Print a document as JSON, in UTF-8."""
    _write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, few enough to be shown, by the names of their columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _write(text: str) -> None:
    """Write for programs; on a terminal, without the characters that would steer it."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(clean(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()


def counted(n: int, one: str, many: str = "") -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "error"), counted(1400, "tie"), counted(2, "search", "searches")
    ('1 error', '1,400 ties', '2 searches')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
