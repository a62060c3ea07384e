"""What a page is: wikitext or HTML, and a list for a country or a state, or about one place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ties.errors import UnreadableError
from ties.importers.wikipedia.words import TWINNING
from ties.places.countries import country_code, country_of_region, is_region
from ties.schema.regions import area_name

_LIST: Final = re.compile(
    r"Lists? of .*?(?:twin|sister|partner|friendship).*? in (?:the )?(?P<en>.+)"
    r"|Liste der (?:Städtepartnerschaften|Partnerstädte).*? in (?P<de>.+)"
    r"|Liste (?:des|de) .*?jumel.*? (?:en|au|aux) (?P<fr>.+)",
    re.IGNORECASE,
)
_OF_ONE: Final = re.compile(
    r"(?:Lists? of )?(?:twin|sister|partner|friendship)[\w –-]*? of (?:the )?(?P<name>.+)",
    re.IGNORECASE,
)
_CONTINENT: Final = re.compile(
    r"(?:the )?(?:africa|asia|europe|(?:north|south|central|latin) america|oceania|americas"
    r"|middle east|caribbean|world)",
    re.IGNORECASE,
)

# "Gemellaggi - Comune di Monselice": what belongs to the site cannot be told from a name.
_SITE: Final = re.compile(r"\s[-–—|»:·]\s|[|»]")
_N_SNIFFED: Final = 65_536
_HTML: Final = re.compile(r"\s*<(?:!doctype html|html|head|body|div|section|p|ul|h[1-6])\b", re.I)
_LINK_OF_PAGE: Final = re.compile(r"\[\[[^\[\]\n]{1,300}\]\]")
_LINE: Final = re.compile(r"^(?:\*|=+[^=\n]+=+\s*$|'''|#redirect)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A place as a page names it."""

    name: str
    country: str = ""
    region: str = ""
    level: str = ""
    target: str = ""
    references: tuple[str, ...] = ()
    # Line of the heading that names it, if that has no link to say that it is a place.
    heading_line: int = 0


@dataclass(frozen=True)
class About:
    """What a page is about, and where it comes from.

    Parameters
    ----------
    file
        Name of the file, for messages.
    is_list
        Whether it lists places, each with its partners; if not, `holder` is the place.
    country, region
        Where all listed places lie; blank if the page does not say.
    holder
        The one place that the page is about.
    wiki
        Which Wikipedia: the first part of an id such as ``enwiki:Lyon``.
    is_whole
        Whether a page on one place is about nothing but its ties.
    is_said
        Whether a person said which place it is: then all of it is read if no section is on ties.
    is_guess
        Whether the title does not tell what the page is about: then its headings must.
    """

    file: str
    is_list: bool
    country: str = ""
    region: str = ""
    holder: Place | None = None
    wiki: str = "enwiki"
    is_whole: bool = False
    is_said: bool = False
    is_guess: bool = False

    @classmethod
    def of_page(
        cls,
        file: str,
        title: str,
        country: str | None,
        region: str | None,
        place: str | None,
        wiki: str,
    ) -> About:
        """What a page is about; what the caller says goes first."""
        found = _LIST.fullmatch(title)
        if place is None and (found is not None or not title):
            area = next(part for part in found.groups() if part) if found else ""
            named_country, named_region = _area(area)
            chosen = country or named_country, region or named_region
            return cls(file, True, *chosen, wiki=wiki)
        one = _OF_ONE.fullmatch(title)
        if place is None and _is_unclear(title, is_named=one is not None):
            return cls(file, True, country or "", region or "", wiki=wiki, is_guess=True)
        named = place or (one["name"] if one else title)
        name, _, where = named.partition(", ")
        if where and country_code(where) is not None and not is_region(where):
            country, where = country or where, ""
        is_whole = TWINNING.search(title) is not None
        # The title of a page on ties is not that of the page on the place.
        holder = Place(name, country or "", region or where, target="" if is_whole else title)
        about = cls(file, False, holder.country, holder.region, holder, wiki, is_whole)
        return replace(about, is_said=place is not None)

    def id_of(self, target: str) -> str | None:
        """Id of the page that a link leads to; links to other languages say theirs."""
        if not target:
            return None
        language, colon, rest = target.partition(":")
        if colon and _LANGUAGE.fullmatch(language) and rest:
            return f"{language.replace('-', '_')}wiki:{rest}"
        return f"{self.wiki}:{target}"


_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})?")


def _is_unclear(title: str, *, is_named: bool) -> bool:
    """Whether a title is neither that of a place nor one that names a place and its ties."""
    return bool(_SITE.search(title)) or (not is_named and TWINNING.search(title) is not None)


def title_of(file: Path) -> str:
    """Title of a page by the name of its file, if that says that it is a list.

    Examples
    --------
    >>> title_of(Path("List_of_sister_cities_in_Maine.wiki")), title_of(Path("page.html"))
    ('List of sister cities in Maine', '')
    """
    stem = file.name.split(".")[0].replace("_", " ")
    return stem if stem.startswith(("List of", "Lists of")) else ""


def _area(text: str) -> tuple[str, str]:
    """Country and the region that the title of a list names.

    Examples
    --------
    >>> _area("Germany"), _area("California"), _area("Europe")
    (('Germany', ''), ('United States', 'California'), ('', ''))
    """
    name = text.strip()
    if not name or _CONTINENT.fullmatch(name):
        return "", ""
    bare = re.sub(r"\s*\((?:U\.?S\.? )?(?:state|country)\)$", "", name)
    if is_region(bare) and (bare != name or country_code(bare) is None):
        return area_name(country_of_region(bare) or ""), bare
    return bare, ""


def detect(path: str | Path) -> str | None:
    """Form of the page that a file seems to hold, from its first bytes.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    str or None
        "html" if it begins with a tag of HTML, "wikitext" if it holds
        links in double brackets and lines of a list; None if it is neither.

    Raises
    ------
    UnreadableError
        If there is no such file, or it cannot be opened.
    """
    source = Path(path)
    try:
        with source.open("rb") as stream:
            head = stream.read(_N_SNIFFED)
    except OSError as error:
        raise UnreadableError(f"{source} cannot be read: {error.strerror}") from error
    text = head.decode("utf-8-sig", errors="ignore")
    if "\0" in text:
        return None
    if _HTML.match(text):
        return "html"
    return "wikitext" if _LINK_OF_PAGE.search(text) and _LINE.search(text) else None
