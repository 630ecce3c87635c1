"""What is not known about a client: rules that cannot be decided, and what to find out next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cdsrules.frozen import frozen
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Verb


@frozen
class Question:
    """Something to find out next: the facts it would settle and what could change.

    `because` says, a phrase each, why it is not known; `could_change` holds, a phrase each,
    the conclusions that some answer would turn, as shown by evaluating the answers.
    """

    facts: tuple[str, ...]
    ask: str
    because: tuple[str, ...]
    could_change: tuple[str, ...]


@frozen
class Questions:
    """What to find out next, the most telling first, and how far was looked."""

    questions: tuple[Question, ...]
    bound: str


class Undecided(NamedTuple):
    """A rule that cannot be decided for this client, and what is missing for it.

    `wanting` says that of every rule that is given along with it, by rule: they are asked about together or not at all.
    """

    rule: str
    title: str
    verb: Verb
    target: str
    wanting: Lazy[Mapping[str, tuple[str, ...]]]

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing to decide it, a phrase each."""
        return self.wanting.value[self.rule]


@frozen
class Unknowns:
    """What is not known, made when it is read; a guidance gives each as a plain value."""

    risk_line: Lazy[str | None]
    cannot_rule_out: Lazy[tuple[Undecided, ...]]
    undecided: Lazy[tuple[Undecided, ...]]
    ask_next: Lazy[Questions]
