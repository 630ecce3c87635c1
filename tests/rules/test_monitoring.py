"""What the rulebook on monitoring owes to the clinical brief: its numbers, and how little it claims."""

from __future__ import annotations

import pytest

from cdsrules.model.condition import Declined, Done, walk
from cdsrules.model.rulebook import Rule, Verb
from cdsrules.model.time import Duration
from tests.rules.shipped import library, rules

FEEDBACK = "de_jong_2021"
RULES = rules(rulebook="progress-monitoring")


def everything_said(rule: Rule) -> str:
    texts = (rule.say.clinician, rule.say.supervisor, rule.say.client, rule.say.why)
    return " ".join([rule.title, *(text.source for text in texts if text is not None)])


def test_local_defaults_are_marked_as_such() -> None:
    book = next(book for book in library().rulebooks if book.id == "progress-monitoring")
    assert {name: (str(one.value), one.is_local) for name, one in book.parameters.items()} == {
        "due_after": ("1.5", True),
        "due_at_most": ("6 weeks", True),
        "first_measure": ("2 weeks", True),
        "progress_to_see": ("6 weeks", False),
        "looked_back": ("6 months", True),
        "little": ("33", True),
        "little_after": ("4 weeks", False),
        "worth_of_technique": ("8 weeks", True),
        "overwhelm_counts": ("6 weeks", True),
        "closely": ("1", True),
        "recent": ("60 days", True),
        "talk_is_old": ("90 days", True),
    }


def test_a_stall_is_looked_for_over_the_same_time_in_both_rulebooks() -> None:
    values = {book.id: book.parameters for book in library().rulebooks}
    assert values["progress-monitoring"]["looked_back"].value == values["stalled-progress"]["stall_after"].value


def test_sharing_scores_rests_on_research_and_not_on_the_source() -> None:
    (rule,) = (rule for rule in RULES if rule.target == "share_scores")
    assert rule.sources == (FEEDBACK,)
    assert rule.evidence is not None
    assert "not from the source" in rule.evidence


@pytest.mark.parametrize("rule", [rule for rule in RULES if FEEDBACK in rule.sources], ids=lambda rule: rule.id)
def test_what_feedback_does_is_said_with_its_size(rule: Rule) -> None:
    """Small, and larger claims nowhere in what anyone reads."""
    assert rule.evidence is not None
    for figure in ("0.15", "0.17", "58 studies"):
        assert figure in rule.evidence
    assert not {"proven", "effective", "improves"} & set(everything_said(rule).lower().split())


def test_whatever_cannot_be_judged_is_put_into_words() -> None:
    finders = [rule for rule in RULES if rule.target == "progress_unknown"]
    assert finders
    assert [rule.id for rule in finders if "cannot be judged" not in " ".join(everything_said(rule).split())] == []
    assert len({rule.title for rule in finders}) == len(finders)


def test_advice_respects_that_it_was_followed_or_declined() -> None:
    """Each recommendation asks whether the step was taken, and whether the client declined it."""
    for rule in RULES:
        if rule.verb is Verb.RECOMMENDS:
            asked = {(type(node), node.action) for node in walk(rule.when) if isinstance(node, (Done, Declined))}
            assert {(Done, rule.target), (Declined, rule.target)} <= asked, rule.id


def test_every_measure_of_outcome_has_an_interval_and_counts_for_six_weeks() -> None:
    """The intervals are local; none is so long that the last score would no longer count when it is due."""
    for one in library().vocabulary.instruments.values():
        if one.role == "outcome":
            assert str(one.interval) in {"1 week", "2 weeks", "4 weeks"}, one.id
            assert one.valid_for == Duration(6, "weeks"), one.id
