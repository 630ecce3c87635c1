"""Every code of client documents: its bad example brings up just it, its good one nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import cdsrules
from cdsrules.diagnostics import Diagnostic, Severity
from cdsrules.errors import ClientError
from cdsrules.loading.client_document import parse_client
from cdsrules.loading.client_schema import ClientSchema
from cdsrules.loading.codes import client, client_records
from cdsrules.loading.codes.client_frame import document
from cdsrules.loading.codes.record import Code, Within
from cdsrules.loading.files import read_rule_files, read_schemas
from cdsrules.loading.json_text import read_json
from cdsrules.loading.library import load_library
from cdsrules.measures.catalogue import Measures, catalogue

CODES = (*client.CODES, *client_records.CODES)
RUN = [code for code in CODES if code.within is Within.CLIENT]
VOCABULARY = load_library(read_rule_files(), catalogue, None).vocabulary
MEASURES = Measures(VOCABULARY)


def problems(text: str) -> tuple[Diagnostic, ...]:
    """Everything that is said of a document: its problems, or the notices about it."""
    try:
        parsed = parse_client(read_json(text.encode(), "client.json"), VOCABULARY)
    except ClientError as error:
        return error.diagnostics
    assert parsed.as_of is not None
    return MEASURES.of(parsed, parsed.as_of).notices


@pytest.mark.parametrize("code", RUN, ids=lambda code: code.code)
def test_the_bad_example_brings_up_just_this_code(code: Code) -> None:
    found = problems(code.bad)

    assert [one.code for one in found] == [code.code]
    assert found[0].severity is code.severity


@pytest.mark.parametrize("code", RUN, ids=lambda code: code.code)
def test_the_good_example_brings_up_nothing(code: Code) -> None:
    assert problems(code.good) == ()


def proposing(action: str, per_week: Mapping[str, float]) -> str:
    """A document with one proposal, and how many sessions a week there are to be."""
    return document(proposed_actions=[{"action": action, "sessions_per_week": per_week}])


@pytest.mark.parametrize(
    ("action", "per_week"),
    [
        ("increase_frequency", {"from": 1, "to": 2}),
        ("increase_frequency", {"from": 1, "to": 1}),
        ("increase_frequency", {"to": 1}),
        ("decrease_frequency", {"from": 2, "to": 0.5}),
        ("decrease_frequency", {"from": 2}),
        ("referral", {"from": 2, "to": 1}),
    ],
)
def test_a_proposal_that_does_not_contradict_itself_is_read(action: str, per_week: Mapping[str, float]) -> None:
    assert problems(proposing(action, per_week)) == ()


def test_fewer_sessions_that_are_more_are_refused() -> None:
    [found] = problems(proposing("decrease_frequency", {"from": 0.5, "to": 3}))

    assert (found.code, found.path) == ("CDS732", "$.proposed_actions[0].sessions_per_week")
    assert found.message == '"decrease_frequency" is proposed, with more sessions a week: from 0.5 to 3.'
    assert found.advice == 'Write {"from": 3, "to": 0.5}, or propose "increase_frequency" if that is meant.'


def test_what_the_schema_refuses_has_a_code_of_its_own() -> None:
    schema = ClientSchema(read_schemas(["client-state"])["client-state"])

    found = schema.check({"schema_version": "1.0", "client": {"id": "c"}, "treatment": {"started_on": "x"}})

    assert [(one.code, one.path) for one in found] == [("CDS745", "$.treatment.started_on")]


def test_every_code_raised_for_a_client_document_has_its_page() -> None:
    source = Path(cdsrules.__file__).parent
    modules = [*(source / "loading").glob("client_*.py"), source / "measures" / "notices.py"]
    raised = {code for module in modules for code in re.findall(r"CDS\d{3}", module.read_text(encoding="utf-8"))}

    assert raised == {code.code for code in CODES}


def test_only_what_is_dated_later_is_a_mere_warning() -> None:
    warnings = [code.code for code in CODES if code.severity is Severity.WARNING]

    assert warnings == ["CDS790", "CDS791"]
