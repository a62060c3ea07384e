import gzip
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from ties.errors import UnreadableError
from ties.importers.wikidata import read_wikidata
from ties.importers.wikidata.live import Progress, read_live
from ties.importers.wikidata.service import LiveQueryError, RetryPolicy

TIMED_OUT = b"SPARQL-QUERY: queryStr=SELECT\njava.util.concurrent.TimeoutException\n\tat java.util"
QUICK = RetryPolicy(
    read_seconds=20,
    total_seconds=50,
    max_bytes=100_000,
    max_attempts=3,
    page_size=4,
    smallest_page=1,
    pause=0.5,
)


@dataclass
class Sleeper:
    """Notes how long it was to sleep and goes on at once."""

    slept: list[float] = field(default_factory=list)

    def waits(self) -> list[float]:
        return [seconds for seconds in self.slept if seconds != QUICK.pause]


@pytest.fixture
def sleeper(monkeypatch) -> Sleeper:
    found = Sleeper()
    monkeypatch.setattr(time, "sleep", found.slept.append)
    return found


@pytest.fixture
def live(service, sleeper, tmp_path):
    """Ask the service of the test; every option may be given anew."""

    def ask(countries=("DE", "FR"), **options: Any):
        usual = {"contact": "ties@example.org", "cache": tmp_path / "cache"}
        usual |= {"endpoint": service.url, "policy": QUICK}
        return read_live(countries, **(usual | options))

    return ask


def expected(service) -> set[str]:
    return {name.replace("-", "$") for names in service.ties.values() for name in names}


def test_all_statements_of_both_directions_are_read(service, live):
    reading = live()
    assert set(reading.statements["locator"]) == expected(service)
    assert len(reading.statements) == reading.n_rows == 13
    assert set(reading.statements["country_a"]) == {"DE", "FR"}


def test_pages_are_ordered_follow_one_another_and_are_asked_once(service, live):
    live()
    asked = [one for one in service.asked if one.pair == ("DE", "FR")]
    assert [one.limit for one in asked] == [4, 4, 4]
    assert [one.after for one in asked] == sorted(one.after for one in asked)
    assert all("ORDER BY ?key" in one.query for one in asked)
    assert set(service.served.values()) == {1}


def test_the_client_says_who_it_is(service, live):
    live()
    for asked in service.asked:
        assert asked.headers["User-Agent"].startswith("ties/")
        assert "(ties@example.org)" in asked.headers["User-Agent"]
        assert asked.headers["Accept"] == "application/sparql-results+json"


def test_the_client_pauses_between_requests(service, live, sleeper):
    live()
    assert sleeper.slept == [QUICK.pause] * (len(service.asked) - 1)


@pytest.mark.parametrize("contact", ["", "me", "a@b", "me@example.org\r\nX-Bad: 1", "x (y@z.org)"])
def test_a_contact_is_required(service, live, contact: str):
    with pytest.raises(LiveQueryError, match="is no contact"):
        live(contact=contact)
    assert service.asked == []


@pytest.mark.parametrize(
    ("countries", "reason"),
    [
        (("Germany", "FR"), "no code of a country"),
        (("DE", 'FR" . ?x ?y "'), "no code of a country"),
        (("DE",), "name two countries"),
        ((), "name two countries"),
    ],
)
def test_what_is_no_pair_of_countries_is_refused(service, live, countries, reason: str):
    with pytest.raises(LiveQueryError, match=reason):
        live(countries)
    assert service.asked == []


def test_a_language_that_is_no_code_is_refused(live):
    with pytest.raises(LiveQueryError, match="no code of a language"):
        live(languages=['en" } #'])


def test_three_countries_are_three_pairs_in_both_directions(service, live):
    live(("DE", "FR", "PL"))
    assert {one.pair for one in service.asked} == {
        (a, b) for a in ("DE", "FR", "PL") for b in ("DE", "FR", "PL") if a != b
    }


def test_the_same_country_twice_is_its_ties_at_home(service, live):
    service.ties["DE", "DE"] = ["Q31-1", "Q32-2"]
    reading = live(("DE", "DE"))
    assert {one.pair for one in service.asked} == {("DE", "DE")}
    assert len(reading.statements) == 2


