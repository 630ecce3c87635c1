"""A small rulebook with everything a document can print, the cases beside it, and texts that mean harm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cdsrules.documents.entries import Basis
from cdsrules.inference.program import compile_program
from cdsrules.model.condition import AllOf, AnyOf, Not
from cdsrules.model.facts import FactCatalogue
from cdsrules.model.rulebook import Hazard, Library, Parameter, Rule, Rulebook, Status, Tier, Wording
from cdsrules.model.source import Grade, Source
from cdsrules.model.text import FactSlot, ParameterSlot, Text
from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import Requirement
from cdsrules.testing.cases import Case, CaseFile
from cdsrules.testing.expectations import Expectation
from tests.made_rules import CATALOGUE, action, cautions, fact, finding, finds, library, recommends

DAY = date(2026, 6, 15)
SOURCES = {
    "trial": Source("trial", "A trial of waiting", Grade.TRIAL, "A press", 2020, "Author A. A journal 2020; 1:1-9."),
    "text": Source("text", "A text", Grade.CONSENSUS, verified=False),
}
PARAMETERS = {
    "recent": Parameter("recent", Duration(60, "days"), "local", "Older than this says little.", DAY),
    "often": Parameter("often", 3, "trial", "The trial counted three."),
}
ACTIONS = (
    action("look"),
    action("talk", after=("look",)),
    action("change", "look", "talk", after=("talk",)),
    action("tend", beside=True, after=("look",)),
)
REQUIREMENTS = (
    Requirement("G01", "Look afresh when therapy is stuck.", "000"),
    Requirement("G02", "Tend the alliance.", "003"),
    Requirement("S01", "Ask about safety.", closed_by="An assessment."),
)
HAZARD = Hazard("Half an hour is lost.", "Nobody looks.")

STUCK = replace(finds("stuck", AllOf((fact("a"), fact("b")))), title="Therapy is stuck", requirement=("G01",))
WORN = replace(finds("worn", fact("c"), rule_id="worn-by-score"), title="The score says worn", tier=Tier.INFORMATION)
WORN_TOO = replace(finds("worn", fact("d"), rule_id="worn-by-word"), title="They say worn", status=Status.SHADOW)
LOOK = replace(
    recommends("look", AllOf((finding("stuck"), Not(finding("worn"))))),
    title="Look afresh",
    requirement=("G01",),
    hazard=HAZARD,
    unless=fact("e"),
    sources=("trial", "text"),
    evidence="A trial found that looking helps.",
    parameters=("recent", "often"),
    say=Wording(
        clinician=Text(
            "Seen {f} times, on {f:date}. Look within {$recent}.",
            (
                "Seen ",
                FactSlot("f"),
                " times, on ",
                FactSlot("f", "date"),
                ". Look within ",
                ParameterSlot("recent"),
                ".",
            ),
        ),
        why=Text("It helps.", ("It helps.",)),
        client=Text("Shall we look?", ("Shall we look?",)),
    ),
)
CHANGE = replace(
    cautions("change", AnyOf((finding("stuck"), fact("g"))), fact("h"), fact("i")),
    title="A change too soon",
    requirement=("G02",),
)
RETIRED = replace(recommends("tend", fact("j")), title="Once advised", status=Status.RETIRED)
RULES: tuple[Rule, ...] = (STUCK, WORN, WORN_TOO, LOOK, CHANGE, RETIRED)

CASES = CaseFile(
    "made",
    "made/cases.yaml",
    (
        Case("stuck and rested", "anna", "Anna, stuck for a year.", {}, DAY, Expectation(fires=("recommends-look",))),
        Case("stuck and worn", "bert", "Bert, worn out.", {}, DAY, Expectation(silent=("recommends-look",))),
        Case("nobody knows", "anna", "Anna, stuck for a year.", {}, DAY, Expectation(findings={"stuck": None})),
    ),
)


def made_book(rules: Sequence[Rule] = RULES) -> Rulebook:
    return Rulebook(
        id="made",
        version="1.2.0",
        status=Status.ACTIVE,
        title="Made for a test",
        owner="Lead for tests",
        review_by=date(2027, 1, 1),
        sources=SOURCES,
        parameters=PARAMETERS,
        rules=tuple(rules),
        file="made/rules.yaml",
        developer="A clinic",
        released_on=date(2026, 1, 2),
    )


def made_library(rules: Sequence[Rule] = RULES) -> Library:
    base = library(rules, ACTIONS)
    vocabulary = replace(base.vocabulary, requirements={row.id: row for row in REQUIREMENTS})
    return replace(base, vocabulary=vocabulary, rulebooks=(made_book(rules),))


def made_basis(
    rules: Sequence[Rule] = RULES, files: Sequence[CaseFile] = (CASES,), facts: FactCatalogue = CATALOGUE
) -> Basis:
    return Basis(compile_program(made_library(rules), facts), tuple(files), "f" * 64)


HARM = "</p></li></title></style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;{{ 7 * 7 }}<!--\u202e"


def hostile_basis() -> Basis:
    """The same, with markup in every text of others that is printed."""
    told = Text(HARM, (HARM,))
    look = replace(
        LOOK,
        title=HARM,
        evidence=HARM,
        hazard=Hazard(HARM, HARM),
        say=Wording(clinician=told, supervisor=told, client=told, why=told),
    )
    stuck = replace(STUCK, title=HARM)
    base = made_library([stuck, WORN, WORN_TOO, look, CHANGE, RETIRED])
    book = replace(
        base.rulebooks[0],
        title=HARM,
        owner=HARM,
        version=HARM,
        developer=HARM,
        funding=HARM,
        sources={name: replace(one, title=HARM, publisher=HARM, citation=HARM) for name, one in SOURCES.items()},
        parameters={name: replace(one, why=HARM, source=HARM) for name, one in PARAMETERS.items()},
    )
    actions = {name: replace(one, name=HARM) for name, one in base.vocabulary.actions.items()}
    rows = {name: replace(one, guidance=HARM, closed_by=HARM) for name, one in base.vocabulary.requirements.items()}
    vocabulary = replace(base.vocabulary, actions=actions, requirements=rows)
    facts = {
        name: replace(spec, words=HARM, meaning=HARM, reference=HARM, clause=HARM, negation=HARM)
        for name, spec in CATALOGUE.items()
    }
    cases = tuple(replace(case, story=HARM, name=f"{case.name}{HARM}", client=HARM) for case in CASES.cases)
    program = compile_program(replace(base, vocabulary=vocabulary, rulebooks=(book,)), facts)
    return Basis(program, (replace(CASES, cases=cases),), "f" * 64)
