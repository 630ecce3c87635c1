"""Wordings become texts whose parts, put together again, are what was written."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cdsrules
from cdsrules.diagnostics import Position
from cdsrules.loading.asked import check_condition
from cdsrules.loading.problems import Problems
from cdsrules.loading.scope import Names, Scope
from cdsrules.loading.texts import read_wording
from cdsrules.loading.wordings import check_wording, forbidden_in
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.condition import FactKey, KnownTest
from cdsrules.model.rulebook import Parameter
from cdsrules.model.text import FactSlot, ParameterSlot, Slot
from cdsrules.model.time import Duration
from tests.loading.rule_files import SHIPPED, load

VOCABULARY = load(*SHIPPED).vocabulary
SIXTY = Duration(60, "days")
NAMES = Names(
    facts=catalogue(VOCABULARY),
    actions=VOCABULARY.actions,
    instruments=VOCABULARY.instruments,
    findings=(),
    parameters={"recent": Parameter("recent", SIXTY, "local", "."), "many": Parameter("many", 3, "local", ".")},
    sources={},
)
HERE = Position("a.yaml", 1, 1)


def parts(source: str) -> tuple[tuple[str | Slot, ...], list[str]]:
    """The parts of a text and the codes of what is wrong with it."""
    problems = Problems()
    text = read_wording(source, "`why`", HERE, Scope(NAMES, problems))
    assert text.source == source
    return text.parts, [one.code for one in problems.found]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Plain words.", ("Plain words.",)),
        ("{treatment.duration}", (FactSlot("treatment.duration"),)),
        ("On { plan.reviewed_on : date }.", ("On ", FactSlot("plan.reviewed_on", "date"), ".")),
        ("{attendance.no_shows over 60 days}", (FactSlot("attendance.no_shows", over=SIXTY),)),
        ("{attendance.no_shows over $recent:date}", (FactSlot("attendance.no_shows", "date", SIXTY),)),
        (
            "Within {$recent}, {$many} times",
            ("Within ", ParameterSlot("recent"), ", ", ParameterSlot("many"), " times"),
        ),
        ("{{braces}} and {measure.phq-9.name}", ("{braces} and ", FactSlot("measure.phq-9.name"))),
    ],
)
def test_is_read_as(source: str, expected: tuple[str | Slot, ...]) -> None:
    assert parts(source) == (expected, [])


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("6 months", "CDS080"),
        ("x²", "CDS080"),
        ("{treatment.length}", "CDS081"),
        ("{$often}", "CDS043"),
        ("{treatment.duration", "CDS082"),
        ("treatment.duration}", "CDS082"),
        ("{}", "CDS082"),
        ("{a b}", "CDS082"),
        ("{treatment.duration:days}", "CDS082"),
        ("{attendance.no_shows over $many}", "CDS082"),
        ("{attendance.no_shows over years}", "CDS082"),
        ("{attendance.no_shows}", "CDS071"),
        ("{treatment.duration over 60 days}", "CDS072"),
        ("a high-risk client", "CDS083"),
    ],
)
def test_is_refused(source: str, code: str) -> None:
    assert parts(source)[1] == [code]


def test_of_a_fact_that_a_lost_file_may_declare_nothing_is_said() -> None:
    problems = Problems()
    read_wording("{treatment.length}", "`why`", HERE, Scope(replace(NAMES, complete=False), problems))
    assert problems.found == []


def test_a_condition_that_stands_in_no_file_has_no_place_to_point_to() -> None:
    problems = Problems()
    check_condition(KnownTest(FactKey("attendance.no_shows")), Scope(NAMES, problems))
    assert problems.found == []


@given(
    st.lists(
        st.sampled_from(["{treatment.duration}", "{$recent}", "{{", "}}", "so ", "it is", "{plan.reviewed_on:date}"])
    )
)
def test_the_parts_of_a_text_make_the_text(pieces: list[str]) -> None:
    read, wrong = parts("".join(pieces))
    assert wrong == []
    assert not any(isinstance(one, str) and isinstance(other, str) for one, other in pairwise(read))
    written = "".join(part if isinstance(part, str) else _written(part) for part in read)
    assert written == re.sub(r"\{\{|\}\}", lambda match: match[0][0], "".join(pieces))


def _written(slot: Slot) -> str:
    match slot:
        case ParameterSlot(parameter):
            return f"{{${parameter}}}"
        case FactSlot(fact, "date"):
            return f"{{{fact}:date}}"
        case FactSlot(fact):
            return f"{{{fact}}}"


@pytest.mark.parametrize(
    "said",
    [
        *("Low risk", "a low-risk client", "the risk is low", "moderate risk", "failed  therapy", "therapy failure"),
        *("treatment resistant", "Treatment-resistance", "commits suicide", "a successful suicide attempt"),
        *("manipulative", "noncompliant", "non-compliance", "non compliant"),
        *(
            '"low" risk',
            "*low* risk",
            "low_risk",
            "low\nrisk",
            "low-\n  risk",
            "low\u2013risk",
            "LOW RISK",
            "lowest risk",
        ),
        *("low suicide risk", "low to moderate risk", "low or no risk", "low/medium/high risk", "low acute risk"),
        *("risk: low", "risk (low)", "the risk of suicide is low", "risk was rated as very low", "a negligible risk"),
        *("low level of risk", "low likelihood of suicide", "the risk level", "risk categories", "levels of risk"),
        *("at no risk", "there is no risk", "no risk of self-harm", "risk-free", "risk can be ruled out"),
        *("not at risk", "no longer at risk", "not currently at risk of suicide", "not thought to be at acute risk"),
        *(
            "the treatment failed",
            "therapy has failed",
            "failed two treatments",
            "failed to respond",
            "failure of therapy",
        ),
        *("treatment-refractory", "resistant clients", "the client is resistant", "resistant to therapy"),
        *("commit a suicide", "suicide was committed", "committed\n suicide", "completed suicide"),
        *("successful suicide", "a failed suicide attempt", "successful attempt to end", "suicidal gesture"),
        *("a manipulator", "not compliant", "attention-seeking", "a difficult client", "an alcoholic", "drug abusers"),
    ],
)
def test_is_never_printed(said: str) -> None:
    problems = Problems()
    check_wording(f"Well, {said}, it seems.", "`why`", HERE, problems)
    assert [one.code for one in problems.found] == ["CDS083"]


@pytest.mark.parametrize(
    "said",
    [
        *("at risk", "follow the risk plan", "after unsuccessful attempts to call"),
        *("compliant", "risk was assessed", "died by suicide", "the flow risks"),
        *("risk is not recorded", "A low score. Risk is not recorded.", "a low score \u2013 risk is not recorded"),
        *("a high score on a risk item", "low mood, and risk was disclosed", "no risk item is open"),
        *("there is no risk assessment on file", "no later risk assessment is on file", "risk scales that predict"),
        *(
            "not at risk of dropping out",
            "the risk of dropping out was lower",
            "it puts the alliance at risk",
            "a completed suicide risk assessment",
        ),
        *(
            "a successful attempt to reach the client",
            "Alcoholics Anonymous",
            "the rule fails to fire",
            "difficult cases",
        ),
        *(
            "it prints no risk class",
            "committed to the work",
            "{risk.item.open_score:date}, low",
            "low {measure.phq-9.name} risk",
        ),
    ],
)
def test_may_be_printed(said: str) -> None:
    problems = Problems()
    check_wording(said, "`why`", HERE, problems)
    assert problems.found == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        *(("CDS129", said) for said in (
            "You must refer now", "you must not wait", "You should consult a colleague", "you have to ask",
            "the clinician ought to ask", "They need to come", "you really have to", "the therapist is required to",
            "it is imperative", "You should have consulted earlier", "this should have been asked",
            "the therapist failed to call", "you neglected the alliance", "The client refused", "the client resists",
            "it is the client's fault", "your own fault", "the therapist is to blame", "your colleague must know",
        )),
        *(("CDS130", said) for said in (
            "the client has depression", "The client is severely ill, and she is psychotic", "the client is bipolar",
            "You have a personality disorder",
            "they have an eating disorder", "he suffers from post-traumatic stress disorder",
            "the client clearly has a severe anxiety disorder", "the client was diagnosed with something",
            "the client's diagnosis is plain", "she meets criteria for major depression", "somebody who is addicted",
        )),
        *(("CDS131", said) for said in (
            "ask about sertraline", "Lithium may help", "diazepam", "an evening of Quetiapine", "Prozac", "20 mg of it",
            "St John's wort", "esketamine", "0.5mg",
        )),
    ],
)  # fmt: skip
def test_orders_blame_diagnoses_and_drugs_are_refused(code: str, said: str) -> None:
    problems = Problems()
    check_wording(f"Well: {said}.", "`why`", HERE, problems)
    assert [one.code for one in problems.found] == [code]


@pytest.mark.parametrize(
    "said",
    [
        "Ask directly, also about plan and intent. An assessment on the same day is usual.",
        "Consider a talk about progress; this must not wait.",
        "You do not have to decide today, and I would like to hear what you have to say.",
        "What you need from our work now.",
        "The client declined a reassessment.",
        "Possible signs of psychosis were recorded, and the presenting problem on record is depression.",
        "An eating disorder was recorded as unstable.",
        "After a depression the client came back to work.",
        "Who has a full week, and is anxious about it.",
        "Ask whoever prescribes for a review of the present medication.",
        "A magnificent image, an imagined dose of luck.",
        "It may have been too much. No one is at ease with that.",
    ],
)
def test_options_observations_and_medication_may_be_spoken_of(said: str) -> None:
    assert forbidden_in(said) == ()


def test_one_place_brings_up_one_wording() -> None:
    assert [one.said for one in forbidden_in("A treatment-resistant client at lower-risk.")] == [
        "lower-risk",
        "treatment-resistant",
    ]


@pytest.mark.parametrize(
    "path", [*Path(cdsrules.__file__).parent.rglob("*.py"), *Path(cdsrules.__file__).parent.rglob("*.j2")], ids=str
)
def test_the_program_itself_says_none_of_them(path: Path) -> None:
    """Help pages and the lists aside, which name what they refuse; what a program must do, docstrings may say."""
    if path.name in {"wordings.py", "manner.py", "medicines.py"} or path.parent.name == "codes":
        return
    text = path.read_text(encoding="utf-8")
    texts, described = [text], set()
    if path.suffix == ".py":
        nodes = list(ast.walk(ast.parse(text)))
        texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        described = {ast.get_docstring(node, clean=False) for node in nodes if isinstance(node, documented)}
    found = [(one, said) for one in texts for said in forbidden_in(one)]
    assert [said for one, said in found if said.code != "CDS129" or one not in described] == []
