"""One call of one plugin: inside a fence, within its time, and told to whoever traces.

Whatever a plugin does, what comes back is its answer or a sentence about why there is none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sized
from dataclasses import FrozenInstanceError, field, replace
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from cdsrules.attempts import Broken, attempt
from cdsrules.errors import CdsrulesError
from cdsrules.frozen import frozen
from cdsrules.plugins.given import Gift
from cdsrules.plugins.offers import NotRead

if TYPE_CHECKING:
    from threading import Thread

T = TypeVar("T")

TRACE: Final = "CDSRULES_TRACE_PLUGINS"
_SAID: Final = {
    "cdsrules_rulebooks": "folder",
    "cdsrules_measures": "measure",
    "cdsrules_checks": "check",
    "cdsrules_cautions": "caution",
}


class Unusable(CdsrulesError):
    """A plugin gave nothing that can be used; the text goes on from its name: "is still busy with an earlier call"."""


class NoAnswer(Unusable):
    """A plugin answered otherwise than its hook asks; the text is for its author: "named no list of folders"."""


@frozen
class Failure:
    """A plugin that failed, and what its absence means, in words for clinicians.

    `code` is that of the diagnostic about it, `cause` a sentence for its author; `said` is a sentence of the plugin
    itself, where it said that it cannot read a record.
    """

    plugin: str
    words: str
    code: str = "CDS303"
    cause: str = ""
    said: str = ""

    @property
    def in_full(self) -> str:
        """The words with the cause, for hosts: in a log, in a terminal."""
        return f"{self.words} {self.cause}".rstrip()


class Answering(NamedTuple):
    """A plugin that answers a hook: its name, the function, and which arguments that takes."""

    plugin: str
    function: Callable[..., object]
    arguments: frozenset[str]


class Answer(NamedTuple, Generic[T]):
    """What a plugin answered."""

    plugin: str
    value: T


@frozen
class Caller:
    """Calls plugins, each within `seconds` where a limit is set.

    A plugin that passes its limit goes on in its thread; until it is through, it is not called again.
    `listeners` are told of every failure, such as a log.
    """

    seconds: float | None = None
    traced: bool = False
    overdue: dict[str, Thread] = field(default_factory=dict, compare=False, repr=False)
    listeners: list[Callable[[Failure], None]] = field(default_factory=list, compare=False, repr=False)

    @classmethod
    def of_environment(cls, seconds: float | None = None) -> Caller:
        """Return a caller that traces where the environment says so."""
        return cls(seconds, os.environ.get(TRACE, "") not in {"", "0"})

    def call(
        self, hook: str, one: Answering, gift: Gift, read: Callable[[object], T], consequence: str
    ) -> Answer[T] | Failure:
        """Return what a plugin answers, as `read` understands it, or how it failed.

        `read` raises `Unusable` for what is no answer to this hook; it runs inside the fence, as
        what a plugin yields may raise or hang like the plugin itself.
        """
        wanted = {name: value for name, value in gift.arguments.items() if name in one.arguments}
        answer = self._attempted(one.plugin, lambda: read(one.function(**wanted)))
        if isinstance(answer, Broken):
            said = str(answer.error) if isinstance(answer.error, NotRead) else ""
            return replace(self._failed(hook, one, consequence, *_what_broke(answer.error)), said=said)
        if not gift.is_intact:
            return self._failed(hook, one, consequence, "changed what it was given")
        self._trace(hook, one, _in_a_word(hook, answer))
        return Answer(one.plugin, answer)

    def _failed(self, hook: str, one: Answering, consequence: str, what: str, cause: str = "") -> Failure:
        self._trace(hook, one, cause or what)
        words = f"Plugin {one.plugin} {what}. {consequence}."
        failure = Failure(one.plugin, words, cause=f"It {cause}." if cause else "")
        for tell in self.listeners:
            tell(failure)
        return failure

    def _trace(self, hook: str, one: Answering, words: str) -> None:
        if self.traced:
            sys.stderr.write(f"cdsrules plugins: {one.plugin}: {hook}: {words}\n")

    def _attempted(self, plugin: str, work: Callable[[], T]) -> T | Broken:
        """Return what comes of some work of a plugin, or what broke it; too late is broken."""
        if self.seconds is None:
            return fenced(work)
        from threading import Thread

        busy = self.overdue.get(plugin)
        if busy is not None and busy.is_alive():
            return Broken(Unusable("is still busy with an earlier call"))
        outcome: list[T | Broken] = []
        thread = Thread(target=lambda: outcome.append(attempt(work, BaseException)), name=plugin, daemon=True)
        thread.start()
        thread.join(self.seconds)
        if outcome:
            return outcome[0]
        self.overdue[plugin] = thread
        message = f"did not answer within {self.seconds:g} second{'' if self.seconds == 1 else 's'}"
        return Broken(Unusable(message))


def fenced(work: Callable[[], T]) -> T | Broken:
    """Return what comes of some work of a plugin, or what broke it, whatever it is; Ctrl-C is no plugin's."""
    answer = attempt(work, BaseException)
    if isinstance(answer, Broken) and isinstance(answer.error, KeyboardInterrupt):
        raise answer.error
    return answer


def _what_broke(error: BaseException) -> tuple[str, str]:
    """Return what went wrong, in words that go on from the plugin's name, and the same for its author.

    What an error says may name a client, and is not repeated.
    """
    match error:
        case NoAnswer():
            return "gave no answer that can be used", str(error)
        case Unusable():
            return str(error), ""
        case FrozenInstanceError():
            return "tried to change what it was given", ""
        case _:
            return "failed", f"raised {type(error).__name__}"


def _in_a_word(hook: str, answer: object) -> str:
    """Return what came back, without any of it: it may be a client's."""
    noun = _SAID.get(hook)
    if noun is not None and isinstance(answer, Sized):
        return f"1 {noun}" if len(answer) == 1 else f"{len(answer)} {noun}s"
    return "nothing" if answer is None else "an answer"
