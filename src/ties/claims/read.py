"""Claims from a TOML file: those that come with ties, and anybody's own.

A file holds any number of ``[[claim]]`` tables, each with one or more ``[[claim.condition]]``:

.. code-block:: toml

    [[claim]]
    id = "most-in-the-1990s"
    who = "An ambassador"
    said_on = "2018-11-28"
    where = "A speech"
    wording = "Most of the ties were made in the 1990s."
    population = "All ties ever made, ended ones included."

    [[claim.condition]]
    estimand = "share_of_decade"
    decade = 1990
    more_than = 0.5

A condition has one of ``at_least``, ``more_than``, ``at_most``, ``fewer_than`` (a number) or
``between`` (two numbers), ``also`` for other thresholds that the words would bear, and the
options of its estimand. A claim may have ``looks``, such as ``looks = [{ as_of = "2018" }, {}]``,
each with ``as_of`` and ``known_by`` or without; a claim without ``looks`` is tested on the day on
which it was made, with hindsight and as could be known then, and on the record's own date.
``source`` names a source of the record, ``tie_kinds`` and ``region`` narrow the population, and
``note``
says how words became numbers.

Every problem of a file is found at once and said with its line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

import pandas as pd

from ties.claims.claim import COMPARISONS, Claim, Condition, Look, Threshold
from ties.claims.estimands import ESTIMANDS
from ties.dataset import Dataset
from ties.dates import last_day
from ties.errors import UnreadableError, describe, hint, join, make_problems, shorten
from ties.schema.vocabulary import TIE_KINDS

_MAX_SIZE: Final = 1_000_000
_REQUIRED: Final = ("id", "who", "said_on", "where", "wording", "population", "condition")
_OPTIONAL: Final = ("looks", "source", "tie_kinds", "region", "note")
_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*claim[ \t]*\]\]", re.MULTILINE)

Say = Callable[[str, str], None]


def bundled_claims(record: str = "us-russia") -> list[Claim]:
    """The claims that come with ties about a record, by its name; none if it has no file of them.

    The first four lead the record's report.

    Examples
    --------
    >>> [claim.claim_id for claim in bundled_claims("germany-russia")][:2]
    ['over-a-hundred', 'most-in-the-1990s']
    >>> bundled_claims("my-record")
    []
    """
    for file in files("ties.claims").iterdir():
        if file.name == f"{record}.toml":
            return parse_claims(file.read_text(encoding="utf-8"), file.name)
    return []


def claims_for(dataset: Dataset, path: str | Path | None = None) -> list[Claim]:
    """The claims to put to a record: those of a file, else those that come with ties about it.

    Raises
    ------
    UnreadableError
        If the file cannot be read or has problems, or a claim names a source or region that
        the record does not have.
    """
    claims = bundled_claims(dataset.name) if path is None else read_claims(path)
    check_against(claims, dataset)
    return claims


def read_claims(path: str | Path) -> list[Claim]:
    """Read the claims of a file.

    Parameters
    ----------
    path
        A TOML file as the module describes it.

    Returns
    -------
    list
        The claims, in the order of the file.

    Raises
    ------
    UnreadableError
        If the file cannot be read or has problems; the message names each with its line.
    """
    path = Path(path)
    try:
        if not path.is_file():
            raise UnreadableError(f"{path}: there is no such file; give a TOML file of claims")
        if path.stat().st_size > _MAX_SIZE:
            raise UnreadableError(f"{path}: is larger than 1 MB, which no file of claims is")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(f"{path}: is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be read: {error.strerror}") from error
    return parse_claims(text, path.name)


def parse_claims(text: str, name: str) -> list[Claim]:
    """Read claims from the text of a file; see `read_claims`."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableError(f"{name}: is not TOML: {error}") from error
    found = _Problems(name, text)
    tables = document.get("claim")
    for key in document.keys() - {"claim"}:
        found.add(None, key, f"is not known here{hint(key, ['claim'])}")
    if not isinstance(tables, list) or not tables:
        found.add(None, "claim", "there is none; begin each claim with a line [[claim]]")
        tables = []
    claims = [_claim(table, found.of(place)) for place, table in enumerate(tables)]
    _refuse_twins([claim for claim in claims if claim], found)
    found.raise_any()
    return [claim for claim in claims if claim is not None]


def check_against(claims: Sequence[Claim], dataset: Dataset) -> None:
    """Refuse claims that name a source or a region that a record does not have.

    Raises
    ------
    UnreadableError
        With a line a claim.
    """
    sources = set(dataset.sources["source_id"])
    regions = set(dataset.places["region"].dropna())
    wrong = [
        f"claim {claim.claim_id}: {value!r} is not a {what} of the record"
        for claim in claims
        for what, value, known in (
            ("source", claim.source_id, sources),
            ("region", claim.region, regions),
        )
        if value and value not in known
    ]
    if wrong:
        raise UnreadableError("\n".join(wrong))


