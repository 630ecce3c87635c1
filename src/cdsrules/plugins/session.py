"""The plugins of one advisor: asked one by one, and named where they fail.

A plugin that fails never takes the guidance with it: what it would have added is named
as missing. What cdsrules itself has to offer goes over the same hooks, as `own`: it is asked
after the plugins where the first answer counts, and before them where every answer does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from cdsrules.frozen import frozen
from cdsrules.plugins import reading
from cdsrules.plugins.asking import Answer, Answering, Caller, Failure
from cdsrules.plugins.given import Gift, given_vocabulary
from cdsrules.plugins.registering import (
    PluginMisfit,
    Register,
    chosen,
    installed_as,
    loaded,
    misfit,
    name_of,
    version_of,
)

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from cdsrules.model.guidance import Guidance
    from cdsrules.model.vocabulary import Vocabulary
    from cdsrules.plugins.measures import Ready
    from cdsrules.plugins.offers import Check, FeedbackGiven, FromRecord, Store

__all__ = ["Failure", "PluginMisfit", "PluginSession", "start_plugins"]

T = TypeVar("T")

EVALUATING: Final = frozenset(
    {
        "cdsrules_rulebooks",
        "cdsrules_measures",
        "cdsrules_client_from_record",
        "cdsrules_facts_ready",
        "cdsrules_cautions",
        "cdsrules_guidance_ready",
    }
)
"""The hooks of which guidance is made: who answers one of them takes part in it."""


@frozen
class PluginSession:
    """The plugins that were started, with name and version, and those that could not be.

    `answering` says who answers which hook, `caller` how they are called; `ready` are the facts that
    were made ready with them.
    """

    members: tuple[tuple[str, str], ...] = ()
    failures: tuple[Failure, ...] = ()
    answering: Mapping[str, tuple[Answering, ...]] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    caller: Caller = field(default_factory=Caller)
    ready: list[tuple[Vocabulary, Ready]] = field(default_factory=list, compare=False, repr=False)

    @property
    def taking_part(self) -> tuple[tuple[str, str], ...]:
        """The plugins that take part in guidance, with name and version."""
        heard = {one.plugin for hook in EVALUATING for one in self.answering.get(hook, ())}
        return tuple(member for member in self.members if member[0] in heard)

    @property
    def refused(self) -> tuple[Failure, ...]:
        """The facts that plugins declared and may not, as far as facts were made ready."""
        return tuple(failure for _, made in self.ready for failure in made.failures)

    def within(self, seconds: float | None) -> PluginSession:
        """Return the session with a limit to how long a plugin may take to answer."""
        return replace(self, caller=replace(self.caller, seconds=seconds, overdue={}), ready=[])

    def measuring(self) -> PluginSession:
        """Return the session in which plugins measure facts, and hear of nothing."""
        answering = {hook: who for hook, who in self.answering.items() if hook == "cdsrules_measures"}
        return replace(self, members=(), failures=(), answering=MappingProxyType(answering), ready=[])

    def only(self, members: Sequence[tuple[str, str]], failures: Iterable[Failure]) -> PluginSession:
        """Return the session with these of its plugins alone, in the order given."""
        order = {name: place for place, (name, _) in enumerate(members)}
        answering = {
            hook: tuple(sorted((one for one in who if one.plugin in order), key=lambda one: order[one.plugin]))
            for hook, who in self.answering.items()
        }
        kept = MappingProxyType({hook: who for hook, who in answering.items() if who})
        return replace(self, members=tuple(members), failures=tuple(failures), answering=kept, ready=[])

    def failed(self, failures: Iterable[Failure]) -> PluginSession:
        """Return the session with further plugins that failed while things were made ready."""
        return replace(self, failures=(*self.failures, *failures))

    def ask(
        self,
        hook: str,
        read: Callable[[object], T],
        consequence: str,
        give: Callable[[], Gift] = lambda: Gift({}),
    ) -> tuple[tuple[Answer[T], ...], tuple[Failure, ...]]:
        """Return what every plugin answers, each given things of its own, and those that failed."""
        told = [self.caller.call(hook, one, give(), read, consequence) for one in self.answering.get(hook, ())]
        answers = tuple(one for one in told if isinstance(one, Answer))
        return answers, tuple(one for one in told if isinstance(one, Failure))

    def ask_first(
        self, hook: str, read: Callable[[object], T | None], consequence: str, give: Callable[[], Gift]
    ) -> tuple[Answer[T] | None, tuple[Failure, ...]]:
        """Return the first answer that is one, and the plugins that failed before it came."""
        failures: list[Failure] = []
        for one in self.answering.get(hook, ()):
            told = self.caller.call(hook, one, give(), read, consequence)
            if isinstance(told, Failure):
                failures.append(told)
            elif told.value is not None:
                return Answer(told.plugin, told.value), tuple(failures)
        return None, tuple(failures)

    def fill(
        self, hook: str, argument: str, make: Callable[[], T], consequence: str
    ) -> tuple[tuple[Answer[T], ...], tuple[Failure, ...]]:
        """Return what each plugin put into something empty that was made for it alone, and those that failed."""
        filled: list[Answer[T]] = []
        failures: list[Failure] = []
        for one in self.answering.get(hook, ()):
            empty = make()
            told = self.caller.call(hook, one, Gift({argument: empty}), reading.nothing, consequence)
            if isinstance(told, Failure):
                failures.append(told)
            else:
                filled.append(Answer(one.plugin, empty))
        return tuple(filled), tuple(failures)

    def rulebooks(self) -> tuple[tuple[Path, ...], tuple[Failure, ...]]:
        """Return the folders that plugins add, and the plugins that failed to say."""
        answers, failures = self.ask("cdsrules_rulebooks", reading.folders, "Its rulebooks are not included")
        return tuple(folder for answer in answers for folder in answer.value), failures

    def measures(
        self, vocabulary: Vocabulary, read: Callable[[object], T]
    ) -> tuple[tuple[Answer[T], ...], tuple[Failure, ...]]:
        """Return the facts that each plugin declares for a vocabulary, as `read` understands them."""
        return self.ask(
            "cdsrules_measures",
            read,
            "Its measures are not included",
            lambda: Gift.of(vocabulary=given_vocabulary(vocabulary)),
        )

    def checks(self) -> tuple[tuple[Answer[tuple[Check, ...]], ...], tuple[Failure, ...]]:
        """Return the checks that each plugin offers."""
        return self.ask("cdsrules_checks", reading.checks, "Its checks were not made")

    def client_from_record(self, record: object) -> tuple[Answer[FromRecord] | None, tuple[Failure, ...]]:
        """Return the client whom the first plugin that can reads from a record; None when none can."""
        return self.ask_first(
            "cdsrules_client_from_record",
            reading.from_record,
            "It did not read this record",
            lambda: Gift.of(record=record),
        )

    def guidance_ready(self, guidance: Guidance) -> tuple[Failure, ...]:
        """Let every plugin hear of the guidance, each of a copy of its own; return those that failed."""
        return self.ask(
            "cdsrules_guidance_ready",
            reading.nothing,
            "It did not take note of this guidance",
            lambda: Gift.of(guidance=replace(guidance)),
        )[1]

    def feedback(self, feedback: FeedbackGiven) -> tuple[Failure, ...]:
        """Let every plugin hear of feedback that was recorded; return those that failed."""
        return self.ask(
            "cdsrules_feedback",
            reading.nothing,
            "It did not take note of this feedback",
            lambda: Gift.of(feedback=feedback),
        )[1]

    def store(self) -> tuple[Answer[Store] | None, tuple[Failure, ...]]:
        """Return the store that the first plugin offers; None when none does."""
        return self.ask_first("cdsrules_store", reading.store, "It keeps no records", lambda: Gift({}))


def measuring_plugins() -> PluginSession:
    """Return the installed plugins for clients who are made up or looked at again: they measure facts, and no more."""
    return start_plugins().measuring()


def start_plugins(plugins: Iterable[object] | None = None, *, seconds: float | None = None) -> PluginSession:
    """Return a session with these plugins, or with all that are installed when None.

    A plugin is a module or an object with hooks, or the name of an installed one. Of those
    installed, CDSRULES_PLUGINS chooses: `off`, or their names. `seconds` limits how long a
    plugin may take to answer.

    Raises `PluginMisfit` when a plugin given by hand does not fit the hooks, and `UnknownName`
    for a name that is not installed; an installed one that does not fit or cannot be imported
    is named in `failures` instead.
    """
    register = Register()
    failures: list[Failure] = []
    for plugin in chosen() if plugins is None else plugins:
        failure = _take(register, installed_as(plugin) if isinstance(plugin, str) else plugin)
        if failure is not None:
            failures.append(failure)
    caller = Caller.of_environment(seconds)
    return PluginSession(tuple(register.members), tuple(failures), MappingProxyType(register.answering()), caller)


def _take(register: Register, plugin: EntryPoint | object) -> Failure | None:
    """Register a plugin; return how an installed one failed."""
    from importlib.metadata import EntryPoint

    if not isinstance(plugin, EntryPoint):
        name = name_of(plugin)
        register.take(plugin, name, version_of(plugin, name))
        return None
    found = loaded(plugin)
    if isinstance(found, Failure):
        return found
    try:
        register.take(found, plugin.name, plugin.dist.version if plugin.dist else "not packaged")
    except PluginMisfit as problem:
        return misfit(plugin, problem)
    return None
