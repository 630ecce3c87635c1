"""What to find out next: only what can change the advice, the most telling first."""

from dataclasses import replace

from cdsrules.guidance.missing import cannot_rule_out, missing_of, risk_line, undecided
from cdsrules.guidance.questions import ask_next
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, FactKey, KnownTest, Not
from cdsrules.model.facts import FactValue, Reason, Unknown
from cdsrules.model.rulebook import Rule, Tier, Wording
from cdsrules.model.text import Text
from cdsrules.model.unknowns import Questions
from tests.made_rules import case_of, cautions, fact, finding, finds, recommends


def asked(*rules: Rule, **facts: FactValue | None) -> Questions:
    return ask_next(case_of(rules, facts))


def test_a_fact_whose_answer_adds_advice_is_asked_for() -> None:
    (question,) = asked(recommends("talk", AllOf((fact("a"), fact("b")))), a=True).questions
    assert question.facts == ("b",)
    assert question.ask == "record b"
    assert question.because == ("not recorded",)
    assert question.could_change == ("could add: Recommend talk",)


def test_an_answer_through_a_finding_counts() -> None:
    rules = finds("x", fact("a")), recommends("talk", finding("x"))
    (question,) = asked(*rules).questions
    assert question.facts == ("a",)


def test_a_fact_that_can_change_nothing_is_not_asked_for() -> None:
    assert asked(recommends("talk", AllOf((fact("a"), fact("b")))), a=False).questions == ()
    assert asked(recommends("talk", AnyOf((fact("a"), fact("b")))), a=True).questions == ()
    assert asked(finds("x", fact("a"))).questions == ()


def test_an_exception_that_could_withdraw_advice_is_asked_for() -> None:
    rule = replace(recommends("talk", fact("a")), unless=fact("b"))
    (question,) = asked(rule, a=True).questions
    assert question.could_change == ("could end: Recommend talk",)


def test_facts_that_one_missing_record_would_settle_are_asked_for_together() -> None:
    found = asked(recommends("talk", AllOf((fact("a"), Not(fact("b"))))))
    assert [question.facts for question in found.questions] == [("a", "b")]
    assert found.questions[0].ask == "record a; record b"
    assert found.bound == "Tried: 2 unknown facts, alone and by record. Larger combinations were not tried."


def test_where_a_whole_record_is_missing_it_is_asked_for_and_not_each_of_many_facts() -> None:
    missing = Unknown(Reason.NOT_RECORDED, "no list of letters is on file", ask="the letters")
    few = recommends("talk", AllOf((fact("a"), fact("b"))))
    many = recommends("talk", AllOf((fact("a"), fact("b"), fact("c"))))
    letters = dict.fromkeys("abc", missing)
    assert [one.ask for one in ask_next(case_of([few], letters)).questions] == ["record a; record b"]
    assert [one.ask for one in ask_next(case_of([many], letters)).questions] == ["the letters"]


def test_what_is_missing_is_asked_for_where_it_is_something_else_than_the_fact_reads() -> None:
    missing = Unknown(Reason.NOT_RECORDED, "it counts only beside a letter", instead="a letter")
    held = {"a": missing, "b": missing, "c": Unknown(Reason.NOT_RECORDED, "not recorded")}
    rules = recommends("talk", AllOf((fact("a"), fact("b")))), recommends("walk", fact("c"))
    assert [one.ask for one in ask_next(case_of(rules, held)).questions] == ["a letter", "record c"]


def test_two_facts_of_different_records_that_one_rule_waits_for_are_tried_as_a_pair() -> None:
    rule = recommends("talk", AllOf((fact("a"), fact("b"))))
    found = ask_next(case_of([rule], {"a": Unknown(Reason.TOO_OLD, "too old")}))
    assert [question.facts for question in found.questions] == [("a", "b")]
    assert found.questions[0].because == ("too old", "not recorded")
    assert found.bound == (
        "Tried: 2 unknown facts, alone and by record, then 1 pair that one rule waits for. "
        "Larger combinations were not tried."
    )


def test_larger_combinations_are_said_not_to_be_tried() -> None:
    rule = recommends("talk", AllOf((fact("a"), fact("b"), fact("c"))))
    facts = {letter: Unknown(Reason.TOO_OLD, f"too old: {letter}") for letter in "abc"}
    found = ask_next(case_of([rule], facts))
    assert found.questions == ()
    assert found.bound.endswith("then 3 pairs that one rule waits for. Larger combinations were not tried.")


def test_the_more_pressing_comes_first() -> None:
    pressing = replace(recommends("talk", fact("b")), tier=Tier.DETERIORATION)
    facts = {letter: Unknown(Reason.TOO_OLD, f"too old: {letter}") for letter in "ab"}
    found = ask_next(case_of([recommends("wait", fact("a")), pressing], facts))
    assert [question.facts for question in found.questions] == [("b",), ("a",)]


