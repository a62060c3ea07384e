"""A record as one page to explore: a map, a slider through the years, each tie with its life.

The page reads the record itself: it has the life cycle of `ties.lifecycle` in JavaScript, so that
the day, the knowledge and the rule of dormancy can be changed in it. Python is the oracle: a
test compares every tie over a grid of settings.
"""

from ties.explore.page import explorer_page, write_explorer
from ties.explore.payload import payload

__all__ = ["explorer_page", "payload", "write_explorer"]
