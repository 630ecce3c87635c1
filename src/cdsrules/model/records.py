"""The dated records of a client's history, each able to say itself in words.

Every record begins with its day, so that a list of one kind sorts by it, and ends with its
place in the client document. Records are plain tuples: a client has dozens, and reading
them must cost nothing worth noticing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, NamedTuple, TypeAlias

from cdsrules.model.facts import Evidence
from cdsrules.model.saying import say_number, say_word
from cdsrules.model.vocabulary import Action, Instrument

SessionStatus: TypeAlias = Literal[
    "attended", "late", "no_show", "cancelled_by_client", "cancelled_by_clinician", "cancelled"
]
Homework: TypeAlias = Literal["done", "partly", "not_done", "not_set"]
Openness: TypeAlias = Literal["open", "guarded"]
Rater: TypeAlias = Literal["client", "clinician"]
Rated: TypeAlias = Literal["better", "same", "worse"]
MedicationKind: TypeAlias = Literal[
    "started",
    "changed",
    "stopped",
    "evaluated",
    "declined",
    "possible_side_effect",
    "prescriber_contacted",
]
ActionStatus: TypeAlias = Literal["done", "declined", "rescinded"]

ATTENDED: Final = frozenset({"attended", "late"})

_SESSION_WORDS: Mapping[str, str] = {
    "attended": "session attended",
    "late": "session attended late",
    "no_show": "no-show",
    "cancelled_by_client": "session cancelled by the client",
    "cancelled_by_clinician": "session cancelled by the clinician",
    "cancelled": "session cancelled, by whom is not recorded",
}


class Session(NamedTuple):
    """A planned session and what became of it."""

    on: date
    status: SessionStatus
    homework: Homework | None
    openness: Openness | None
    place: int

    @property
    def was_attended(self) -> bool:
        """Whether the client came, on time or late."""
        return self.status in ATTENDED

    @property
    def evidence(self) -> Evidence:
        """What became of the session; homework and openness where they were noted."""
        words = [_SESSION_WORDS[self.status]]
        if self.homework is not None and self.homework != "not_set":
            words.append(f"homework {say_word(self.homework)}")
        if self.openness is not None:
            words.append(self.openness)
        return Evidence(f"$.sessions[{self.place}]", ", ".join(words), self.on)


class Score(NamedTuple):
    """One filled-in questionnaire.

    `score` is None where it gave no total. `risk` is the highest answer to one of the
    instrument's risk items, None where none was recorded; `risk_complete` tells whether
    all of them were.
    """

    on: date
    instrument: Instrument
    score: float | None
    risk: int | None
    risk_complete: bool
    shared_on: date | None
    place: int

    @property
    def endorses_risk(self) -> bool:
        """Whether a risk item was answered with more than the lowest answer there is."""
        return self.risk is not None and self.risk > (self.instrument.item_low or 0)

    @property
    def evidence(self) -> Evidence:
        """The score by the instrument's name."""
        name = self.instrument.name
        label = f"{name} without a total" if self.score is None else f"{name} score {say_number(self.score)}"
        return Evidence(f"$.measures[{self.place}]", label, self.on)


class RiskAnswer(NamedTuple):
    """The answer to the risk items of one questionnaire."""

    on: date
    value: int
    score: Score

    @property
    def evidence(self) -> Evidence:
        """The answer by the instrument's name and its risk item or items."""
        instrument = self.score.instrument
        items = instrument.risk_items
        which = f"item {items[0]}" if len(items) == 1 else "highest answer to a risk item"
        return Evidence(f"$.measures[{self.score.place}]", f"{instrument.name} {which}: {self.value}", self.on)


class Shared(NamedTuple):
    """The day on which a score was shown to the client."""

    on: date
    score: Score

    @property
    def evidence(self) -> Evidence:
        """Whose score was shared."""
        label = f"{self.score.instrument.name} score shared with the client"
        return Evidence(f"$.measures[{self.score.place}].shared_on", label, self.on)


