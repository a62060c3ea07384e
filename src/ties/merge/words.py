"""Text of a source as a record can hold it: one line, in the composed form of Unicode."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.validate.cells import clean_text

# Control characters and line breaks of any kind.
_BREAKS: Final = "[\x01-\x20\x7f-\xa0\u2028\u2029]+"


def tidy(texts: pd.Series) -> pd.Series:
    r"""Text on one line, without control characters; what is empty then is missing.

    Reading a record back changes nothing more of it.

    Examples
    --------
    >>> tidy(pd.Series([" Bad\r\nHomburg\x07", "\u200b", None], dtype="str")).tolist()
    ['Bad Homburg', nan, nan]
    """
    text = texts.astype("str").str.replace("\0", " ", regex=False)
    return clean_text(clean_text(text.str.replace(_BREAKS, " ", regex=True)))


def one_line(keys: list[pd.Series], texts: pd.Series) -> pd.Series:
    """Join the distinct texts of each key, in their order, parted by semicolons.

    Returns
    -------
    Series
        Index: the keys that have a text.

    Examples
    --------
    >>> keys = pd.Series(["a", "a", "b", "a"])
    >>> one_line([keys], pd.Series(["x", "y", None, "x"])).to_dict()
    {'a': 'x; y'}
    """
    names = [f"key_{number}" for number in range(len(keys))]
    told = pd.DataFrame(dict(zip(names, keys, strict=True)) | {"text": tidy(texts)}).dropna()
    told = told.drop_duplicates()
    return told.groupby(names, observed=True)["text"].agg("; ".join)
