"""The registry of diagnostic codes: each is raised, explained, and proved by its two examples."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import cdsrules
from cdsrules.errors import UnknownName
from cdsrules.loading.codes import code_named, registry
from cdsrules.loading.codes.frame import framed
from cdsrules.loading.codes.page import page
from cdsrules.loading.codes.record import Code, Within
from cdsrules.loading.library import check_files
from cdsrules.measures.catalogue import catalogue

TODAY = date(2026, 6, 1)
RULE_FILES = {
    *(Within.RULES, Within.SAFETY, Within.RULEBOOK),
    *(Within.ACTIONS, Within.INSTRUMENTS, Within.REQUIREMENTS),
}
CODES = tuple(registry().values())
PROVED_HERE = [code for code in CODES if code.within in RULE_FILES]
SOURCE = Path(cdsrules.__file__).parent


def _literals(*, in_registry: bool) -> set[str]:
    texts = (
        path.read_text(encoding="utf-8")
        for path in SOURCE.rglob("*.py")
        if (path.parent.name == "codes") is in_registry
    )
    return {code for text in texts for code in re.findall(r'"(CDS\d{3})"', text)}


@pytest.mark.parametrize("code", PROVED_HERE, ids=lambda code: code.code)
def test_the_bad_example_brings_up_exactly_its_code(code: Code) -> None:
    found = check_files(framed(code.bad, code.within, code.stored_as), catalogue, TODAY)
    assert {one.code for one in found} == {code.code}
    assert {one.severity for one in found} == {code.severity}


@pytest.mark.parametrize("code", PROVED_HERE, ids=lambda code: code.code)
def test_the_good_example_brings_up_nothing(code: Code) -> None:
    assert check_files(framed(code.good, code.within), catalogue, TODAY) == ()


def test_every_code_that_is_raised_has_a_record() -> None:
    assert _literals(in_registry=False) <= set(registry())


def test_every_code_with_a_record_is_raised() -> None:
    assert set(registry()) <= _literals(in_registry=False)


def test_no_number_is_given_twice() -> None:
    written = [
        code
        for text in (path.read_text() for path in (SOURCE / "loading/codes").glob("*.py"))
        for code in re.findall(r'^        (?:code=)?"(CDS\d{3})",$', text, re.MULTILINE)
    ]
    assert sorted(written) == sorted(registry())


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_a_page_tells_everything_about_its_code(code: Code) -> None:
    said = page(code.code.lower())
    for part in (code.code, code.title, *(text.split()[0] for text in (code.means, code.matters, code.write))):
        assert part in said
    assert "Not like this" in said
    assert "But like this" in said
    assert max(len(line) for line in said.splitlines()) <= 402


def test_what_cannot_be_seen_is_shown_in_a_page() -> None:
    assert "title: An<U+200B>example" in page("CDS006")


def test_a_code_that_is_not_there_offers_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"There is no diagnostic code CDS0400\. Did you mean CDS040\?"):
        code_named("CDS0400")
    with pytest.raises(UnknownName, match=r"Codes run from CDS001 to CDS\d{3}\."):
        code_named("rule")


def test_examples_that_are_no_rule_file_are_not_framed() -> None:
    with pytest.raises(ValueError, match="no rule file"):
        framed("{}", Within.CLIENT)


def test_of_a_long_example_the_page_prints_what_differs() -> None:
    said = page("CDS012")
    assert "  title: !!str An example\n" in said
    assert "  title: An example\n" in said
    assert "recommends: consultation" not in said
    assert "  …\n" in said
