"""From a record to a folder with the report: `build_report`."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ties.dataset import Dataset
from ties.io.atomic import check_replaceable, whole_folder
from ties.lifecycle.rule import StatusRule
from ties.report.errors import ReportError, require_report_extra

if TYPE_CHECKING:
    from ties.claims.cards import Card
    from ties.report.looks import Looks
    from ties.report.record import OpenedRecord

# Called with what is being done, how many steps are done, and how many there are.
Progress = Callable[[str, int, int], None]

COMPARE_AS_OF: Final = "2018-11-28"
SEED: Final = 1  # of the draws behind the intervals of claims
BAR: Final = {
    "Explore": "explore.html",
    "PDF": "report.pdf",
    "Sources": "sources.html",
    "Tables and how to cite": "#sources-files-and-how-to-cite",
}


def build_report(
    source: Dataset | str | Path,
    out: str | Path,
    *,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    compare_as_of: str | dt.date | None = COMPARE_AS_OF,
    language: str | None = None,
    progress: Progress | None = None,
) -> Path:
    """Make the report of a record: a page, a PDF, figures, tables and a manifest.

    The folder is written whole or not at all, and the same record, rule and days give the
    same bytes.

    Parameters
    ----------
    source
        A record: the name of one that comes with the package, a path as for `ties.read`, or
        a `Dataset`.
    out
        Folder to write. One that holds an earlier report is replaced; one that holds
        anything else is refused.
    rule, as_of, known_by
        As for `ties.lifecycle`.
    compare_as_of
        An earlier day from which each question is asked as well, once with what is known now
        and once with what was published by then; nothing to leave that out.
    language
        Names of places in a language, as `Dataset.in_language` gives them. Everything else is in
        English: a report in another would take translations of the sentences (`ties.report`,
        `ties.claims.words`), of the titles and notes of figures and of the labels of codes.
    progress
        Called before each step with what is being done, the steps done and their number.

    Returns
    -------
    Path
        The folder: ``index.html``, ``sources.html``, ``explore.html``, ``report.pdf``, ``figures/``,
        ``tables/``, ``notebooks/``, ``manifest.json``.

    Raises
    ------
    MissingExtraError
        If the libraries of the extra ``report`` are not installed.
    ReportError
        If the folder cannot be written. Nothing is left behind.
    InvalidTableError, UnreadableError
        If the record has errors or cannot be read.
    ValueError
        If a day is not a date with an end.

    Examples
    --------
    >>> build_report("us-russia", "reports/us-russia")  # doctest: +SKIP
    PosixPath('reports/us-russia')
    """
    require_report_extra()
    from ties.report.looks import Looks
    from ties.report.output import not_of_a_report
    from ties.report.record import OpenedRecord

    target = Path(out)
    check_replaceable(target, not_of_a_report)
    steps = _Steps(progress)
    with tempfile.TemporaryDirectory(prefix="ties-report-") as scratch:
        steps.begin("reading the record")
        record = OpenedRecord.open(source, Path(scratch))
        inputs = record.hashes()
        if language is not None:
            named = record.dataset.in_language(language, as_of)
            record = replace(record, dataset=named)
        looks = Looks.of(record.dataset, rule or StatusRule(), as_of, known_by, compare_as_of)
        steps.begin("testing the claims")
        cards = tested_claims(looks, is_asked=as_of is not None or known_by is not None)
        with whole_folder(target, not_of_a_report) as folder:
            _write(folder, record, inputs, looks, cards, Path(scratch), steps)
            if record.hashes() != inputs:
                raise ReportError("the record changed while its report was made; run it again")
    steps.begin("done")
    return target


def tested_claims(looks: Looks, *, is_asked: bool) -> list[Card]:
    """The claims about a record, tested on their own days, or on those of the looks if asked for."""
    from ties.claims.cards import claim_cards
    from ties.claims.read import claims_for

    views = [{"as_of": look.as_of, "known_by": look.known_by} for look in looks.all]
    claims = claims_for(looks.dataset)
    if is_asked:
        claims = [claim.seen_from(views) for claim in claims]
    return claim_cards(looks.dataset, claims, rule=looks.rule, seed=SEED)


def bundled_notebooks() -> list[Path]:
    """The notebooks that come with the package, in a wheel or in a checkout.

    Those that teach and ask nothing of a record say so in their metadata, and are left out.

    Raises
    ------
    ReportError
        If there are none.
    """
    package = Path(__file__).resolve().parents[1]
    folders = (package / "notebooks", package.parents[1] / "notebooks")
    found = next((paths for folder in folders if (paths := sorted(folder.glob("*.ipynb")))), [])
    asking = [path for path in found if _is_in_report(path)]
    if not asking:
        raise ReportError("the notebooks of the package are missing; install it again")
    return asking


def _is_in_report(path: Path) -> bool:
    metadata = json.loads(path.read_text("utf-8")).get("metadata", {})
    return bool(metadata.get("ties", {}).get("in_report", True))


class _Steps:
    """Counts what is done, for whoever wants to know."""

    N: Final = 6

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.n_done = -1

    def begin(self, what: str) -> None:
        self.n_done += 1
        if self.progress is not None:
            self.progress(what, self.n_done, self.N)


def _write(
    folder: Path,
    record: OpenedRecord,
    inputs: dict[str, str],
    looks: Looks,
    cards: list[Card],
    scratch: Path,
    steps: _Steps,
) -> None:
    """Fill the folder of a report."""
    from ties.explore import write_explorer
    from ties.figures.ladder import draw_ladder
    from ties.figures.style import save
    from ties.report import bundle
    from ties.report.appendix import appendices, sources_page
    from ties.report.convert import pandoc_version, write_html, write_pdf
    from ties.report.pages import ladder_cards, ladder_stem, main_part, title_of

    dataset, title, now = record.dataset, title_of(record.dataset), looks.now
    figures = folder / "figures"
    steps.begin("drawing figures and writing tables")
    for look in looks.all:
        bundle.write_tables(look.tables(), folder / "tables", look.suffix)
    pictures = bundle.write_figures(now, figures)
    for card in ladder_cards(cards):
        save(draw_ladder(card), figures / f"{ladder_stem(card)}.svg")
    steps.begin("writing index.html and explore.html")
    document = main_part(looks, cards, pictures) + "\n" + appendices(looks, cards, pictures)
    write_html(document, title, figures, folder / "index.html", bar=BAR)
    write_html(sources_page(dataset), f"Sources: {title}", figures, folder / "sources.html")
    write_explorer(dataset, folder / "explore.html", looks.rule, now.as_of, now.known_by)
    copy_notebooks(folder / "notebooks", dataset.name)
    steps.begin("setting report.pdf")
    assets = scratch / "assets"
    shutil.copytree(figures, assets, ignore=shutil.ignore_patterns("*.png"))
    write_pdf(document, title, assets, folder / "report.pdf")
    steps.begin("writing the manifest")
    bundle.write_manifest(
        folder,
        {
            "record": _about(dataset),
            "as_of": now.as_of,
            "known_by": now.known_by,
            "compare_as_of": looks.compare_as_of,
            "rule": looks.rule.as_record(),
            "versions": bundle.versions() | {"pandoc": pandoc_version()},
            "inputs": inputs,
        },
    )


def copy_notebooks(folder: Path, record: str) -> None:
    """Copy the notebooks of the questions, asking a record by its name."""
    folder.mkdir()
    for path in bundled_notebooks():
        text = with_record(path.read_text(encoding="utf-8"), record)
        (folder / path.name).write_text(text, encoding="utf-8", newline="\n")


def with_record(notebook: str, record: str) -> str:
    """The text of a notebook that asks another record.

    Parameters
    ----------
    notebook
        The notebook as JSON, with one cell tagged ``parameters`` that sets ``record``.
    record
        Name or path of a record.
    """
    content: dict[str, Any] = json.loads(notebook)
    for cell in content["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            lines = "".join(cell["source"]).splitlines(keepends=True)
            cell["source"] = [
                f"record = {record!r}\n" if line.startswith("record =") else line for line in lines
            ]
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _about(dataset: Dataset) -> dict[str, object]:
    return {
        "name": dataset.name,
        "title": dataset.title,
        "as_of": str(dataset.as_of.date()),
        "countries": list(dataset.countries),
    }
