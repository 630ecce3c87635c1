"""The codes on plugins and records: the bad example of each brings it up, the good one nothing but notes of its own."""

from __future__ import annotations

import json

import pytest

from cdsrules import Advisor, ClientError, Diagnostic, Severity
from cdsrules.loading.codes import registry
from cdsrules.loading.codes.record import Code, Within
from cdsrules.plugins.checking import about, what_checks_say
from tests.plugins.installing import Install

OF_PLUGINS = [code for code in registry().values() if code.within is Within.PLUGIN]
OF_RECORDS = [code for code in registry().values() if code.within is Within.RECORD]


def found(name: str, code: str, installed: Install) -> list[Diagnostic]:
    """What is wrong with an installed plugin, and what it finds itself."""
    installed(name, code)
    with Advisor.load(engine="reference") as advisor:
        session = advisor.plugin_session
        return [*about((*session.failures, *session.refused)), *what_checks_say(session, advisor.library)]


@pytest.mark.parametrize("code", OF_PLUGINS, ids=lambda code: code.code)
def test_a_plugin_as_in_the_bad_example_brings_up_its_code(code: Code, installed: Install) -> None:
    problems = found("practice", code.bad, installed)
    assert {(one.code, one.severity, one.place) for one in problems} == {
        (code.code, code.severity, "plugin practice"),
    }


@pytest.mark.parametrize("code", OF_PLUGINS, ids=lambda code: code.code)
def test_a_plugin_as_in_the_good_example_brings_up_nothing(code: Code, installed: Install) -> None:
    problems = found("practice", code.good, installed)
    assert {one.severity for one in problems} <= {Severity.NOTE}


@pytest.mark.parametrize("code", OF_RECORDS, ids=lambda code: code.code)
def test_a_record_as_in_the_examples_is_refused_or_read(code: Code) -> None:
    with Advisor.load(plugins=[], engine="reference") as advisor:
        with pytest.raises(ClientError) as refused:
            advisor.evaluate(json.loads(code.bad))
        advisor.evaluate(json.loads(code.good))

    assert [one.code for one in refused.value.diagnostics] == [code.code]
