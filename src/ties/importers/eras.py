"""Years of Japan's eras and of the Republic of China, and dates written with 年, 月 and 日.

The first year of an era is the Western year in which it began, so 昭和45年 is 1925 + 45 = 1970.
An era that has no such year (昭和70年) is left as it stands.
"""

from __future__ import annotations

import re
from typing import Final

# Name: the year before its first one, and how many years it had (the last may still run).
_ERAS: Final = {
    "明治": (1867, 45),
    "大正": (1911, 15),
    "昭和": (1925, 64),
    "平成": (1988, 31),
    "令和": (2018, 80),
    "民国": (1911, 190),
    "民國": (1911, 190),
}
_LATIN: Final = {"m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和"}

_ERA: Final = re.compile(rf"({'|'.join(_ERAS)})\s*(元|\d{{1,3}})(?!\d)")
# A letter alone could be anything; before three numbers it is an era (S45.6.20).
_LATIN_ERA: Final = re.compile(r"\b([mtshr])\.?\s?(\d{1,2})(?=([./-])\d{1,2}\3\d{1,2}\b)")
_NUMERAL: Final = re.compile(r"[〇零一二三四五六七八九十]+(?=\s*[年月日])")
_DATE: Final = re.compile(
    r"(\d{4})\s*[年년](?![代대度])(?:\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日일号號])?)?"
)
_DIGITS: Final = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}


def to_western(folded: str) -> str:
    """Write the East Asian dates of a text as Western ones.

    Examples
    --------
    >>> to_western("昭和45年"), to_western("平成元年6月"), to_western("1991年6月20日")
    ('1970', '1989-06', '1991-06-20')
    >>> to_western("一九九一年十二月頃"), to_western("s45.6.20")
    ('1991-12頃', '1970.6.20')
    """
    text = _NUMERAL.sub(lambda found: _number(found[0]), folded)
    text = _LATIN_ERA.sub(lambda found: _year(found, _LATIN[found[1]]), text)
    text = _ERA.sub(lambda found: _year(found, found[1]), text)
    return _DATE.sub(_western, text)


def _year(found: re.Match[str], era: str) -> str:
    before, n_years = _ERAS[era]
    number = 1 if found[2] == "元" else int(found[2])
    return str(before + number) if 1 <= number <= n_years else found[0]


def _western(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    parts = [year, *(part.zfill(2) for part in (month, day) if part)]
    return "-".join(parts)


def _number(numeral: str) -> str:
    """Return 一九九一 as 1991 and 二十三 as 23."""
    if "十" not in numeral:
        return "".join(str(_DIGITS[sign]) for sign in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))
