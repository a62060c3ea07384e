"""The query service of Wikidata, asked one question at a time and politely.

What the service asks of its users (Wikimedia's *User-Agent policy*, *Robot policy* and the *Query
Service User Manual*): say who you are and how to reach you, ask one query at a time, stop for as
long as ``Retry-After`` says when it answers 429 (for a minute where it says nothing), and cut a
query that runs into its limit of 60 seconds into smaller ones.

What it was seen to answer: an empty 200 to those who do not say who they are; an HTML page in
place of JSON; and, since its answers are streamed, a 200 whose JSON breaks off for a
``TimeoutException`` written into the middle of it. Each is told apart here, and none is
taken for an answer.

Waiting times grow twofold from one attempt to the next, and a random half of each is left
out, so that many clients do not come back at the same moment (Brooker, "Exponential Backoff And
Jitter", AWS Architecture Blog, 2015).
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Final

from ties.importers.wikidata.answers import solutions
from ties.importers.wikidata.documents import NotJsonError, parse_json
from ties.importers.wikidata.manners import Clock, LiveQueryError, Manners, retry_after

if TYPE_CHECKING:
    import httpx

_TIMED_OUT: Final = re.compile(rb"(?:Query)?Timeout(?:Exception)?\b|Query deadline is expired")
_BUSY, _UNAVAILABLE, _UPSTREAM_TIMEOUT = 429, 503, 504
_ASKED_TO_WAIT: Final = 60.0  # seconds, where a 429 does not say how long
_MAX_REDIRECTS: Final = 3
_MAX_EXCERPT: Final = 300


class TooMuchError(Exception):
    """The query ran into a limit of the service, or its answer into one of ours: ask for less."""


class _FailedError(Exception):
    """One attempt failed and may be made again, at the earliest after `wait` seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass
class Service:
    """A connection to a query service; use it in a ``with`` block.

    Parameters
    ----------
    endpoint
        Address that queries are sent to.
    agent
        What the client calls itself; see `user_agent`.
    rng
        Draws the random part of each wait.
    """

    endpoint: str
    agent: str
    rng: random.Random
    manners: Manners = field(default_factory=Manners)
    clock: Clock = field(default_factory=Clock)
    n_requests: int = 0

    def __enter__(self) -> Service:
        """Open the connection; nothing is sent yet."""
        import httpx

        manners = self.manners
        self._client = httpx.Client(
            headers={"User-Agent": self.agent, "Accept": "application/sparql-results+json"},
            timeout=httpx.Timeout(manners.read_seconds, connect=manners.connect_seconds),
            follow_redirects=False,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self._client.close()

    def ask(self, query: str) -> bytes:
        """Give the answer to a query, as received, once it is whole.

        Raises
        ------
        TooMuchError
            If the query ran into the service's time limit, or the answer into our limits.
        LiveQueryError
            If the service refuses, or has failed too often.
        """
        manners = self.manners
        for attempt in range(1, manners.max_attempts + 1):
            if self.n_requests:
                self.clock.sleep(manners.pause)
            try:
                return self._ask_once(query)
            except _FailedError as error:
                if attempt == manners.max_attempts:
                    times = "once" if attempt == 1 else f"{attempt} times"
                    message = f"{self.endpoint} failed {times}; the last time it {error}"
                    raise LiveQueryError(f"{message}. {_RESUME}") from error
                self.clock.sleep(self._wait(attempt, error))
        raise LiveQueryError("max_attempts is below 1; nothing was asked")

    def _wait(self, attempt: int, error: _FailedError) -> float:
        manners = self.manners
        if error.wait is not None and error.wait > manners.longest_wait:
            raise LiveQueryError(
                f"{self.endpoint} asks to wait for {error.wait:,.0f} seconds, which is more than "
                f"{manners.longest_wait:,.0f}. {_RESUME}"
            ) from error
        grown = min(manners.first_wait * 2.0 ** (attempt - 1), manners.longest_wait)
        wait = grown * self.rng.uniform(0.5, 1)
        return wait if error.wait is None else max(wait, error.wait)

    def _ask_once(self, query: str) -> bytes:
        import httpx

        try:
            status, kind, body = self._get(query)
        except httpx.TimeoutException as error:
            raise _FailedError(f"took too long ({type(error).__name__})") from error
        except httpx.TransportError as error:
            raise _FailedError(f"broke the connection ({error})") from error
        except httpx.DecodingError as error:
            raise _FailedError("sent an answer that cannot be unpacked") from error
        except httpx.InvalidURL as error:
            raise LiveQueryError(f"{self.endpoint} is no address ({error})") from error
        if status != 200:
            raise self._refusal(status, body)
        return _whole(body, kind)

    def _get(self, query: str) -> tuple[int, str, bytes]:
        """Send a query; follow a redirect only within the same host."""
        url = self._client.build_request(
            "GET", self.endpoint, params={"query": query, "format": "json"}
        ).url
        for _ in range(_MAX_REDIRECTS + 1):
            self.n_requests += 1
            began = self.clock.elapsed()
            with self._client.stream("GET", url) as response:
                if response.status_code in (_BUSY, _UNAVAILABLE):
                    wait = retry_after(response.headers.get("Retry-After"), self.clock.now())
                    self._busy(response.status_code, wait)
                if response.next_request is None:
                    body = self._body(response, began)
                    return response.status_code, response.headers.get("Content-Type", ""), body
                target = response.next_request.url
            if (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port):
                raise LiveQueryError(
                    f"{self.endpoint} sends us on to {target.scheme}://{target.netloc.decode()}, "
                    "which is not asked. Give that address as endpoint if you trust it"
                )
            url = target
        raise LiveQueryError(f"{self.endpoint} sends us round in circles")

    def _busy(self, status: int, wait: float | None) -> None:
        if status == _BUSY:
            raise _FailedError(
                "said that it had too many requests", _ASKED_TO_WAIT if wait is None else wait
            )
        raise _FailedError(f"was not available ({status})", wait)

    def _body(self, response: httpx.Response, began: float) -> bytes:
        """Read an answer as long as it keeps within the limits."""
        parts, size = [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > self.manners.max_bytes:
                raise TooMuchError(f"sent more than {self.manners.max_bytes:,} bytes")
            if self.clock.elapsed() - began > self.manners.total_seconds:
                raise TooMuchError(f"took more than {self.manners.total_seconds:g} seconds")
            parts.append(part)
        return b"".join(parts)

    def _refusal(self, status: int, body: bytes) -> Exception:
        """Give the error for an answer that is not 200."""
        if status == _UPSTREAM_TIMEOUT or (status >= 500 and _TIMED_OUT.search(body)):
            return TooMuchError(f"ran out of time ({status})")
        if status >= 500:
            return _FailedError(f"failed ({status})")
        advice = {
            400: "the query is not understood; this is a fault of the query",
            403: "it refuses this client; see to the contact that you gave, and to its policy",
        }.get(status, "see whether the address is that of a query service")
        return LiveQueryError(f"{self.endpoint} answers {status}: {advice}. {_excerpt(body)}")


_RESUME: Final = "What was received is kept: run it again later, and it goes on from there"


def _whole(body: bytes, kind: str) -> bytes:
    """Give an answer back if it is a whole one."""
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