class _Problems:
    """What is wrong with a file, gathered until all of it has been read."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = [text.count("\n", 0, m.start()) + 1 for m in _HEADER.finditer(text)]
        self.found: list[pd.DataFrame] = []

    def add(self, place: int | None, column: str, message: str) -> None:
        line: object = pd.NA
        if place is not None and place < len(self.lines):
            line = self.lines[place]
        self.found.append(
            make_problems(
                [message],
                table="claims",
                file=self.name,
                rule="claim",
                column=column,
                lines=line,
            )
        )

    def of(self, place: int) -> Say:
        return lambda column, message: self.add(place, column, message)

    def raise_any(self) -> None:
        if self.found:
            problems = join(self.found)
            raise UnreadableError(describe(problems), problems)


def _refuse_twins(claims: Sequence[Claim], found: _Problems) -> None:
    seen: set[str] = set()
    for place, claim in enumerate(claims):
        if claim.claim_id in seen:
            found.add(place, "id", f"{claim.claim_id!r} stands twice; give each claim its own")
        seen.add(claim.claim_id)


def _claim(table: object, say: Say) -> Claim | None:
    """Read one claim; what is wrong with it is said, and nothing is guessed."""
    if not isinstance(table, dict):
        say("claim", "is not a table; begin each claim with a line [[claim]]")
        return None
    for key in table.keys() - {*_REQUIRED, *_OPTIONAL}:
        say(key, f"is not known here{hint(key, [*_REQUIRED, *_OPTIONAL])}")
    for key in _REQUIRED:
        if key not in table:
            say(key, "is missing")
    keys = ("id", "who", "where", "wording", "population", "source", "region", "note")
    texts = {key: _text(table, key, say) for key in keys}
    said_on = _date(table["said_on"], "said_on", say) if "said_on" in table else ""
    claim = Claim(
        texts["id"],
        texts["who"],
        said_on,
        texts["where"],
        texts["wording"],
        texts["population"],
        _conditions(table.get("condition"), say),
        _looks(table.get("looks"), say),
        texts["source"],
        _tie_kinds(table.get("tie_kinds", []), say),
        texts["region"],
        texts["note"],
    )
    if claim.claim_id and not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", claim.claim_id):
        say("id", f"{shorten(claim.claim_id)} is not a code; use a-z, 0-9 and single hyphens")
    return claim


def _text(table: Mapping[str, object], key: str, say: Say) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        say(key, f"{shorten(str(value))} is not text; put it in quotes")
        return ""
    if key in table and not value.strip():
        say(key, "is empty")
    return " ".join(value.split())


def _date(value: object, column: str, say: Say) -> str:
    # TOML has dates of its own; with and without quotes the same is meant.
    text = value if isinstance(value, str) else str(value)
    try:
        last_day(text)
    except ValueError as error:
        say(column, str(error))
        return ""
    return text


def _looks(value: object, say: Say) -> tuple[Look, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not value or not all(isinstance(x, dict) for x in value):
        say("looks", 'is not a list of looks; write looks = [{ as_of = "2018-11-28" }, {}]')
        return ()
    looks = []
    for look in value:
        for key in look.keys() - {"as_of", "known_by"}:
            say("looks", f"{key!r} is not known here{hint(key, ['as_of', 'known_by'])}")
        dates = {
            key: _date(look[key], f"looks, {key}", say) or None
            for key in ("as_of", "known_by")
            if key in look
        }
        looks.append(Look(**dates))
    return tuple(looks)


def _tie_kinds(value: object, say: Say) -> tuple[str, ...]:
    if not isinstance(value, list):
        say("tie_kinds", 'is not a list; write tie_kinds = ["sister"]')
        return ()
    for kind in value:
        if kind not in TIE_KINDS:
            say("tie_kinds", f"{kind!r} is not a kind of tie{hint(str(kind), TIE_KINDS)}")
    return tuple(str(kind) for kind in value)


def _conditions(value: object, say: Say) -> tuple[Condition, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not value:
        say("condition", "there is none; begin each with a line [[claim.condition]]")
        return ()
    read = [_condition(table, say) for table in value]
    return tuple(condition for condition in read if condition is not None)


def _condition(table: object, say: Say) -> Condition | None:
    if not isinstance(table, dict):
        say("condition", "is not a table; begin each with a line [[claim.condition]]")
        return None
    name = table.get("estimand", "")
    if not isinstance(name, str) or name not in ESTIMANDS:
        known = hint(str(name), ESTIMANDS) or f"; they are {', '.join(ESTIMANDS)}"
        say("estimand", f"{shorten(str(name))} is none{known}")
        return None
    given = [key for key in COMPARISONS if key in table]
    if len(given) != 1:
        say("condition", f"needs one of {', '.join(COMPARISONS)}; it has {len(given)}")
        return None
    options = _options(name, table, say)
    comparison = given[0]
    threshold = _threshold(table[comparison], comparison, comparison, say)
    also = table.get("also", [])
    if not isinstance(also, list):
        say("also", "is not a list of thresholds")
        also = []
    others = [_threshold(one, comparison, "also", say) for one in also]
    if threshold is None or options is None or None in others:
        return None
    kept = tuple(one for one in others if one is not None)
    return Condition(name, comparison, threshold, kept, options)


def _options(name: str, table: Mapping[str, object], say: Say) -> dict[str, object] | None:
    """Read the options of an estimand; each is of the kind of its default."""
    known = ESTIMANDS[name].options
    options, is_wrong = {}, False
    for key, value in table.items():
        if key in ("estimand", "also", *COMPARISONS):
            continue
        if key not in known:
            choices = [*known, "estimand", "also", *COMPARISONS]
            say(key, f"is not an option of {name}{hint(key, choices)}")
            is_wrong = True
        elif type(value) is not type(known[key]):
            say(key, f"{value!r} is not of the kind of {known[key]!r}")
            is_wrong = True
        else:
            options[key] = value
    return None if is_wrong else options


def _threshold(value: object, comparison: str, column: str, say: Say) -> Threshold | None:
    def is_number(one: object) -> bool:
        return isinstance(one, int | float) and not isinstance(one, bool) and one == one

    if comparison == "between":
        if isinstance(value, list) and len(value) == 2 and all(map(is_number, value)):
            low, high = float(value[0]), float(value[1])
            if low <= high:
                return low, high
        say(column, f"{value!r} is not two numbers, the smaller first; write [25, 31]")
        return None
    if not is_number(value):
        say(column, f"{value!r} is not a number")
        return None
    return float(value)  # type: ignore[arg-type]
