"""The command that hands a record to other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ties.cli import output
from ties.cli.options import Question, asks, one_of
from ties.export.catalogue import FORMATS


def _form(name: str) -> str:
    return one_of(name, FORMATS, "a format")


@asks
def export(
    question: Question,
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            callback=_form,
            autocompletion=lambda: list(FORMATS),
            help="; ".join(f"{name}: {form.what}" for name, form in FORMATS.items()) + ".",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="PATH",
            help="File or folder to write.  [default: under exports/, named like the record]",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a record in a format of other programs.

    frictionless, csvw, parquet and xlsx hold the tables as they are, and ties reads them back. The
    others hold what follows from them: how each tie stands on a day. Written whole or not at all.

    xlsx, a list as .xlsx, geojson and graphml need the extra `export`:
    pip install "twin-ties[export]"
    """
    from ties.export.catalogue import export as write
    from ties.lifecycle.rule import StatusRule

    rule = None if question.rule == StatusRule() else question.rule
    target = out or _default(form, question)
    written = question.language is None
    output.say(
        write(
            question.dataset,
            form,
            target,
            rule,
            question.as_of,
            question.known_by,
            written=written,
        )
    )


def _default(form: str, question: Question) -> Path:
    folder = question.default_out("exports")
    ending = FORMATS[form].suffix or f"-{form}"
    return folder.with_name(folder.name + ending)
