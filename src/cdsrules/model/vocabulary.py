"""The shared vocabulary: actions that guidance may name, and instruments that measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Literal

from cdsrules.frozen import frozen
from cdsrules.model.source import Source
from cdsrules.model.time import Duration


@frozen
class Action:
    """Something a clinician can do, propose, or that a client can decline.

    Words for sentences: `name` ("consultation"), `do` ("talk the case through with an
    experienced colleague"), `done` ("a colleague was consulted"), `proposed` ("a referral
    is planned"), `declined` ("the client declined a medication evaluation").
    `also_called` are further nouns that a text may use for it ("help to catch up" beside
    "further support"). `requires` is the hard order, `listed_after` the order of display only; `beside` marks
    what runs next to the pathway (engagement, alliance). `not_while_at_risk` marks what is
    not advised while a safety item is open (to celebrate, to raise the challenge). `attributes` are what a proposal
    of it may carry (`discussed`, `gradual`).
    """

    id: str
    name: str
    do: str
    done: str
    proposed: str
    declined: str
    also_called: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    listed_after: tuple[str, ...] = ()
    beside: bool = False
    attributes: tuple[str, ...] = ()
    not_while_at_risk: bool = False


class Worse(StrEnum):
    """Which way a score gets worse."""

    HIGHER = "higher"
    LOWER = "lower"


@frozen
class Band:
    """A named range of scores, from `low` up to the next band or the end of the range."""

    name: str
    low: float


@frozen
class Companion:
    """A second measure that must not reliably worsen for the first one's gain to count."""

    instrument: str
    reliable_change: float


@frozen
class Definition:
    """A named way to tell change on one instrument, for one population, from one source.

    `reliable_change` points in one direction are reliable (`operator` says whether the
    figure itself counts); `cut_off` is the first score of the clinical range for measures
    that get worse upwards, the last one of it for those that get worse downwards as
    `clinical_at` tells. `verified` is false where the figure was not checked against
    the original; it is usable and printed "unverified".
    """

    id: str
    instrument: str
    title: str
    source: str
    reliable_change: float | None
    operator: Literal["at_least", "more_than"]
    cut_off: float | None
    clinical_at: Literal["at_least", "more_than", "at_most", "less_than"]
    min_age: int | None = None
    max_age: int | None = None
    companion: Companion | None = None
    verified: bool = True


@frozen
class Instrument:
    """An outcome or alliance measure: range, direction, items, codes and definitions.

    Scores run from `low` to `high` in steps of `step`. `valid_for` is how long a score
    counts as current; `interval` how often it is usually given. `risk_items` are item
    numbers that ask about suicide or self-harm.
    """

    id: str
    name: str
    title: str
    role: Literal["outcome", "alliance", "screening", "goals"]
    low: float
    high: float
    step: float
    worse: Worse
    valid_for: Duration
    interval: Duration
    licence: str
    items: int | None = None
    item_low: int | None = None
    item_high: int | None = None
    risk_items: tuple[int, ...] = ()
    bands: tuple[Band, ...] = ()
    definitions: tuple[Definition, ...] = ()
    loinc_total: str | None = None
    loinc_items: Mapping[int, str] | None = field(default=None, hash=False)  # a mapping has no hash
    loinc_panel: str | None = None
    notes: str | None = None


@frozen
class PrimaryDefault:
    """The measure and definition taken for a presenting problem when none is named."""

    problem: str
    instrument: str
    definition: str


@frozen
class Requirement:
    """One row of what the rules have to say, which a rule names when it carries it.

    `source_file` is the number of the source document that gives it ("001"); None where it
    comes from no document. `closed_by` says what closes a safety item.
    """

    id: str
    guidance: str
    source_file: str | None = None
    closed_by: str | None = None


@frozen
class Vocabulary:
    """All actions, instruments and requirements by id, in the order of their files.

    `sources` are the documents that definitions cite.
    """

    actions: Mapping[str, Action]
    instruments: Mapping[str, Instrument]
    primary_defaults: tuple[PrimaryDefault, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
