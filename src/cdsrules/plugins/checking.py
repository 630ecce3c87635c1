"""What plugins say is wrong with rulebooks, and what is wrong with plugins, as diagnostics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from cdsrules.diagnostics import Diagnostic, Position, Severity
from cdsrules.model.rulebook import Library
from cdsrules.plugins import reading
from cdsrules.plugins.asking import Answering, Failure
from cdsrules.plugins.given import Gift, given_library
from cdsrules.plugins.session import PluginSession

_CODE: Final = re.compile(r"(?!CDS\d)[A-Z][A-Z0-9]*\d")
_ADVICE: Final = {
    "CDS302": "Correct the plugin, or leave it out: CDSRULES_PLUGINS names those that take part.",
    "CDS303": "Correct the plugin, or leave it out; CDSRULES_TRACE_PLUGINS=1 shows each of its calls.",
    "CDS304": "Declare the fact otherwise in `cdsrules_measures`.",
}


def what_checks_say(session: PluginSession, library: Library) -> tuple[Diagnostic, ...]:
    """Return what the checks of plugins find in rulebooks, and the plugins that failed at it."""
    offered, failed = session.checks()
    said = list(about(failed))
    for plugin, checks in offered:
        read = partial(_found, plugin)
        for check in checks:
            asked = Answering(plugin, partial(check, given_library(library)), frozenset())
            told = session.caller.call("cdsrules_checks", asked, Gift({}), read, "What it found is not shown")
            said += about([told]) if isinstance(told, Failure) else told.value
    return tuple(said)


def _found(plugin: str, answer: object) -> tuple[Diagnostic, ...]:
    """Return what a check of a plugin found. Raises `Unusable` where that is no list of diagnostics."""
    return tuple(_shown(plugin, one) for one in reading.diagnostics(answer))


def about(failures: Iterable[Failure]) -> Iterator[Diagnostic]:
    """Yield a diagnostic for each plugin that failed."""
    for one in failures:
        yield Diagnostic(one.code, one.in_full, _ADVICE[one.code], path=f"plugin {one.plugin}")


def _shown(plugin: str, one: Diagnostic) -> Diagnostic:
    """Return what a plugin found, placed at the plugin where it names no place; or why it cannot be shown."""
    told: tuple[object, ...] = (one.code, one.message, one.advice, one.where, one.path, one.severity)
    if not all(map(isinstance, told, (str, str, str, Position | None, str | None, Severity))):
        wrong = "is made of something else than a code, a message, advice, a place and a severity"
    elif _CODE.fullmatch(one.code) is None or not one.message.strip():
        wrong = "has no code of the plugin's own, such as PRACTICE001, or no message"
    else:
        return replace(one, path=f"plugin {plugin}") if one.where is None and one.path is None else one
    message = f"What a check of the plugin {plugin} found {wrong}."
    return Diagnostic("CDS305", message, "Correct the check.", path=f"plugin {plugin}")
