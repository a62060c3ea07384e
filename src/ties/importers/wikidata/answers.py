"""The form of an answer to a query: its solutions, with each value by what it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from ties.errors import UnreadableError
from ties.importers.wikidata import variables
from ties.importers.wikidata.collecting import WikidataCollector
from ties.importers.wikidata.documents import clean, shown

_STATEMENT: Final = re.compile(r"https?://\S+/entity/statement/([QPLqpl]\d+)-(\S+)")
# A blank node: of today's service, of the standard, and of the service before 2021.
_UNKNOWN: Final = re.compile(r"https?://\S+/\.well-known/genid/\S+|_:.*|t\d+", re.DOTALL)
_MAX_NAMED: Final = 20
_MAX_ADDRESS: Final = 500  # characters

Bindings: TypeAlias = dict[str, str]


class Solution(NamedTuple):
    """One row of an answer: where it stood, and its values.

    Those of known variables are in `given`, by role; those of other variables in `other`.
    """

    row: int
    file: str
    locator: str
    given: Bindings
    other: Bindings
    entry: Any


@dataclass(frozen=True)
class _Page:
    """One answer: its solutions, and the way to them."""

    file: str
    path: str
    solutions: list[Any]
    roles: Mapping[str, str]


def read_solutions(path: Path, answer: Any, entries: WikidataCollector) -> Iterator[Solution]:
    """Solutions that name two places; the others are rejected.

    Raises
    ------
    UnreadableError
        If it is no answer to a query, or its variables do not name two places.
    """
    page = _page(path, answer)
    entries.file = page.file
    for at, entry in enumerate(page.solutions):
        row, place = entries.n_rows, f"{page.path}[{at}]"
        entries.n_rows += 1
        if not isinstance(entry, dict):
            reason = "is no solution: an object of variables is expected"
            entries.reject(row, place, "malformed", reason, shown(entry))
            continue
        given, other = _cells(entry, page.roles)
        locator = statement_id(given.get("statement", "")) or place
        refusal = _refusal(given)
        if refusal:
            entries.reject(row, locator, *refusal, shown(entry))
            continue
        yield Solution(row, page.file, locator, given, other, entry)


def is_unknown(text: str) -> bool:
    """Whether a value stands for something that nobody knows.

    Examples
    --------
    >>> is_unknown("http://www.wikidata.org/.well-known/genid/a8d14fa9")
    True
    """
    return _UNKNOWN.fullmatch(text) is not None


def is_answer(value: object) -> bool:
    """Whether a JSON value has the form of an answer to a query."""
    if isinstance(value, list):
        return any(isinstance(one, dict) for one in value) and not any(
            isinstance(one, dict) and ("claims" in one or "labels" in one) for one in value
        )
    return isinstance(value, dict) and ("results" in value or "boolean" in value)


def solutions(answer: object) -> list[Any] | None:
    """Rows of an answer as they are, or nothing if it is none."""
    found = answer
    if isinstance(answer, dict):
        results = answer.get("results")
        found = results.get("bindings") if isinstance(results, dict) else None
    return found if isinstance(found, list) else None


def statement_id(address: str) -> str | None:
    """Id of a statement from its address, in which a hyphen stands for the ``$``.

    Examples
    --------
    >>> statement_id("http://www.wikidata.org/entity/statement/Q64-6657d0b5")
    'Q64$6657d0b5'
    """
    found = _STATEMENT.fullmatch(address.strip()) if len(address) <= _MAX_ADDRESS else None
    return f"{found[1]}${found[2]}" if found else None


def _page(path: Path, answer: Any) -> _Page:
    found = solutions(answer)
    if found is None:
        if isinstance(answer, dict) and "boolean" in answer:
            raise UnreadableError(f"{path} answers yes or no (ASK); write the query with SELECT")
        raise UnreadableError(
            f"{path} is no answer to a query (no results.bindings, and no list of objects); "
            "save the answer as JSON"
        )
    named = dict.fromkeys(_head(answer))
    named |= dict.fromkeys(name for one in found if isinstance(one, dict) for name in one)
    roles = variables.roles(named)
    if found and not variables.names_ties(roles):
        listed = ", ".join(clean(name) for name in list(named)[:_MAX_NAMED]) or "none"
        raise UnreadableError(
            f"{path} does not name two places; its variables are {listed}. "
            "Call one side ?item and ?itemLabel, the other ?partner and ?partnerLabel"
        )
    where = "$.results.bindings" if isinstance(answer, dict) else "$"
    return _Page(clean(path.name), where, found, roles)


def _head(answer: Any) -> list[str]:
    head = answer.get("head") if isinstance(answer, dict) else None
    named = head.get("vars") if isinstance(head, dict) else None
    return [name for name in named if isinstance(name, str)] if isinstance(named, list) else []


def _cells(solution: Mapping[str, Any], roles: Mapping[str, str]) -> tuple[Bindings, Bindings]:
    given: Bindings = {}
    other: Bindings = {}
    for variable, cell in solution.items():
        text = _text(cell)
        if text and variable in roles:
            given[roles[variable]] = text
        elif text:
            other[clean(variable)] = text
    return given, other


def _text(cell: Any) -> str:
    """Value of a cell as text, whether it names its type or not."""
    value = cell
    if isinstance(cell, dict) and "value" in cell:
        value = cell["value"]
        if cell.get("type") == "bnode":
            return f"_:{value}"
    if isinstance(value, str):
        return clean(value).strip()
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else shown(value)


def _refusal(given: Bindings) -> tuple[str, str] | None:
    if given.get("rank", "").endswith("DeprecatedRank"):
        return "deprecated", "Wikidata keeps this statement as a wrong one (deprecated rank)"
    for side in "ab":
        item, name = given.get(f"item_{side}", ""), given.get(f"name_{side}", "")
        if is_unknown(item):
            reason = f"place {side} is unknown; name it on Wikidata, or leave it out"
            return "unknown_value", reason
        if not item and not name:
            return "no_place", f"place {side} has neither an item nor a name; complete the row"
    return None
