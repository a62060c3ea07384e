"""Tables in words: codes become labels, column names words, shares percentages, gaps a dash."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from ties.io.escape import escape_markdown, plain
from ties.schema.vocabulary import BASES, EVENT_KINDS, SIDES, SOURCE_KINDS, STATUSES, TIE_KINDS

MISSING: Final = "–"

LABELS: Final[dict[str, str]] = {
    code: term.label
    for words in (TIE_KINDS, EVENT_KINDS, SIDES, SOURCE_KINDS, BASES, STATUSES)
    for code, term in words.items()
}
# Columns whose values are codes; anywhere else a text is shown as it is.
_CODED: Final = frozenset({"kind", "side", "basis", "status", "from_status", "state", "formal"})
# What a column is called where the words of its name would not do.
_HEADERS: Final = {
    "founding_decade": "Decade",
    "n_certain": "Certain",
    "n_possible": "Possible",
    "n": "Ties",
    "name_a": "Place A",
    "name_b": "Place B",
    "start_latest": "Since",
    "status_since": "Since",
    "from_status": "Before",
    "basis_before": "Known from",
    "kind": "Kind",
    "as_of": "As of",
    "seen": "Seen from",
    "known_by": "Known by",
}


def markdown_table(
    table: pd.DataFrame,
    caption: str = "",
    headers: Mapping[str, str] | None = None,
    right: Collection[str] | None = None,
) -> str:
    r"""Return a table as a pipe table of Markdown, escaped, with its caption below.

    Parameters
    ----------
    table
        A table; a named index becomes its first column.
    caption
        Its title.
    headers
        Column names in words, where the usual ones would not do.
    right
        Columns that stand at the right; those of numbers if not given.

    Examples
    --------
    >>> counts = pd.DataFrame({"status": ["no_information"], "share_lower": [0.25]})
    >>> print(markdown_table(counts, "How ties stood"))
    | Status | Share lower |
    | :--------------- | ------------: |
    | No information | 25\% |
    <BLANKLINE>
    : How ties stood
    <BLANKLINE>
    """
    if any(name is not None for name in table.index.names):
        table = table.reset_index()
    title = escape_markdown(plain(caption))
    if table.empty:
        return f"*{f'{title}: ' if title else ''}no rows.*\n"
    columns, rules = [], []
    for name, column in table.items():
        word = plain((headers or {}).get(str(name)) or header(str(name)))
        cells = [word, *_cells(column, str(name))]
        is_right = _is_number(column) if right is None else name in right
        columns.append(cells)
        rules.append(_rule(_width(cells), is_right))
    first, *rows = (_row(map(escape_markdown, row)) for row in zip(*columns, strict=True))
    foot = f"\n: {title}\n" if title else ""
    return "\n".join([first, _row(rules), *rows, foot])


def _width(cells: Sequence[str]) -> int:
    """Weigh a column: by its longest word at least, by its longest cell at most."""
    longest = max(map(len, cells))
    return max(max(len(word) for cell in cells for word in cell.split(" ")), min(longest, 40))


def header(name: str) -> str:
    """Name a column in words.

    Examples
    --------
    >>> header("last_activity"), header("founding_decade"), header("no_information")
    ('Last activity', 'Decade', 'No information')
    """
    words = name.replace("_", " ").strip()
    return _HEADERS.get(name) or LABELS.get(name) or words[:1].upper() + words[1:] or MISSING


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _cells(column: pd.Series, name: str) -> list[str]:
    """Write the values of a column as text."""
    return [MISSING if pd.isna(value) else _cell(value, name) for value in column.tolist()]


def _cell(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if isinstance(value, float):
        return f"{value:.0%}" if name.startswith("share") else f"{value:.3g}"
    if name in _CODED:
        return LABELS.get(str(value), plain(value))
    return plain(value)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(width: int, is_number: bool) -> str:
    return "-" * (width + 1) + ":" if is_number else ":" + "-" * (width + 1)
