"""The words that lists of ties are written in, in the languages met most often.

Each set is a pattern of its own, so that what a heading, a bracket or a sentence may mean is
said once, here, for wikitext, for HTML and for what others scraped from either.
"""

from __future__ import annotations

import re
from typing import Final


def _words(*stems: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(stems)})", re.IGNORECASE)


# A heading under which a page on one city lists its ties.
TWINNING: Final = _words(
    r"twin(?:ned|ning)?\b",
    r"sister",
    r"partner",
    r"friend",
    r"town twinning",
    r"international relations",
    r"побратим",
    r"партн[её]р",
    r"породн",
    r"дружб",
    r"международные (?:связи|отношения)",
    r"st[äa]dtepartner",
    r"partnerst[äa]dt",
    r"patenst[äa]dt",
    r"jumelage",
    r"villes? jumel",
    r"communes? jumel",
    r"gemellagg",
    r"hermanamiento",
    r"ciudad(?:es)? hermana",
    r"g[eé]mina[cç]",
    r"cidades[- ]irm",
    r"miasta partnerskie",
    r"stedenband",
    r"zustersteden",
    r"vänort",
    r"vennskapsby",
    r"venskabsby",
    r"ystävyyskaupun",
    r"kardeş",
    r"testvér",
)

# The form of a tie, as a heading or a bracket names it.
KIND: Final = _words(
    r"sister (?:cit|town|count|state|relation)",
    r"twin(?:ned)? (?:cit|town|munic|region|count)",
    r"town twinning",
    r"twinnings?\b",
    r"friend(?:ship|ly)?\b",
    r"friends?\b",
    r"partner",
    r"co-?operat",
    r"memorand",
    r"contacts?\b",
    r"letters? of intent",
    r"побратим",
    r"партн[её]р",
    r"дружб",
    r"сотруднич",
    r"меморанд",
    r"породн",
    r"freundschaft",
    r"patenschaft",
    r"st[äa]dtepartner",
    r"st[äa]dtefreund",
    r"partnerst[äa]dt",
    r"jumel",
    r"amitié",
    r"gemell",
    r"hermana",
    r"stedenband",
)

# What a sentence on the end of a tie speaks of.
TIE: Final = _words(
    r"twin",
    r"sister",
    r"partner",
    r"friendship",
    r"ties?\b",
    r"relation",
    r"agreement",
    r"побратим",
    r"породн",
    r"партн[её]р",
    r"соглашени",
    r"partnerschaft",
    r"jumelage",
    r"stedenband",
)

# A tie that ended, for good or for the time being.
ENDED: Final = _words(
    r"terminat",
    r"end(?:ed|s)\b",
    r"dissol",
    r"cancel",
    r"revok",
    r"rescind",
    r"sever(?:ed|s)\b",
    r"abolish",
    r"annul",
    r"withdr[ae]w",
    r"discontinu",
    r"br[eo]ken? off",
    r"расторг",
    r"прекра[тщ]",
    r"разорва",
    r"денонсир",
    r"beendet",
    r"gekündigt",
    r"aufgelöst",
    r"résili",
    r"rompu",
    r"opgezegd",
    r"beëindigd",
)
PAUSED: Final = _words(
    r"suspen[ds]",
    r"paus(?:ed|e)\b",
    r"fr[eo]ez",
    r"frozen",
    r"on hold",
    r"inactive",
    r"dormant",
    r"приостан",
    r"заморо",
    r"ausgesetzt",
    r"ruh(?:t|end)\b",
    r"eingefroren",
    r"suspendu",
    r"sospes",
    r"opgeschort",
)
FORMER: Final = _words(
    r"former",
    r"previous",
    r"past\b",
    r"historic",
    r"defunct",
    r"expired",
    r"no longer",
    r"бывш",
    r"прежн",
    r"ehemalig",
    r"früher",
    r"anciens?\b",
    r"anciennes?\b",
    r"ex[- ]",
    r"voormalig",
)

