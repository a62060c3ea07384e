"""The same record gives the same bytes, wherever and however it is read.

The processed tables are tried with several things changed at a time; whatever takes longer, with
all of them. `make determinism` changes one at a time, and docs/compatibility.md tells.
"""

from __future__ import annotations

import pytest
from tests.circumstances import (
    IN_ASCII,
    PRODUCTS,
    RECORD,
    Circumstances,
    all_at_once,
    comparable,
    contents,
    differing,
    make,
    make_languages,
    shuffle,
)

pytestmark = pytest.mark.slow

# Another test holds a plain rebuild to what is committed.
CHANGES = {
    "the east": Circumstances(zone="Pacific/Kiritimati", language="C", seed="1", order=1),
    "the west": Circumstances(
        zone="America/Los_Angeles",
        language="C",
        variables=IN_ASCII,
        seed="12345",
        threads=1,
        order=2,
        umask=0o077,
        user="другой",
        home="Дом/a b",
    ),
}
# A letter without its dot, and encodings that cannot hold every letter of the record.
ODD_LANGUAGES = ("tr_TR.UTF-8", "de_DE.ISO-8859-1", "ru_RU.KOI8-R")
# The report has a test of its own, which has it made.
OTHERS = [name for name in PRODUCTS if name not in ("processed", "report")]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("circumstances")


@pytest.fixture(scope="module")
def languages(scratch):
    try:
        return make_languages(scratch / "languages")
    except FileNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def committed(checkout):
    return contents(checkout / "data" / "processed" / "us-russia")


@pytest.fixture(scope="module")
def others(scratch):
    """Give what else is made of a record, in plain circumstances and with everything changed."""
    return [
        make(OTHERS, under, scratch, scratch / name)
        for name, under in (("plain", Circumstances()), ("other", all_at_once({})))
    ]


def processed(under, scratch, out):
    return make(["processed"], under, scratch, out)["processed"]


def test_shuffling_changes_every_table_and_loses_no_row(tmp_path):
    shuffle(RECORD, tmp_path / "shuffled", seed=1)
    one, other = contents(RECORD), contents(tmp_path / "shuffled")
    assert differing(one, other) == sorted(name for name in one if name.endswith(".csv"))
    assert comparable("tables", one) == comparable("tables", other)


@pytest.mark.parametrize("changed", CHANGES)
def test_the_processed_tables_show_nothing_of(changed, committed, scratch, tmp_path):
    assert differing(processed(CHANGES[changed], scratch, tmp_path), committed) == []


@pytest.mark.parametrize("language", ODD_LANGUAGES)
def test_the_processed_tables_show_no_language(language, languages, committed, scratch, tmp_path):
    under = Circumstances(language=language, variables=languages)
    assert differing(processed(under, scratch, tmp_path), committed) == []


@pytest.mark.parametrize("product", OTHERS)
def test_a_product_shows_nothing_when_everything_is_changed(product, others):
    plain, other = (comparable(product, made[product]) for made in others)
    assert plain
    assert differing(plain, other) == []
