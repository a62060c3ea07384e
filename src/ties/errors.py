"""What is wrong with a record, said so that its author can put it right.

A problem names the file, the line as a text editor counts it, the column, the value, the
rule that was broken, and what to do. Problems are gathered from every file and given at
once: nobody should mend a table one error at a time. An *error* means that a row cannot be
used; a *warning* means that it can, but deserves a look.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

ERROR: Final = "error"
WARNING: Final = "warning"

# Rows are numbered within a table from 0; the number leads from a problem to its row.
_INTERNAL: Final = {
    "severity": "str",
    "table": "str",
    "file": "str",
    "line": "Int64",
    "cell": "str",  # of a workbook: E14
    "column": "str",
    "value": "str",
    "rule": "str",
    "message": "str",
    "row": "Int64",
}
PROBLEM_COLUMNS: Final = tuple(name for name in _INTERNAL if name != "row")

_NONE: Final = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in _INTERNAL.items()})

N_SHOWN: Final = 20

# Beyond these sizes a search for the nearest word costs more than it tells.
_MAX_CHOICES: Final = 5_000
_MAX_HINTS: Final = 100


# What nobody takes for granted of rows that are accepted: counted and listed wherever a table is
# read.
UNEXPECTED: Final = (
    "place_unknown",
    "place_ambiguous",
    "place_nearly",
    "place_far",
    "names_apart",
    "country_unknown",
    "country_unstated",
    "country_guessed",
    "country_na",
    "country_conflict",
    "date_unread",
    "future",
    "encoding",
)


class TiesWarning(UserWarning):
    """What a person would not take for granted: a day that was assumed, rows that were left out."""


class TiesError(Exception):
    """Whatever a user of the package can put right; the message says how."""


class InternalError(TiesError):
    """The package contradicts itself: a fault of ours, not of the record."""


class UnreadableError(TiesError):
    """What was asked for cannot be read at all.

    Parameters
    ----------
    message
        What is wrong and what to do.
    problems
        The problems behind it, a row a problem; empty if there is just the message.
    """

    def __init__(self, message: str, problems: pd.DataFrame | None = None) -> None:
        super().__init__(message)
        self.problems = empty_problems() if problems is None else problems


class InvalidTableError(TiesError):
    """Some rows of a record break its rules.

    Parameters
    ----------
    problems
        Every problem found, a row a problem; also the attribute `problems`.
    """

    def __init__(self, problems: pd.DataFrame) -> None:
        super().__init__(describe(problems[problems["severity"] == ERROR]))
        self.problems = problems

    def __reduce__(self) -> tuple[type[InvalidTableError], tuple[pd.DataFrame]]:
        """Let the error travel between processes with its problems."""
        return type(self), (self.problems,)


def empty_problems() -> pd.DataFrame:
    """A frame of problems without a row.

    Examples
    --------
    >>> list(empty_problems())
    ['severity', 'table', 'file', 'line', 'cell', 'column', 'value', 'rule', 'message']
    """
    return public(_NONE)


def make_problems(
    messages: Sequence[str] | pd.Series,
    *,
    table: str,
    file: str,
    rule: str,
    column: str | None = None,
    lines: object = pd.NA,
    values: object = None,
    rows: object = pd.NA,
    severity: str = ERROR,
) -> pd.DataFrame:
    """A row for each message; what is not a sequence holds for all of them."""
    texts = list(messages)
    if not texts:
        return _NONE
    given = {
        "severity": severity,
        "table": table,
        "file": file,
        "line": lines,
        "cell": None,
        "column": column,
        "value": values,
        "rule": rule,
        "message": texts,
        "row": rows,
    }
    index = pd.RangeIndex(len(texts))
    return pd.DataFrame(
        {name: pd.Series(given[name], index=index, dtype=kind) for name, kind in _INTERNAL.items()}
    )


def join(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put problems from several places into one frame."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return _NONE
    return pd.concat(filled, ignore_index=True)


def public(problems: pd.DataFrame) -> pd.DataFrame:
    """Order problems as a reader meets them: file by file, errors of a whole file first."""
    files = {file: place for place, file in enumerate(problems["file"].unique())}
    order = problems.assign(_file=problems["file"].map(files), _line=problems["line"].fillna(0))
    order = order.sort_values(["_file", "_line"], kind="stable")
    return order[list(PROBLEM_COLUMNS)].reset_index(drop=True)


def unexpected(problems: pd.DataFrame) -> pd.DataFrame:
    """Return errors, then the warnings that a person has to know of (`UNEXPECTED`)."""
    is_error = problems["severity"].eq(ERROR)
    is_told = problems["rule"].isin(UNEXPECTED)
    return pd.concat([problems[is_error], problems[~is_error & is_told]], ignore_index=True)


def describe(
    problems: pd.DataFrame, limit: int = N_SHOWN, rest: str = "ties.check gives them all"
) -> str:
    """What is wrong, a line a problem under the name of its file; `rest` leads to the others.

    Examples
    --------
    >>> found = make_problems(
    ...     ["'sistr' is not a kind of tie; did you mean 'sister'?"],
    ...     table="ties",
    ...     file="ties.csv",
    ...     rule="code",
    ...     column="kind",
    ...     lines=14,
    ... )
    >>> print(describe(found))
    ties.csv: 1 problem
      line 14, kind: 'sistr' is not a kind of tie; did you mean 'sister'?
    """
    counts = problems["file"].value_counts(sort=False)
    lines = [f"{_counted(len(problems), 'problem')} in {len(counts)} files"]
    lines = lines if len(counts) > 1 else []
    shown = problems.head(limit)
    for file, part in shown.groupby("file", sort=False):
        lines.append(f"{file}: {_counted(int(counts[file]), 'problem')}")
        places = zip(part["line"], part["cell"], part["column"], part["message"], strict=True)
        lines += [f"  {_place(*place)}{message}" for *place, message in places]
    if len(problems) > limit:
        lines.append(f"  and {len(problems) - limit} more; {rest}")
    return "\n".join(lines)


def rows_named(locators: pd.Series, limit: int = 8) -> str:
    """Return the rows that a pattern holds for, in brackets; nothing for a single one.

    Examples
    --------
    >>> rows_named(pd.Series(["line 2", "line 4"])), rows_named(pd.Series(["line 2"]))
    (' (2 rows: line 2, line 4)', '')
    """
    where = locators.drop_duplicates()
    more = "" if len(where) <= limit else ", …"
    shown = ", ".join(where.head(limit))
    return f" ({len(where):,} rows: {shown}{more})" if len(where) > 1 else ""


def nearest(value: str, choices: Iterable[str]) -> str | None:
    """The choice that a mistyped word was probably meant to be, if any is near.

    Examples
    --------
    >>> nearest("suspnded", ["suspended", "statement"])
    'suspended'
    """
    by_lower = {choice.lower(): choice for choice in choices}
    found = difflib.get_close_matches(value.lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[found[0]] if found else None


def hint(value: str, choices: Iterable[str]) -> str:
    """The end of a message: a question after the nearest choice, or nothing."""
    near = nearest(value, choices)
    return "" if near is None else f"; did you mean {near!r}?"


def hints(values: Sequence[str], choices: Sequence[str]) -> dict[str, str]:
    """The nearest choice of each value, as far as the search stays cheap."""
    if len(choices) > _MAX_CHOICES:
        return {}
    return {value: hint(value, choices) for value in values[:_MAX_HINTS]}


def shorten(value: str, width: int = 60) -> str:
    """Quote a value of any length for a message.

    Examples
    --------
    >>> shorten("a" * 100, width=10)
    "'aaaaaaaaa…'"
    """
    return repr(value if len(value) <= width else value[: width - 1] + "…")


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _place(line: object, cell: object, column: object) -> str:
    parts = [] if pd.isna(line) else [f"line {line}"]  # type: ignore[call-overload]
    parts = parts if pd.isna(cell) else [str(cell)]  # type: ignore[call-overload]
    parts += [] if pd.isna(column) else [str(column)]  # type: ignore[call-overload]
    return ", ".join(parts) + (": " if parts else "")
