"""Exceptions for programmers and for the edge, under one base class.

    CdsrulesError
    ├── RulebookError        a rulebook that cannot be used; carries its diagnostics
    ├── CasesError           a file of cases that cannot be read; carries its diagnostics
    ├── LawsError            a file of laws that cannot be read; carries its diagnostics
    ├── ObligationsError     a file of obligations that cannot be read; carries its diagnostics
    ├── SiteError            the file of a site that cannot be read; carries its diagnostics
    ├── ClientError          a client document that cannot be read; carries its diagnostics
    ├── UnknownName          a rule, fact or action asked for by a name that nothing bears
    ├── ExtraMissing         an optional part of cdsrules that is not installed
    └── EngineError
        ├── EngineUnavailable    the durable-rules engine cannot be imported
        ├── EngineLimit          a rulebook the engine cannot hold
        ├── EngineFailure        the engine reported a failure while it ran
        └── EngineDisagreement   the two engines concluded differently

What is wrong with a user's document is never an exception of its own: it is a
`Diagnostic`, and the exceptions here carry them to the caller.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cdsrules.diagnostics import Diagnostic


class CdsrulesError(Exception):
    """Everything that cdsrules raises on purpose."""


class _WithDiagnostics(CdsrulesError):
    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(one) for one in self.diagnostics))


class RulebookError(_WithDiagnostics):
    """The rulebooks were not loaded; `diagnostics` says why, all problems at once."""


class CasesError(_WithDiagnostics):
    """The cases were not read; `diagnostics` says why, all problems at once."""


class LawsError(_WithDiagnostics):
    """The laws were not read; `diagnostics` says why, all problems at once."""


class ObligationsError(_WithDiagnostics):
    """The obligations were not read; `diagnostics` says why, all problems at once."""


class SiteError(_WithDiagnostics):
    """The file of a site was not read; `diagnostics` says why, all problems at once."""


class ClientError(_WithDiagnostics):
    """The client document was not read; `diagnostics` says why, all problems at once."""


class UnknownName(CdsrulesError):
    """No rule, fact, action or code bears this name; the text offers the nearest."""


class ExtraMissing(CdsrulesError):
    """An optional part is not installed; the text is one sentence with the pip line."""


class EngineError(CdsrulesError):
    """The durable-rules engine could not be used."""


class EngineUnavailable(EngineError):
    """The durable-rules engine cannot be imported here."""


class EngineLimit(EngineError):
    """The rulebook passes a limit of the durable-rules engine."""


class EngineFailure(EngineError):
    """The durable-rules engine reported a failure while it ran."""


class EngineDisagreement(EngineError):
    """The durable-rules engine and the reference concluded differently."""
