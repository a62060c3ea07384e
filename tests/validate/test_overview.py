"""A record shows itself: every table counted, every problem told, nothing of it run."""

from __future__ import annotations

import dataclasses
import re

from tests.factory import make_dataset

import ties
from ties.schema.tables import TABLES


def counts_of(html):
    rows = re.findall(r"<tr><td[^>]*><bdi>([\w ]+)</bdi></td>(.*?)</tr>", html.split("</table>")[0])
    return {
        name: [int(n.replace(",", "")) for n in re.findall(r">([\d,]+)<", c)] for name, c in rows
    }


def test_it_counts_the_rows_of_every_table():
    record = ties.load("us-russia")
    shown = counts_of(record._repr_html_())
    assert shown == {name.replace("_", " "): [len(record.table(name)), 0] for name in TABLES}


def test_it_says_which_years_the_events_span_and_when_the_record_ends():
    dataset = make_dataset([("a", "199X", "founded", "both"), ("a", "2001-05", "visit", "a")])
    assert "as of 2026-11-23; events from 1990 to 2001" in dataset._repr_html_()


def test_rows_that_were_rejected_are_counted_and_their_problems_told(edited):
    folder = edited("events.csv", ",visit,", ",party,")
    html = ties.read(folder, on_invalid="reject")._repr_html_()
    assert counts_of(html)["events"] == [3, 1]
    assert "1 error" in html
    assert "party" in html


def test_a_hostile_title_or_cell_is_shown_as_text(edited):
    folder = edited("events.csv", ",visit,", ",<script>alert(1)</script>,")
    record = ties.read(folder, on_invalid="reject")
    html = dataclasses.replace(record, title="<img src=x onerror=alert(1)>\u202e")._repr_html_()
    assert "<script" not in html and "<img" not in html
    assert "&lt;script&gt;" in html and "&lt;img" in html


def test_a_record_without_a_row_or_a_name_shows_itself():
    html = make_dataset([])._repr_html_()
    assert "Unnamed record" in html and "events from" not in html


def test_a_licence_is_told_if_there_is_one():
    record = make_dataset([("a", "1991", "founded", "both")])
    assert "licence" not in record._repr_html_()
    assert "licence MIT" in dataclasses.replace(record, licence="MIT")._repr_html_()