def test_progress_grows_to_all_of_the_work(live):
    told: list[Progress] = []
    live(progress=told.append)
    assert [one.share for one in told] == sorted(one.share for one in told)
    assert told[-1].share == 1
    assert (told[-1].n_statements, told[-1].n_pages) == (13, len(told))
    assert not any(one.is_kept for one in told)


def test_pages_are_kept_as_received_below_what_was_asked(service, live, tmp_path):
    live()
    kept = sorted((tmp_path / "cache").rglob("*.json"))
    _, asked, answers = zip(*(path.read_bytes().split(b"\n", 2) for path in kept), strict=True)
    assert {b"{" + answer for answer in answers} == {service.answer(one) for one in service.asked}
    about = [json.loads(b"{" + line.removesuffix(b",") + b"}")["asked"] for line in asked]
    assert {one["query"] for one in about} == {one.query for one in service.asked}
    assert {one["endpoint"] for one in about} == {service.url}
    assert len(read_wikidata(kept).statements) == 13


def test_a_finished_cache_is_read_without_a_request(service, live):
    first, n_asked = live(), len(service.asked)
    told: list[Progress] = []
    again = live(progress=told.append)
    assert len(service.asked) == n_asked
    assert all(one.is_kept for one in told)
    assert again.statements.equals(first.statements)


def cut(page: Path) -> None:
    page.write_bytes(page.read_bytes()[:-1])


def cut_to_what_was_asked(page: Path) -> None:
    page.write_bytes(page.read_bytes().split(b",\n")[0] + b"}")


def put_something_else(page: Path) -> None:
    page.write_text('{"results": {"bindings": []}}')


def put_a_list(page: Path) -> None:
    page.write_text("[]")


def lose(page: Path) -> None:
    page.unlink()


@pytest.mark.parametrize(
    "spoil", [cut, cut_to_what_was_asked, put_something_else, put_a_list, lose]
)
def test_a_page_that_is_not_whole_is_asked_for_again(service, live, tmp_path, spoil):
    first, n_asked = live(), len(service.asked)
    spoil(next((tmp_path / "cache" / "FR-DE").glob("*.json")))
    assert live().statements.equals(first.statements)
    assert len(service.asked) == n_asked + 1


def test_pages_of_another_question_are_not_used(service, live):
    live(languages=("en",))
    n_asked = len(service.asked)
    live(languages=("fr",))
    assert len(service.asked) == 2 * n_asked


# What goes wrong once and is then put right by asking again. Each sends something that must not
# be taken for an answer.


def empty(handler, body: bytes) -> None:
    handler.give(b"")


def web_page(handler, body: bytes) -> None:
    handler.give(b"<!DOCTYPE html><html><body>Wikidata</body></html>", Content_Type="text/html")


def web_page_called_json(handler, body: bytes) -> None:
    handler.give(b"<html></html>")


def server_error(handler, body: bytes) -> None:
    handler.give(b"<h2>HTTP ERROR 500</h2>", status=500)


def bad_gateway(handler, body: bytes) -> None:
    handler.give(b"", status=502)


def unavailable(handler, body: bytes) -> None:
    handler.give(b"", status=503)