def test_what_only_safety_rules_wait_for_is_said_by_the_line_on_risk_and_not_asked_again() -> None:
    pressing = replace(recommends("talk", fact("b")), tier=Tier.SAFETY)
    found = ask_next(case_of([pressing], {"b": Unknown(Reason.TOO_OLD, "too old")}))
    assert found.questions == ()
    assert found.bound.startswith("Beyond what is said of risk, nothing that could be found out now")


def test_what_only_time_can_bring_is_not_asked_for() -> None:
    found = ask_next(case_of([recommends("talk", fact("a"))], {"a": Unknown(Reason.TOO_FEW, "one score so far")}))
    assert found.questions == ()


def test_with_everything_known_there_is_nothing_to_ask() -> None:
    assert asked(recommends("talk", fact("a")), a=True).bound == "Nothing that is unknown could change the advice."


def test_what_is_missing_for_a_rule_is_said_once() -> None:
    rule = recommends("talk", AllOf((fact("a"), fact("b"))))
    case = case_of([rule], {})
    assert missing_of(case, rule) == ("not recorded",)
    assert [(one.rule, one.missing) for one in undecided(case)] == [("recommends-talk", ("not recorded",))]


def test_a_reason_without_words_is_a_reason_as_any_other() -> None:
    rule = recommends("talk", AllOf((fact("a"), fact("b"), fact("c"))))
    case = case_of([rule], {"a": Unknown(Reason.TOO_OLD, ""), "b": True})
    assert missing_of(case, rule) == ("", "not recorded")
    assert [one.missing for one in undecided(case)] == [("", "not recorded")]


def test_rules_that_cannot_be_decided_are_told_apart_by_what_they_are() -> None:
    rules = [recommends("talk", fact("a")), cautions("referral", fact("b"))]
    one, other = undecided(case_of(rules, {})), undecided(case_of(rules, {}))
    assert one == other
    assert len({*one, *other}) == 2
    assert repr(one) == repr(other)


def test_a_caution_is_not_ruled_out_only_where_its_action_is_proposed() -> None:
    rule = cautions("referral", fact("a"))
    planned, not_planned = case_of([rule], {"proposed.referral": True}), case_of([rule], {})
    assert [one.rule for one in cannot_rule_out(planned)] == ["cautions-referral"]
    assert cannot_rule_out(not_planned) == ()


def test_where_no_single_fact_decides_all_unknown_ones_are_missing() -> None:
    rule = recommends("talk", AtLeast(2, (fact("a"), fact("b"), fact("c"))))
    case = case_of([rule], {})
    assert isinstance(case.facts.get(FactKey("a")), Unknown)
    assert missing_of(case, rule) == (Reason.NOT_RECORDED.value,)


def test_the_line_on_risk_joins_what_was_said_and_what_is_not_known() -> None:
    rule = replace(recommends("talk", fact("a")), tier=Tier.SAFETY)
    unknown, known = case_of([rule], {}), case_of([rule], {"a": False})
    assert risk_line(known, None) is None
    assert risk_line(known, "Please ask.") == "Please ask."
    assert risk_line(unknown, "Please ask.") == "Please ask. Not known: not recorded."
    assert risk_line(unknown, None) == "Risk is not fully recorded. Not known: not recorded."


def test_beside_an_open_safety_item_the_line_does_not_say_that_nothing_is_recorded() -> None:
    known = replace(recommends("talk", fact("a")), tier=Tier.SAFETY)
    unknown = replace(recommends("talk", fact("b"), rule_id="other"), tier=Tier.SAFETY)
    case = case_of([known, unknown], {"a": True})
    assert risk_line(case, None) == "Risk is not fully recorded. Not known: not recorded."


def test_a_rule_on_what_is_not_recorded_is_followed_by_what_that_is() -> None:
    words = Wording(clinician=Text("Please ask.", ("Please ask.",)))
    speaks = replace(finds("not-recorded", Not(KnownTest(FactKey("a")))), tier=Tier.SAFETY, say=words)
    missing = case_of([speaks], {"a": Unknown(Reason.ITEM_MISSING, "item 9 of 3 March")})
    recorded = case_of([speaks], {"a": True})
    assert risk_line(missing, "Please ask.") == "Please ask. Not known: item 9 of 3 March."
    assert risk_line(recorded, None) is None


def test_a_record_that_is_asked_for_tells_the_gravest_that_it_could_show() -> None:
    """What only a safety rule waits for is not asked for by itself, and is told where its record is asked for."""
    missing = Unknown(Reason.NOT_RECORDED, "no letter is on file", instead="a letter")
    grave = replace(recommends("call", fact("b")), tier=Tier.SAFETY, title="The gravest")
    held = {"a": missing, "b": missing}

    (question,) = ask_next(case_of([recommends("talk", fact("a")), grave], held)).questions
    assert question.ask == "a letter"
    assert question.could_change == ("could add: The gravest", "could add: Recommend talk")
    assert ask_next(case_of([grave], held)).questions == ()
    assert ask_next(case_of([recommends("talk", fact("a")), grave], {**held, "b": None})).questions[0].facts == ("a",)
