"""Wordings of rules -> texts with slots, each slot resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, get_args

from cdsrules.diagnostics import Position
from cdsrules.loading.asked import check_window
from cdsrules.loading.problems import did_you_mean
from cdsrules.loading.scope import Scope
from cdsrules.loading.values import as_duration, shortened
from cdsrules.loading.wordings import check_wording, number_in
from cdsrules.model.condition import FactKey
from cdsrules.model.text import FactSlot, ParameterSlot, Show, Slot, Text
from cdsrules.model.time import Duration

_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_FACT: Final = re.compile(r"([a-z0-9_.-]+)(?: +over +([^:{}]+?))?(?: *: *([a-z]+))?")
_HOW: Final = (
    "Write `{fact.name}`, `{fact.name:date}`, `{fact.name:earlier}`, `{fact.name over 60 days}` or `{$parameter}`; "
    "`{{` prints a brace."
)

_SHOWN: Final[Mapping[str, Show]] = {show: show for show in get_args(Show)}


class _Writing(NamedTuple):
    """A text being read: what its problems call it, and where it stands."""

    source: str
    label: str
    at: Position
    scope: Scope

    def problem(self, code: str, message: str, advice: str) -> None:
        self.scope.problems.add(code, self.at, f"{self.label} {message}", advice)


def read_wording(source: str, label: str, at: Position, scope: Scope) -> Text:
    """Return a text with its slots; notes digits, wordings never to be printed, and slots that lead nowhere."""
    writing = _Writing(source, label, at, scope)
    check_wording(source, label, at, scope.problems)
    parts = tuple(_joined(_parts(writing)))
    _check_digits(" ".join(part for part in parts if isinstance(part, str)), writing)
    return Text(source, parts, at)


def _check_digits(said: str, writing: _Writing) -> None:
    name = number_in(said)
    if name is None:
        return
    measures = (id_ for id_, one in writing.scope.names.instruments.items() if one.name.casefold() == name.casefold())
    measure = next(measures, None)
    advice = "Print it from where it is set, with `{$parameter}` or `{fact.name}`, or leave it out."
    if measure is not None:
        advice = f"Write `{{measure.{measure}.name}}`."
    message = f"says `{shortened(name)}`: a number of its own would not follow when the rule changes."
    writing.problem("CDS080", message, advice)


def _joined(parts: Iterator[str | Slot]) -> Iterator[str | Slot]:
    plain = ""
    for part in parts:
        if isinstance(part, str):
            plain += part
            continue
        if plain:
            yield plain
        plain = ""
        yield part
    if plain:
        yield plain


def _parts(writing: _Writing) -> Iterator[str | Slot]:
    end = 0
    for match in _PIECE.finditer(writing.source):
        yield writing.source[end : match.start()]
        end = match.end()
        if match[0] in {"{{", "}}"}:
            yield match[0][0]
        elif match[1] is None:
            near = shortened(writing.source[match.start() : match.start() + 24])
            writing.problem("CDS082", f"has a `{match[0]}` that belongs to no placeholder, at `{near}`.", _HOW)
        else:
            slot = _slot(match[1].strip(), writing)
            if slot is not None:
                yield slot
    yield writing.source[end:]


def _slot(written: str, writing: _Writing) -> Slot | None:
    scope = writing.scope
    if written.startswith("$"):
        parameter = scope.parameter(written[1:], writing.at)
        return None if parameter is None else ParameterSlot(parameter.name)
    match = _FACT.fullmatch(written)
    show = _SHOWN.get(match[3] or "value") if match is not None else None
    if match is None or show is None:
        writing.problem("CDS082", f"has the placeholder `{{{shortened(written)}}}`, which cannot be read.", _HOW)
        return None
    name, over, _ = match.groups()
    if name not in scope.names.facts:
        _unknown_placeholder(name, writing)
        return None
    window = None if over is None else _window(over, writing)
    if over is not None and window is None:
        return None
    check_window(FactKey(name, window), writing.at, scope)
    return FactSlot(name, show, window)


def _unknown_placeholder(name: str, writing: _Writing) -> None:
    names = writing.scope.names
    if names.complete:
        known = [*names.facts, *(f"${parameter}" for parameter in names.parameters)]
        advice = did_you_mean(name, known, "`cdsrules facts` lists what there is.")
        writing.problem("CDS081", f"has the placeholder `{{{name}}}`, and there is no such fact.", advice)


def _window(over: str, writing: _Writing) -> Duration | None:
    if over.startswith("$"):
        parameter = writing.scope.parameter(over[1:], writing.at)
        if parameter is None:
            return None
        if isinstance(parameter.value, Duration):
            return parameter.value
        message = f"takes `{over}` as a window, and that is {parameter.value}, no duration."
        writing.problem("CDS082", message, "Write a duration such as `60 days`.")
        return None
    length = as_duration(over)
    if length is None:
        message = f"takes `{shortened(over)}` as a window, and that is no duration."
        writing.problem("CDS082", message, "Write a duration such as `60 days`.")
    return length
