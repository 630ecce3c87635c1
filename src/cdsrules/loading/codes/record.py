"""The form of one diagnostic code: what its help page says, and the two examples that prove it."""

from __future__ import annotations

from enum import StrEnum

from cdsrules.diagnostics import Severity
from cdsrules.frozen import frozen


class Within(StrEnum):
    """Where the text of an example stands, so that it can be run as it is printed."""

    RULES = "items under `rules:` of a rulebook"
    SAFETY = "items under `rules:` of the safety rulebook"
    RULEBOOK = "a whole rulebook"
    ACTIONS = "the whole of vocabulary/actions.yaml"
    INSTRUMENTS = "the whole of vocabulary/instruments.yaml"
    REQUIREMENTS = "the whole of vocabulary/requirements.yaml"
    CLIENT = "a whole client document"
    CASES = "a whole cases.yaml"
    LAWS = "a whole laws.yaml"
    OBLIGATIONS = "a whole obligations.yaml"
    SITE = "the whole file of a site"
    SETTINGS = "the whole file of settings"
    FHIR = "settings, with what codes of FHIR mean"
    FOLDER = "files and folders"
    RECORD = "a record of a host, as JSON"
    PLUGIN = "a whole plugin, in Python"


@frozen
class Code:
    """One diagnostic code.

    `means` says what was found, `matters` why it stops (or deserves a look), `write`
    what to do instead. `bad` brings up exactly this code and `good` nothing, both run
    by the tests (of a plugin, nothing but notes of its own); `stored_as` is the encoding `bad`
    is saved in. Examples `Within.FOLDER` are told in words, and the tests build what they tell.
    """

    code: str
    title: str
    means: str
    matters: str
    write: str
    bad: str
    good: str
    within: Within = Within.RULES
    severity: Severity = Severity.ERROR
    stored_as: str = "utf-8"
