"""The choices that turn events into states, in one place and with a name each."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Final

from ties.schema.vocabulary import EVENT_KINDS

DATE_RULES: Final = ("recorded", "earliest", "latest", "span")

# Named one by one, so that a further kind of event changes no rule before somebody decides it.
QUALIFYING: Final = frozenset(
    {"founded", "agreement", "renewed", "reinstated", "revived", "visit", "exchange"}
)


@dataclass(frozen=True)
class StatusRule:
    """How events are read as states. Every figure can be redrawn with another rule.

    Parameters
    ----------
    dormant_after
        Years after a qualifying event, or after the end of a run of them, during which the
        tie counts as active. No policy that
        we know fixes a number; five is our choice.
    qualifying
        Kinds of event that are a sign of life. A report of activity is one too, while
        `reports` are read.
    search_lookback_years
        Years before a search about which it speaks. With the default, `dormant_after`, a
        search without result makes a tie dormant from the day of the search; a longer reach
        takes the dormancy back, a claim that the search could have found older signs.
    dates
        Which date an event has when its sources disagree: ``recorded`` (the event's own),
        ``earliest`` or ``latest`` of those attested, or their whole ``span``.
    undated_sources
        Whether sources without a date of publication count as ``known`` or ``unknown`` when
        `known_by` is asked.
    reports
        Whether what sources say of a tie's state counts. If not, events of kind ``reported`` are
        left out, and states rest on acts, contact and searches alone.

    Examples
    --------
    >>> StatusRule(dormant_after=3).dormant_after
    3
    """

    dormant_after: int = 5
    qualifying: frozenset[str] = QUALIFYING
    search_lookback_years: int | None = None
    dates: str = "recorded"
    undated_sources: str = "unknown"
    reports: bool = True

    def __post_init__(self) -> None:
        """Refuse a rule that has no meaning."""
        if not 1 <= self.dormant_after <= 100 or self.reach < self.dormant_after:
            raise ValueError(
                f"dormant_after is {self.dormant_after} and search_lookback_years {self.reach}: "
                "years from 1 to 100, and a search reaches back at least as far as dormancy"
            )
        unknown = set(self.qualifying) - set(EVENT_KINDS)
        if unknown:
            raise ValueError(f"not a kind of event: {', '.join(sorted(unknown))}")
        if "reported" in self.qualifying:
            raise ValueError(
                "'reported' is no kind of event that qualifies: a report counts as what it "
                "reports; reports=False leaves reports out"
            )
        if self.dates not in DATE_RULES:
            raise ValueError(f"dates is {self.dates!r}; it is one of {', '.join(DATE_RULES)}")
        if self.undated_sources not in ("known", "unknown"):
            raise ValueError("undated_sources is 'known' or 'unknown'")

    @classmethod
    def of(cls, rule: StatusRule | None, dormant_after: int | None = None) -> StatusRule:
        """The rule that was given, or our own; with other years of dormancy if they were given.

        Examples
        --------
        >>> StatusRule.of(None, 3).dormant_after
        3
        """
        chosen = rule or cls()
        return chosen if dormant_after is None else replace(chosen, dormant_after=dormant_after)

    @property
    def reach(self) -> int:
        """Years before a search about which it speaks."""
        return (
            self.dormant_after if self.search_lookback_years is None else self.search_lookback_years
        )

    def as_record(self) -> dict[str, object]:
        """The rule as plain values, for a manifest or a footer."""
        return asdict(self) | {"qualifying": sorted(self.qualifying)}
