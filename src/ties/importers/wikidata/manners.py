"""How a client of a query service behaves: who it says it is, and how patient it is."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from types import ModuleType
from typing import Final
from urllib.parse import urlsplit

from ties.errors import UnreadableError

ENDPOINT: Final = "https://query.wikidata.org/sparql"

_CONTACT: Final = re.compile(r"[!-~]+@[!-~]+\.[!-~]+|https?://[!-~]+", re.ASCII)


class LiveQueryError(UnreadableError):
    """The query service gave no answer that can be used; what it gave before is kept."""


@dataclass(frozen=True)
class Clock:
    """Time as the client sees it.

    Parameters
    ----------
    now
        Seconds since 1970, to read dates of the service by and to date what was received.
    elapsed
        Seconds from any start, never set back, to measure how long an answer takes.
    sleep
        Waits for some seconds.
    """

    now: Callable[[], float] = time.time
    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Manners:
    """How patient and how modest a client is; times in seconds.

    Parameters
    ----------
    connect_seconds, read_seconds, total_seconds
        The longest wait for a connection, for the next part of an answer, and for all of it.
        The service itself stops after 60 seconds.
    max_bytes
        The largest answer, unpacked.
    max_attempts
        How often one page is asked for.
    first_wait, longest_wait
        The wait after a first failure, which grows twofold; and the longest wait, above which
        the client gives up rather than ask again too soon.
    pause
        Between two requests.
    page_size, smallest_page
        Statements asked for at a time, and how few it may become by halving.
    """

    connect_seconds: float = 10
    read_seconds: float = 70
    total_seconds: float = 180
    max_bytes: int = 50_000_000
    max_attempts: int = 6
    first_wait: float = 2
    longest_wait: float = 300
    pause: float = 1
    page_size: int = 1_000
    smallest_page: int = 25


def httpx_module() -> ModuleType:
    """Give the library that speaks HTTP, which not every installation has.

    Raises
    ------
    LiveQueryError
        If it is not installed.
    """
    try:
        import httpx
    except ImportError as error:
        message = 'this needs httpx, which is not installed; run: pip install "twin-ties[import]"'
        raise LiveQueryError(message) from error
    return httpx


def user_agent(version: str, contact: str) -> str:
    """Give what the client calls itself, in the form that Wikimedia asks for.

    Parameters
    ----------
    version
        Version of this package.
    contact
        Your e-mail address or web page, so that the service can reach you.

    Raises
    ------
    LiveQueryError
        If the contact is neither.

    Examples
    --------
    >>> user_agent("0.1.0", "https://example.org/ties").partition(" python")[0]
    'ties/0.1.0 (https://example.org/ties)'
    """
    if not _CONTACT.fullmatch(contact) or set("()") & set(contact):
        raise LiveQueryError(
            f"{contact!r} is no contact; give an e-mail address or a web page (https://...), "
            "as the query service asks of its users"
        )
    return f"ties/{version} ({contact}) python-httpx/{httpx_module().__version__}"


def check_endpoint(endpoint: str) -> str:
    """Give an endpoint back if it is a web address that may be asked.

    Raises
    ------
    LiveQueryError
        If it is no http or https address, or carries a name and password.
    """
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LiveQueryError(f"{endpoint!r} is no web address; give one such as {ENDPOINT}")
    if parts.username or parts.password:
        raise LiveQueryError("the endpoint holds a name or password; leave them out")
    return endpoint


def retry_after(text: str | None, now: float) -> float | None:
    """Give the seconds that a ``Retry-After`` asks to wait; nothing if it cannot be read.

    Parameters
    ----------
    text
        Seconds, or a date (RFC 9110, section 10.2.3).
    now
        Seconds since 1970.

    Examples
    --------
    >>> retry_after("7", now=0), retry_after("Thu, 01 Jan 1970 00:01:00 GMT", now=50)
    (7.0, 10.0)
    """
    if text is None:
        return None
    if re.fullmatch(r"\d{1,9}", text.strip(), re.ASCII):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(moment.timestamp() - now, 0.0)
