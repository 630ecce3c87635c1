"""Files of obligations: what is read, what is refused and where, and that the schema says the same."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from cdsrules.analysis.combinations import combinations_of, settings_of
from cdsrules.analysis.obligation import Gets
from cdsrules.analysis.obligation_file import GETS_KEYS, check_obligations, read_obligations
from cdsrules.errors import ObligationsError
from cdsrules.loading.codes import registry
from cdsrules.loading.codes.record import Code, Within
from cdsrules.loading.files import find_obligation_files
from cdsrules.loading.problems import Problems
from cdsrules.loading.report import as_text
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.tree import plain
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.condition import FactKey, FindingTest
from tests.rules.shipped import library

CODES = [code for code in registry().values() if code.within is Within.OBLIGATIONS]
GOLDEN = Path(__file__).parent / "golden"
TEXT = """\
obligations:
  - obligation: who-stalls-gets-company
    title: Whoever is stalled is talked through with a colleague
    every: {finding: stalled}
    unless: {declined: consultation}
    gets: {recommendation: [consultation], caution_on: any, finding: [risk_present], safety_item: any}
    source: G01
    why: A colleague may see what is hard to see from inside.
    known_gap: {reason: The rule is being rewritten., until: 2026-12-01}
screens:
  - screen: thoughts
    title: Thoughts of suicide
    asks: [risk.ideation.open, risk.item.open_score]
    serious: {fact: risk.ideation.open, is: true}
    gets: {risk_line: any}
    source: S02
    why: A sign must not pass in silence.
"""


def source(text: str, name: str = "obligations.yaml") -> SourceFile:
    return SourceFile(name, text.encode())


def test_what_is_owed_is_read_as_it_is_written() -> None:
    duties = read_obligations([source(TEXT)], library())
    [obligation], [screen] = duties.obligations, duties.screens

    assert obligation.every == FindingTest("stalled")
    assert obligation.gets == Gets(("consultation",), (), ("risk_present",), safety_item=True)
    assert obligation.known_gap is not None
    assert obligation.known_gap.until.isoformat() == "2026-12-01"
    assert screen.asks == (FactKey("risk.ideation.open"), FactKey("risk.item.open_score"))
    assert screen.gets == Gets(risk_line=True)


def test_the_shipped_obligations_are_in_order() -> None:
    found = find_obligation_files()
    duties = read_obligations(found.files, library())

    assert found.problems == ()
    assert len(duties.obligations) >= 10
    assert len(duties.screens) >= 3


def test_what_is_wrong_is_raised_all_at_once() -> None:
    with pytest.raises(ObligationsError) as raised:
        read_obligations(
            [source(TEXT.replace("stalled}", "staled}").replace("[consultation]", "[consult]"))], library()
        )

    assert {one.code for one in raised.value.diagnostics} == {"CDS041", "CDS242"}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_the_bad_example_brings_up_exactly_its_code(code: Code) -> None:
    found = check_obligations([*find_obligation_files().files, source(code.bad)], library())
    assert {one.code for one in found} == {code.code}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_the_good_example_brings_up_nothing(code: Code) -> None:
    assert check_obligations([*find_obligation_files().files, source(code.good)], library()) == ()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_says_exactly_this(path: Path) -> None:
    file = SourceFile(path.name, path.read_bytes())
    said = as_text(check_obligations([*find_obligation_files().files, file], library()), {path.name: file.text})

    assert said == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_code_is_worded_in_a_golden_file() -> None:
    said = "".join(path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt"))

    assert [code.code for code in CODES if code.code not in said] == []


# ---- What a screen goes through


def test_a_number_is_gone_through_at_and_beside_the_thresholds_of_the_rules() -> None:
    settings = settings_of(FactKey("risk.item.open_score"), library(), catalogue(library().vocabulary))

    assert settings == (0, 1, 2, None)


def test_a_set_is_gone_through_in_all_its_parts() -> None:
    known = catalogue(library().vocabulary)
    words = known["risk.acute"].choices

    assert len(settings_of(FactKey("risk.acute"), library(), known)) == 2 ** len(words) + 1
    assert combinations_of((FactKey("risk.acute"), FactKey("risk.ideation.open")), library(), known) == 27


def test_a_day_is_not_gone_through() -> None:
    assert settings_of(FactKey("plan.reviewed_on"), library(), catalogue(library().vocabulary)) == ()


# ---- The schema says the same as the reader


def validator() -> jsonschema.protocols.Validator:
    schema = json.loads((shipped_schemas() / "obligations.schema.json").read_text(encoding="utf-8"))
    rulebook = json.loads((shipped_schemas() / "rulebook.schema.json").read_text(encoding="utf-8"))
    known: Registry = Registry().with_resource(rulebook["$id"], Resource.from_contents(rulebook))
    assert set(schema["$defs"]["gets"]["properties"]) == set(GETS_KEYS)
    return jsonschema.Draft202012Validator(schema, registry=known)


def fits(text: bytes) -> bool:
    root = parse_yaml(text, "obligations.yaml", Problems())
    assert root is not None
    return validator().is_valid(plain(root))


def test_what_is_shipped_and_what_is_read_fits_the_schema() -> None:
    assert all(fits(file.text) for file in find_obligation_files().files)
    assert fits(TEXT.encode())


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("every:", "each:"),
        ("{risk_line: any}", "{}"),
        ("{risk_line: any}", "{risk_line: all}"),
        ("    source: G01\n", ""),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(was: str, becomes: str) -> None:
    text = TEXT.replace(was, becomes)

    assert not fits(text.encode())
    assert check_obligations([source(text)], library())
