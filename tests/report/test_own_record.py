"""A record of the reader's own goes the same way, however little is in it, whatever it says."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from lxml import html
from tests.factory import make_dataset
from tests.io.test_escape import HOSTILE
from tests.notebooks.running import code_of, with_parameters

from ties.errors import InvalidTableError
from ties.figures import NAMES
from ties.io.writing import write_record
from ties.lifecycle.rule import StatusRule
from ties.report import build_report
from ties.report.appendix import appendices
from ties.report.bundle import Picture
from ties.report.looks import Looks
from ties.report.pages import main_part
from ties.report.run import bundled_notebooks

SEARCH = pd.DataFrame({"searched_on": ["2015-01-01"], "hits": [0]})
SMALL = {
    "one tie, no search": [("t", "1991-06", "founded", "both")],
    "no dated tie": [("t", "1992/..", "founded", "both"), ("u", "2019-05", "listed", "none")],
    "one return": [
        ("t", "1991", "founded", "both"),
        ("t", "2001", "dormant", "none"),
        ("t", "2015", "revived", "both"),
    ],
}


@pytest.mark.parametrize("events", SMALL.values(), ids=SMALL.keys())
def test_the_pages_of_a_small_record_read_as_english(events):
    looks = Looks.of(make_dataset(events), StatusRule(), compare_as_of="2018-11-28")
    pictures = {name: Picture((name,), "A picture.", name) for name in NAMES}
    text = main_part(looks, [], pictures) + appendices(looks, [], pictures)
    assert not re.search(r"\bnan\b|\b1 (ties|returns|events|sources|years)\b|NaT|<NA>", text)


def test_a_record_that_ends_before_the_earlier_day_is_asked_once():
    dataset = make_dataset([("t", "1991", "founded", "both")], as_of="2010-01-01")
    looks = Looks.of(dataset, StatusRule(), compare_as_of="2018-11-28")
    assert [look.label for look in looks.all] == ["1 January 2010"]
    assert looks.compare_as_of is None


def hostile_record():
    """Every hostile text as a name and an event, and all else that is free text hostile too."""
    events = [
        event
        for i in range(len(HOSTILE))
        for event in (
            (f"t{i}", "1991-06", "founded", "both"),
            (f"t{i}", "2001", "dormant", "none"),
            (f"t{i}", "2015-05-03", "revived", "both"),
        )
    ]
    made = make_dataset(events)
    number = made.places["place_id"].str.extract(r"t(\d+)$")[0].astype(int)
    said = [HOSTILE[i % len(HOSTILE)] for i in range(len(made.events))]
    all_said = " ".join(HOSTILE)
    names = made.places[["place_id"]].assign(name=HOSTILE[0], language="en", valid_from=None)
    count = {"date": "2018", "count": 3, "scope": all_said, "source_id": "s"}
    return replace(
        made,
        name="../x<y>",
        title=" ".join(HOSTILE[:6]),
        licence=HOSTILE[1],
        places=made.places.assign(name=[HOSTILE[i] for i in number]),
        place_names=_like(made.place_names, names),
        events=made.events.assign(summary=said, actor=said),
        sources=made.sources.assign(
            title=HOSTILE[0], publisher=HOSTILE[1], url="javascript:alert(1)", note=all_said
        ),
        attestations=made.attestations.assign(note=all_said),
        searches=_like(made.searches, SEARCH.assign(tie_id="t0", query=all_said)),
        counts=_like(made.counts, pd.DataFrame([count])),
    )


def _like(empty, rows):
    return rows.reindex(columns=empty.columns).astype(empty.dtypes)


@pytest.mark.slow
def test_nothing_that_a_record_says_becomes_markup(tmp_path):
    out = build_report(hostile_record(), tmp_path / "report", compare_as_of=None)
    page = (out / "index.html").read_text(encoding="utf-8")
    tags = [tag for tag in html.document_fromstring(page).iter() if isinstance(tag.tag, str)]
    assert {tag.tag for tag in tags}.isdisjoint({"script", "iframe", "object", "embed", "base"})
    assert not [name for tag in tags for name in tag.attrib if name.startswith("on")]
    for link in (tag.get("href") for tag in tags if tag.get("href")):
        assert link.startswith("#") or (out / link).is_file()
    assert "<script" not in page + (out / "sources.html").read_text(encoding="utf-8")
    assert all('src="data:' in tag for tag in re.findall(r"<img\s[^>]*>", page))
    assert "&lt;script&gt;" in page
    assert (out / "report.pdf").stat().st_size > 10_000
    assert json.loads((out / "manifest.json").read_text())["record"]["name"] == "../x<y>"
    assert not re.search(r"(^|,)[=@]", (out / "tables" / "revivals.csv").read_text(), re.MULTILINE)


@pytest.fixture
def undated(tmp_path):
    """The folder of a record without a dated tie."""
    return write_record(make_dataset(SMALL["no dated tie"]), tmp_path / "undated")


# Here and not in a kernel, which takes longer to start than to run these.
@pytest.mark.slow
@pytest.mark.parametrize("path", bundled_notebooks(), ids=lambda path: path.stem)
def test_a_notebook_runs_through_though_no_tie_is_dated(undated, path):
    asked = {"record": str(undated)}
    found = {}
    exec(code_of(with_parameters(path, asked)), found)
    assert len(found["dataset"].ties) > 0


@pytest.mark.slow
def test_a_record_without_a_dated_tie_gives_a_whole_report(undated, tmp_path):
    steps = []
    out = build_report(
        undated,
        tmp_path / "report",
        compare_as_of=None,
        progress=lambda what, n_done, n_steps: steps.append((n_done, n_steps)),
    )
    assert (out / "report.pdf").exists()
    assert [done for done, _ in steps] == list(range(len(steps)))
    assert steps[-1][0] == steps[-1][1]


def test_a_record_with_errors_stops_before_anything_is_written(tmp_path):
    with pytest.raises(InvalidTableError):
        build_report(make_dataset([], ties=["t"]), tmp_path / "report")
    assert list(tmp_path.iterdir()) == []
