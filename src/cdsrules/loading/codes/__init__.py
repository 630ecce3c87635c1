"""The diagnostic codes: one record each, by subject; numbers are never given twice."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from cdsrules.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdsrules.diagnostics import Severity
    from cdsrules.loading.codes.record import Code

_SUBJECTS = (
    "yaml_text",
    "folders",
    "shape",
    "names",
    "conditions",
    "texts",
    "narrative",
    "rules",
    "safety",
    "snooze",
    "settings",
    "flags",
    "vocabulary",
    "cases",
    "laws",
    "reviews",
    "obligations",
    "site",
    "json_text",
    "client",
    "client_records",
    "plugins",
)


@cache
def registry() -> Mapping[str, Code]:
    """Return every code with its record, in order; read on first use, as most runs find nothing."""
    found: dict[str, Code] = {}
    for subject in _SUBJECTS:
        module = import_module(f"cdsrules.loading.codes.{subject}")
        found.update({one.code: one for one in module.CODES})
    return dict(sorted(found.items()))


def code_named(name: str) -> Code:
    """Return a code by its name, in capitals or not.

    Raises:
        UnknownName: there is no such code.
    """
    code = registry().get(name.upper())
    if code is None:
        from difflib import get_close_matches

        near = get_close_matches(name.upper(), registry(), n=1)
        hint = (
            f"Did you mean {near[0]}?"
            if near
            else f"Codes run from {next(iter(registry()))} to {list(registry())[-1]}."
        )
        message = f"There is no diagnostic code {name}. {hint}"
        raise UnknownName(message)
    return code


def severity_of(code: str) -> Severity:
    """Return how much a code weighs. Raises KeyError for a code that is not in the registry."""
    return registry()[code].severity
