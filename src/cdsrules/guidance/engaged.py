"""Which engine is to conclude, as callers ask for it: a misspelt word is refused, not taken for another."""

from __future__ import annotations

from typing import NamedTuple, get_args

from cdsrules.inference.engine import ChainerOf, EngineName, OnDisagreement


class Engaged(NamedTuple):
    """Which engine is to conclude, and what is done where it is not at one with the reference.

    `chainer_of` replaces the durable-rules engine by another chainer over the same Horn program.
    """

    engine: EngineName
    verify: bool
    on_disagreement: OnDisagreement
    chainer_of: ChainerOf | None = None

    @property
    def chainer(self) -> ChainerOf | None:
        """What carries atoms forward beside the reference; None where nothing does."""
        if self.engine == "reference":
            return None
        if self.chainer_of is not None:
            return self.chainer_of
        from cdsrules.inference.durable import DurableChainer

        return DurableChainer


def engage(
    engine: EngineName, on_disagreement: OnDisagreement, *, verify: bool, chainer_of: ChainerOf | None = None
) -> Engaged:
    """Return the engine that is asked for.

    Raises ValueError for a word that is none of those allowed, and TypeError for what is no word, or where
    `verify` is neither True nor False.
    """
    _check_word("engine", engine, get_args(EngineName))
    _check_word("on_disagreement", on_disagreement, get_args(OnDisagreement))
    _check_flag("verify", verify)
    return Engaged(engine, verify, on_disagreement, chainer_of)


def _check_flag(argument: str, given: object) -> None:
    if not isinstance(given, bool):
        message = f"{argument} is True or False, not {given!r}"
        raise TypeError(message)


def _check_word(argument: str, given: object, allowed: tuple[str, ...]) -> None:
    if given in allowed:
        return
    message = f"{argument} is {' or '.join(map(repr, allowed))}, not {given!r}"
    if not isinstance(given, str):
        raise TypeError(message)
    from difflib import get_close_matches

    near = get_close_matches(given.casefold(), allowed, n=1)
    raise ValueError(message + (f". Did you mean {near[0]!r}?" if near else ""))
