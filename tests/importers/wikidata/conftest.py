"""A query service on this machine that answers as told: well, or badly in every way we know."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

WIKIDATA = "http://www.wikidata.org/entity/"
_ASKED = re.compile(
    r'wdt:P297 "(?P<a>\w\w)".*wdt:P297 "(?P<b>\w\w)".*'
    r'\?key > "(?P<after>\w*)" && \?key <= "(?P<upto>\w+)".*LIMIT (?P<limit>\d+)',
    re.DOTALL,
)


def uri(item: str) -> dict[str, str]:
    return {"type": "uri", "value": WIKIDATA + item}


def literal(text: str) -> dict[str, str]:
    return {"type": "literal", "value": text}


@dataclass
class Asked:
    """What one request asked for."""

    pair: tuple[str, str]
    after: str
    upto: str
    limit: int
    query: str
    headers: dict[str, str]


Behaviour = Callable[["Handler", bytes], None]


class Handler(BaseHTTPRequestHandler):
    """Answers one request: the next behaviour in line, or the answer itself."""

    service: QueryService

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)["query"][0]
        found = _ASKED.search(query)
        assert found, query
        asked = Asked(
            (found["a"], found["b"]),
            found["after"],
            found["upto"],
            int(found["limit"]),
            query,
            dict(self.headers),
        )
        behaviour = self.service.next(asked)
        behaviour(self, self.service.answer(asked))

    def give(self, body: bytes, status: int = 200, **headers: str) -> None:
        given = {"Content-Type": "application/sparql-results+json"}
        given |= {name.replace("_", "-"): text for name, text in headers.items()}
        self.send_response(status)
        for name, text in ({"Content-Length": str(len(body))} | given).items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@dataclass
class QueryService:
    """Ties by pair of countries, and what to do with the requests to come."""

    ties: dict[tuple[str, str], list[str]]
    script: list[Behaviour | None] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    served: Counter[str] = field(default_factory=Counter)
    usual: Behaviour | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def next(self, asked: Asked) -> Behaviour:
        self.asked.append(asked)
        behaviour = self.script.pop(0) if self.script else self.usual
        if behaviour is not None:
            return behaviour
        self.served[asked.query] += 1
        return lambda handler, body: handler.give(body)

    def answer(self, asked: Asked) -> bytes:
        """Answer as the query says: so many statements of a range, in the order of their hash."""
        keyed = {
            hashlib.md5(f"{WIKIDATA}statement/{name}".encode()).hexdigest(): name
            for name in self.ties.get(asked.pair, [])
        }
        keys = sorted(key for key in keyed if asked.after < key <= asked.upto)[: asked.limit]
        names = ["statement", "rank", "item", "itemLabel", "partner", "partnerLabel", "start"]
        bindings = [self._binding(keyed[key], asked.pair) for key in keys]
        return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode()

    def _binding(self, name: str, pair: tuple[str, str]) -> dict[str, Any]:
        item, _, number = name.partition("-")
        return {
            "statement": uri(f"statement/{name}"),
            "rank": {"type": "uri", "value": "http://wikiba.se/ontology#NormalRank"},
            "item": uri(item),
            "itemLabel": literal(f"Town {item}"),
            "itemCountryCode": literal(pair[0]),
            "partner": uri(f"Q9{number}"),
            "partnerLabel": literal(f"Town Q9{number}"),
            "partnerCountryCode": literal(pair[1]),
        }


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[QueryService]:
    """Run a query service with ten ties from Germany to France and three the other way."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    found = QueryService(
        {
            ("DE", "FR"): [f"Q1{n}-{n}" for n in range(10)],
            ("FR", "DE"): [f"Q2{n}-{n}" for n in range(3)],
        }
    )
    handler = type("OwnHandler", (Handler,), {"service": found})

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Clients that hang up are a part of the tests."""

    with contextlib.closing(_Closer(Server(("127.0.0.1", 0), handler), found)) as running:
        found.url = f"http://127.0.0.1:{running.server.server_address[1]}/sparql"
        yield found


@dataclass
class _Closer:
    """A server in a thread of its own."""

    server: ThreadingHTTPServer
    service: QueryService

    def __post_init__(self) -> None:
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self.thread.start()

    def close(self) -> None:
        self.service.stop.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
