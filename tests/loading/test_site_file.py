"""The file of a site: what it gives, and what is said of one that is not in order."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from cdsrules.errors import SiteError
from cdsrules.loading.codes import registry
from cdsrules.loading.codes.record import Code, Within
from cdsrules.loading.files import read_rule_files, read_site_file
from cdsrules.loading.library import load_library
from cdsrules.loading.report import as_text
from cdsrules.loading.section import Key
from cdsrules.loading.site_file import LINE_KEYS, SITE_KEYS, STEP_KEYS, read_site, recalled_site
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Tier, Verb
from cdsrules.model.site import AtStep, CrisisLine, Site

GOLDEN = sorted(Path(__file__).with_name("golden_site").glob("*.toml"))
CODES = [code for code in registry().values() if code.within is Within.SITE]
LIBRARY = load_library(read_rule_files(), catalogue)

WHOLE = """
name = "North Street Practice"
jurisdiction = "England"
protocol = '''
Page 3 of the crisis folder,
which the lead on duty signs.'''
tell = ["the lead on duty", "the practice manager"]

[[crisis_lines]]
name = "Night line"
contact = "the number on the card at the desk"
hours = "day and night"

[[crisis_lines]]
name = "Text line"
contact = "the number on the poster"

[steps.local_duty]
tell = ["the lead for safeguarding"]

[steps.safety_plan]
protocol = "The form in the second drawer."
"""
SITE = Site(
    name="North Street Practice",
    jurisdiction="England",
    crisis_lines=(
        CrisisLine("Night line", "the number on the card at the desk", "day and night"),
        CrisisLine("Text line", "the number on the poster"),
    ),
    protocol="Page 3 of the crisis folder, which the lead on duty signs.",
    tell=("the lead on duty", "the practice manager"),
    steps={
        "local_duty": AtStep(None, ("the lead for safeguarding",)),
        "safety_plan": AtStep("The form in the second drawer."),
    },
)


def site(text: str) -> Site:
    return read_site(SourceFile("site.toml", text.encode()), LIBRARY)


def said_of(file: SourceFile) -> str:
    with pytest.raises(SiteError) as refused:
        read_site(file, LIBRARY)
    return as_text(refused.value.diagnostics, {file.name: file.text})


def test_a_whole_file_is_read() -> None:
    assert site(WHOLE) == SITE


def test_a_site_comes_back_from_what_was_recorded_of_it() -> None:
    assert recalled_site(SITE.document()) == SITE
    assert recalled_site(Site("Nowhere", tell=("the lead",)).document()) == Site("Nowhere", tell=("the lead",))


def test_what_was_recorded_is_not_judged_by_what_holds_today() -> None:
    """A receipt of years ago runs again, whatever words are refused or steps are gone since."""
    old = Site("Old ward", protocol="Where risk is low, wait.", steps={"a-step-of-then": AtStep(tell=("<someone>",))})

    assert recalled_site(old.document()) == old


def test_what_is_no_site_is_not_recalled() -> None:
    with pytest.raises(SiteError, match="has no `name`"):
        recalled_site({"protocol": 7})


@pytest.mark.parametrize("key", [*SITE_KEYS.values(), *LINE_KEYS.values(), *STEP_KEYS.values()])
def test_every_example_of_a_key_is_toml(key: Key) -> None:
    """What stands between the marks of code can be written as it is."""
    assert tomllib.loads(key.example)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_says_exactly_this(path: Path) -> None:
    said = said_of(SourceFile(path.name, path.read_bytes()))

    assert said == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_code_of_sites_is_worded_in_some_golden_file() -> None:
    worded = "".join(path.with_suffix(".txt").read_text(encoding="utf-8") for path in GOLDEN)

    assert {code.code for code in CODES} <= set(re.findall(r"CDS\d{3}", worded))


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_the_examples_of_a_code_bring_it_up_and_do_not(code: Code) -> None:
    with pytest.raises(SiteError) as refused:
        site(code.bad)

    assert {one.code for one in refused.value.diagnostics} == {code.code}
    assert {one.severity for one in refused.value.diagnostics} == {code.severity}
    assert site(code.good).name == "North Street Practice"


BLANKS = (
    *(
        "<number",
        "number>",
        "<number>",
        "0800 <number",
        "\u2039number\u203a",
        "{{phone}}",
        "{phone",
        "phone}}",
        "\u27e8number\u27e9",
    ),
    *("TODO", "todo", "TBD", "Ask TODO at the desk", "xxx", "0800 XXX XXXX", "0800xxxxxx", "n/a", "unknown"),
    *("...", "…", "0800 ...", "____", "0800 __ __", "???", "0800 ###", "-", "\u2013", "(?)"),
)


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_is_refused_however_much_of_it_is_left(blank: str) -> None:
    assert "CDS381: `contact` still has the blank `" in said_of(line(blank))


FILLED = ("999", "0800 123 45 67", "desk@north.example", "Ask at the desk (room 3)", "ext. 7 / 8", "Todos: ext. 7")


@pytest.mark.parametrize("text", FILLED)
def test_what_a_place_really_writes_is_taken(text: str) -> None:
    assert read_site(line(text), LIBRARY).crisis_lines == (CrisisLine("Night line", text),)


@pytest.mark.parametrize(
    "escaped", [r"\u001b[31m0800", r"\u202e0080", r"08\u200b00", r"0800\u0000", r"0800\u2028", r"08\u00ad00"]
)
def test_nothing_is_shown_otherwise_than_it_stands(escaped: str) -> None:
    """A number that is shown backwards, or one that clears the screen, is no number."""
    file = SourceFile("site.toml", f'name = "Ward"\n[[crisis_lines]]\nname = "x"\ncontact = "{escaped}"\n'.encode())

    assert "site.toml:4:1: error CDS006: `contact` holds an invisible character (U+" in said_of(file)


def line(contact: str) -> SourceFile:
    return SourceFile(
        "site.toml", f'name = "Ward"\n[[crisis_lines]]\nname = "Night line"\ncontact = "{contact}"\n'.encode()
    )


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="There is no such file or folder"):
        read_site_file(tmp_path / "site.toml")
    with pytest.raises(SiteError, match="This is no file"):
        read_site_file(tmp_path)


def test_steps_are_those_of_the_safety_rules_in_force() -> None:
    """Each of them can be added to, and no other step can."""
    spoken = {rule.target for rule in LIBRARY.rules if rule.tier is Tier.SAFETY and rule.verb is not Verb.FINDS}

    assert "local_duty" in spoken
    for step in spoken:
        assert site(f'name = "x"\n[steps.{step}]\ntell = ["y"]\n').steps == {step: AtStep(tell=("y",))}
