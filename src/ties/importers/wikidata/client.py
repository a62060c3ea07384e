"""Ties between countries from the live query service of Wikidata, page by page.

The work is cut into *chunks*, one for each ordered pair of countries, since either side may state
a tie that the other does not. A chunk is asked for in pages, ordered by a hash of the statement. A
page that is too much for the service is cut into the two halves of its range of hashes, with half
as many statements each.

Every page is kept as received before it is read, so that an interrupted run goes on where it
stopped, and a finished one is read again without a single request. A cache is a snapshot: name
a new folder to ask anew.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from string import Template
from typing import Final

from ties import __version__
from ties.importers.statements import Reading
from ties.importers.wikidata.answers import solutions
from ties.importers.wikidata.documents import parse_json
from ties.importers.wikidata.entities import LANGUAGES
from ties.importers.wikidata.manners import (
    ENDPOINT,
    Clock,
    LiveQueryError,
    Manners,
    check_endpoint,
    user_agent,
)
from ties.importers.wikidata.pages import Pages
from ties.importers.wikidata.results import read_results
from ties.importers.wikidata.service import Service, TooMuchError

_CODE: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.ASCII)
# Hashes are hexadecimal: every one lies above the empty text and below "g".
_LOWEST, _HIGHEST = "", "g"
_DIGITS: Final = 32


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
    """A part of a chunk: hashes above `after` and up to `upto`, so many statements a page."""

    country_a: str
    country_b: str
    after: str
    upto: str
    limit: int

    @property
    def chunk(self) -> str:
        return f"{self.country_a}-{self.country_b}"

    def halves(self) -> tuple[_Range, _Range]:
        middle = f"{(_number(self.after) + _number(self.upto)) // 2:0{_DIGITS}x}"
        limit = max(self.limit // 2, 1)
        where = (self.country_a, self.country_b)
        return (
            _Range(*where, self.after, middle, limit),
            _Range(*where, middle, self.upto, limit),
        )

    def rest(self, after: str) -> _Range:
        return _Range(self.country_a, self.country_b, after, self.upto, self.limit)

    def share_before(self) -> float:
        """Give the share of the chunk that lies before this range."""
        return _number(self.after) / _number(_HIGHEST)


def read_live(
    countries: Sequence[str],
    *,
    contact: str,
    cache: str | Path,
    rng: random.Random,
    endpoint: str = ENDPOINT,
    languages: Sequence[str] = LANGUAGES,
    manners: Manners | None = None,
    clock: Clock | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Reading:
    """Read the ties between countries from the query service.

    Parameters
    ----------
    countries
        ISO 3166-1 alpha-2 codes: every two of them are a pair. Twice the same country means its
        ties at home.
    contact
        Your e-mail address or web page. The service asks for it and may refuse without.
    cache
        Folder for the pages as received. One that has pages is taken up, whatever their age.
    rng
        Draws the random part of each wait between attempts.
    endpoint
        Another service with the data of Wikidata; only then may it be http.
    languages
        Codes of the languages to take names in, the most wanted first.
    manners, clock
        How patient the client is, and where it takes the time from.
    progress
        Called after each page.

    Returns
    -------
    Reading
        As `ties.importers.wikidata.results.read_results` gives it of the pages. A row of the
        input is a solution; ``file`` names the page within the cache.

    Raises
    ------
    LiveQueryError
        An `UnreadableError`: a code or the contact is wrong, or the service gave no answer that
        can be used. What was received before is kept.

    Examples
    --------
    >>> read_live(("DE", "France"), contact="me@example.org", cache="raw", rng=random.Random(1))
    Traceback (most recent call last):
    ...
    ties.importers.wikidata.manners.LiveQueryError: 'France' is no code of a country; ...
    """
    pairs, names = _pairs(countries), _languages(languages)
    manners, clock = manners or Manners(), clock or Clock()
    pages = Pages(Path(cache), check_endpoint(endpoint), manners.max_bytes)
    agent = user_agent(__version__, contact)
    with Service(endpoint, agent, rng, manners, clock) as service:
        work = _Work(service, pages, names, progress)
        paths = [path for pair in pairs for path in work.chunk(*pair, of=len(pairs))]
    return read_results(paths, max_bytes=manners.max_bytes)


class _Work:
    """The chunks of one run, done one after the other."""

    def __init__(
        self,
        service: Service,
        pages: Pages,
        languages: str,
        progress: Callable[[Progress], None] | None,
    ) -> None:
        self._service, self._pages = service, pages
        self._template, self._languages = _template(), languages
        self._progress = progress
        self._n_pages = self._n_statements = self._n_chunks = 0

    def chunk(self, country_a: str, country_b: str, of: int) -> Iterator[Path]:
        """Give the pages of one pair of countries, in the order of their hashes."""
        limit = self._service.manners.page_size
        waiting = [_Range(country_a, country_b, _LOWEST, _HIGHEST, limit)]
        while waiting:
            part = waiting.pop()
            try:
                path, keys, is_kept = self._page(part)
            except TooMuchError:
                waiting.extend(reversed(part.halves()))
                continue
            if len(keys) == part.limit:
                waiting.append(part.rest(max(keys)))
            self._report(part.chunk, len(keys), waiting, of, is_kept)
            yield path
        self._n_chunks += 1

    def _page(self, part: _Range) -> tuple[Path, set[str], bool]:
        query = self._query(part)
        kept = self._pages.find(part.chunk, query)
        body = self._fetch(part, query) if kept is None else kept
        return self._pages.path(part.chunk, query), _keys(body, part), kept is not None

    def _fetch(self, part: _Range, query: str) -> bytes:
        pages, service = self._pages, self._service
        is_smallest = part.limit // 2 < service.manners.smallest_page
        if pages.was_too_much(part.chunk, query) and not is_smallest:
            raise TooMuchError("is known to be too much")
        try:
            body = service.ask(query)
            _keys(body, part)  # before it is kept: a page that cannot be trusted is none
        except TooMuchError as error:
            if is_smallest:
                raise LiveQueryError(
                    f"{service.endpoint} {error} on {part.limit} statements of {part.chunk}; "
                    "run it again when the service is less busy. What was received is kept"
                ) from error
            pages.keep_too_much(part.chunk, query, service.clock.now())
            raise
        pages.keep(part.chunk, query, body, service.clock.now())
        return body

    def _query(self, part: _Range) -> str:
        return self._template.substitute(
            country_a=part.country_a,
            country_b=part.country_b,
            after=part.after,
            upto=part.upto,
            limit=part.limit,
            languages=self._languages,
        )

    def _report(
        self, chunk: str, n_statements: int, waiting: list[_Range], of: int, is_kept: bool
    ) -> None:
        self._n_pages += 1
        self._n_statements += n_statements
        if self._progress is None:
            return
        within = waiting[-1].share_before() if waiting else 1.0
        share = (self._n_chunks + within) / of
        self._progress(Progress(chunk, self._n_pages, self._n_statements, share, is_kept))


def _keys(body: bytes, part: _Range) -> set[str]:
    """Give the hashes of the statements of a page; each must lie in the range asked for."""
    addresses = {_statement(solution) for solution in solutions(parse_json(body)) or []}
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
    """Give the address of the statement of a solution, in the form of the W3C."""
    cell = solution.get("statement") if isinstance(solution, dict) else None
    address = cell.get("value") if isinstance(cell, dict) else None
    return address if isinstance(address, str) else ""


def _template() -> Template:
    """Give the query of this package, without its comments: it travels in an address."""
    text = files(__package__).joinpath("queries", "ties.rq").read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return Template("\n".join(line for line in lines if line and not line.startswith("#")))


def _pairs(countries: Sequence[str]) -> list[tuple[str, str]]:
    """Give the ordered pairs of some countries, both directions of each."""
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
    """Give the number that a hash, or a bound of hashes, stands for."""
    return 1 << (4 * _DIGITS) if key == _HIGHEST else int(key.ljust(_DIGITS, "0"), 16)
