"""Clinical decision support for psychotherapy: client state and rulebooks in, explained guidance out.

>>> from cdsrules import Advisor  # doctest: +SKIP
>>> guidance = Advisor.load().evaluate(document)  # doctest: +SKIP
>>> guidance.first.text  # doctest: +SKIP
"""

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
    UnknownName,
)
from cdsrules.model.client import Client
from cdsrules.model.explanation import Explanation
from cdsrules.model.guidance import Guidance, Item, ProposalAnswer, Verdict
from cdsrules.model.rulebook import Library, Tier
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
    "Tier",
    "UnknownName",
    "Verdict",
]


def __getattr__(name: str) -> str:
    """The version of the installed package, read only when asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("cdsrules")
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
