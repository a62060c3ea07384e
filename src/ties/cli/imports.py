"""The command that brings in what others wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ties.cli import output
from ties.cli.merging import find_gazetteer
from ties.cli.options import one_of

_HOME = Path("data/raw")


def import_(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="What the file is; `ties import list` names all.")
    ],
    source: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The file, as received.")
    ] = None,
    retrieved: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Day on which the source said what it says: 2026-02-08. Needed, since a list "
            "witnesses its own day and no other.",
        ),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where imports are kept.")
    ] = _HOME,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the source.  [default: the file's]")
    ] = None,
    producer: Annotated[str, typer.Option(metavar="WHO", help="Who made it.")] = "",
    url: Annotated[str, typer.Option(metavar="ADDRESS", help="Where it is from.")] = "",
    licence: Annotated[str, typer.Option(metavar="LICENCE", help="How it may be used.")] = "",
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="What the columns of a table mean, in TOML."),
    ] = None,
    country: Annotated[
        str | None, typer.Option(metavar="COUNTRY", help="Country that a list is about.")
    ] = None,
    names: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Names that belong to pairs of ids.")
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What was decided about names with several meanings."),
    ] = None,
    known: Annotated[
        str, typer.Option(metavar="RECORD", help="Record whose places come first.")
    ] = "us-russia",
    gazetteer: Annotated[
        bool, typer.Option(help="Look names up in GeoNames; needs the extra `gazetteer`.")
    ] = True,
) -> None:
    """Turn a table, an extract or a list into a checked record, with nothing lost.

    Writes FOLDER/NAME/DATE: the input as received, its origin, what became of every entry, names
    to be decided, and the record.
    """
    from ties.importing import KINDS, Origin, import_source
    from ties.places.decisions import read_decisions
    from ties.report.record import open_record

    if kind == "list":
        for each in KINDS:
            output.say(each)
        return
    kind = one_of(kind, KINDS, "a kind of import")
    if source is None:
        raise typer.BadParameter("name the file to import")
    if retrieved is None:
        raise typer.BadParameter(
            "say when the source was retrieved: --retrieved 2026-02-08; a list is a witness of "
            "that day"
        )
    options: dict[str, Any] = {"mapping": mapping, "names": names, "country": country}
    given = {key: value for key, value in options.items() if value is not None}
    made = import_source(
        kind,
        source,
        out,
        Origin(name or source.stem, retrieved, producer, url, licence, given),
        known=open_record(known),
        gazetteer=find_gazetteer(gazetteer),
        decisions=read_decisions(decisions) if decisions else None,
        options=given,
    )
    for label, number in made.counts.items():
        output.say(f"{number:>9,}  {label.replace('_', ' ')}")
    output.say(made.folder)
