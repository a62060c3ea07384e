"""Random pages: no traceback, no hang, and every entry a statement or rejected with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ties.dates import is_edtf
from ties.errors import UnreadableError
from ties.importers.statements import Reading
from ties.importers.wikipedia.html import read_html
from ties.importers.wikipedia.wikitext import read_wikitext

LIST = "List of twin towns and sister cities in Germany"
SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WIKI = st.sampled_from(
    [
        "'''[[Bonn]]'''",
        "'''",
        "''",
        "*",
        "**",
        ":",
        ";",
        "==",
        "===",
        "[[",
        "]]",
        "{{",
        "}}",
        "{{{",
        "{|",
        "|}",
        "|-",
        "|",
        "!",
        "||",
        "[[Lyon]]",
        "[[Nice|N]]",
        "<ref>",
        "</ref>",
        "<ref/>",
        "<!--",
        "-->",
        "<nowiki>",
        "</nowiki>",
        "<br>",
        "<s>",
        "</s>",
        "{{flagicon|FRA}}",
        ",",
        "and",
        "{{flag|France}}",
        "(since",
        "(1991)",
        "(1987–2022)",
        "suspended",
        "France",
        "(district)",
        "{{div col}}",
        "{{efn|x}}",
        "&nbsp;",
        "&#x110000;",
        "#REDIRECT",
        "{{columns-list|\n* [[",
        "[http://x",
        "Former",
        "Douzelage",
        "–",
        "1991",
        "terminated",
        "with",
        "[[1991]]",
        "<li>",
        "---",
        "\U000f0000",
        "\ue000",
        "(",
        ")",
        "/",
        "Friendship",
        "twinning",
        "Bonn has no",
        "\n* [[Lyon]], France (since 1991)",
        "\n'''[[Ulm]]'''\n* [[Nice]] and [[Riga]]",
    ]
)
HTML = st.sampled_from(
    [
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
        "<b>",
        "</b>",
        "<i>",
        "<p>",
        "</p>",
        "<h2>A</h2>",
        "<h3>",
        "</h3>",
        "<table>",
        "<tr>",
        "<th>City</th>",
        "<td>",
        "<td rowspan=2>",
        "</table>",
        "<br>",
        "<a href='/wiki/Lyon'>Lyon</a>",
        "<a href='//['>",
        "<a href='/w/index.php?title=%E0'>x</a>",
        "<sup class=reference><a href='#cite_note-1'>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<s>",
        "</s>",
        "&amp;",
        "&#0;",
        "&x;",
        ",",
        "France",
        "(1991)",
        ";",
        "<dl><dt>",
        "<dd>",
        "<div>",
        "</div>",
        "<img src='Flag_of_X.svg'>",
        "<li id='cite_note-1'>",
        "\ue000",
        "<p><b>Ulm</b></p><ul><li><a href='/wiki/Lyon'>Lyon</a> (1991)",
    ]
)
SEPARATORS = st.sampled_from(["", " ", "\n", "\n* ", "\n** "])


def mixed(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Give words of markup in any order, with any text between them."""
    word = st.one_of(words, words, words, st.text(max_size=8))
    pair = st.tuples(word, SEPARATORS)
    return st.lists(pair, max_size=40).map(lambda pairs: "".join(a + b for a, b in pairs))


def check(reading: Reading) -> None:
    seen = set(reading.statements["row"]) | set(reading.rejected["row"])
    assert seen == set(range(reading.n_rows))
    assert reading.n_entries == len(reading.statements) + len(reading.rejected)
    assert reading.rejected[["rule", "reason", "text", "locator"]].notna().all(axis=None)
    assert reading.statements[["name_a", "name_b", "locator"]].notna().all(axis=None)
    for column in ("founded", "ended"):
        dates = reading.statements[column].dropna()
        assert is_edtf(dates).all()
        assert reading.statements.loc[dates.index, f"{column}_text"].notna().all()


@SETTINGS
@given(text=mixed(WIKI), title=st.sampled_from([LIST, "Bonn", None]))
def test_no_wikitext_breaks_the_reader(tmp_path: Path, text: str, title: str | None):
    path = tmp_path / "page.wiki"
    body = text if title != "Bonn" else f"==Twin towns==\n{text}"
    path.write_text(body, encoding="utf-8")
    try:
        check(read_wikitext(path, title=title))
    except UnreadableError as error:
        assert str(path) in str(error) or "page.wiki" in str(error)


@SETTINGS
@given(text=mixed(HTML))
def test_no_html_breaks_the_reader(tmp_path: Path, text: str):
    path = tmp_path / "page.html"
    path.write_text(text, encoding="utf-8")
    try:
        check(read_html(path, title=LIST))
    except UnreadableError as error:
        assert "page.html" in str(error)


@SETTINGS
@given(items=st.lists(st.tuples(st.integers(1, 6), st.sampled_from("ABCDEF")), max_size=25))
def test_each_item_of_a_nested_list_is_named_somewhere(
    tmp_path: Path, items: list[tuple[int, str]]
):
    path = tmp_path / "page.wiki"
    names = [f"{letter}town{number}" for number, (_, letter) in enumerate(items)]
    lines = [
        f"{'*' * level} [[{name}]], France" for (level, _), name in zip(items, names, strict=True)
    ]
    path.write_text("\n".join(["'''[[Bonn]]'''", *lines]), encoding="utf-8")
    reading = read_wikitext(path, title=LIST)
    check(reading)
    assert reading.n_entries == len(items)
    said = " ".join([*reading.statements["name_b"], *reading.rejected["text"]])
    assert all(name in said for name in names)


@pytest.mark.parametrize(
    "unit",
    [
        "{{a|",
        "{{{a|",
        "[[a|",
        "<ref>",
        "<b><i>",
        "<nowiki>",
        "<!--",
        "[http://x ",
        "'''''x''",
        "{{a|[[ }} ]]",
        "{{a\n}}",
        "{{a\n",
        "\n* ",
        "{|\n|",
        "* [[a]], b (c",
        "* [[a]] and ",
    ],
)
def test_a_page_made_to_stall_the_parser_does_not(tmp_path: Path, unit: str):
    # Read as one piece, some of these keep the parser busy for a minute.
    path = tmp_path / "page.wiki"
    path.write_text(unit * (30_000 // len(unit)), encoding="utf-8")
    check(read_wikitext(path, title=LIST))
