"""Commands that bring in what others wrote: a file, or what Wikidata says today."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ties.cli import output
from ties.cli.decide import DECISIONS
from ties.cli.merging import Decisions
from ties.cli.options import RECORD, Mapping, Retrieved, UseGazetteer, one_of

if TYPE_CHECKING:
    import pandas as pd

    from ties.merge.import_source import ImportResult, Origin

_HOME = Path("data/raw")

Out = Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where imports are kept.")]
Known = Annotated[str, typer.Option(metavar="RECORD", help="Record whose places come first.")]


def import_(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="[KIND] FILE",
            help="The file, as received; before it, what it is, if it is not recognised. "
            "`ties import list` names the kinds.",
        ),
    ],
    retrieved: Retrieved = None,
    out: Out = _HOME,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the source.  [default: the file's]")
    ] = None,
    producer: Annotated[str, typer.Option(metavar="WHO", help="Who made it.")] = "",
    url: Annotated[str, typer.Option(metavar="ADDRESS", help="Where it is from.")] = "",
    licence: Annotated[str, typer.Option(metavar="LICENCE", help="How it may be used.")] = "",
    mapping: Mapping = None,
    country: Annotated[
        str | None, typer.Option(metavar="COUNTRY", help="Country that a list is about.")
    ] = None,
    place: Annotated[
        str | None, typer.Option(metavar="NAME", help="Place whose ties a page is about.")
    ] = None,
    title: Annotated[
        str | None, typer.Option(metavar="TITLE", help="Title of a page, if the file has none.")
    ] = None,
    decisions: Decisions = None,
    known: Known = RECORD,
    gazetteer: UseGazetteer = True,
) -> None:
    """Turn a table, an extract or a list into a checked record, with nothing lost.

    Writes FOLDER/NAME/DATE: the input as received, its origin, what became of every entry, names
    to be decided, and the record.
    """
    from ties.importers.kinds import KINDS, reader_options
    from ties.inputs import day_of, find_gazetteer, read
    from ties.merge.import_source import Origin, import_source

    if what == ["list"] and not Path("list").is_file():
        for each in KINDS:
            output.say(each)
        return
    kind, source = _kind_and_file(what)
    given = {"map": mapping, "country": country, "place": place, "title": title}
    options = reader_options(kind, given)
    about = (producer, url, licence, {"kind": kind, **options})
    with output.warnings_as_notes():
        origin = Origin(name or source.stem, day_of(source, retrieved), *about)
        made = import_source(
            kind,
            source,
            out,
            origin,
            known=read(known),
            gazetteer=find_gazetteer(gazetteer),
            decisions=_decided(decisions, out, origin),
            options=options | ({"gazetteer": gazetteer} if kind == "table" else {}),
        )
    _tell(made)


def fetch(
    countries: Annotated[
        list[str],
        typer.Argument(
            metavar="COUNTRY",
            help="ISO 3166-1 codes: every two are a pair; one given twice means its ties at home.",
        ),
    ],
    contact: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Your e-mail address or page; the service asks for it."
        ),
    ],
    out: Out = _HOME,
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Name of the source.  [default: wikidata and the countries]"
        ),
    ] = None,
    decisions: Decisions = None,
    known: Known = RECORD,
    gazetteer: UseGazetteer = True,
) -> None:
    """Import the ties between countries from Wikidata's live query service.

    It asks politely and page by page, keeps what it received, and goes on there when it was
    interrupted. Writes FOLDER/NAME/DATE as ties import does.
    """
    from rich.progress import Progress

    from ties.inputs import find_gazetteer, read
    from ties.merge.import_source import Origin, import_live

    codes = [code.upper() for code in countries]
    named = name or "-".join(["wikidata", *codes])
    with Progress(console=output.console(is_error=True), transient=True) as bar:
        task = bar.add_task("asking", total=1.0)
        made = import_live(
            codes,
            out,
            named,
            contact=contact,
            known=read(known),
            gazetteer=find_gazetteer(gazetteer),
            decisions=_decided(decisions, out, Origin(named, "")),
            progress=lambda done: bar.update(
                task, completed=done.share, description=f"{done.chunk}, {done.n_statements:,} ties"
            ),
        )
    _tell(made)


def _kind_and_file(words: list[str]) -> tuple[str, Path]:
    """Take words apart; a single one is the file, and its content tells the kind."""
    from ties.importers.kinds import KINDS, detect

    if len(words) > 2:
        raise typer.BadParameter(f"one file at a time: {words[2]!r} is too much")
    source = Path(words[-1])
    if len(words) > 1:
        return one_of(words[0], KINDS, "a kind of import"), source
    if words[0] in KINDS and not source.is_file():
        raise typer.BadParameter("name the file to import")
    found = detect(source)
    output.note(f"{source.name} is read as: {found}. If it is not, put the kind before it")
    return found, source


def _decided(given: Path | None, out: Path, origin: Origin) -> pd.DataFrame | None:
    """Return the decisions of a file: the one given, else the one that `ties decide` keeps."""
    from ties.places.decisions import read_decisions

    kept = out / origin.code / DECISIONS
    if given is None and kept.is_file():
        output.note(f"names are taken as {kept} decides; --decisions takes another file")
    path = given or (kept if kept.is_file() else None)
    return read_decisions(path) if path else None


def _tell(made: ImportResult) -> None:
    from ties.inputs import account

    for label, number in made.counts.items():
        output.say(f"{number:>9,}  {label.replace('_', ' ')}")
    output.say(account(made.dataset))
    output.note_errors(made.dataset.problems, "problems.csv has them all")
    output.say(made.folder)
    if made.counts["ambiguous"] + made.counts["found_nowhere"] + made.counts["unresolved"]:
        output.say(f"which places are meant: ties decide {made.folder}")
