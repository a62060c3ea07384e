"""What lies beside the report: figures, the tables behind them, and the manifest."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import pandas as pd

from ties import __version__
from ties.figures import NAMES, draw, lifeline_pages, save
from ties.io.atomic import files_in
from ties.io.escape import escape_formulas, escape_markdown
from ties.report.looks import ReportLook
from ties.report.output import MANIFEST, sha256

FIGURE_FORMATS: Final = ("svg", "png")
# The libraries that a number or a byte of the report can depend on.
_LIBRARIES: Final = (
    "pandas",
    "numpy",
    "scipy",
    "pandera",
    "pyarrow",
    "edtf",
    "matplotlib",
    "pypandoc_binary",
    "typst",
)


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path, suffix: str = "") -> None:
    """Write tables as CSV that a spreadsheet can open without running anything."""
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        escape_formulas(table).to_csv(
            folder / f"{name}{suffix}.csv",
            index=False,
            lineterminator="\n",
            encoding="utf-8",
            float_format="%.6g",
            date_format="%Y-%m-%d",
        )


@dataclass(frozen=True)
class Picture:
    """A figure of a report: its files, what it shows, and the table behind it."""

    stems: tuple[str, ...]
    shows: str
    table: str

    def block(self) -> str:
        """The figure in Markdown, with links to its table and its SVG."""
        shown = escape_markdown(self.shows)
        pictures = [f"![{shown}]({stem}.svg)" for stem in self.stems]
        links = [f"[Table](tables/{self.table}.csv)"]
        links += [f"[SVG](figures/{stem}.svg)" for stem in self.stems]
        return "\n\n".join([*pictures, f"::: {{.links}}\n{' · '.join(links)}\n:::"])


def write_figures(look: ReportLook, folder: Path) -> dict[str, Picture]:
    """Write every figure of the catalogue as SVG and PNG, and return them by name."""
    folder.mkdir(exist_ok=True)
    given = (look.dataset, look.rule, look.as_of, look.known_by)
    pictures = {}
    for name, description in NAMES.items():
        pages = lifeline_pages(*given) if name == "lifelines" else [draw(name, *given)]
        stems = [name] if len(pages) == 1 else [f"{name}-{i}" for i in range(1, len(pages) + 1)]
        for figure, stem in zip(pages, stems, strict=True):
            for kind in FIGURE_FORMATS:
                save(figure, folder / f"{stem}.{kind}")
        title = " ".join(pages[0].axes[0].get_title(loc="left").split()).rstrip(".")
        shows = f"{title}. {description} {look.label}."
        pictures[name] = Picture(tuple(stems), shows, _TABLE_OF.get(name, "lifelines"))
    return pictures


# The table that a figure is drawn from; those of ages are drawn from the episodes.
_TABLE_OF: Final = {
    "formation": "formation-per-year",
    "stock": "stock",
    "alive": "by-year",
    "cohorts": "cohorts",
    "map": "map",
    "revivals": "revivals",
    "coverage": "coverage",
}


def write_manifest(folder: Path, facts: Mapping[str, object]) -> None:
    """Write what the report was made from, and the hash of every other file in it.

    It holds no time, no name of a machine and no path: two runs give the same bytes.
    """
    outputs = {name: sha256(folder / name) for name in files_in(folder) if name != MANIFEST}
    text = json.dumps({**facts, "outputs": outputs}, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def versions() -> dict[str, str]:
    """The versions of Python and of the libraries behind the report.

    Examples
    --------
    >>> "pandas" in versions()
    True
    """
    return {"python": platform.python_version(), "ties": __version__} | {
        name: found for name in _LIBRARIES if (found := _version(name))
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
