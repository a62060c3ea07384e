"""The templates that lists of ties are written with: flags, links, columns, footnotes."""

from __future__ import annotations

import re
from typing import Final

FLAGS: Final = frozenset(
    {"flag", "flagicon", "flagu", "flagdeco", "flagcountry", "flagg", "flag2", "flag+link"}
    | {"flag icon", "flag country", "flagicon image", "flagicon2", "flaglist", "flagathlete"}
    | {"флаг", "флаг страны", "флаг2", "флагификация", "флагификация2"}
    | {"drapeau", "drapeau2", "bandera", "bandeira", "bandiera", "flaga", "vlag", "flagge"}
)
_NAMED_FLAG: Final = re.compile(r"(?:флаг|flag of|flagge|vlag|drapeau)\s+(.+)", re.IGNORECASE)

LINKS: Final = frozenset(
    {"ill", "interlanguage link", "interlanguage link multi", "illm", "link-interwiki"}
)
RUSSIAN_LINKS: Final = re.compile(r"(?:нп|не переведено)\s?[2345]?")

# Templates that show what is in them.
TRANSPARENT: Final = frozenset(
    {"nowrap", "nobr", "no wrap", "small", "smaller", "big", "s", "strike", "strikethrough", "del"}
    | {"lang", "langx", "transl", "transliteration", "nobold", "noitalic", "center", "align"}
    | {"font color", "color", "abbr", "tooltip", "nbsp", "clarify span", "comment", "sort"}
)
STRUCK: Final = frozenset({"s", "strike", "strikethrough", "del"})
LANGUAGE_FIRST: Final = frozenset({"lang", "langx", "transl", "transliteration", "color", "align"})

# Footnotes in words: they may say that a tie ended.
FOOTNOTES: Final = frozenset({"efn", "efn-ua", "efn-lr", "refn", "note", "примечание", "nbsp note"})
SHORT_CITES: Final = frozenset({"sfn", "sfnp", "harvnb", "harv", "r", "rp"})

# Lists whose items are the parameters of a template.
LISTS: Final = frozenset(
    {"hlist", "ubl", "ubt", "unbulleted list", "plainlist", "plain list", "flatlist", "flat list"}
    | {"bulleted list", "columns-list", "columns list", "col-list", "div col", "columns", "hidden"}
    | {"collapsible list", "cols", "кол", "список в несколько столбцов"}
)

_SILENT: Final = re.compile(
    r"(?:div ?col|col-|colbegin|colend|multicol|кол\b|конец кол|end ?div|end$|-$|clear|clr"
    r"|use (?:dmy|mdy|british|american)|short desc|citation needed|cn$|fact$|dead link"
    r"|(?:better|additional|more) .*needed|update|clarify|when$|who$|dubious|webarchive"
    r"|see also|main|further|hatnote|about|for$|other uses|top icon|coord|anchor|toc|compact ?toc"
    r"|authority control|reflist|notelist|references|примечания|expand|unreferenced|defaultsort"
    r"|dynamic list|incomplete|portal|commons|sister project|pp-|town twinning|navbox"
    r"|lists? of|twin town|sister cit|нет (?:аи|источник)|источник|главная|основная статья"
    r"|достоверность|обновить|уточнить|расширить)"
)


def normal(name: str) -> str:
    """Name of a template as it is compared.

    Examples
    --------
    >>> normal(" Flag_icon ")
    'flag icon'
    """
    return " ".join(name.replace("_", " ").split()).casefold().removeprefix("template:")


def named_flag(name: str) -> str:
    """Country in the name of a template such as ``Флаг США``, or nothing."""
    found = _NAMED_FLAG.fullmatch(" ".join(name.replace("_", " ").split()))
    return found[1] if found else ""


def is_silent(name: str) -> bool:
    """Whether a template, by its normal name, shows nothing of a list."""
    return _SILENT.match(name) is not None
