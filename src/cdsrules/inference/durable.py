"""Chaining by durable-rules, behind a fence: the one module that touches the engine.

The C extension is called directly. The package's own `Host` starts timer threads that can run another
client's actions, swallows exceptions and keeps every ruleset for good.

Each run has a session of its own, deleted whatever happens, in a ruleset that nobody else uses meanwhile:
a run takes a spare ruleset, or loads one more, and puts it back when it ended well. So threads, a run within
a run (a signal handler) and a fork in the middle of one need no lock, and a session that was broken off goes
with its ruleset and never meets the next client.

The engine frees uninitialised memory when a session ends in which nothing fired, unless an earlier session
in the same place fired. Every ruleset therefore begins with a rehearsal, in which one production fires.
"""

from __future__ import annotations

import os
import re
import sys
import weakref
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from threading import Lock
from typing import Protocol, cast

from cdsrules.errors import EngineFailure, EngineUnavailable
from cdsrules.inference.counters import Layout, lay_out, sign_of
from cdsrules.inference.horn import HornProgram

_NAME = "durable_rules_engine"
_SESSION = "0"  # the one the engine assumes for a fact that names none
_MOST_SPARE = 4  # rulesets kept for runs at the same time; when more are needed they are loaded and dropped again
_LARGEST_LESSON = 31 << 20  # glibc learns from blocks below 32 MiB

# What can go wrong although the layout keeps to the limits: a bug here, or no memory.
_MEANINGS = {
    1: "it was given a fact that no rule reads",
    2: "it took a fact for one that it had already seen",
    101: "it ran out of memory",
    106: "it was given more rules than it holds",
    111: "its rules are no longer loaded",
    112: "too many rulebooks are loaded at once",
    302: "a fact has more properties than it holds",
    303: "a fact meets more conditions at once than it holds",
    309: "the session was already deleted",
}


class _Extension(Protocol):
    """What is used of `durable_rules_engine`."""

    error: type[Exception]

    def create_ruleset(self, name: str, rules: str, /) -> int: ...
    def delete_ruleset(self, ruleset: int, /) -> None: ...
    def assert_facts(self, ruleset: int, facts: str, /) -> tuple[int, int]: ...
    def start_action_for_state(self, ruleset: int, state: int, /) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, ruleset: int, state: int, /) -> str | None: ...
    def delete_state(self, ruleset: int, session: str, /) -> None: ...


def available() -> str | None:
    """None when durable-rules can be used here, else a sentence that says why not.

    >>> available()
    """
    try:
        _extension()
    except EngineUnavailable as problem:
        return str(problem)
    return None


class DurableChainer:
    """Chains one Horn program with durable-rules; any number of threads may run it.

    Raises `EngineUnavailable` when the engine cannot be imported, `EngineLimit` when it cannot hold the
    program, `EngineFailure` when it does not load it.

    >>> from cdsrules.inference.horn import Clause, HornProgram
    >>> chainer = DurableChainer(HornProgram(frozenset({1, 2}), (Clause(3, (1, 2)), Clause(4, (3,)))))
    >>> sorted(chainer.run({1, 2})), sorted(chainer.run({1}))
    ([3, 4], [])
    >>> chainer.close()
    """

    def __init__(self, program: HornProgram) -> None:
        self._program = program
        self._layout = lay_out(program)
        self._engine = _extension()
        self._closed = False
        _keep_memory_between_sessions(self._layout.session_bytes)
        with _in_words(self._engine):
            # Taking from this list and putting back are single steps, which threads cannot tear.
            self._spare = [_Ruleset(self._engine, self._layout)]

    def run(self, given: Collection[int]) -> frozenset[int]:
        """The heads that follow from the given atoms: the same set as `least_model`.

        Raises `EngineFailure` when the engine reports an error or the chainer is closed, and `ValueError`
        when an atom is given that is no input.
        """
        atoms = self._program.accept(given)
        if self._closed:
            raise EngineFailure("This durable-rules engine is closed. Load the rulebook again to go on.")
        with _in_words(self._engine):
            ruleset = self._take()
            conclusions = ruleset.conclude(atoms)
        self._put_back(ruleset)
        return conclusions

    def close(self) -> None:
        """Give the engine's memory back; a run that is still going on ends as it would. May be repeated."""
        self._closed = True
        self._spare.clear()

    def _take(self) -> _Ruleset:
        try:
            return self._spare.pop()
        except IndexError:
            return _Ruleset(self._engine, self._layout)

    def _put_back(self, ruleset: _Ruleset) -> None:
        if not self._closed and len(self._spare) < _MOST_SPARE:
            self._spare.append(ruleset)


