"""From a record to a folder with the report: `build_report`."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from ties.dataset import Dataset
from ties.io.atomic import check_replaceable, whole_folder
from ties.lifecycle.rule import StatusRule
from ties.report.errors import ReportError, require_report_extra

if TYPE_CHECKING:
    from ties.report.looks import Looks
    from ties.report.record import Record

# Called with what is being done, how many steps are done, and how many there are.
Progress = Callable[[str, int, int], None]

COMPARE_AS_OF = "2018-11-28"


def build_report(
    source: Dataset | str | Path,
    out: str | Path,
    *,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    compare_as_of: str | dt.date | None = COMPARE_AS_OF,
    notebooks: Sequence[str | Path] | None = None,
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
    notebooks
        Notebooks to run instead of those that come with the package, in this order.
    progress
        Called before each step with what is being done, the steps done and their number.

    Returns
    -------
    Path
        The folder: ``index.html``, ``explore.html``, ``report.pdf``, ``figures/``, ``tables/``,
        ``manifest.json``.

    Raises
    ------
    MissingExtraError
        If the libraries of the extra ``report`` are not installed.
    ReportError
        If a notebook fails, or the folder cannot be written. Nothing is left behind.
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
    from ties.report.record import Record

    target = Path(out)
    check_replaceable(target, not_of_a_report)
    paths = [Path(p).resolve() for p in notebooks] if notebooks else bundled_notebooks()
    steps = _Steps(progress, n_notebooks=len(paths))
    with tempfile.TemporaryDirectory(prefix="ties-report-") as scratch:
        steps.begin("reading the record")
        record = Record.open(source, Path(scratch))
        inputs = record.hashes()
        looks = Looks.of(record.dataset, rule or StatusRule(), as_of, known_by, compare_as_of)
        with whole_folder(target, not_of_a_report) as folder:
            _write(folder, record, inputs, looks, paths, Path(scratch), steps)
            if record.hashes() != inputs:
                raise ReportError("the record changed while its report was made; run it again")
    steps.begin("done")
    return target


def bundled_notebooks() -> list[Path]:
    """Give the notebooks that come with the package, in a wheel or in a checkout.

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


def notebook_parameters(record: str, looks: Looks) -> dict[str, object]:
    """Give what the notebooks are asked, as plain values."""
    rule, standard = looks.rule, StatusRule()
    choices = {
        field.name: rule.as_record()[field.name]
        for field in fields(rule)
        if field.name != "dormant_after"
        and getattr(rule, field.name) != getattr(standard, field.name)
    }
    return {
        "record": record,
        "as_of": looks.now.as_of,
        "known_by": looks.now.known_by,
        "compare_as_of": looks.compare_as_of,
        "dormant_after": rule.dormant_after,
        "choices": choices,
    }


class _Steps:
    """Counts what is done, for whoever wants to know."""

    # Reading, running and drawing, HTML, explorer, PDF, manifest; each notebook comes on top.
    FIXED = 6

    def __init__(self, progress: Progress | None, n_notebooks: int) -> None:
        self.progress = progress
        self.n_done = -1
        self.n_steps = self.FIXED + n_notebooks

    def begin(self, what: str) -> None:
        self.n_done += 1
        if self.progress is not None:
            self.progress(what, min(self.n_done, self.n_steps), self.n_steps)


def _write(
    folder: Path,
    record: Record,
    inputs: dict[str, str],
    looks: Looks,
    paths: Sequence[Path],
    scratch: Path,
    steps: _Steps,
) -> None:
    """Fill the folder of a report."""
    from ties.explore import write_explorer
    from ties.report import bundle
    from ties.report.convert import pandoc_version, write_html, write_pdf
    from ties.report.document import front_parts, join_pages, notebook_page
    from ties.report.execute import run_notebooks
    from ties.report.method import method_page
    from ties.report.output import sha256
    from ties.report.pages import summary_page, title_of

    assets = scratch / "assets"
    assets.mkdir()

    def write_others() -> None:
        for look in looks.all:
            bundle.write_tables(look.tables(), folder / "tables", look.suffix)
            bundle.write_figures(look, folder / "figures")

    steps.begin("running the notebooks, drawing figures and writing tables")
    executed = run_notebooks(
        paths,
        notebook_parameters(str(record.path), looks),
        progress=lambda name: steps.begin(f"ran {name}"),
        meanwhile=write_others,
    )
    pages = [
        summary_page(looks, [part for done in executed for part in front_parts(done)]),
        *(
            notebook_page(done, path.stem, assets)
            for done, path in zip(executed, paths, strict=True)
        ),
        method_page(looks),
    ]
    document, title = join_pages(pages), title_of(record.dataset)
    steps.begin("writing index.html")
    write_html(document, title, assets, folder / "index.html")
    steps.begin("writing explore.html")
    now = looks.now
    write_explorer(record.dataset, folder / "explore.html", looks.rule, now.as_of, now.known_by)
    steps.begin("setting report.pdf")
    write_pdf(document, title, assets, folder / "report.pdf")
    steps.begin("writing the manifest")
    bundle.write_manifest(
        folder,
        {
            "record": _about(record.dataset),
            "as_of": looks.now.as_of,
            "known_by": looks.now.known_by,
            "compare_as_of": looks.compare_as_of,
            "rule": looks.rule.as_record(),
            "versions": bundle.versions() | {"pandoc": pandoc_version()},
            "inputs": inputs,
            "notebooks": {path.name: sha256(path) for path in paths},
        },
    )


def _about(dataset: Dataset) -> dict[str, object]:
    return {
        "name": dataset.name,
        "title": dataset.title,
        "as_of": str(dataset.as_of.date()),
        "countries": list(dataset.countries),
    }
