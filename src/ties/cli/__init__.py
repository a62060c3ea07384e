"""The command line: arguments in, calls into the package, exit codes out.

Nothing is computed here. What a command needs is imported when it runs, so that ``--help`` and
completion answer at once. A user's mistake ends in one message on stderr and exit code 2;
`check` ends with 1 if it found problems, and a signal with 128 and its number: 130 for Ctrl-C.
A traceback is a fault of ours.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ties import __version__
from ties.cli.claims import claims
from ties.cli.decide import decide
from ties.cli.errors import Commands
from ties.cli.exports import export
from ties.cli.imports import fetch, import_
from ties.cli.merging import apart, compare, conflicts, merge
from ties.cli.products import explore, figure, lab, report
from ties.cli.questions import show, status
from ties.cli.record import build, check, records

app = typer.Typer(
    name="ties",
    cls=Commands,
    help="The sourced record of sister-city ties: how they formed, declined and revive.",
    epilog="Begin with: ties status, ties show 'Portland Maine', ties report.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command, example in (
    (status, "ties status --place Alaska --as-of 2018-11-28"),
    (show, "ties show 'Leningrad Los Angeles'"),
    (claims, "ties claims --claim most-in-the-1990s"),
    (records, "ties records --format json"),
    (check, "ties check my-record --format json"),
    (build, "ties build --as-of 2018 --out built-2018"),
    (figure, "ties figure stock -o stock.pdf"),
    (explore, "ties explore --data my-record -o my-record.html"),
    (export, "ties export xlsx -o our-cities.xlsx"),
    (report, "ties report --data my-record"),
    (import_, "ties import our-cities.xlsx --retrieved 2026-02-08"),
    (decide, "ties decide data/raw/our-cities/2026-02-08"),
    (fetch, "ties fetch DE FR --contact me@example.org"),
    (merge, "ties merge us-russia data/raw/a-list/2026-02-08 --out merged"),
    (apart, "ties apart merged bonn-opole > apart.csv"),
    (conflicts, "ties conflicts --about founding"),
    (compare, "ties compare data/raw/a-list/2024-01-01 data/raw/a-list/2026-02-08"),
    (lab, "ties lab -- --no-browser"),
):
    app.command(command.__name__.rstrip("_"), epilog=f"Example: {example}")(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ties {__version__}")
        raise typer.Exit


@app.callback()
def ties(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter shows a question mark, and no traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    app(prog_name="ties")
