"""docs/plugins.md says what is so: every hook with its arguments, and a plugin that works as it stands there."""

from __future__ import annotations

import re
from datetime import date
from inspect import signature
from pathlib import Path

import pytest

from cdsrules import Advisor
from cdsrules.plugins import hookspecs
from cdsrules.plugins.registering import HOOKS
from tests.plugins.installing import Install

PAGE = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
PLUGIN, USE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
PACKAGE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]
RECORD = {"file_number": "c-9", "seen_on": "2026-08-03", "first_seen_on": "2026-01-05", "plans": ["referral"]}


def test_every_hook_is_documented_with_its_arguments() -> None:
    headings = re.findall(r"^### `(cdsrules_\w+)\((.*)\)`$", PAGE, re.MULTILINE)
    documented = {name: tuple(filter(None, arguments.split(", "))) for name, arguments in headings}

    assert documented == HOOKS
    assert {name: tuple(signature(getattr(hookspecs, name)).parameters) for name in HOOKS} == HOOKS


def test_the_page_of_hooks_can_be_read_at_once() -> None:
    assert len(Path(hookspecs.__file__).read_text(encoding="utf-8").splitlines()) <= 100


def test_the_plugin_of_the_page_takes_part_once_it_is_installed(installed: Install) -> None:
    installed("practice", PLUGIN, "1.4.0")
    assert 'practice = "practice"' in PACKAGE

    with Advisor.load() as advisor:
        guidance = advisor.evaluate(RECORD)

    (answer,) = guidance.proposals
    assert (answer.verdict, answer.words) == ("first_do", "First ask the practice for the next free place.")
    assert [item.title for item in answer.cautions][-1] == "No place is free at the moment"
    assert guidance.plugins == (("practice", "1.4.0"),)
    assert (guidance.client_id, guidance.as_of) == ("c-9", date(2026, 8, 3))
    assert guidance.notices == ()


def test_the_plugin_of_the_page_is_tested_as_the_page_says(installed: Install) -> None:
    installed("practice", PLUGIN, "1.4.0")
    exec(USE, {})


def test_what_the_page_calls_an_own_name_is_one(installed: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    installed("practice", PLUGIN)
    monkeypatch.setenv("CDSRULES_PLUGINS", "practice")

    with Advisor.load() as advisor:
        assert "practice.free_places" in advisor.catalogue
