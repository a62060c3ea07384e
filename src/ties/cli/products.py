"""Commands that make something: a figure, a page to explore, the report, notebooks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from ties.cli import output
from ties.cli.options import RECORD, Data, Question, asks, one_of
from ties.figures import NAMES

FIGURE_FORMATS = ("svg", "png", "pdf")


def _figure(name: str) -> str:
    return one_of(name, NAMES, "a figure")


def _figure_file(path: Path | None) -> Path | None:
    """Refuse a file of another format before anything is drawn."""
    if path is not None and path.suffix.lower().lstrip(".") not in FIGURE_FORMATS:
        raise typer.BadParameter(f"{str(path)!r} does not end in .svg, .png or .pdf")
    return path


@asks
def figure(
    question: Question,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            callback=_figure,
            autocompletion=lambda: list(NAMES),
            help=f"One of {', '.join(NAMES)}.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            callback=_figure_file,
            help="File to write: .svg, .png or .pdf.  [default: NAME.svg]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Draw one figure as SVG, PNG or PDF."""
    from ties.figures import draw, save

    target = out or Path(f"{name}.svg")
    drawn = draw(name, question.dataset, question.rule, question.as_of, question.known_by)
    output.say(save(drawn, target))


def _page_file(path: Path | None) -> Path | None:
    """Refuse a file that no browser would take for a page."""
    if path is not None and path.suffix.lower() not in (".html", ".htm"):
        raise typer.BadParameter(f"{str(path)!r} does not end in .html")
    return path


@asks
def explore(
    question: Question,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            callback=_page_file,
            help="File to write.  [default: explore.html]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a page to explore a record: a map, a slider through the years, each tie's life.

    One HTML file that needs no network; the days and the rule can be changed in it.
    """
    from ties.explore import write_explorer

    target = out or Path("explore.html")
    output.say(
        write_explorer(question.dataset, target, question.rule, question.as_of, question.known_by)
    )


@asks
def report(
    question: Question,
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FOLDER",
            help="Folder to write; without --data it gets a folder for each record.  "
            "[default: reports/NAME]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write the report: HTML and PDF, figures, tables and a manifest.

    Without --data it is written for each record that comes with ties, with a page that compares
    them. Needs the extra `report`: pip install "twin-ties[report]"
    """
    from ties.inputs import is_table
    from ties.report import build_report, build_reports

    choices: dict[str, Any] = {
        "rule": question.rule,
        "as_of": question.as_of,
        "known_by": question.known_by,
    }
    given = context.get_parameter_source("data")
    is_given = given is not None and given.name != "DEFAULT"
    with _progress() as progress:
        if is_given or question.between is not None:
            # A record is read again from its files, so that the manifest can name them.
            is_whole = question.between is None and not is_table(question.data)
            source = question.data if is_whole else question.dataset
            target = out or question.default_out("reports")
            language = question.language if is_whole else None
            made = [build_report(source, target, language=language, progress=progress, **choices)]
        else:
            from ties import records

            names = [*records().index]
            choices["language"] = question.language
            made = build_reports(names, out or Path("reports"), progress=progress, **choices)
    for folder in made:
        for name in ("index.html", "explore.html", "report.pdf"):
            if (folder / name).exists():
                output.say(folder / name)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A way to tell of progress on stderr: a bar on a terminal, else a line a step."""
    console = output.console(is_error=True)
    if not console.is_terminal:
        yield lambda what, n_done, n_steps: typer.echo(f"[{n_done}/{n_steps}] {what}", err=True)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("beginning")
        yield lambda what, n_done, n_steps: bar.update(
            task, description=what, completed=n_done, total=n_steps
        )


def lab(
    options: Annotated[
        list[str] | None,
        typer.Argument(metavar="[-- OPTIONS]", help="Handed on to JupyterLab.", show_default=False),
    ] = None,
    data: Data = RECORD,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where your notebooks are.  [default: the checkout's, else ties-notebooks]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Open the notebooks in JupyterLab; yours are never overwritten.

    Needs the extra `lab`: pip install "twin-ties[lab]"
    """
    from ties.cli.notebooks import open_lab, prepare

    sys.exit(open_lab(prepare(data, folder), options or []))
