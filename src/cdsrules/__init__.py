"""Clinical decision support for psychotherapy: client state and rulebooks in, explained guidance out.

>>> from cdsrules import Advisor  # doctest: +SKIP
>>> guidance = Advisor.load().evaluate(document)  # doctest: +SKIP
>>> guidance.first.text  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor, RuleAccount
    from cdsrules.diagnostics import Diagnostic, Position, Severity
    from cdsrules.errors import (
        CdsrulesError,
        ClientError,
        EngineDisagreement,
        EngineError,
        EngineFailure,
        EngineLimit,
        EngineUnavailable,
        ExtraMissing,
        RulebookError,
        SiteError,
        UnknownName,
    )
    from cdsrules.model.client import Client
    from cdsrules.model.explanation import Explanation
    from cdsrules.model.guidance import Guidance, Item, ProposalAnswer, Verdict
    from cdsrules.model.rulebook import Library, Tier
    from cdsrules.model.site import Site
    from cdsrules.plugins.session import PluginMisfit

__all__ = [
    "Advisor",
    "CdsrulesError",
    "Client",
    "ClientError",
    "Diagnostic",
    "EngineDisagreement",
    "EngineError",
    "EngineFailure",
    "EngineLimit",
    "EngineUnavailable",
    "Explanation",
    "ExtraMissing",
    "Guidance",
    "Item",
    "Library",
    "PluginMisfit",
    "Position",
    "ProposalAnswer",
    "RuleAccount",
    "RulebookError",
    "Severity",
    "Site",
    "SiteError",
    "Tier",
    "UnknownName",
    "Verdict",
]

_HOMES = {
    "cdsrules.advisor": {"Advisor", "RuleAccount"},
    "cdsrules.diagnostics": {"Diagnostic", "Position", "Severity"},
    "cdsrules.model.client": {"Client"},
    "cdsrules.model.explanation": {"Explanation"},
    "cdsrules.model.guidance": {"Guidance", "Item", "ProposalAnswer", "Verdict"},
    "cdsrules.model.rulebook": {"Library", "Tier"},
    "cdsrules.model.site": {"Site"},
    "cdsrules.plugins.session": {"PluginMisfit"},
}


def __getattr__(name: str) -> object:
    """A public name, looked up when it is first asked for.

    So a test runner that finds the pytest plugin, or a host that starts, does not wait for
    what it does not use.
    """
    if name == "__version__":
        from importlib.metadata import version

        return version("cdsrules")
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    home = next((module for module, names in _HOMES.items() if name in names), "cdsrules.errors")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """What can be asked for."""
    return sorted({*globals(), *__all__, "__version__"})
