"""What the shipped rules say, and to whom: the manner of the clinical brief, held by tests."""

from __future__ import annotations

import re

import pytest

from cdsrules.model.condition import FindingTest, Not, Proposed, walk
from cdsrules.model.rulebook import Rule, Tier, Verb
from tests.rules.shipped import library, rules

ORDERS = re.compile(r"\b(must|have to|has to|immediately|never|always|should)\b", re.IGNORECASE)
BLAME = re.compile(r"\b(fault|blame|refus\w+|resist\w+|unmotivated|difficult client|patient)\b", re.IGNORECASE)
NOT_RULES_OF_RISK = {
    *("deteriorating", "worsening-reviewed", "review-the-worsening"),
    *("pause-while-worse", "ending-while-worse", "less-often-while-worse"),
    *("worse-of-late", "deteriorating-of-late", "worsening-of-late-reviewed", "review-the-worsening-of-late"),
    *("pause-while-worse-of-late", "ending-while-worse-of-late", "less-often-while-worse-of-late"),
}


def texts(rule: Rule) -> dict[str, str]:
    said = {"title": rule.title}
    for name in ("clinician", "supervisor", "client", "why"):
        text = getattr(rule.say, name)
        if text is not None:
            said[name] = text.source
    return said


def every_rule() -> list[object]:
    return [pytest.param(rule, id=rule.id) for rule in rules()]


def test_every_row_of_the_brief_that_belongs_here_has_its_rules() -> None:
    assert {row for rule in rules() for row in rule.requirement} == set(library().vocabulary.requirements)


@pytest.mark.parametrize("rule", every_rule())
def test_a_rule_names_its_row_and_its_source(rule: Rule) -> None:
    assert rule.requirement
    assert rule.sources


@pytest.mark.parametrize("rule", every_rule())
def test_no_blame(rule: Rule) -> None:
    for text in texts(rule).values():
        assert not BLAME.search(text)


@pytest.mark.parametrize("rule", [rule for rule in rules() if rule.tier is not Tier.SAFETY], ids=lambda rule: rule.id)
def test_options_not_orders(rule: Rule) -> None:
    for text in texts(rule).values():
        assert not ORDERS.search(text)
    if rule.verb is not Verb.FINDS:
        assert re.search(r"\bconsider\b", texts(rule)["clinician"], re.IGNORECASE)


@pytest.mark.parametrize("rule", every_rule())
def test_sentences_are_short_and_end(rule: Rule) -> None:
    for place, text in texts(rule).items():
        if place == "title":
            assert text[-1] not in ".!?"
            assert len(text) <= 60
            continue
        assert text[-1] in ".?"
        for sentence in re.split(r"(?<=[.?!;:])\s", text):
            assert len(sentence.split()) <= 38, sentence


@pytest.mark.parametrize("rule", every_rule())
def test_what_is_said_to_the_client_is_said_in_the_first_person(rule: Rule) -> None:
    text = texts(rule).get("client")
    if text is not None:
        words = set(re.findall(r"[a-z]+", text.lower()))
        assert words & {"i", "me", "us", "we"}
        assert "{" not in text


@pytest.mark.parametrize("rule", [rule for rule in rules() if rule.verb is not Verb.FINDS], ids=lambda rule: rule.id)
def test_every_piece_of_advice_says_why(rule: Rule) -> None:
    assert rule.say.clinician is not None
    assert rule.say.why is not None


@pytest.mark.parametrize("rule", rules(verb=Verb.CAUTIONS), ids=lambda rule: rule.id)
def test_a_caution_begins_with_what_is_proposed(rule: Rule) -> None:
    proposed = library().vocabulary.actions[rule.target].proposed
    head, _, verb = proposed.rpartition(" ")
    said = texts(rule)["clinician"].lower()
    assert said.startswith((proposed, head.removesuffix(" is").removesuffix(" are"))), (proposed, verb)
    assert any(isinstance(node, Proposed) and node.action == rule.target for node in walk(rule.when))


def test_two_voices_on_frequency_are_heard() -> None:
    """The source warns, a trial points the other way; the text says so and never that frequency does not help."""
    rule = library().by_id["frequency-alone"]
    said = texts(rule)["clinician"]
    assert "in a trial" in said
    assert "not as the only change" in said
    assert rule.evidence is not None
    for figure in ("n = 200", "3.85", "0.55", "16 against 32"):
        assert figure in rule.evidence


