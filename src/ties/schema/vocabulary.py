"""The words of the record: every code with its label, its definition and its group.

A code that is not listed here is refused, never guessed: the reader is told which code
was probably meant. The group is what the life cycle reads, so that the meaning of a
kind of event is said once, here, and nowhere in the code that uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Term:
    """One code of a vocabulary, for people and for the data dictionary."""

    code: str
    label: str
    definition: str
    group: str = ""


def _vocabulary(*terms: Term) -> dict[str, Term]:
    return {term.code: term for term in terms}


LEVELS: Final = _vocabulary(
    Term("city", "City", "A municipality of any size: city, town, township or village."),
    Term("district", "District", "A part of a city, such as Pushkin in Saint Petersburg."),
    Term("county", "County", "A county of a state."),
    Term("borough", "Borough", "A borough of Alaska, the like of a county."),
    Term("region", "Region", "A state, oblast, krai, republic or autonomous okrug."),
    Term("joint", "Joint programme", "Several municipalities that hold one tie together."),
)

TIE_KINDS: Final = _vocabulary(
    Term("sister", "Sister tie", "An agreement between governments without an end date."),
    Term("friendship", "Friendship", "A lesser or limited form than a sister tie."),
    Term("partner", "Partnership", "An agreement on programmes, often for a stated term."),
    Term("contact", "Contact", "Regular contact without a formal basis."),
    Term("memorandum", "Memorandum", "A memorandum of understanding or cooperation."),
)

# Groups: what an event of the kind does to a tie's life. `formal` moves the formal axis,
# `activity` is a sign of life, `silence` says that contact had stopped, `evidence` shows
# only that the tie stood, `report` does what its `reported_status` says, and `none` leaves
# everything as it was.
EVENT_KINDS: Final = _vocabulary(
    Term(
        "founded", "Founded", "The tie was made: a vote, a signature, a proclamation.", "founding"
    ),
    Term("agreement", "Agreement", "A further agreement within the tie.", "activity"),
    Term("renewed", "Renewed", "The agreement was signed anew or prolonged.", "activity"),
    Term("reinstated", "Reinstated", "A side took back its suspension or end.", "formal"),
    Term("revived", "Revived", "Contact began again after a silence.", "activity"),
    Term("visit", "Visit", "People of one side came to the other.", "activity"),
    Term("exchange", "Exchange", "A joint project, exchange or two-way meeting.", "activity"),
    Term(
        "correspondence", "Correspondence", "A letter, greeting or gift, without a meeting.", "none"
    ),
    Term("reaffirmed", "Reaffirmed", "A government said that it keeps the tie.", "evidence"),
    Term("dormant", "Dormant", "A source says that contact had stopped.", "silence"),
    Term("suspended", "Suspended", "A side paused the tie by a formal act.", "formal"),
    Term("terminated", "Terminated", "A side ended the tie by a formal act.", "formal"),
    Term(
        "motion_failed", "Motion failed", "A motion to change the tie was voted down.", "evidence"
    ),
    Term("petition", "Petition", "Somebody asked for a change of the tie.", "none"),
    Term("statement", "Statement", "Something was said or planned; nothing was done.", "none"),
    Term("listed", "Listed", "A list names the pair. A listing is never activity.", "evidence"),
    Term("reported", "Reported", "A source said what state the tie was in on that day.", "report"),
)

# What a source can say of the state of a tie. A report is no act: it has no side.
REPORTED_STATUSES: Final = _vocabulary(
    Term("active", "Reported active", "The tie was said to be alive."),
    Term("dormant", "Reported dormant", "The tie was said to be asleep."),
    Term("suspended", "Reported suspended", "The tie was said to be suspended."),
    Term("terminated", "Reported terminated", "The tie was said to have ended."),
    Term("in_force", "Reported in force", "The tie was said to stand."),
)

SIDES: Final = _vocabulary(
    Term("a", "Side A", "The government of the place in `place_a` acted."),
    Term("b", "Side B", "The government of the place in `place_b` acted."),
    Term("both", "Both sides", "Both governments acted."),
    Term("none", "Neither side", "No government acted: an association, a newspaper, a list."),
)

SOURCE_KINDS: Final = _vocabulary(
    Term("government", "Government", "A city, county, state or ministry, or its records."),
    Term("nonprofit", "Nonprofit", "A sister-city association or another organisation."),
    Term("news", "News", "A newspaper, broadcaster, agency or news site."),
    Term("directory", "Directory", "A directory or register of ties."),
    Term("encyclopedia", "Encyclopedia", "An encyclopedia, or a copy of one."),
    Term("repository", "Data repository", "A data set that others published."),
    Term("paper", "Paper", "A scholarly work or thesis."),
    Term("blog", "Blog", "A personal page, forum or blog."),
)

# What a published total counts, so that a method may hold the record to it.
COUNT_POPULATIONS: Final = _vocabulary(
    Term("ties", "Ties", "Ties between the record's two countries that stood on the day."),
    Term("wider", "A wider whole", "Ties of a whole that holds those, such as all of the USSR."),
    Term("places_a", "Places of side A", "Places on side A that had such a tie."),
    Term("places_b", "Places of side B", "Places on side B that had such a tie."),
    Term("other", "Another total", "One state, ended ties, other countries: it bounds nothing."),
)

COUNT_CLAIMS: Final = _vocabulary(
    Term("all", "All", "The publisher says that these are all of the scope on that day."),
    Term("about", "About", "All of the scope, as a round number."),
    Term("at_least", "At least", "There are as many or more."),
    Term("at_most", "At most", "There are as many or fewer."),
)

STATUSES: Final = _vocabulary(
    Term("active", "Active", "In force, with a sign of life within the rule's years.", "alive"),
    Term("revived", "Revived", "Active again after a dormant, suspended or ended spell.", "alive"),
    Term(
        "dormant", "Dormant", "In force, but somebody looked and found no sign of life.", "silent"
    ),
    Term("suspended", "Suspended", "At least one side paused the tie by a formal act.", "stopped"),
    Term("terminated", "Terminated", "At least one side ended the tie by a formal act.", "stopped"),
    Term(
        "no_information",
        "No information",
        "In force as far as is known; nobody looked for signs of life.",
        "unknown",
    ),
)

FORMAL_STATES: Final = _vocabulary(
    Term("in_force", "In force", "Neither side has suspended or ended the tie."),
    Term("suspended", "Suspended", "At least one side paused it; none ended it."),
    Term("terminated", "Terminated", "At least one side ended it."),
)

ACTIVITY_STATES: Final = _vocabulary(
    Term("active", "Active", "A qualifying event certainly lies within the rule's years."),
    Term("dormant", "Dormant", "A source says contact stopped, or a search found none."),
    Term("no_information", "No information", "No sign of life that is certain, nobody looked."),
)

BASES: Final = _vocabulary(
    Term("recorded", "Recorded", "An act or another event of the record says so."),
    Term("reported", "Reported", "A source says what state the tie is in."),
    Term("inferred", "Inferred", "It follows from the rule: silence, or a search without result."),
)

# The states that a tie can return to life from.
DOWN_STATUSES: Final = ("dormant", "suspended", "terminated")