def broken_json(handler, body: bytes) -> None:
    handler.give(body[: len(body) // 2])


def other_json(handler, body: bytes) -> None:
    handler.give(b'{"error": "try again"}')


def plain_list(handler, body: bytes) -> None:
    handler.give(b"[]")


def deep_json(handler, body: bytes) -> None:
    handler.give(b"[" * 40_000)


def not_utf8(handler, body: bytes) -> None:
    handler.give(b'{"results": {"bindings": ["\xff"]}}')


def cut_off(handler, body: bytes) -> None:
    handler.give(body[: len(body) // 2], Content_Length=str(len(body)))


def too_short_a_length(handler, body: bytes) -> None:
    handler.give(body, Content_Length=str(len(body) - 10))


def no_answer(handler, body: bytes) -> None:
    handler.service.stop.wait(2)


def hang_up(handler, body: bytes) -> None:
    handler.connection.shutdown(2)


def damaged_gzip(handler, body: bytes) -> None:
    handler.give(b"no gzip at all", Content_Encoding="gzip")


def cut_gzip(handler, body: bytes) -> None:
    handler.give(gzip.compress(body)[:-30], Content_Encoding="gzip")


def open_length(handler, body: bytes) -> None:
    """Promise more than is sent, and leave the line open."""
    handler.give(body, Content_Length=str(len(body) + 10))
    handler.service.stop.wait(2)


# These are told by the clock of the machine alone.
IMPATIENT = {
    no_answer: replace(QUICK, read_seconds=0.5),
    open_length: replace(QUICK, read_seconds=0.5),
}
PASSING = [
    *(empty, web_page, web_page_called_json, server_error, bad_gateway, unavailable, broken_json),
    *(other_json, plain_list, deep_json, not_utf8, cut_off, too_short_a_length, open_length),
    *(no_answer, hang_up, damaged_gzip, cut_gzip),
]


@pytest.mark.parametrize("behaviour", PASSING)
def test_a_failure_that_passes_costs_nothing_but_time(service, live, sleeper, behaviour):
    service.script = [None, behaviour]
    reading = live(policy=IMPATIENT.get(behaviour, QUICK))
    assert set(reading.statements["locator"]) == expected(service)
    assert len(sleeper.waits()) == 1
    assert len({one.query for one in service.asked}) == len(service.asked) - 1


@pytest.mark.parametrize("behaviour", PASSING)
def test_a_failure_that_stays_ends_the_run_and_keeps_what_was_received(service, live, behaviour):
    service.script = [None]
    service.usual = behaviour
    with pytest.raises(LiveQueryError, match=r"failed 3 times; the last time it .* is kept"):
        live(policy=IMPATIENT.get(behaviour, QUICK))
    assert len(service.asked) == 1 + QUICK.max_attempts
    service.usual = None
    assert set(live().statements["locator"]) == expected(service)
    assert set(service.served.values()) == {1}


def test_waits_grow_twofold_and_differ_by_chance(service, live, sleeper):
    service.script = [server_error] * 4
    live(policy=replace(QUICK, max_attempts=5))
    waits = sleeper.waits()
    assert len(waits) == 4
    assert all(
        2.0 ** (n + 1) <= wait <= 2.0 ** (n + 1) + QUICK.first_wait for n, wait in enumerate(waits)
    )


def too_many(wait: str | None):
    def behaviour(handler, body: bytes) -> None:
        headers = {} if wait is None else {"Retry_After": wait}
        handler.give(b"<html>429</html>", status=429, **headers)

    return behaviour


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", None),
        ("in three days", 3 * 86_400),
        ("Sun, 09 Sep 2001 01:46:10 GMT", None),  # already past
        (None, 60),
        ("soon", 60),
        ("99999999999999999999", 60),
    ],
)
def test_the_client_waits_as_long_as_it_is_asked_to(service, live, sleeper, header, seconds):
    if header == "in three days":
        header = formatdate(time.time() + seconds, usegmt=True)
    service.script = [too_many(header)]
    assert len(live(policy=replace(QUICK, longest_wait=10**6)).statements) == 13
    (waited,) = sleeper.waits()
    if seconds is None:  # then its own wait holds
        assert QUICK.first_wait <= waited <= 2 * QUICK.first_wait
    else:
        assert waited == pytest.approx(seconds, abs=0 if seconds < 100 else 600)


def test_retry_after_of_a_service_that_is_not_available_is_heeded(service, live, sleeper):
    service.script = [lambda handler, body: handler.give(b"", status=503, Retry_After="9")]
    live()
    assert sleeper.waits() == [9]


def test_a_wait_that_is_too_long_ends_the_run(service, live, sleeper):
    service.script = [None, too_many("86400")]
    with pytest.raises(LiveQueryError, match="asks to wait for 86,400 seconds"):
        live()
    assert sleeper.waits() == []
    assert len(live().statements) == 13
    assert set(service.served.values()) == {1}


# What is too much for the service is asked for in halves.


def timed_out(handler, body: bytes) -> None:
    handler.give(TIMED_OUT, status=500)


def query_timeout(handler, body: bytes) -> None:
    handler.give(b"com.bigdata.bop.engine.QueryTimeoutException: Query deadline", status=500)


def timed_out_midway(handler, body: bytes) -> None:
    handler.give(body[: len(body) // 2] + TIMED_OUT)


def gateway_timeout(handler, body: bytes) -> None:
    handler.give(b"upstream request timeout", status=504)


def endless(handler, body: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    while not handler.service.stop.is_set():
        handler.wfile.write(b" " * 10_000)


def drip(handler, body: bytes) -> None:
    handler.send_response(200)
    handler.end_headers()
    # Longer than the client's patience, and not for ever, should that fail.
    for _ in range(2_000):
        if handler.service.stop.wait(0.005):
            break
        handler.wfile.write(b" ")


IMPATIENT[drip] = replace(QUICK, total_seconds=1)
TOO_MUCH = [timed_out, query_timeout, timed_out_midway, gateway_timeout, endless, drip]


@pytest.mark.parametrize("behaviour", TOO_MUCH)
def test_what_is_too_much_is_asked_for_in_halves(service, live, sleeper, behaviour):
    service.script = [behaviour]
    reading = live(policy=IMPATIENT.get(behaviour, QUICK))
    whole, half, *_ = service.asked
    assert (whole.after, whole.upto, whole.limit) == ("", "g", 4)
    assert (half.after, half.upto, half.limit) == ("", "8" + "0" * 31, 2)
    assert set(reading.statements["locator"]) == expected(service)
    assert len(reading.statements) == 13
    assert sleeper.waits() == []


def test_an_answer_beyond_the_limit_of_size_is_too_much_however_quick(service, live):
    service.script = [lambda handler, body: handler.give(body + b" " * QUICK.max_bytes)]
    reading = live(policy=replace(QUICK, total_seconds=10**9))
    assert service.asked[1].limit == 2
    assert len(reading.statements) == 13


@pytest.mark.parametrize("behaviour", TOO_MUCH)
def test_what_stays_too_much_ends_the_run(service, live, behaviour):
    service.usual = behaviour
    with pytest.raises(LiveQueryError, match="on 1 statements of DE-FR"):
        live(policy=IMPATIENT.get(behaviour, QUICK))
    assert [one.limit for one in service.asked] == [4, 2, 1]


def test_what_was_too_much_is_not_tried_again_after_an_interruption(service, live):
    service.script = [timed_out, None, *[server_error] * 3]
    with pytest.raises(LiveQueryError):
        live()
    n_asked = len(service.asked)
    assert set(live().statements["locator"]) == expected(service)
    assert service.asked[n_asked].limit == 2
    assert set(service.served.values()) == {1}


# What asking again does not cure.


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "a fault of the query. It says: MalformedQueryException"),
        (403, "it refuses this client"),
        (404, "see whether the address"),
        (301, "see whether the address"),
    ],
)
def test_a_refusal_ends_the_run_at_once(service, live, sleeper, status: int, reason: str):
    service.script = [lambda handler, body: handler.give(b"MalformedQueryException", status=status)]
    with pytest.raises(LiveQueryError, match=reason):
        live()
    assert len(service.asked) == 1
    assert sleeper.slept == []


@pytest.mark.parametrize(
    "target",
    ["http://localhost:1/sparql", "https://127.0.0.1/sparql", "http://user@example.org/"],
)
def test_a_redirect_to_another_host_is_not_followed(service, live, target: str):
    service.script = [lambda handler, body: handler.give(b"", status=302, Location=target)]
    with pytest.raises(LiveQueryError, match="sends us on to"):
        live()
    assert len(service.asked) == 1


def moved(handler, body: bytes) -> None:
    handler.give(b"", status=307, Location="/elsewhere?" + handler.path.partition("?")[2])


def test_a_redirect_within_the_host_is_followed(service, live):
    service.script = [moved]
    assert len(live().statements) == 13


def test_redirects_that_go_round_end_the_run(service, live):
    service.usual = moved
    with pytest.raises(LiveQueryError, match="round in circles"):
        live()


NOT_ASKED = b'[{"statement": {"value": "http://www.wikidata.org/entity/statement/Q64-1"}}]'


def answering(bindings: bytes):
    strange = b'{"head": {}, "results": {"bindings": ' + bindings + b"}}"
    return lambda handler, body: handler.give(strange)


@pytest.mark.parametrize(
    "bindings", [b'[{"item": {"value": "Q64"}}]', b'[{"statement": "Q64"}]', b"[1]", b"[[]]"]
)
def test_solutions_without_a_statement_end_the_run(service, live, bindings: bytes):
    service.script = [answering(bindings)]
    with pytest.raises(LiveQueryError, match="not asked for"):
        live()


def test_statements_outside_the_range_asked_for_end_the_run(service, live, tmp_path):
    # Its hash lies in the upper half.
    service.script = [timed_out, answering(NOT_ASKED)]
    with pytest.raises(LiveQueryError, match="not asked for"):
        live()
    assert not any(NOT_ASKED in path.read_bytes() for path in tmp_path.rglob("*.json"))


def test_more_statements_than_asked_for_end_the_run(service, live):
    everything = [json.loads(NOT_ASKED)[0]]
    everything += [
        {"statement": {"value": f"{everything[0]['statement']['value']}{n}"}} for n in range(4)
    ]
    service.script = [answering(json.dumps(everything).encode())]
    with pytest.raises(LiveQueryError, match="not asked for"):
        live()


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (empty, "gave an empty answer"),
        (web_page, "gave a web page and no JSON"),
        (web_page_called_json, "gave a web page and no JSON"),
        (broken_json, "breaks off or is no JSON"),
        (other_json, "JSON that is no answer to a query"),
        (server_error, r"failed \(500\)"),
        (unavailable, r"was not available \(503\)"),
        (damaged_gzip, "cannot be unpacked"),
        (cut_off, "broke the connection"),
        (no_answer, r"took too long \(ReadTimeout\)"),
    ],
)
def test_the_last_failure_is_told(service, live, behaviour, reason: str):
    service.usual = behaviour
    patience = replace(IMPATIENT.get(behaviour, QUICK), max_attempts=1)
    with pytest.raises(LiveQueryError, match=f"failed once; the last time it .*{reason}"):
        live(policy=patience)