def test_medication_is_said_to_help_sometimes_and_for_certain_conditions_and_no_drug_is_named() -> None:
    evaluations = [rule for rule in rules(verb=Verb.RECOMMENDS) if rule.target == "medication_evaluation"]
    assert len(evaluations) == 5
    for rule in evaluations:
        said = texts(rule)["clinician"].lower()
        assert "certain conditions" in said
        assert "sometimes helps" in said
    assert not re.search(
        r"\b(dose|ssri|antidepressant|mg)\b", " ".join(text for rule in rules() for text in texts(rule).values())
    )


def test_risk_lifts_the_cautions_that_the_brief_names_and_no_other_thing_does() -> None:
    lifted = {rule.target for rule in rules(verb=Verb.CAUTIONS) if rule.unless == FindingTest("risk_present")}
    referrals = {"referral", "specialist_referral", "second_opinion", "transfer"}
    assert lifted == {*referrals, "increase_frequency", "medication_evaluation"}


def test_while_risk_is_open_going_away_is_cautioned_against() -> None:
    warned = {
        rule.target
        for rule in rules(rulebook="safety", verb=Verb.CAUTIONS)
        if any(isinstance(node, FindingTest) and node.finding == "risk_present" for node in walk(rule.when))
    }
    assert warned == {"pause", "end_treatment", "decrease_frequency"}


def test_while_a_measure_is_reliably_worse_going_away_waits_for_a_reassessment() -> None:
    warned = rules(rulebook="safety", verb=Verb.CAUTIONS)
    lifted = {
        rule.target: [getattr(node, "action", None) for node in rule.until]
        for rule in warned
        if rule.tier is Tier.DETERIORATION
    }
    review = ["reassessment"]
    assert lifted == {"pause": review, "end_treatment": review, "decrease_frequency": review}


def test_safety_rules_speak_of_no_class_of_risk_and_name_the_urgency() -> None:
    for rule in rules(rulebook="safety", verb=Verb.RECOMMENDS):
        if rule.tier is Tier.SAFETY:
            said = texts(rule)["clinician"].lower()
            prescribers = rule.target == "contact_prescriber"
            assert ("soon" in said) if prescribers else ("today" in said or "same day" in said)
            assert prescribers or "local protocol" in said


def test_the_local_duty_is_brought_to_mind_and_not_decided() -> None:
    for rule in rules(rulebook="safety", verb=Verb.RECOMMENDS):
        if rule.target == "local_duty":
            assert texts(rule)["clinician"].endswith("Whether the duty applies is not decided here.")
            assert "client" not in texts(rule)


def test_every_safety_item_says_what_closes_it() -> None:
    for rule in rules(rulebook="safety", verb=Verb.RECOMMENDS):
        if rule.tier is Tier.SAFETY:
            assert "It stays open until" in texts(rule)["why"], rule.id


def test_what_is_wrong_with_medication_is_not_for_the_therapy_to_change() -> None:
    for rule in rules(rulebook="safety", verb=Verb.RECOMMENDS):
        if rule.target == "contact_prescriber":
            for text in texts(rule).values():
                assert not re.search(
                    r"\b(lower|raise|reduce|increase|taper|pause|adjust|dos\w+)\b", text, re.IGNORECASE
                )


def test_worsening_stands_in_a_tier_of_its_own_and_is_no_risk() -> None:
    by_id = library().by_id
    assert {rule.id for rule in rules(rulebook="safety") if rule.tier is Tier.DETERIORATION} == NOT_RULES_OF_RISK
    risk = by_id["risk-present"].when
    assert not any(isinstance(node, FindingTest) for node in walk(risk))
    assert not any(isinstance(node, Not) for node in walk(risk))


def test_local_defaults_are_marked_as_such() -> None:
    book = next(book for book in library().rulebooks if book.id == "stalled-progress")
    values = {name: (str(one.value), one.is_local) for name, one in book.parameters.items()}
    assert values == {
        "stall_after": ("6 months", False),
        "recent": ("60 days", True),
        "consult_again": ("60 days", True),
        "talk_is_old": ("90 days", True),
        "review_is_old": ("90 days", True),
        "worth_of_technique": ("8 weeks", True),
        "first_review_after": ("3", True),
        "formal_review_after": ("4 weeks", False),
        "long_stall": ("12 months", True),
        "long_stall_after_steps": ("6 months", True),
        "evaluation_holds": ("12 months", True),
        "steady_scores": ("2", True),
    }
