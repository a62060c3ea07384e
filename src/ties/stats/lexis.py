"""Calendar and age together: each tie a line, from its founding on, in the colour of its status.

In a Lexis diagram (Lexis 1875; Keiding, *Phil. Trans. R. Soc. A* 335, 1990) time runs to the right
and age upwards, so that every life is a line at 45 degrees. What happens to all ties in one year
stands on a vertical, what happens at one age on a horizontal: the eye can tell a shock from
ageing.
"""

from __future__ import annotations

import pandas as pd

from ties.schema.vocabulary import STATUSES
from ties.stats.spells import DAYS_PER_YEAR


def lexis(episodes: pd.DataFrame, lives: pd.DataFrame) -> pd.DataFrame:
    """The segments of the diagram: one tie in one status.

    Age counts from the last day on which the founding can lie. Where the founding is known
    within bounds, ``age_spare`` says by how much the tie may be older; where it has no earliest
    day, that is missing, and the age only says how long the tie has stood for certain.

    Parameters
    ----------
    episodes
        As `ties.lifecycle` gives them.
    lives
        Of the same view, as `ties.stats.spells.lifetimes` gives them.

    Returns
    -------
    DataFrame
        A row an episode of status: ``tie_id``, ``status`` (category), ``basis``, ``start``, ``end``
        (datetime64[s]; the last day of the view while it lasts), ``age_start``, ``age_end``,
        ``age_spare`` (years), ``lasts`` (bool: still so on the last day). Sorted by founding, so
        that the oldest tie comes first.

    Examples
    --------
    >>> import ties
    >>> from ties.stats.spells import lifetimes
    >>> record = ties.load("us-russia").without_disputed()
    >>> lines = lexis(ties.lifecycle(record), lifetimes(record))
    >>> bool((lines["age_end"] >= lines["age_start"]).all())
    True
    """
    status = episodes[episodes["axis"] == "status"]
    life = lives.set_index("tie_id").reindex(status["tie_id"]).set_axis(status.index)
    last = pd.Timestamp(episodes.attrs["as_of"])
    born, end = life["founded_latest"], status["end_latest"].fillna(last)
    table = pd.DataFrame(
        {
            "tie_id": status["tie_id"],
            "status": pd.Categorical(status["state"], categories=[*STATUSES]),
            "basis": status["basis"],
            "start": status["start_latest"],
            "end": end,
            "age_start": (status["start_latest"] - born).dt.days / DAYS_PER_YEAR,
            "age_end": (end - born).dt.days / DAYS_PER_YEAR,
            "age_spare": (born - life["founded_earliest"]).dt.days / DAYS_PER_YEAR,
            "lasts": status["end_latest"].isna(),
            "born": born,
        }
    )
    table = table.sort_values(["born", "tie_id", "start"], ignore_index=True)
    table = table.drop(columns="born")
    table.attrs = dict(episodes.attrs)
    return table
