"""`ties claims`: cards as people read them, and mistakes told in one message."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from ties.cli.claims import claims
from ties.cli.errors import Commands

OWN = """
[[claim]]
id = "many"
who = "Somebody"
said_on = "2018-11-28"
where = "A talk"
wording = "Most were made in the 1990s."
population = "All ties ever made."
looks = [{ as_of = "2018-11-28" }]

[[claim.condition]]
estimand = "share_of_decade"
more_than = 0.5
"""

# The command alone, in the same kind of group as the whole command line.
app = typer.Typer(cls=Commands)
app.command()(claims)


@app.callback()
def _group() -> None:
    """Keep the command's name."""


def run(*arguments):
    return CliRunner().invoke(app, ["claims", *map(str, arguments)])


def text_of(done):
    """Give what was said, without the lines of boxes."""
    return " ".join(done.output.replace("│", " ").split())


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "my-claims.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_card_says_verdict_numbers_and_what_would_change_it(own):
    done = run("--file", own)
    assert done.exit_code == 0
    for text in ("Most were made in the 1990s.", "VERY LIKELY", "39% to 77%", "more than 50%"):
        assert text in done.stdout
    assert "It is true once at least" in done.stdout and "Not known: " in done.stdout


def test_json_holds_the_whole_card(own):
    document = json.loads(run("--file", own, "--format", "json").stdout)
    card = document["cards"][0]
    assert document["record"] == "us-russia" and card["verdict"] == "very_likely"
    assert len(card["ties"]["counted"]) == 62


def test_one_claim_is_chosen_by_id_and_looked_at_from_one_day(own):
    document = json.loads(
        run("--file", own, "--claim", "many", "--as-of", "2001", "--format", "json").stdout
    )
    assert [card["as_of"] for card in document["cards"]] == ["2001-12-31"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--claim", "several"], "did you mean 'several-dozen'?"),
        (["--data", "elsewhere"], "elsewhere"),
        (["--file", "nothing.toml"], "no such file"),
        (["--as-of", "soon"], "is not an EDTF date"),
    ],
)
def test_a_mistake_ends_in_one_message(arguments, says):
    done = run(*arguments)
    assert done.exit_code == 2 and "Traceback" not in done.output
    assert says in text_of(done)


def test_another_record_needs_claims_of_its_own(record_folder, own):
    """A record that is not the bundled one has no claims, unless a file gives some."""
    done = run("--data", record_folder)
    assert done.exit_code == 2 and "give your own with --file" in text_of(done)
    done = run("--data", record_folder, "--file", own, "--as-of", "2022-06-01", "--format", "json")
    assert done.exit_code == 0 and json.loads(done.stdout)["cards"][0]["numbers"]


def test_a_file_with_problems_names_them_all(own):
    own.write_text(OWN.replace('who = "Somebody"', "").replace("0.5", '"half"'), encoding="utf-8")
    done = run("--file", own)
    assert done.exit_code == 2
    assert "who: is missing" in done.output and "more_than: 'half' is not a number" in done.output


def test_cards_are_written_as_pictures(own, tmp_path):
    done = run("--file", own, "--cards", tmp_path / "cards")
    assert done.exit_code == 0
    names = sorted(path.name for path in (tmp_path / "cards").iterdir())
    assert names == ["many-2018-11-28.png", "many-2018-11-28.svg"]
