"""Text from data comes out as text: on the page, on paper, in JupyterLab and in a spreadsheet."""

from __future__ import annotations

import re
import subprocess

import pandas as pd
import pytest

from ties.io.escape import escape_formulas, escape_html, escape_markdown
from ties.report.convert import READER, pandoc_path, write_html, write_pdf
from ties.report.tables import markdown_table

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "*x* _y_ **z** ~~w~~",
    '#import "@preview/x:0.1.0": *',
    '@ref #panic("x")',
    "$x$ and $$\\frac{a}{b}$$",
    "[a](javascript:alert(1))",
    "![a](https://example.org/x.png)",
    "`code` ``` x",
    "<https://example.org> https://example.org // c",
    "= head",
    "- item",
    "+ item",
    "1. item",
    "/ term: x",
    "| a | b |",
    "\\input{x} \\",
    "&lt;b&gt; &amp;",
    "{=html} ::: {.x} [^1]",
    "Владивосток «Ё»",
    'St. John\'s "X" & Co; -- --- /* c */',
]


def test_markdown_gives_back_the_very_text():
    written = "\n\n".join(f"x {escape_markdown(text)}" for text in HOSTILE)
    command = [str(pandoc_path()), f"--from={READER}", "--to=plain", "--wrap=none"]
    done = subprocess.run(command, input=written, capture_output=True, text=True, check=True)
    assert done.stdout.strip().split("\n\n") == [f"x {text}" for text in HOSTILE]


@pytest.mark.parametrize("text", HOSTILE)
def test_html_holds_no_markup(text):
    escaped = escape_html(text)
    assert not set(escaped) & set("<>\"'")
    assert escape_html(escaped) != escaped or not set(text) & set("<>&\"'")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every hostile text in every place that a report has, from the title to a list."""
    folder = tmp_path_factory.mktemp("pages")
    parts = ["# Page"]
    for text in HOSTILE:
        safe = escape_markdown(text)
        table = markdown_table(pd.DataFrame({"name": [text], text: [text]}), text)
        parts += [f"## {safe}", f"**{safe}** {safe}", table, f"- {safe}"]
    for write, name in ((write_html, "index.html"), (write_pdf, "report.pdf")):
        write("\n\n".join(parts), " ".join(HOSTILE), folder, folder / name)
    return folder


def test_no_element_and_no_link_comes_from_data(pages):
    page = (pages / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|img|a href=\"(?!#))", page)
    assert page.count("<h2") == len(HOSTILE)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("raw", ["<b>x</b>", "`<b>x</b>`{=html}", "```{=html}\n<b>x</b>\n```"])
def test_raw_html_is_text_even_where_nobody_escaped_it(tmp_path, raw):
    write_html(raw, "Raw", tmp_path, tmp_path / "raw.html")
    page = (tmp_path / "raw.html").read_text(encoding="utf-8")
    assert "<b>" not in page and "&lt;b&gt;x&lt;/b&gt;" in page


def test_raw_typst_is_text_even_where_nobody_escaped_it(tmp_path):
    write_pdf('`#panic("run")`{=typst}', "Raw", tmp_path, tmp_path / "raw.pdf")
    assert (tmp_path / "raw.pdf").read_bytes().startswith(b"%PDF")


def test_the_pdf_is_set_whatever_the_text(pages):
    assert (pages / "report.pdf").read_bytes().startswith(b"%PDF")


def test_no_direction_mark_reorders_a_sentence():
    assert escape_markdown("a\u202eb\u2066c\x00\nd") == "abc d"


def test_formulas_are_text_and_numbers_stay_numbers():
    table = pd.DataFrame(
        {
            "=name": ["=1+1", "+A1", "-A1", "@x", "\tx", "-5", "+1.5e3", "Tula", None],
            "n": range(-4, 5),
        }
    )
    safe = escape_formulas(table)
    expected = ["'=1+1", "'+A1", "'-A1", "'@x", "'\tx", "-5", "+1.5e3", "Tula"]
    assert safe.iloc[:-1, 0].tolist() == expected
    assert safe.iloc[-1:, 0].isna().all()
    assert safe["n"].tolist() == table["n"].tolist()
    assert list(safe) == ["'=name", "n"]