class _Ruleset:
    """A program loaded into the engine, for one session at a time; unloaded when nothing refers to it."""

    def __init__(self, engine: _Extension, layout: Layout) -> None:
        self._engine = engine
        self._layout = layout
        self._handle = engine.create_ruleset("cdsrules", layout.rules)
        self._firings([layout.rehearsal])
        # From here on it is safe to end any session. At exit the system takes the memory back.
        weakref.finalize(self, _unload, engine, self._handle).atexit = False
        engine.delete_state(self._handle, _SESSION)

    def conclude(self, given: frozenset[int]) -> frozenset[int]:
        """The heads that follow from the given atoms, in a session of their own.

        Conclusions that a clause reads go back in together, once nothing more fires: one call for each link
        of the longest chain instead of one for each fact.
        """
        facts, heads = self._layout.facts, self._layout.heads
        conclusions: set[int] = set()
        posts = [facts[atom] for atom in given if atom in facts]
        if not posts:
            return frozenset()
        try:
            while posts:
                fired = [heads[sign_of(firing)] for firing in self._firings(posts)]
                fresh = set().union(*fired) - conclusions
                conclusions |= fresh
                posts = [facts[atom] for atom in fresh - given if atom in facts]
        finally:
            self._engine.delete_state(self._handle, _SESSION)
        return frozenset(conclusions)

    def _firings(self, facts: Sequence[str]) -> list[str]:
        """What fires once the facts are in, as the engine spells it."""
        engine, handle = self._engine, self._handle
        code, state = engine.assert_facts(handle, f"[{','.join(facts)}]")
        if code:
            msg = f"error code: {code}"
            raise engine.error(msg)
        started = engine.start_action_for_state(handle, state)
        if started is None:
            return []
        return [started[1], *iter(partial(engine.complete_and_start_action, handle, state), None)]


def _unload(engine: _Extension, handle: int) -> None:
    """Unload a ruleset, with the session of a run that was broken off before it could delete it.

    There is nobody to tell when the engine refuses; a failing run has told already.
    """
    with suppress(engine.error):
        engine.delete_state(handle, _SESSION)
    with suppress(engine.error):
        engine.delete_ruleset(handle)


def _keep_memory_between_sessions(size: int) -> None:
    """Teach the C library to keep a session's memory for the next, where it would return it to the system.

    glibc does so with more than twice the largest block that was ever mapped and freed (mallopt(3)). Faulting
    a session's pages in again takes several times as long as the chaining; one block mapped and freed, of which
    no page is touched, avoids it. The process may keep about twice `size` more than it would.
    """
    bytes(min(size, _LARGEST_LESSON))


@contextmanager
def _in_words(engine: _Extension) -> Iterator[None]:
    """Turn what the engine reports into an `EngineFailure` that says what happened."""
    try:
        yield
    except (engine.error, MemoryError) as problem:
        report = str(problem) or "error code: 101"
        number = re.search(r"error code: (\d+)", report)
        meaning = _MEANINGS.get(int(number[1])) if number else None
        msg = f"The durable-rules engine stopped: {meaning or 'it reports an error'} ({report})."
        raise EngineFailure(msg) from problem


_importing = Lock()


def _extension() -> _Extension:
    """The C extension, with its symbols bound when they are first called.

    On Python 3.13 one is missing that only callbacks need which are never set here.
    """
    try:
        with _importing:
            flags = sys.getdlopenflags()
            sys.setdlopenflags(os.RTLD_LAZY)
            try:
                return cast("_Extension", import_module(_NAME))
            finally:
                sys.setdlopenflags(flags)
    except ModuleNotFoundError as problem:
        msg = "durable-rules is not installed; `pip install durable-rules` adds it (it needs a C compiler)."
        raise EngineUnavailable(msg) from problem
    except ImportError as problem:
        version = ".".join(map(str, sys.version_info[:2]))
        msg = f"durable-rules is installed but does not load on Python {version}: {problem}."
        raise EngineUnavailable(msg) from problem
