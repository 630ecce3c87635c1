"""The engine that an advisor asks: durable-rules held to the reference, or the reference.

Where the two differ the reference result is given with a loud notice, because an answer
that is silently wrong is worse than one that is slow; tests raise instead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, Literal, Protocol

from cdsrules.errors import EngineDisagreement, EngineError, EngineFailure
from cdsrules.inference.exchange import Exchange
from cdsrules.inference.horn import HornProgram
from cdsrules.inference.order import feeds
from cdsrules.inference.program import Conclusions, Program
from cdsrules.inference.reference import conclude
from cdsrules.logic.encoding import Values
from cdsrules.model.guidance import EngineReport
from cdsrules.model.lazy import once

EngineName = Literal["durable", "reference"]
OnDisagreement = Literal["reference", "raise"]


class Chainer(Protocol):
    """What carries atoms forward: the durable-rules fence, or a fake in a test."""

    def run(self, given: Collection[int]) -> frozenset[int]:
        """Return every atom that follows from the given ones."""
        ...

    def close(self) -> None:
        """Give back what the chainer holds."""
        ...


ChainerOf = Callable[[HornProgram], Chainer]

_AGREED: Final = EngineReport("durable", verified=True)


class Engine:
    """Concludes for one program; `close` gives the C engine's memory back."""

    def __init__(
        self,
        program: Program,
        chainer_of: ChainerOf | None,
        *,
        verify: bool = True,
        on_disagreement: OnDisagreement = "reference",
    ) -> None:
        self._program = program
        self._verify = verify
        self._raise = on_disagreement == "raise"
        self._unavailable: str | None = None
        self._chainer: Chainer | None = None
        if chainer_of is not None:
            try:
                self._chainer = chainer_of(program.grounding.program)
            except EngineError as problem:
                self._unavailable = str(problem)
        self._alone = EngineReport("reference", verified=False, notice=self._unavailable)

    @once
    def _exchange(self) -> Exchange:
        return Exchange(self._program)

    @property
    def name(self) -> EngineName:
        """The engine that speaks."""
        return "reference" if self._chainer is None else "durable"

    @property
    def unavailable(self) -> str | None:
        """Why the durable-rules engine does not serve although it was asked for."""
        return self._unavailable

    def close(self) -> None:
        """Give back what the engine holds; the reference serves from then on."""
        chainer, self._chainer = self._chainer, None
        if chainer is not None:
            chainer.close()

    def conclude(self, values: Values, cutoffs: Sequence[object]) -> tuple[Conclusions, EngineReport]:
        """Return what follows from the encoded facts, and a report of who said so."""
        expected = conclude(self._program, values, cutoffs)
        chainer = self._chainer
        if chainer is None:
            return expected, self._alone
        try:
            derived = chainer.run(self._exchange.given(values, cutoffs, expected))
        except EngineFailure as problem:
            if self._chainer is None:  # closed by another thread meanwhile: no failure
                return expected, EngineReport("reference", verified=False)
            return self._differ(expected, f"durable-rules failed ({problem})")
        if not self._verify:
            return _as_derived(self._program, expected, derived), EngineReport("durable", verified=False)
        if self._exchange.agrees(expected, derived):
            return expected, _AGREED
        return self._differ(expected, disagreement(self._program, expected, derived))

    def _differ(self, expected: Conclusions, what: str) -> tuple[Conclusions, EngineReport]:
        if self._raise:
            raise EngineDisagreement(what)
        notice = (
            f"The two engines did not agree: {what}. This guidance is the reference result; "
            "please report this to whoever maintains cdsrules for you."
        )
        return expected, EngineReport("reference", verified=False, notice=notice)


def fired(program: Program, derived: Collection[int]) -> tuple[bool, ...]:
    """Return for each rule whether the engine carries it and no exception withdraws it."""
    grounding = program.grounding
    fires = [atom in derived for atom in grounding.holds]
    for rule, atom in grounding.exceptions:
        if atom in derived:
            fires[rule] = False
    return tuple(fires)


def disagreement(program: Program, expected: Conclusions, derived: Collection[int]) -> str:
    """Return what the engines conclude differently, in words; nothing when they agree."""
    held = [truth is True for truth in expected.rules]
    carried = [*fired(program, derived)]
    truths = dict(zip(program.findings, expected.findings, strict=True))
    denied = {name for name, _ in program.grounding.denied if truths[name] is False}
    refuted = {name for name, atom in program.grounding.denied if atom in derived}
    return _differing(_named(program, held), _named(program, carried), denied, refuted)


def _named(program: Program, holding: Sequence[bool]) -> set[str]:
    return {rule.id for rule, holds in zip(program.rules, holding, strict=True) if holds}


def _differing(held: set[str], carried: set[str], denied: set[str], refuted: set[str]) -> str:
    """Return what one engine concludes and the other does not, in words."""
    parts = [
        f"{what} {', '.join(sorted(differing))}"
        for what, differing in (
            ("only the reference holds", held - carried),
            ("only durable-rules holds", carried - held),
            ("only the reference rules out", denied - refuted),
            ("only durable-rules rules out", refuted - denied),
        )
        if differing
    ]
    return "; ".join(parts)


def _as_derived(program: Program, expected: Conclusions, derived: Collection[int]) -> Conclusions:
    """Return the conclusions with what holds taken from the engine alone.

    The engine cannot tell false from unknown: that the reference says. A rule that the
    engine does not carry and the reference does is left undecided.
    """
    carried = fired(program, derived)
    rules = tuple(
        True if fires else None if truth is True else truth
        for fires, truth in zip(carried, expected.rules, strict=True)
    )
    found = {rule.target for rule, fires in zip(program.rules, carried, strict=True) if fires and feeds(rule)}
    findings = tuple(
        True if name in found else None if truth is True else truth
        for name, truth in zip(program.findings, expected.findings, strict=True)
    )
    return Conclusions(rules, findings, expected.exceptions)
