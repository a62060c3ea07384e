import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import ties
from ties.figures import NAMES, catalogue, style


@pytest.fixture(scope="module")
def record() -> ties.Dataset:
    return ties.load("us-russia")


@pytest.fixture
def small(record_folder: Path) -> ties.Dataset:
    return ties.read(record_folder)


def texts(figure: Figure) -> list[Text]:
    """Give the texts that show: ticks beyond the limits have a label too, which does not."""
    figure.draw_without_rendering()
    hidden = {
        label
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    found = figure.findobj(lambda artist: isinstance(artist, Text))
    return [t for t in found if t.get_visible() and t.get_text().strip() and t not in hidden]


def test_the_names_are_those_that_can_be_had_without_matplotlib():
    assert [*catalogue.FIGURES] == [*NAMES]
    code = "import sys, ties.figures as f; f.NAMES; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_large_enough_and_inside_the_figure(name: str, record: ties.Dataset):
    figure = catalogue.draw(name, record)
    assert figure.get_figwidth() == style.WIDTH
    for text in texts(figure):
        assert text.get_fontsize() >= style.MIN_TEXT, text.get_text()
        box = text.get_window_extent()
        assert box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1, text.get_text()
        assert box.y0 >= -1 and box.y1 <= figure.bbox.y1 + 1, text.get_text()


@pytest.mark.parametrize("name", NAMES)
def test_the_footer_says_sources_and_days(name: str, small: ties.Dataset):
    figure = catalogue.draw(name, small, as_of="2022-12-31", known_by="2022-12-31")
    foot = " ".join(figure.texts[-1].get_text().split())
    assert "As of 2022-12-31, as it could be known on 2022-12-31" in foot
    assert "Sources: 2 sources that attest events, of the record “Two ties”" in foot


@pytest.mark.parametrize("name", NAMES)
def test_a_record_without_ties_or_of_another_time_draws_empty_frames(
    name: str, small: ties.Dataset
):
    catalogue.draw(name, small, as_of="1900")
    catalogue.draw(name, small.keep_ties([]))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_figure_made_twice_has_the_same_bytes(name: str, small: ties.Dataset, tmp_path: Path):
    figures = [catalogue.draw(name, small) for _ in range(2)]
    for kind in ("svg", "png"):
        saved = [style.save(figure, tmp_path / f"of.{kind}").read_bytes() for figure in figures]
        assert saved[0] == saved[1]


def test_what_the_rule_says_stands_in_the_footer(small: ties.Dataset):
    figure = catalogue.draw("stock", small, rule=ties.StatusRule(dormant_after=3))
    assert "a sign of life that is certainly within 3 years" in figure.texts[-1].get_text()


@pytest.mark.slow
def test_titles_change_with_the_day_looked_from(record: ties.Dataset):
    for name in NAMES:
        titles = {
            catalogue.draw(name, record, as_of=day).axes[0].get_title(loc="left")
            for day in ("1991", "2026-11-23")
        }
        assert len(titles) == 2, name


def test_pages_of_life_lines_hold_every_tie_once(record: ties.Dataset):
    pages = catalogue.lifeline_pages(record, rows=48)
    n_rows = [len(page.axes[0].get_yticks()) for page in pages]
    assert max(n_rows) <= 48
    whole = catalogue.draw("lifelines", record)
    assert sum(n_rows) == len(whole.axes[0].get_yticks())
    assert len({page.axes[0].get_xlim() for page in pages}) == 1
    assert max(page.get_figheight() for page in pages) < 9.7  # the text of an A4 page


def test_an_unknown_figure_is_refused_with_those_there_are(small: ties.Dataset):
    with pytest.raises(KeyError, match="formation, stock, alive, lifelines"):
        catalogue.draw("pie", small)


def test_no_figure_stays_open(small: ties.Dataset):
    for name in NAMES:
        catalogue.draw(name, small)
    assert plt.get_fignums() == []


def test_a_record_without_a_title_goes_by_its_name(small: ties.Dataset):
    figure = catalogue.draw("map", replace(small, title="", name="two-ties"))
    assert "“two-ties”" in figure.texts[-1].get_text()


def test_several_records_are_panels_with_one_scale(record: ties.Dataset, small: ties.Dataset):
    records = {"one": record, "two": small}
    for name in ("formation", "stock", "cohorts", "stops"):
        figure = catalogue.draw(name, records)
        one, two = figure.axes
        assert one.get_ylim() == two.get_ylim() and one.get_xlim() == two.get_xlim()
        said = [text.get_text() for panel in figure.subfigs for text in panel.texts]
        assert said == [record.title, small.title]
        assert f"“{small.title}”" in " ".join(figure.texts[-1].get_text().split())
    with pytest.raises(ValueError, match="'map' is drawn of one record; of several there are form"):
        catalogue.draw("map", records)
