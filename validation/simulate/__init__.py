"""Records whose truth is known: made to test methods, to measure speed, and to teach.

A simulated world has cities, ties between them that live, fall silent, come back, are suspended
or ended, and sources that notice some of it. What truly happened is the *truth*; what
the sources wrote is a `Dataset` like any other, with imprecise, missing and wrong dates. A method
that is sound finds the truth within its stated error; one that mistakes growing attention for
growing activity is found out.

Lives move in yearly steps: at most one change a tie and year, on a day drawn within it. All
chance comes from one seed. Everything works on whole columns, so that a million ties are made in
well under a minute.
"""

from validation.simulate.simulation import Simulation, founding_days, simulate
from validation.simulate.world import PRECISIONS, SCENARIOS, STATE_NAMES, Scenario, Steps

__all__ = [
    "PRECISIONS",
    "SCENARIOS",
    "STATE_NAMES",
    "Scenario",
    "Simulation",
    "Steps",
    "founding_days",
    "simulate",
]
