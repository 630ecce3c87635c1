"""Rulebooks as frozen values: rules with their wording, sources and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

from cdsrules.diagnostics import Diagnostic, Position
from cdsrules.frozen import frozen
from cdsrules.model.condition import Condition, Scalar
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.source import Source
from cdsrules.model.text import Text
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Vocabulary

SAFETY_RULEBOOK: Final = "safety"
"""The id of the rulebook that always loads; what it recommends is neither held back nor made to wait."""


class Verb(StrEnum):
    """What a rule does when it holds."""

    FINDS = "finds"
    RECOMMENDS = "recommends"
    CAUTIONS = "cautions"


class Status(StrEnum):
    """How far a rule takes part, from least to most: see DESIGN §4.1 on status."""

    RETIRED = "retired"
    DRAFT = "draft"
    SHADOW = "shadow"
    ACTIVE = "active"


class Tier(StrEnum):
    """How strongly an item asks for attention, the most pressing first (CLINICAL §6)."""

    SAFETY = "safety"
    DETERIORATION = "deterioration"
    REVIEW = "review"
    INFORMATION = "information"


class Priority(StrEnum):
    """Whether a recommendation is for now, or belongs after what comes first."""

    NOW = "now"
    THEN = "then"


@frozen
class Parameter:
    """A number or time that a clinical lead may set, with where it comes from and why."""

    name: str
    value: Scalar
    source: str
    why: str
    dated: date | None = None
    at: Position | None = field(default=None, compare=False)

    @property
    def is_local(self) -> bool:
        """Whether no source gives it, so that it is printed "local default, confirm"."""
        return self.source == "local"


@frozen
class Wording:
    """What a rule says, to whom; `clinician` is always there on what is shown."""

    clinician: Text | None = None
    supervisor: Text | None = None
    client: Text | None = None
    why: Text | None = None

    @property
    def texts(self) -> tuple[Text, ...]:
        """Every text there is, clinician first."""
        return tuple(text for text in (self.clinician, self.supervisor, self.client, self.why) if text)


@frozen
class Hazard:
    """What harm a rule could do to the client: one plain sentence for each way of being wrong."""

    fires_wrongly: str
    fails_to_fire: str


@frozen
class Rule:
    """One rule: its verb and target, when it holds, what it says and on what authority.

    `target` is the finding found, the action recommended, or the action cautioned
    against. `status` already is the more restrictive of rulebook and rule. `parameters`
    names the rulebook's parameters that its conditions and texts read. `snooze` is the
    longest that what it says may be put off; None where it may not be.
    """

    id: str
    rulebook: str
    verb: Verb
    target: str
    when: Condition
    title: str
    unless: Condition | None = None
    until: tuple[Condition, ...] = ()
    say: Wording = Wording()
    sources: tuple[str, ...] = ()
    evidence: str | None = None
    requirement: tuple[str, ...] = ()
    hazard: Hazard | None = None
    parameters: tuple[str, ...] = ()
    tier: Tier = Tier.REVIEW
    priority: Priority = Priority.NOW
    status: Status = Status.ACTIVE
    snooze: Duration | None = None
    at: Position | None = field(default=None, compare=False)

    @property
    def is_safety(self) -> bool:
        """Whether nothing may switch the rule off, soften it, put it off or make it wait."""
        return self.rulebook == SAFETY_RULEBOOK or self.tier is Tier.SAFETY


@frozen
class Rulebook:
    """One rulebook: a file of rules with the sources and parameters they share.

    Who developed and who paid for it, and when it was first released and last revised, are
    None where the file does not say.
    """

    id: str
    version: str
    status: Status
    title: str
    owner: str
    review_by: date
    sources: Mapping[str, Source]
    parameters: Mapping[str, Parameter]
    rules: tuple[Rule, ...]
    file: str
    developer: str | None = None
    funding: str | None = None
    released_on: date | None = None
    revised_on: date | None = None


def _as_if_active(rule: Rule) -> Rule:
    return replace(rule, status=Status.ACTIVE) if rule.status is Status.SHADOW else rule


@dataclass(frozen=True)
class Library:
    """Everything loaded together: the vocabulary, the rulebooks, and what was noticed.

    `content_hash` is the SHA-256 of all files in a fixed order (hex): two libraries with
    the same hash answer alike. `warnings` are diagnostics that did not stop loading. `facts` are
    those that rules could ask about when it was loaded, by name; empty where nobody said.
    """

    vocabulary: Vocabulary
    rulebooks: tuple[Rulebook, ...]
    content_hash: str
    warnings: tuple[Diagnostic, ...] = ()
    facts: FactCatalogue = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of every rulebook, rulebooks by id, rules as written."""
        return tuple(rule for book in self.rulebooks for rule in book.rules)

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """Rules by id; ids are unique across rulebooks."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def in_shadow(self) -> tuple[Rule, ...]:
        """The rules that are tried out: evaluated and recorded, never shown."""
        return tuple(rule for rule in self.rules if rule.status is Status.SHADOW)

    def as_if_active(self) -> Library:
        """Return the library with every rule in shadow made active: what would be shown if the trial were over."""
        books = tuple(replace(book, rules=tuple(map(_as_if_active, book.rules))) for book in self.rulebooks)
        return replace(self, rulebooks=books)

    def rulebook(self, rule: Rule) -> Rulebook:
        """Return the rulebook that a rule stands in."""
        return next(book for book in self.rulebooks if book.id == rule.rulebook)
