from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from ties.figures import style
from ties.io.atomic import OutputError
from ties.schema.vocabulary import STATUSES

# What people with one kind of cone missing see, in linear light: Machado, Oliveira and
# Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# IEEE TVCG 15 (2009), severity 1.0.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
D65 = np.array([0.9505, 1.0, 1.089])


def as_seen(colour: str, sight: np.ndarray) -> np.ndarray:
    """Give a colour in CIELAB, after a simulation of how it is seen."""
    share = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    light = XYZ @ np.clip(sight @ linear, 0, 1) / D65
    x, y, z = np.where(light > 216 / 24389, np.cbrt(light), (24389 / 27 * light + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHT)
def test_status_colours_stay_apart_in_every_kind_of_sight(sight: str):
    seen = {code: as_seen(c, SIGHT[sight]) for code, c in style.STATUS_COLOURS.items()}
    distances = {
        (one, other): float(np.linalg.norm(seen[one] - seen[other]))
        for one, other in combinations(seen, 2)
    }
    # 2.3 is a just noticeable difference; ten of these are told apart without comparing.
    assert min(distances.values()) > 23, min(distances, key=lambda pair: distances[pair])


def test_every_status_has_a_colour_of_its_own():
    assert [*style.STATUS_COLOURS] == [*STATUSES]
    assert len(set(style.STATUS_COLOURS.values())) == len(STATUSES)


@pytest.mark.slow
@pytest.mark.parametrize("kind", style.FORMATS)
def test_a_figure_saved_twice_has_the_same_bytes(tmp_path: Path, kind: str):
    def saved(name: str) -> bytes:
        ax = style.prepare(style.Layout(2.0).figure(), style.Layout(2.0))
        ax.bar([1, 2], [3, 4], hatch="//")
        ax.set_title("Мурманск")
        return style.save(style.figure_of(ax), tmp_path / f"{name}.{kind}").read_bytes()

    assert saved("one") == saved("other")


def test_a_failed_save_leaves_the_old_file_and_no_part(tmp_path: Path):
    class Broken(Figure):
        def savefig(self, fname: object, **options: object) -> None:
            Path(str(fname)).write_text("half")
            raise OSError("disk full")

    target = tmp_path / "figure.svg"
    target.write_text("old")
    with pytest.raises(OutputError, match="disk full"):
        style.save(Broken(), target)
    assert [path.name for path in tmp_path.iterdir()] == ["figure.svg"]
    assert target.read_text() == "old"


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path: Path):
    with pytest.raises(ValueError, match=r"\.svg, \.png or \.pdf"):
        style.save(Figure(), tmp_path / "figure.jpeg")


def test_the_footer_names_sources_days_and_the_undated():
    text = style.footer(Figure(figsize=(6.3, 3)), "3 papers", "2026-11-23", "2018-11-28", 1)
    assert " ".join(text.get_text().split()) == (
        "As of 2026-11-23, as it could be known on 2018-11-28; 1 tie without a founding date. "
        "Sources: 3 papers."
    )


def test_a_sheet_shows_itself_in_a_notebook_at_its_printed_size():
    figure = style.figure_of(style.Layout(2.0).figure())
    picture, size = figure._repr_png_()
    assert picture.startswith(b"\x89PNG")
    assert size == {"width": 605, "height": 192}


def test_labels_are_spread_within_their_bounds_and_in_order():
    placed = style.spread([9.9, 9.8, 0.0], gap=1.0, low=0.5, high=10.0)
    assert placed.tolist() == [10.0, 9.0, 0.5]


def test_a_day_is_a_year_with_its_fraction():
    years = style.year_of(np.array(["2020-01-01", "2020-07-01", "NaT"], dtype="M8[D]"))
    assert years[0] == 2020
    assert years[1] == pytest.approx(2020 + 182 / 366)
    assert np.isnan(years[2])
