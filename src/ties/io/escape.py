r"""Text from data, made safe for the place that it goes to.

A record can hold any text: ``<script>``, ``*x*``, ``#import``, ``$x$``. Such a value is never
markup here. It enters a page in one way only, through `escape_markdown` (for the report) or
`escape_html` (for JupyterLab), and the report is read by pandoc with raw HTML and raw
typst switched off, so that a value which slipped past would still come out as text. What
leaves for a spreadsheet passes `escape_formulas`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

import pandas as pd

_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
_SPACE: Final = re.compile(r"\s+")
# Marks that turn the direction of the text around them: a name could reorder its sentence.
_DIRECTION: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))

# An apostrophe that stood in front already gets another, so that the marks can be taken off again.
_FORMULA: Final = r"^'*[=+\-@\t\r\n]"
_MARKED: Final = r"^'+[=+\-@\t\r\n]"
_NUMBER: Final = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"


def plain(value: object) -> str:
    r"""A value as one line of text, without control characters or turns of direction.

    Examples
    --------
    >>> plain("two\nlines\x00")
    'two lines'
    """
    text = _SPACE.sub(" ", str(value)).strip().translate(_DIRECTION)
    return "".join(mark for mark in text if unicodedata.category(mark) != "Cc")


def escape_markdown(value: object) -> str:
    r"""A value as Markdown that shows as exactly that text.

    Every ASCII punctuation mark gets a backslash, which both pandoc and CommonMark undo for
    each of them; no mark is left that could begin a link, a formula, an element or a list.

    Examples
    --------
    >>> print(escape_markdown("[a](javascript:1) $x$"))
    \[a\]\(javascript\:1\) \$x\$
    """
    return _PUNCTUATION.sub(r"\\\1", plain(value))


def escape_html(value: object) -> str:
    """A value as HTML that shows as exactly that text, in an element or an attribute.

    Examples
    --------
    >>> escape_html("<b> & 'c'")
    '&lt;b&gt; &amp; &#x27;c&#x27;'
    """
    return html.escape(plain(value), quote=True)


def escape_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose text no spreadsheet takes for a formula.

    A text that begins with ``=``, ``+``, ``-``, ``@`` or a tab gets an apostrophe in front,
    which spreadsheets take as "this is text". Numbers stay as they are, written as text too.

    Examples
    --------
    >>> escape_formulas(pd.DataFrame({"name": ["=1+1", "-5", "Tula"]}))["name"].tolist()
    ["'=1+1", '-5', 'Tula']
    """
    return table.apply(_escape_column).rename(columns=lambda name: _escape_cell(str(name)))


def unescape_formulas(texts: pd.Series) -> pd.Series:
    """Texts that `escape_formulas` wrote as they were before.

    Examples
    --------
    >>> unescape_formulas(pd.Series(["'=1+1", "-5", "'t Harde", None])).tolist()
    ['=1+1', '-5', "'t Harde", nan]
    """
    words = texts.astype("str")
    is_marked = words.str.match(_MARKED).fillna(False).astype(bool)
    return words.mask(is_marked, words.str.slice(1))


def _escape_column(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return column
    text = column.astype("object")
    is_text = text.map(lambda value: isinstance(value, str)).astype(bool)
    words = text.where(is_text, "").astype("str")
    is_formula = words.str.match(_FORMULA) & ~words.str.match(_NUMBER)
    return text.where(~is_formula, "'" + words)


def _escape_cell(text: str) -> str:
    is_formula = re.match(_FORMULA, text) and not re.match(_NUMBER, text)
    return f"'{text}" if is_formula else text
