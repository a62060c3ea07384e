"""A gallery: every figure with the code that made it; and the explorers, beside the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

import ties
from ties.explore import write_explorer
from ties.figures import NAMES, save

START: Final = """import ties
record = ties.load("us-russia").without_disputed()"""

# Each ends with axes `ax` or a whole `figure`.
FIGURES: Final[dict[str, str]] = {
    "stock": "stock = ties.stock(record)\nax = ties.figures.draw_stock(stock)",
    "alive": "by_year = ties.bounds.by_year(record)\nax = ties.figures.draw_alive(by_year)",
    "formation": (
        "per_year = ties.bounds.founded_per_year(record)\n"
        "share = ties.bounds.share_of_decade(record, 1990)\n"
        "ax = ties.figures.draw_formation(per_year, share=share)"
    ),
    "cohorts": 'figure = ties.figures.draw("cohorts", record)',
    "survival": (
        "from ties.stats import spells, survival\n"
        "ages = spells.durations(spells.lifetimes(record)).table\n"
        'decade = ages["tie_id"].map(ties.bounds.founding_decade(record))\n'
        'names = decade.astype("str").add("s").where(decade.notna())\n'
        "curves, risk = survival.by_group(ages, names, range(0, 100, 5), at_least=10)\n"
        'ax = ties.figures.draw_survival(curves, risk, time="Years since the founding")'
    ),
    "stops": 'figure = ties.figures.draw("stops", record)',
    "revivals": (
        "from ties.stats import revival\n"
        "returns = revival.revivals(ties.lifecycle(record), record)\n"
        "ax = ties.figures.draw_revivals(returns)"
    ),
    "map": 'figure = ties.figures.draw("map", record)',
    "lexis": 'figure = ties.figures.draw("lexis", record)',
    "occupation": 'figure = ties.figures.draw("occupation", record)',
    "incidence": 'figure = ties.figures.draw("incidence", record)',
    "coverage": (
        "from ties.stats import revival\n"
        "seen = revival.coverage(record)\n"
        "ax = ties.figures.draw_coverage(seen)"
    ),
    "lifelines": (
        "pages = ties.figures.lifeline_pages(record)  # a figure for each printed page\n"
        "figure = pages[0]"
    ),
}
BOTH: Final = """records = {name: ties.load(name) for name in ("us-russia", "germany-russia")}
figure = ties.figures.draw("stock", records)"""


def drawn(code: str) -> Figure:
    """Run the code of a figure, and return what it drew."""
    names: dict[str, Any] = {}
    exec(f"{START}\n{code}", names)
    return names["figure"] if "figure" in names else names["ax"].get_figure(root=True)


def write_gallery(folder: Path) -> None:
    """Write the page of the gallery and its pictures."""
    matplotlib.use("agg")
    folder.mkdir(exist_ok=True)
    parts = [
        "# Every figure, with its code",
        "`ties figure NAME -o FILE` makes each on the command line, `--data` of another record. "
        "Where the code ends with `ax`, "
        "it is matplotlib's: write on it, or give the axes yourself with `ax=`. Each begins so:",
        f"```python\n{START}\n```",
    ]
    for name, code in FIGURES.items():
        save(drawn(code), folder / f"{name}.svg")
        parts += [f"## {name.capitalize()}", NAMES[name], f"![{NAMES[name]}]({name}.svg)"]
        parts += [f"```python\n{code}\n```"]
        plt.close("all")
    save(drawn(BOTH), folder / "both.svg")
    parts += [
        "## Two records",
        "Formation, stock, cohorts and stops take a dict of records: a panel each, with one scale.",
        "![Ties by status in two records](both.svg)",
        f"```python\n{BOTH}\n```",
    ]
    (folder / "index.md").write_text("\n\n".join(parts) + "\n", "utf-8")


def write_explorers(app: Any, failed: Exception | None) -> None:
    """Put an explorer of each record beside the pages."""
    if failed is None and app.builder.format == "html":
        for name in ties.records().index:
            write_explorer(ties.load(name), Path(app.outdir) / f"explore-{name}.html")


def setup(app: Any) -> dict[str, Any]:
    """Draw before Sphinx looks for its sources, and explore when it is done."""
    app.connect("builder-inited", lambda app: write_gallery(Path(app.srcdir) / "gallery"))
    app.connect("build-finished", write_explorers)
    return {"version": "1", "parallel_read_safe": True}