@pytest.mark.parametrize(
    "endpoint", ["ftp://example.org/", "query.wikidata.org", "http://", "http://me:pw@127.0.0.1/"]
)
def test_an_endpoint_that_is_no_web_address_is_refused(live, endpoint: str):
    with pytest.raises(LiveQueryError):
        live(endpoint=endpoint)


def test_nobody_there_is_told_as_a_failure(live, sleeper):
    with pytest.raises(LiveQueryError, match="broke the connection"):
        live(endpoint="http://127.0.0.1:9/sparql")
    assert len(sleeper.waits()) == QUICK.max_attempts - 1


def test_a_cache_that_cannot_be_written_is_told(live, tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(LiveQueryError, match="name another cache"):
        live()


@pytest.mark.parametrize("library", ["httpx", "stamina"])
def test_a_library_that_is_not_installed_is_named(live, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        LiveQueryError, match=rf"needs {library}.*pip install \"twin-ties\[import\]\""
    ):
        live()


def test_every_failure_is_one_that_a_caller_of_an_importer_expects():
    assert issubclass(LiveQueryError, UnreadableError)


KILLED = """
import sys
from ties.importers.wikidata.live import read_live
from ties.importers.wikidata.service import RetryPolicy
print("ready", flush=True)
read_live(("DE", "FR"), contact="ties@example.org", cache=sys.argv[2], endpoint=sys.argv[1],
          policy=RetryPolicy(page_size=2, pause=0))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process as only POSIX can")
def test_a_run_killed_midway_goes_on_and_asks_for_no_page_twice(service, live, tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, service.url, str(tmp_path / "cache")],
        stdout=subprocess.PIPE,
    ) as run:
        # The fourth page is cut off by the death of the one who asked.
        def kill(handler, body: bytes) -> None:
            os.kill(run.pid, signal.SIGKILL)

        service.script = [None, None, None, kill]
        run.communicate(timeout=60)
    assert run.returncode == -signal.SIGKILL
    assert sum(service.served.values()) == 3
    reading = live(policy=replace(QUICK, page_size=2))
    assert set(reading.statements["locator"]) == expected(service)
    assert set(service.served.values()) == {1}
