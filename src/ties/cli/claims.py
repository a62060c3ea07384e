"""The command that puts claims to the test and prints a card for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ties.cli import output
from ties.cli.options import RECORD, Format, Question, TableFormat, asks, one_of

if TYPE_CHECKING:
    import pandas as pd

    from ties.claims.cards import Card
    from ties.claims.claim import Claim
    from ties.dataset import Dataset

VERDICT_STYLES = {
    "supported": "bold green",
    "very_likely": "green",
    "likely": "green",
    "open": "bold blue",
    "unlikely": "red",
    "very_unlikely": "red",
    "not_supported": "bold red",
}
N_TIES_SHOWN = 6


def _bundled_ids(ctx: typer.Context) -> list[str]:
    from ties.claims.read import bundled_claims

    return [claim.claim_id for claim in bundled_claims(ctx.params.get("data") or RECORD)]


@asks
def claims(
    question: Question,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Claims of your own, in TOML, in place of those that come with ties.",
            show_default=False,
        ),
    ] = None,
    claim: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID",
            autocompletion=_bundled_ids,
            help="Only the claim of this id. May be given again.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Of the draws behind intervals; the same gives the same.")
    ] = 1,
    cards_to: Annotated[
        Path | None,
        typer.Option(
            "--cards",
            metavar="FOLDER",
            help="Write each card as a picture too, SVG and PNG, to be lifted out.",
            show_default=False,
        ),
    ] = None,
    format: TableFormat = Format.table,
) -> None:
    """Put claims to the test: a verdict, the numbers, and what would change it.

    Each claim is tested from every side that it names (with hindsight, as could be known then,
    on the record's date); with --as-of or --known-by from that day alone.
    """
    from ties.claims.cards import claim_cards

    dataset = question.dataset.without_disputed()
    chosen = _chosen(dataset, file, claim, question)
    cards = claim_cards(dataset, chosen, rule=question.rule, seed=seed)
    if cards_to is not None:
        _save(cards, cards_to, question.dataset)
    if format is Format.json:
        document = [card.as_dict() for card in cards]
        output.print_json({"record": dataset.name, "seed": seed, "cards": document})
    elif format is Format.csv:
        output.print_csv(_numbers(cards))
    else:
        for card in cards:
            _tell(card)


def _numbers(cards: list[Card]) -> pd.DataFrame:
    """A row a number of a card, with the verdict that rests on it."""
    import pandas as pd

    return pd.DataFrame(
        [
            {"claim_id": card.claim.claim_id, "verdict": card.verdict, **number}
            for card in cards
            for number in card.numbers
        ]
    )


def _save(cards: list[Card], folder: Path, dataset: Dataset) -> None:
    from ties.figures.claim_card import save_claim_cards

    n = output.counted(len(dataset.sources), "source")
    of = dataset.title or dataset.name or "unnamed"
    files = save_claim_cards(cards, folder, f"{n} of the record “{of}”")
    output.note(f"{output.counted(len(files), 'picture')} in {folder}")


def _chosen(
    dataset: Dataset, file: Path | None, ids: list[str] | None, question: Question
) -> list[Claim]:
    """The claims to test, from the day that was asked for."""
    from dataclasses import replace

    from ties.claims.claim import Look
    from ties.claims.read import claims_for

    claims = claims_for(dataset, file)
    if not claims:
        raise typer.BadParameter(
            f"no claims come with ties about {dataset.name or 'this record'}; "
            "give your own with --file"
        )
    known = [claim.claim_id for claim in claims]
    wanted = [one_of(claim_id, known, "a claim") for claim_id in ids or known]
    kept = [claim for claim in claims if claim.claim_id in wanted]
    if question.as_of is None and question.known_by is None:
        return kept
    look = Look(question.as_of, question.known_by)
    return [replace(claim, looks=(look,)) for claim in kept]


def _tell(card: Card) -> None:
    """Print one card."""
    from ties.claims.ladder import RUNGS
    from ties.claims.words import (
        bounds_in_words,
        in_unit,
        rung_in_words,
        side_in_words,
        verdict_in_words,
    )

    said = card.claim
    output.say(f"“{said.wording}”", style="bold")
    source = f" [{said.source_id}]" if said.source_id else ""
    output.say(f"{said.who}, {said.said_on}. {said.where}{source}.", style="bright_black")
    output.say(f"Tested on {side_in_words(card)}. {said.population}")
    label = verdict_in_words(card).upper()
    output.say(output.coloured(label, VERDICT_STYLES, card.verdict))
    for number in card.numbers:
        output.say(f"  {number['label']}: {bounds_in_words(number)}; needs {number['needs']}.")
        output.say(f"    {number['note']}.")
        for rung in number["rungs"][1:]:
            label = RUNGS[rung.code].label
            output.say(f"    {label}: {rung_in_words(rung, number['unit'])}.")
            if rung.tipping_point:
                output.say(f"      {rung.tipping_point}")
        least, most = (in_unit(number[end], number["unit"]) for end in ("least", "most"))
        output.say(f"    Over the grid of choices: {least} to {most}.")
    answers = ", ".join(f"{answer} at {n}" for answer, n in card.answers().items() if n)
    output.say(f"  {output.counted(card.n_points, 'point')} of the grid: {answers}.")
    for change in card.changes:
        output.say(f"  {change}")
    for role, words in (("counted", "Counted"), ("open", "Not known")):
        _tell_ties(card, role, words)
    if said.note:
        output.say(f"  Read so: {said.note}", style="bright_black")
    output.say()


def _tell_ties(card: Card, role: str, words: str) -> None:
    ids = sorted(card.ties.loc[card.ties["role"] == role, "tie_id"].unique())
    if not ids:
        return
    shown = ", ".join(ids[:N_TIES_SHOWN])
    more = f" and {len(ids) - N_TIES_SHOWN:,} more (--format json gives all)"
    output.say(f"  {words}: {shown}{more if len(ids) > N_TIES_SHOWN else ''}.")