# Words that lead in a founding or an end: what stands behind them is the date.
SINCE: Final = _words(
    r"since",
    r"from\b",
    r"as of",
    r"established",
    r"est\.",
    r"founded",
    r"formed",
    r"signed",
    r"twinned(?: in| since)?",
    r"agreement(?: signed)?(?: in| of| on)?\b",
    r"concluded",
    r"began",
    r"started",
    r"seit",
    r"depuis",
    r"desde",
    r"dal\b",
    r"sinds",
    r"с(?=\s+\d|\s+[а-я]+\s+\d)",
    r"со?гл(?:ашение|\.)",
    r"подписан\w*",
    r"установлен\w*",
    r"sedan",
    r"siden",
    r"od(?=\s+\d)",
)
UNTIL: Final = _words(
    r"until", r"till\b", r"up to", r"bis\b", r"jusqu", r"hasta", r"fino", r"tot\b", r"до(?=\s)"
)

# What a place may be besides a city: kept as its level.
LEVEL: Final = re.compile(
    r"(?:(?:rural|urban|metropolitan|city|federal|administrative|autonomous|special|municipal)\s+)?"
    r"(?:city|town|village|district|county|state|region|province|prefecture|municipality|commune"
    r"|borough|department|canton|gmina|powiat|oblast|okrug|krai|republic|rayon|raion|parish"
    r"|township|urban area|metropolitan area|island"
    r"|город|район|область|край|округ|республика|провинция|муниципалитет|коммуна"
    r"|stadt|landkreis|kreis|bezirk|gemeinde|région|département|gemeente|stad|provincie)",
    re.IGNORECASE,
)

# Sentences that say that there is no tie, or that all were ended.
DENIAL: Final = re.compile(
    r"\b(?:"
    r"(?:has|have|had|with) no (?:\w+[- ]){0,3}(?:twin|sister|partner|friend)"
    r"|(?:do|does|did) not (?:have|practi[cs]e|sign|maintain|take part)"
    r"|(?:is|are) (?:not twinned|twinned (?:to|with) no)"
    r"|terminat\w* (?:all |any |both )*(?:its|their|the|his) (?:\w+ )?"
    r"(?:twinnings?|ties?|partnerships?)(?! with\b)"
    r"|(?:ended|cancel\w+|dissolved) all (?:of )?(?:its|their)"
    r"|no (?:sister|twin|partner) (?:cities|city|towns?)"
    r"|не имеет (?:\w+ ){0,2}побратим|нет (?:городов-)?побратимов"
    r"|keine (?:\w+ )?(?:Städte)?partnerschaft"
    r"|policy of \w+ is|as a general rule|only cooperation agreements|only has cooperation"
    r")",
    re.IGNORECASE,
)

# Sections of a list that hold no ties.
OTHER_SECTION: Final = re.compile(
    r"(?:see also|references?|notes?|footnotes|sources|citations|bibliography|further reading"
    r"|external links|notes and references|см\. также|примечания|ссылки|литература|источники"
    r"|siehe auch|einzelnachweise|weblinks|literatur|anmerkungen|voir aussi|notes et références"
    r"|liens externes|zie ook|referenties|externe links)",
    re.IGNORECASE,
)
CONTINENTS: Final = re.compile(
    r"(?:africa|asia|europe|(?:north|south|central|latin) america|oceania|americas|the americas"
    r"|африка|азия|европа|северная америка|южная америка|америка|австралия и океания"
    r"|afrika|asien|europa|nordamerika|südamerika|ozeanien)",
    re.IGNORECASE,
)

