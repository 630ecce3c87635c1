"""A rule in shadow runs and is shown nowhere: guidance reads as if it were a draft."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.guidance.assemble import assemble
from cdsrules.model.condition import Not
from cdsrules.model.facts import FactValue
from cdsrules.model.guidance import EngineReport, Guidance
from cdsrules.model.rulebook import Rule, Status
from tests.inference.strategies import facts_given, rulebooks
from tests.made_rules import case_of, cautions, fact, recommends


def guidance(rules: list[Rule], facts: dict[str, FactValue | None]) -> Guidance:
    return assemble(case_of(rules, facts), EngineReport("reference", verified=False), ())


def having(rules: list[Rule], status: Status, chosen: int) -> list[Rule]:
    return [replace(one, status=status) if place == chosen else one for place, one in enumerate(rules)]


@given(rulebooks(), facts_given, st.integers(0, 20))
def test_a_shadow_rule_is_shown_nowhere(rules: list[Rule], facts: dict[str, bool | None], chosen: int) -> None:
    chosen %= len(rules)
    known: dict[str, FactValue | None] = dict(facts)
    shadow = guidance(having(rules, Status.SHADOW, chosen), known)
    assert shadow.to_dict() == guidance(having(rules, Status.DRAFT, chosen), known).to_dict()


def test_not_even_by_what_is_asked_for_its_exception() -> None:
    rule = replace(recommends("talk", fact("a")), unless=fact("b"), status=Status.SHADOW)
    questions = guidance([rule], {"a": True}).ask_next
    assert (questions.questions, questions.bound) == ((), "Nothing that is unknown could change the advice.")


def test_nor_by_a_caution_on_what_is_proposed() -> None:
    rule = replace(cautions("talk", Not(fact("a"))), status=Status.SHADOW)
    told = guidance([rule, recommends("wait", fact("b"))], {"proposed.talk": True, "b": True})
    assert told.cannot_rule_out == ()
    assert [(one.action, one.cautions, one.checked) for one in told.proposals] == [("talk", (), ())]
