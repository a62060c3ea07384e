"""Ties between countries from the live query service of Wikidata, page by page.

The work is cut into *chunks*, one for each ordered pair of countries, since either side may state
a tie that the other does not. A chunk is asked for in pages, ordered by a hash of the statement. A
page that is too much for the service is cut into the two halves of its range of hashes, with half
as many statements each.

Every page is kept before it is read, so that an interrupted run goes on where it stopped, and a
finished one is read again without a single request. A page is a file named by a hash of the
question: a line with the question and the day, then the answer as received. It is written
whole or not at all, and one that is no JSON any more is asked for again. A folder of pages is a
snapshot: name a new one to ask anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from string import Template
from typing import Any, Final

from ties.errors import UnreadableError
from ties.importers.statements import Reading, read_limited
from ties.importers.wikidata import read_wikidata
from ties.importers.wikidata.answers import solutions
from ties.importers.wikidata.entities import LANGUAGES
from ties.importers.wikidata.service import (
    ENDPOINT,
    LiveQueryError,
    RetryPolicy,
    Service,
    TooMuchError,
    connect,
)
from ties.io.atomic import OutputError, whole_file
from ties.io.json_text import NotJsonError, parse_json

_CODE: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.ASCII)
# Hashes are hexadecimal: every one lies above the empty text and below "g".
_LOWEST, _HIGHEST = "", "g"
_DIGITS: Final = 32
# Beside an answer: what was asked. In place of one: that it was too much.
_ASKED, _TOO_MUCH = "asked", "too_much"
_MAX_ASKED: Final = 100_000
_RECEIVED: Final = re.compile(rb'\{\n"asked": \{"received": "(\d{4}-\d\d-\d\d)T')


@dataclass(frozen=True)
class Progress:
    """How far the work is.

    Parameters
    ----------
    chunk
        The pair of countries, such as ``DE-FR``.
    n_pages, n_statements
        Pages and statements received so far, in all chunks.
    share
        How much of the work is done, 0 to 1: chunks, and within a chunk the range of
        hashes, which are spread evenly.
    is_kept
        Whether the page was in the cache.
    """

    chunk: str
    n_pages: int
    n_statements: int
    share: float
    is_kept: bool


@dataclass(frozen=True)
class _Range:
    """Statements of a chunk whose hash lies above `after` and up to `upto`; `limit` at a time."""

    country_a: str
    country_b: str
    limit: int
    after: str = _LOWEST
    upto: str = _HIGHEST

    @property
    def chunk(self) -> str:
        return f"{self.country_a}-{self.country_b}"

    def halves(self) -> tuple[_Range, _Range]:
        middle = f"{(_number(self.after) + _number(self.upto)) // 2:0{_DIGITS}x}"
        half = replace(self, limit=max(self.limit // 2, 1))
        return replace(half, upto=middle), replace(half, after=middle)

    def share_before(self) -> float:
        """Share of the chunk that lies before this range, 0 to 1."""
        return _number(self.after) / _number(_HIGHEST)


def read_live(
    countries: Sequence[str],
    *,
    contact: str,
    cache: str | Path,
    endpoint: str = ENDPOINT,
    languages: Sequence[str] = LANGUAGES,
    policy: RetryPolicy | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Reading:
    """Statements of the ties between countries, from the query service.

    Parameters
    ----------
    countries
        ISO 3166-1 alpha-2 codes: every two of them are a pair. Twice the same country means its
        ties at home.
    contact
        Your e-mail address or web page. The service asks for it and may refuse without.
    cache
        Folder for the pages. One that has pages is taken up, whatever their age.
    endpoint
        Another service with the data of Wikidata; only then may it be http.
    languages
        Codes of the languages to take names in, the most wanted first.
    policy
        How patient the client is.
    progress
        Called after each page.

    Returns
    -------
    Reading
        As `ties.importers.wikidata.read_wikidata` gives it of the pages. A row of the
        input is a solution; ``file`` names the page within the cache.

    Raises
    ------
    LiveQueryError
        An `UnreadableError`: a code or the contact is wrong, or the service gave no answer that
        can be used. What was received before is kept.

    Examples
    --------
    >>> read_live(("DE", "France"), contact="me@example.org", cache="raw")
    Traceback (most recent call last):
    ...
    ties.importers.wikidata.service.LiveQueryError: 'France' is no code of a country; ...
    """
    pairs, names = _pairs(countries), _languages(languages)
    policy = policy or RetryPolicy()
    max_bytes = policy.max_bytes + _MAX_ASKED
    with connect(endpoint, contact, policy) as service:
        pages = _Pages(Path(cache), endpoint, max_bytes)
        work = _Work(service, pages, names, len(pairs), progress)
        paths = [path for pair in pairs for path in work.chunk(*pair)]
    return read_wikidata(paths, max_bytes=max_bytes)


@dataclass(frozen=True)
class _Pages:
    """A folder of pages, those of a chunk in a folder of its own; made when the first is kept."""

    folder: Path
    endpoint: str
    max_bytes: int

    def path(self, chunk: str, query: str) -> Path:
        """Place of a page: its name is made of what was asked, and of whom."""
        asked = hashlib.sha256(f"{self.endpoint}\n{query}".encode()).hexdigest()
        return self.folder / chunk / f"{asked[:32]}.json"

    def find(self, path: Path) -> dict[str, Any] | None:
        """The page that was kept there, if it is whole."""
        try:
            page = parse_json(read_limited(path, self.max_bytes))
        except (UnreadableError, NotJsonError):
            return None
        is_page = isinstance(page, dict) and _ASKED in page
        return page if is_page and (_TOO_MUCH in page or solutions(page) is not None) else None

    def keep(self, path: Path, query: str, answer: bytes) -> None:
        """Keep an answer, which is an object of JSON, under what was asked."""
        received = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        asked = {"received": received, "endpoint": self.endpoint, "query": query}
        about = f'{{\n"{_ASKED}": {json.dumps(asked)},\n'
        try:
            with whole_file(path) as scratch:
                scratch.write_bytes(about.encode() + answer.lstrip().removeprefix(b"{"))
        except OutputError as error:
            raise LiveQueryError(f"{error}; name another cache") from error


def last_received(folder: Path) -> str:
    """Day on which the last page of a folder was received, as ISO 8601, in UTC.

    Raises
    ------
    UnreadableError
        If there is no page.
    """
    days = []
    for path in folder.rglob("*.json"):
        with path.open("rb") as page:
            found = _RECEIVED.match(page.read(100))
        days += [found[1].decode()] if found else []
    if not days:
        raise UnreadableError(f"{folder} holds no answer")
    return max(days)


@dataclass
class _Work:
    """The chunks of one run, done one after the other."""

    service: Service
    pages: _Pages
    languages: str
    n_to_do: int
    progress: Callable[[Progress], None] | None
    n_pages: int = 0
    n_statements: int = 0
    n_chunks: int = 0

    def chunk(self, country_a: str, country_b: str) -> Iterator[Path]:
        """Pages of one pair of countries, in the order of their hashes."""
        waiting = [_Range(country_a, country_b, self.service.policy.page_size)]
        while waiting:
            part = waiting.pop()
            query = _query(part, self.languages)
            path = self.pages.path(part.chunk, query)
            kept = self.pages.find(path)
            page = kept or self._fetch(part, query, path)
            if solutions(page) is None:
                waiting.extend(reversed(part.halves()))
                continue
            keys = _keys(page, part)
            if len(keys) == part.limit:
                waiting.append(replace(part, after=max(keys)))
            self._report(part.chunk, len(keys), waiting, kept is not None)
            yield path
        self.n_chunks += 1

    def _fetch(self, part: _Range, query: str, path: Path) -> dict[str, Any]:
        """Ask for a page and keep it, or keep in mind that it was too much."""
        service = self.service
        try:
            answer = service.ask(query)
        except TooMuchError as error:
            if part.limit // 2 < service.policy.smallest_page:
                raise LiveQueryError(
                    f"{service.endpoint} {error} on {part.limit} statements of {part.chunk}; "
                    "run it again when the service is less busy. What was received is kept"
                ) from error
            answer = json.dumps({_TOO_MUCH: True}).encode()
        page: dict[str, Any] = parse_json(answer)
        _keys(page, part)  # before it is kept: a page that cannot be trusted is none
        self.pages.keep(path, query, answer)
        return page

    def _report(self, chunk: str, n_statements: int, waiting: list[_Range], is_kept: bool) -> None:
        self.n_pages += 1
        self.n_statements += n_statements
        if self.progress is not None:
            within = waiting[-1].share_before() if waiting else 1.0
            share = (self.n_chunks + within) / self.n_to_do
            self.progress(Progress(chunk, self.n_pages, self.n_statements, share, is_kept))


def _keys(page: dict[str, Any], part: _Range) -> set[str]:
    """Hashes of the statements of a page; each must lie in the range asked for."""
    addresses = {_statement(solution) for solution in solutions(page) or []}
    keys = {
        hashlib.md5(address.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
        for address in addresses
    }
    is_asked = all(part.after < key <= part.upto for key in keys) and "" not in addresses
    if not is_asked or len(keys) > part.limit:
        raise LiveQueryError(
            f"the answer for {part.chunk} holds statements that were not asked for; "
            "the service does not order or cut its answers as it should"
        )
    return keys


def _statement(solution: object) -> str:
    """Address of the statement of a solution, in the form of the W3C."""
    cell = solution.get("statement") if isinstance(solution, dict) else None
    address = cell.get("value") if isinstance(cell, dict) else None
    return address if isinstance(address, str) else ""


def _query(part: _Range, languages: str) -> str:
    """The query of this package without its comments: it travels in an address."""
    text = files(__package__).joinpath("queries", "ties.rq").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    template = Template("\n".join(line for line in lines if line and not line.startswith("#")))
    return template.substitute(vars(part), languages=languages)


def _pairs(countries: Sequence[str]) -> list[tuple[str, str]]:
    """Ordered pairs of some countries, both directions of each."""
    codes = list(countries)
    for code in codes:
        if not _CODE.fullmatch(code):
            raise LiveQueryError(f"{code!r} is no code of a country; give two capitals such as FR")
    if len(codes) < 2:
        raise LiveQueryError("name two countries; the same one twice for its ties at home")
    pairs = combinations(codes, 2)
    return list(dict.fromkeys(pair for a, b in pairs for pair in ((a, b), (b, a))))


def _languages(languages: Sequence[str]) -> str:
    for code in languages:
        if not _LANGUAGE.fullmatch(code):
            raise LiveQueryError(f"{code!r} is no code of a language; give one such as en")
    return ",".join(languages)


def _number(key: str) -> int:
    """Number that a hash, or a bound of hashes, stands for."""
    return 1 << (4 * _DIGITS) if key == _HIGHEST else int(key.ljust(_DIGITS, "0"), 16)