# Networks that towns join: members of one are not tied pair by pair.
NETWORK: Final = re.compile(
    r"(?:Douzelage|Charter of European Rural Communities|Eurocities|Cittaslow|Mayors for Peace"
    r"|Sister Cities International|Hanseatic League|New Hanse(?:atic League)?|Hansa?e?|METREX"
    r"|Council of European Municipalities and Regions|Most Ancient European Towns(?: Network)?"
    r"|Union of the Baltic Cities|Climate Alliance|C40(?: Cities)?|ICLEI|Porsche Club"
    r"|World Heritage Cities|Organization of World Heritage Cities|Creative Cities Network"
    r"|International Association of Peace Messenger Cities|Twelve Cities Network)",
    re.IGNORECASE,
)

# What a program writes for nothing, and the marks of footnotes.
NOTHING: Final = re.compile(
    r"(?:undefined|null|none|nan|n/?a|unknown|tba|tbd|\[object object\]|[-–—?.]+)", re.IGNORECASE
)
_MARKUP: Final = re.compile(r"[<>{}|\\]|\[\[|\]\]|\.\./|https?:")
YEAR: Final = re.compile(r"(?:1[0-9]|20)\d\d")
FOOTNOTE: Final = re.compile(r"\[[\w\s]{0,12}\]|\d{1,3}\]|↑")

# A sentence that makes a town a member of a network: a scraper takes it for a town.
MEMBERSHIP: Final = re.compile(
    r"\b(?:is|are|was) (?:also )?(?:a |an )?(?:founding )?members? of\b"
    r"|\b(?:ist|sind) Mitglied|\bявляется членом\b|\best membre\b",
    re.IGNORECASE,
)

# A name of a place longer than this is a sentence; the longest real one has 85 letters.
MAX_NAME: Final = 100
_MIN_WORDS: Final = 4
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|did|became|signed|established|agreed|maintains?"
    r"|является|имеет|были?|была|подписан\w*|ist|sind|wurden?|hat|haben|est|sont|ont)\b"
)


def is_sentence(text: str) -> bool:
    """Say whether a text is a sentence: too long for a name, or words round a verb.

    Examples
    --------
    >>> is_sentence("Gera was the first partner of Arnhem."), is_sentence("St. Johann in Tirol")
    (True, False)
    """
    if len(text) > MAX_NAME:
        return True
    return len(text.split()) >= _MIN_WORDS and _VERB.search(text) is not None


def fault_of(name: str) -> tuple[str, str] | None:
    """Give why a text is no name of a place: the rule and the reason; None if it may be one.

    Whether it is a country is another question (see `ties.places`), which needs a list.

    Examples
    --------
    >>> fault_of("1967")
    ('not_a_place', "'1967' is a year and not a place; it may be the founding of a tie")
    >>> fault_of("Omagh terminated its twinning.")[0]
    'no_tie'
    >>> fault_of("Saint Petersburg") is None
    True
    """
    text = name.strip()
    short = repr(text if len(text) <= 60 else text[:59] + "…")
    if YEAR.fullmatch(text):
        reason = f"{short} is a year and not a place; it may be the founding of a tie"
        return "not_a_place", reason
    if FOOTNOTE.fullmatch(text):
        return "not_a_place", f"{short} is the mark of a footnote and not a place"
    if not text or NOTHING.fullmatch(text):
        return "not_a_place", f"{short} stands for nothing; leave the entry out"
    if not any(letter.isalpha() for letter in text):
        return "not_a_place", f"{short} holds no letter; write the name of a place"
    if _MARKUP.search(text):
        return "not_a_place", f"{short} holds markup or an address; write the bare name"
    if DENIAL.search(text):
        return "no_tie", f"{short} says that there is no tie, or that all were ended"
    if NETWORK.fullmatch(text):
        reason = (
            f"{short} is a network that towns join and not a place; list its members one by one"
        )
        return "network", reason
    if MEMBERSHIP.search(text):
        reason = f"{short} says that a town is a member of a network, whose members are not tied"
        return "network", f"{reason} pair by pair"
    if is_sentence(text):
        return "prose", f"{short} is a sentence and not a name; write the name of the place"
    return None