class Rating(NamedTuple):
    """How someone saw the progress, beside or without questionnaires."""

    on: date
    by: Rater
    rating: Rated
    place: int

    @property
    def evidence(self) -> Evidence:
        """Who rated it, and how."""
        return Evidence(f"$.ratings[{self.place}]", f"progress rated {self.rating} by the {self.by}", self.on)


class ActionRecord(NamedTuple):
    """An action that was done, declined, or whose decline was taken back."""

    on: date
    status: ActionStatus
    action: Action
    place: int

    @property
    def evidence(self) -> Evidence:
        """What was done or declined, in the vocabulary's words."""
        words = {
            "done": self.action.done,
            "declined": self.action.declined,
            "rescinded": f"no longer declined: {self.action.name}",
        }
        return Evidence(f"$.actions[{self.place}]", words[self.status], self.on)


class MedicationEvent(NamedTuple):
    """Something about psychotropic medication that was noted on a day."""

    on: date
    kind: MedicationKind
    place: int

    @property
    def evidence(self) -> Evidence:
        """What was noted."""
        words = {
            "started": "medication started",
            "changed": "medication changed",
            "stopped": "medication stopped",
            "evaluated": "medication evaluated",
            "declined": "medication evaluation declined",
            "possible_side_effect": "possible side effect flagged",
            "prescriber_contacted": "prescriber contacted",
        }
        return Evidence(f"$.medication.events[{self.place}]", words[self.kind], self.on)


class Obstacle(NamedTuple):
    """Something outside the sessions that gets in the way, until it is resolved."""

    on: date
    kind: str
    resolved_on: date | None
    place: int

    @property
    def evidence(self) -> Evidence:
        """The kind of obstacle."""
        return Evidence(f"$.obstacles[{self.place}]", f"obstacle: {say_word(self.kind)}", self.on)


class Problem(NamedTuple):
    """A presenting problem; `on` is the day it was recorded, where that is known."""

    on: date | None
    problem: str
    place: int

    @property
    def evidence(self) -> Evidence:
        """The problem in words."""
        return Evidence(
            f"$.presenting_problems[{self.place}]", f"presenting problem: {say_word(self.problem)}", self.on
        )


class Pregnancy(NamedTuple):
    """Whether the client was pregnant on a day."""

    on: date
    pregnant: bool
    place: int

    @property
    def evidence(self) -> Evidence:
        """Whether, on that day."""
        return Evidence(f"$.client.pregnancy[{self.place}]", "pregnant" if self.pregnant else "not pregnant", self.on)


class Contact(NamedTuple):
    """The client was reached outside a session.

    `covers_same_day`: it came after a session that was missed on the same day.
    """

    on: date
    covers_same_day: bool
    place: int

    @property
    def evidence(self) -> Evidence:
        """That the client was reached."""
        return Evidence(f"$.client_contacts[{self.place}]", "client reached", self.on)


class Noted(NamedTuple):
    """Something of which only the day counts, with its words and its list in the document."""

    on: date
    words: str
    section: str
    place: int

    @property
    def evidence(self) -> Evidence:
        """The words it was given."""
        return Evidence(f"{self.section}[{self.place}]", self.words, self.on)


MORE_OFTEN: Final = "increase_frequency"
LESS_OFTEN: Final = "decrease_frequency"


def goes_against(action: str, now: float, then: float) -> bool:
    """Return whether sessions a week, as a proposal gives them, change the other way than its action says.

    >>> goes_against(MORE_OFTEN, 2, 1), goes_against(MORE_OFTEN, 1, 2), goes_against("referral", 2, 1)
    (True, False, False)
    """
    return then < now if action == MORE_OFTEN else action == LESS_OFTEN and then > now


class Proposal(NamedTuple):
    """What the clinician is about to do; what was not said about it is None."""

    action: Action
    discussed: bool | None
    gradual: bool | None
    sessions_per_week_from: float | None
    sessions_per_week_to: float | None
    place: int

    @property
    def on(self) -> None:
        """No day: it is of now."""
        return

    @property
    def evidence(self) -> Evidence:
        """The proposal in the vocabulary's words."""
        return Evidence(f"$.proposed_actions[{self.place}]", self.action.proposed, self.on)
