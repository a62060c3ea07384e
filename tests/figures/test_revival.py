from matplotlib.axes import Axes

from ties.figures.revival import draw_revivals
from ties.figures.style import STATUS_COLOURS


def title(ax: Axes) -> str:
    return " ".join(ax.get_title(loc="left").split())


def n_points(ax: Axes) -> int:
    return sum(len(c.get_offsets()) for c in ax.collections if c.get_label() == "returns")


def test_each_return_is_a_point(revivals):
    assert n_points(draw_revivals(revivals)) == len(revivals)


def test_the_title_counts_returns_and_says_when(revivals):
    assert (
        title(draw_revivals(revivals)) == "2 returns to life are on record, between 2015 and 2020"
    )
    one = title(draw_revivals(revivals.head(1)))
    assert one == "1 return to life is on record, in 2020"
    twice = revivals.assign(tie_id="a-magadan", name_a="Magadan")
    assert title(draw_revivals(twice)).startswith("2 returns to life of 1 tie are on record")


def test_the_title_names_a_cause_only_if_it_leads(revivals):
    kinds = ["visit", "visit", "renewed"]
    more = revivals.iloc[[0, 0, 1]].assign(tie_id=["a", "b", "c"], kind=kinds)
    assert title(draw_revivals(more)).endswith("2 of them by an event of kind “visit”")
    even = revivals.assign(kind=["visit", "renewed"])
    assert "kind" not in title(draw_revivals(even))


def test_no_return_draws_an_empty_frame_that_says_so(revivals):
    ax = draw_revivals(revivals.head(0))
    assert title(ax) == "No tie is on record as having come back to life"
    assert n_points(ax) == 0


def test_the_time_before_has_the_colour_of_its_status(revivals):
    ax = draw_revivals(revivals)
    (bar,) = next(c for c in ax.containers if c.get_label() == "dormant")
    rgb = tuple(int(STATUS_COLOURS["dormant"][i : i + 2], 16) / 255 for i in (1, 3, 5))
    assert bar.get_facecolor()[:3] == rgb
    assert round(bar.get_x()) == 2002


def test_names_are_never_read_as_mathematics(revivals):
    ax = draw_revivals(revivals)
    ax.get_figure().canvas.draw()
    labels = {label.get_text(): label for label in ax.get_yticklabels()}
    assert "Omsk – $Milwaukee_" in labels
    assert not any(label.get_parse_math() for label in labels.values())
