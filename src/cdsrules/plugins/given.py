"""What plugins are given: copies that they can read and not change, and a way to tell when one did.

A fence against mistakes, not against malice: a plugin runs in the same process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple

from cdsrules.errors import UnknownName
from cdsrules.measures.facts import MeasuredFacts
from cdsrules.model.client import Client
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import FactCatalogue, FactValue, Known, Measured
from cdsrules.model.guidance import Guidance
from cdsrules.model.rulebook import Library
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Vocabulary


class GivenFacts:
    """The facts of a client on a day, to be read; those of plugins among them."""

    __slots__ = ("_catalogue", "_facts")

    def __init__(self, facts: MeasuredFacts, catalogue: FactCatalogue) -> None:
        self._facts = facts
        self._catalogue = catalogue

    def get(self, name: str, over: Duration | None = None) -> Measured:
        """Return a fact as `Known` with its records, or as `Unknown` with the reason.

        `over` is the window of a fact that has one, such as `Duration(60, "days")`. Raises
        `UnknownName` where no fact bears the name, or it is taken otherwise.
        """
        if name not in self._catalogue:
            near = get_close_matches(name, self._catalogue, n=1)
            message = f"There is no fact {name}." + (f" Did you mean {near[0]}?" if near else "")
            raise UnknownName(message)
        return self._facts.get(FactKey(name, over))

    def value(self, name: str, over: Duration | None = None) -> FactValue | None:
        """Return a fact's value; None where it is not known. Raises as `get` does."""
        measured = self.get(name, over)
        return measured.value if isinstance(measured, Known) else None


class Gift(NamedTuple):
    """The arguments of one call, and what stood in the values among them that have fields."""

    arguments: Mapping[str, object]
    kept: tuple[tuple[object, tuple[object, ...]], ...] = ()

    @classmethod
    def of(cls, **arguments: object) -> Gift:
        """Return the arguments, noting what the client and the guidance among them hold."""
        noted = [one for one in arguments.values() if isinstance(one, Client | Guidance)]
        return cls(arguments, tuple((one, _held(one)) for one in noted))

    @property
    def is_intact(self) -> bool:
        """Whether everything still holds what it held when it was given."""
        return all(now is then for one, before in self.kept for now, then in zip(_held(one), before, strict=True))


def _held(value: object) -> tuple[object, ...]:
    return tuple(getattr(value, one.name) for one in fields(value))  # type: ignore[arg-type]  # Client and Guidance


def given_client(client: Client) -> Client:
    """Return a copy of a client in which no mapping can be written to."""
    return replace(
        client,
        proposals=MappingProxyType(dict(client.proposals)),
        recorded_since=MappingProxyType(dict(client.recorded_since)),
    )


def given_library(library: Library) -> Library:
    """Return a copy of a library in which no mapping of the one in force can be written to."""
    return replace(
        library,
        vocabulary=given_vocabulary(library.vocabulary),
        facts=MappingProxyType(dict(library.facts)),
    )


def given_vocabulary(vocabulary: Vocabulary) -> Vocabulary:
    """Return a copy of a vocabulary in which no mapping can be written to."""
    return replace(
        vocabulary,
        actions=MappingProxyType(dict(vocabulary.actions)),
        instruments=MappingProxyType(dict(vocabulary.instruments)),
        sources=MappingProxyType(dict(vocabulary.sources)),
        requirements=MappingProxyType(dict(vocabulary.requirements)),
    )
