"""The query service of Wikidata, asked one question at a time and politely.

What the service asks of its users (Wikimedia's *User-Agent policy*, *Robot policy* and the *Query
Service User Manual*): say who you are and how to reach you, ask one query at a time, stop for as
long as ``Retry-After`` says when it answers 429 (for a minute where it says nothing), and cut a
query that runs into its limit of 60 seconds into smaller ones.

What it was seen to answer: an empty 200 to those who do not say who they are; an HTML page in
place of JSON; and, since its answers are streamed, a 200 whose JSON breaks off for a
``TimeoutException`` written into the middle of it. Each is told apart here, and none is
taken for an answer.

httpx follows redirects, within one host only; stamina asks again after a failure, later each time
and never at the same moment as others.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ties import __version__
from ties.errors import UnreadableError
from ties.importers.wikidata.answers import solutions
from ties.io.json_text import NotJsonError, parse_json

if TYPE_CHECKING:
    import httpx

ENDPOINT: Final = "https://query.wikidata.org/sparql"

_CONTACT: Final = re.compile(r"[!-'*-~]+@[!-'*-~]+\.[!-'*-~]+|https?://[!-'*-~]+", re.ASCII)
_TIMED_OUT: Final = re.compile(rb"(?:Query)?Timeout(?:Exception)?\b|Query deadline is expired")
_BUSY, _UNAVAILABLE, _UPSTREAM_TIMEOUT = 429, 503, 504
_ASKED_TO_WAIT: Final = 60.0  # seconds, where a 429 does not say how long
_MAX_REDIRECTS: Final = 3
_MAX_EXCERPT: Final = 300
_RESUME: Final = "What was received is kept: run it again later, and it goes on from there"

# What stamina logs of a retry is for programs that set up logging, and not for stderr.
logging.getLogger("stamina").addHandler(logging.NullHandler())


class LiveQueryError(UnreadableError):
    """The query service gave no answer that can be used; what it gave before is kept."""


class TooMuchError(Exception):
    """The query ran into a limit of the service, or its answer into one of ours: ask for less."""


class _FailedError(Exception):
    """One attempt failed and may be made again, where `wait` is not 0 after so many seconds."""

    def __init__(self, reason: str, wait: float = 0) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True)
class RetryPolicy:
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


@dataclass
class Service:
    """A connection to a query service; made by `connect`."""

    endpoint: str
    policy: RetryPolicy
    client: httpx.Client = field(repr=False)
    has_asked: bool = False

    def ask(self, query: str) -> bytes:
        """Answer to a query, as received, once it is whole.

        Raises
        ------
        TooMuchError
            If the query ran into the service's time limit, or the answer into our limits.
        LiveQueryError
            If the service refuses, or has failed too often.
        """
        import stamina

        policy = self.policy
        patient = stamina.RetryingCaller(
            attempts=policy.max_attempts,
            timeout=None,
            wait_initial=policy.first_wait,
            wait_max=policy.longest_wait,
            wait_jitter=policy.first_wait,
        )
        try:
            return patient(_wait_before_retry, self._ask_once, query)
        except _FailedError as error:
            times = "once" if policy.max_attempts == 1 else f"{policy.max_attempts} times"
            message = f"{self.endpoint} failed {times}; the last time it {error}"
            raise LiveQueryError(f"{message}. {_RESUME}") from error

    def _ask_once(self, query: str) -> bytes:
        import httpx

        parameters = {"query": query, "format": "json"}
        try:
            with self.client.stream("GET", self.endpoint, params=parameters) as response:
                self._see_whether_busy(response)
                body = self._body(response)
        except httpx.TimeoutException as error:
            raise _FailedError(f"took too long ({type(error).__name__})") from error
        except httpx.TransportError as error:
            raise _FailedError(f"broke the connection ({error})") from error
        except httpx.DecodingError as error:
            raise _FailedError("sent an answer that cannot be unpacked") from error
        except httpx.TooManyRedirects as error:
            raise LiveQueryError(f"{self.endpoint} sends us round in circles") from error
        except httpx.InvalidURL as error:
            raise LiveQueryError(f"{self.endpoint} is no address ({error})") from error
        if response.status_code != 200:
            raise self._refusal(response.status_code, body)
        return _whole(body, response.headers.get("Content-Type", ""))

    def before_request(self, request: httpx.Request) -> None:
        """Pause between two requests; refuse one to another host, to which a redirect may lead."""
        url, own = request.url, self.client.build_request("GET", self.endpoint).url
        if (url.scheme, url.host, url.port) != (own.scheme, own.host, own.port):
            raise LiveQueryError(
                f"{self.endpoint} sends us on to {url.scheme}://{url.netloc.decode()}, "
                "which is not asked. Give that address as endpoint if you trust it"
            )
        if self.has_asked:
            time.sleep(self.policy.pause)
        self.has_asked = True

    def _see_whether_busy(self, response: httpx.Response) -> None:
        status = response.status_code
        if status not in (_BUSY, _UNAVAILABLE):
            return
        wait = retry_after(response.headers.get("Retry-After"), time.time())
        if wait is not None and wait > self.policy.longest_wait:
            raise LiveQueryError(
                f"{self.endpoint} asks to wait for {wait:,.0f} seconds, which is more than "
                f"{self.policy.longest_wait:,.0f}. {_RESUME}"
            )
        if status == _BUSY:
            asked = _ASKED_TO_WAIT if wait is None else wait
            raise _FailedError("said that it had too many requests", asked)
        raise _FailedError(f"was not available ({status})", wait or 0)

    def _body(self, response: httpx.Response) -> bytes:
        """Read an answer as long as it keeps within the limits."""
        began, parts, size = time.monotonic(), [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > self.policy.max_bytes:
                raise TooMuchError(f"sent more than {self.policy.max_bytes:,} bytes")
            if time.monotonic() - began > self.policy.total_seconds:
                raise TooMuchError(f"took more than {self.policy.total_seconds:g} seconds")
            parts.append(part)
        return b"".join(parts)

    def _refusal(self, status: int, body: bytes) -> Exception:
        """Error for an answer that is not 200."""
        if status == _UPSTREAM_TIMEOUT or (status >= 500 and _TIMED_OUT.search(body)):
            return TooMuchError(f"ran out of time ({status})")
        if status >= 500:
            return _FailedError(f"failed ({status})")
        advice = {
            400: "the query is not understood; this is a fault of the query",
            403: "it refuses this client; see to the contact that you gave, and to its policy",
        }.get(status, "see whether the address is that of a query service")
        return LiveQueryError(f"{self.endpoint} answers {status}: {advice}. {_excerpt(body)}")


@contextmanager
def connect(endpoint: str, contact: str, policy: RetryPolicy) -> Iterator[Service]:
    """Connection to a query service; nothing is sent yet.

    Parameters
    ----------
    endpoint
        An http or https address.
    contact
        Your e-mail address or web page, so that the service can reach you.
    policy
        How patient the client is.

    Raises
    ------
    LiveQueryError
        If the endpoint is no such address or carries a password, the contact is neither, or
        a library is not installed.
    """
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LiveQueryError(f"{endpoint!r} is no web address; give one such as {ENDPOINT}")
    if parts.username or parts.password:
        raise LiveQueryError("the endpoint holds a name or password; leave them out")
    if not _CONTACT.fullmatch(contact):
        raise LiveQueryError(
            f"{contact!r} is no contact; give an e-mail address or a web page (https://...), "
            "as the query service asks of its users"
        )
    try:
        import httpx
        import stamina  # noqa: F401
    except ImportError as error:
        message = (
            f'this needs {error.name}, which is not installed; run: pip install "twin-ties[import]"'
        )
        raise LiveQueryError(message) from error
    agent = f"ties/{__version__} ({contact}) python-httpx/{httpx.__version__}"
    with httpx.Client(
        headers={"User-Agent": agent, "Accept": "application/sparql-results+json"},
        timeout=httpx.Timeout(policy.read_seconds, connect=policy.connect_seconds),
        follow_redirects=True,
        max_redirects=_MAX_REDIRECTS,
    ) as client:
        service = Service(endpoint, policy, client)
        client.event_hooks = {"request": [service.before_request]}
        yield service


def retry_after(text: str | None, now: float) -> float | None:
    """Seconds that a ``Retry-After`` asks to wait; none if it cannot be read.

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


def _wait_before_retry(error: Exception) -> bool | float:
    """Seconds that the service asked to wait; else whether to ask again at all."""
    return isinstance(error, _FailedError) and (error.wait or True)


def _whole(body: bytes, kind: str) -> bytes:
    """The body, if it is a whole answer."""
    if not body.strip():
        raise _FailedError("gave an empty answer")
    try:
        answer = parse_json(body)
    except NotJsonError as error:
        if _TIMED_OUT.search(body):
            raise TooMuchError("ran out of time in the middle of its answer") from error
        if "html" in kind or body.lstrip()[:1] == b"<":
            raise _FailedError("gave a web page and no JSON") from error
        raise _FailedError("gave an answer that breaks off or is no JSON") from error
    if not isinstance(answer, dict) or solutions(answer) is None:
        raise _FailedError("gave JSON that is no answer to a query")
    return body


def _excerpt(body: bytes) -> str:
    text = " ".join(body[:_MAX_EXCERPT].decode("utf-8", "replace").split())
    return f"It says: {text}" if text.isprintable() and text else ""
