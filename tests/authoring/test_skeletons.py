"""Every skeleton is valid as it is, is valid with its optional lines taken in, and does what it says."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules import Advisor, Library
from cdsrules.authoring.adding import with_item
from cdsrules.authoring.names import is_id
from cdsrules.authoring.skeletons import (
    CLIENT,
    EXAMPLE,
    NewRule,
    case_skeleton,
    cases_skeleton,
    example_cases,
    rule_skeleton,
    rulebook_skeleton,
)
from cdsrules.loading.files import read_rule_files, read_schemas
from cdsrules.loading.library import check_files, load_library
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.values import ID
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Status, Tier, Verb
from cdsrules.testing import check_cases, read_cases, run_cases

TODAY = date(2026, 11, 30)
SHIPPED = read_rule_files()
# The skeletons read facts and actions, no finding of the shipped rulebooks; without those they load much faster.
VOCABULARY = [one for one in SHIPPED if one.key.startswith("vocabulary/")]
ACTIONS = load_library(VOCABULARY, catalogue).vocabulary.actions
# What a safety rule recommends, nobody may caution against.
SAFETY_STEPS = {
    rule.target
    for rule in load_library(SHIPPED, catalogue).rules
    if rule.rulebook == "safety" and rule.tier is Tier.SAFETY and rule.verb is Verb.RECOMMENDS
}


def problems(text: str) -> list[str]:
    """Everything that is wrong with a rulebook beside the shipped ones, its schema included."""
    files = [*SHIPPED, SourceFile("ours/rules.yaml", text.encode())]
    return [str(one) for one in check_files(files, catalogue, TODAY, read_schemas())]


def library(text: str) -> Library:
    """The rulebook alone, in which nothing is wrong."""
    loaded = load_library([*VOCABULARY, SourceFile("ours/rules.yaml", text.encode())], catalogue)
    assert loaded.warnings == ()
    return loaded


def taken_in(text: str) -> str:
    """The file with every optional line taken in."""
    return re.sub(r"^( *)#(?=\w)", r"\1", text, flags=re.MULTILINE)


def outcomes(text: str, cases: str) -> list[tuple[str, ...]]:
    loaded = library(text)
    assert check_cases([SourceFile("cases.yaml", cases.encode())], loaded) == ()
    with Advisor(loaded, on_disagreement="raise") as advisor:
        ran = run_cases(read_cases(cases.encode(), "cases.yaml", loaded), advisor)
        return [tuple(map(str, one.differences)) for one in ran]


def new_rule(verb: Verb, target: str, name: str = "our-rule") -> NewRule:
    lifts = ACTIONS["progress_talk" if target == "consultation" else "consultation"]
    return NewRule(name, verb, target, ACTIONS.get(target), lifts, "our_practice")


def with_rule(text: str, new: NewRule) -> str:
    return with_item(text.encode(), "rules.yaml", "rules", rule_skeleton(new)).decode()


def test_a_rulebook_has_no_problems_and_its_cases_come_out() -> None:
    text = rulebook_skeleton("winter-clinic", TODAY, "../../schemas/rulebook.schema.json")

    assert problems(text) == []
    cases = cases_skeleton("winter-clinic", example_cases("winter-clinic", TODAY), TODAY, None)
    assert outcomes(text, cases) == [(), ()]


def test_a_rulebook_has_no_problems_with_its_optional_lines_either() -> None:
    text = rulebook_skeleton("winter-clinic", TODAY, None)
    full = taken_in(text)

    assert {"developer:", "funding:", "released_on:", "requirement:", "hazard:", "say:"} <= set(full.split())
    assert problems(full) == []
    cases = cases_skeleton("winter-clinic", example_cases("winter-clinic", TODAY), TODAY, None)
    assert outcomes(full, taken_in(cases)) == [(), ()]


@given(day=st.dates(date(2000, 1, 1), date(2090, 12, 31)))
@settings(max_examples=20)
def test_the_example_stands_on_both_sides_of_its_threshold_on_every_day(day: date) -> None:
    text = rulebook_skeleton("winter-clinic", day, None)

    assert outcomes(text, cases_skeleton("winter-clinic", example_cases("winter-clinic", day), day, None)) == [(), ()]


NAMES = st.from_regex(ID, fullmatch=True).filter(lambda name: is_id(name, len(EXAMPLE)))


@given(name=st.one_of(NAMES, st.sampled_from(["true", "null", "no", "on", "e1", "low-risk", "a.b-c_d", "x1.2"])))
@settings(max_examples=30)
def test_any_id_makes_a_rulebook_that_is_in_order(name: str) -> None:
    text = rulebook_skeleton(name, TODAY, None)

    assert outcomes(text, cases_skeleton(name, example_cases(name, TODAY), TODAY, None)) == [(), ()]


@given(name=st.one_of(NAMES, st.sampled_from(["true", "null", "no", "low-risk", "treatment-failure"])))
@settings(max_examples=30)
def test_any_id_makes_a_rule_and_a_case_that_are_in_order(name: str) -> None:
    text = with_rule(rulebook_skeleton("winter-clinic", TODAY, None), new_rule(Verb.FINDS, name, name))

    case = case_skeleton(name, None, CLIENT, [])
    assert outcomes(text, cases_skeleton("winter-clinic", case, TODAY, None)) == [()]


def test_rules_on_every_action_are_in_order_and_speak_for_the_client_of_the_skeleton() -> None:
    text = rulebook_skeleton("winter-clinic", TODAY, None)
    cases = cases_skeleton("winter-clinic", example_cases("winter-clinic", TODAY), TODAY, None)
    made: list[tuple[Verb, str, str | None]] = [(Verb.RECOMMENDS, action, None) for action in ACTIONS]
    made += [(Verb.CAUTIONS, action, action) for action in ACTIONS if action not in SAFETY_STEPS]
    for verb, action, proposed in made:
        name = f"{verb.value}-{action}".replace("_", "-")
        text = with_rule(text, new_rule(verb, action, name))
        case = case_skeleton(name, proposed, CLIENT, [])
        cases = with_item(cases.encode(), "cases.yaml", "cases", case).decode()

    assert problems(text) == []
    came = outcomes(text, cases)
    assert len(came) == 2 + len(made)
    assert [differences for differences in came if differences] == []


@pytest.mark.parametrize(
    "new",
    [new_rule(Verb.FINDS, "in_season"), new_rule(Verb.RECOMMENDS, "resources"), new_rule(Verb.CAUTIONS, "transfer")],
    ids=lambda new: new.verb.value,
)
def test_a_rule_has_no_problems_with_its_optional_lines_either(new: NewRule) -> None:
    full = taken_in(with_rule(rulebook_skeleton("winter-clinic", TODAY, None), new))

    assert "hazard: {fires_wrongly:" in full
    assert problems(full) == []


@pytest.mark.parametrize("in_full", [False, True])
def test_no_blank_can_be_made_active(in_full: bool) -> None:
    text = with_rule(rulebook_skeleton("winter-clinic", TODAY, None), new_rule(Verb.RECOMMENDS, "resources"))
    text = (taken_in(text) if in_full else text).replace("\nstatus: shadow", "\nstatus: active")
    active = text.replace("  status: shadow", "  status: active")
    lines = active.split("\n")
    blanks = [line for line in lines if "<Write " in line.partition("# ")[0] and not line.lstrip().startswith("#")]

    for written in (text, active):
        refused = [one for one in problems(written) if "CDS134" in one]
        assert refused
        assert problems(written) == refused
    assert len(refused) == "".join(blanks).count("<Write ")


def test_a_finding_without_words_is_shown_by_its_title_as_its_note_says() -> None:
    new = new_rule(Verb.FINDS, "in_season")
    text = with_rule(rulebook_skeleton("winter-clinic", TODAY, None), new)
    active = re.sub("<Write[^>]*>", "Filled in", text).replace("status: shadow", "status: active")
    loaded = library(active)
    cases = cases_skeleton("winter-clinic", case_skeleton(new.id, None, CLIENT, []), TODAY, None)
    (case,) = read_cases(cases.encode(), "cases.yaml", loaded).cases
    with Advisor(loaded, engine="reference") as advisor:
        shown = advisor.evaluate(case.document, as_of=case.as_of)

    assert loaded.by_id[new.id].say.clinician is None
    assert [state.title for state in shown.findings if state.finding == new.target and state.truth] == ["Our rule"]
    assert "without, the title alone" in rule_skeleton(new)


def test_a_new_rule_is_shown_to_nobody() -> None:
    text = rulebook_skeleton("winter-clinic", TODAY, None)
    active = re.sub("<Write[^>]*>", "Filled in", text).replace("\nstatus: shadow", "\nstatus: active")

    assert problems(active) == []
    for verb, target in ((Verb.FINDS, "in_season"), (Verb.RECOMMENDS, "resources"), (Verb.CAUTIONS, "transfer")):
        loaded = library(with_rule(active, new_rule(verb, target)))
        assert loaded.by_id["our-rule"].status is Status.SHADOW
        assert loaded.by_id[f"winter-clinic{EXAMPLE}"].status is Status.SHADOW


def test_a_finding_can_be_added_where_no_source_is_named() -> None:
    new = NewRule("our-rule", Verb.FINDS, "in_season")

    assert "sources:" not in rule_skeleton(new)


def test_a_case_is_not_called_what_is_never_said() -> None:
    assert "case: the rule speaks\n" in case_skeleton("low-risk", None, CLIENT, [])


def test_a_second_case_for_a_rule_has_a_name_of_its_own() -> None:
    first, second = "our-rule speaks", "our-rule speaks (2)"

    assert f"case: {first}\n" in case_skeleton("our-rule", None, CLIENT, ["another"])
    assert f"case: {second}\n" in case_skeleton("our-rule", None, CLIENT, [first])
    assert "case: our-rule speaks (3)\n" in case_skeleton("our-rule", None, CLIENT, [first, second])
