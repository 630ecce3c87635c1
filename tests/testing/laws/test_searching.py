"""A fault planted for each law is found, and the client who shows it is as small as can be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cache

import pytest

from cdsrules.advisor import Advisor
from cdsrules.errors import ClientError
from cdsrules.inference.horn import HornProgram
from cdsrules.loading.files import find_law_files, read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Tier
from cdsrules.testing.laws.asking import Answer, Asking, Document, asking
from cdsrules.testing.laws.edits import records
from cdsrules.testing.laws.law import Law
from cdsrules.testing.laws.promises import breaches
from cdsrules.testing.laws.reading import read_laws
from cdsrules.testing.laws.searching import Answering, Counterexample, Known, Searched, search
from tests.client_documents import course, document

AS_OF = date(2026, 8, 3)
ANNA: Document = {
    "schema_version": "1.0",
    "client": {"id": "anna", "birth_date": "1988-04-17"},
    "treatment": {
        "started_on": "2026-01-05",
        "primary_measure": {"instrument": "phq-9", "definition": "nhs-talking-therapies"},
        "planned_interval_days": 7,
    },
    "sessions": [{"date": f"2026-0{month}-05", "status": "attended"} for month in range(2, 8)],
    "measures": [
        {"instrument": "phq-9", "date": "2026-01-05", "score": 17},
        {"instrument": "phq-9", "date": "2026-07-27", "score": 7},
        {"instrument": "gad-7", "date": "2026-07-27", "score": 12},
    ],
    "actions": [{"action": "consultation", "date": "2026-06-01", "status": "done"}],
    "clinician": {"role": "psychologist"},
    "risk": {"assessments": [{"date": "2026-01-05"}]},
}
PLANTED = """\
rulebook: planted
version: 1.0.0
status: active
title: Rules with a fault
owner: Tests
review_by: 2099-01-01
sources: {{text: {{title: A text, grade: consensus}}}}
rules:
{rule}
"""
SAYS = "say: {clinician: Consider a reassessment.}, sources: [text]"
CALMED = f"""\
  - {{id: calmed-by-a-high-score, recommends: reassessment, tier: deterioration, title: Look afresh, {SAYS},
      when: {{fact: measure.phq-9.latest, between: [5, 9]}}}}"""
TAKEN_AWAY = f"""\
  - {{id: taken-away-by-risk, recommends: reassessment, tier: safety, title: Look afresh, {SAYS},
      when: {{all: [{{fact: measure.gad-7.latest, at_least: 10}}, {{not: {{fact: risk.plan.open, is: true}}}}]}}}}"""
UNDONE = f"""\
  - {{id: undone-by-knowing, recommends: reassessment, title: Look afresh, {SAYS},
      when: {{any: [{{not: {{known: clinician.can_prescribe}}}}, {{fact: client.pregnant, is: true}}]}}}}"""
RUN_OUT = f"""\
  - {{id: run-out-by-time, recommends: reassessment, tier: safety, title: Look afresh, {SAYS},
      when: {{fact: treatment.duration, less_than: 8 months}}}}"""


@cache
def laws() -> Mapping[str, Law]:
    return {law.id: law for law in read_laws(find_law_files().files, Advisor.load(engine="reference").library)}


@cache
def with_rule(rule: str) -> Advisor:
    """The shipped safety rules, and one that is planted."""
    kept = [file for file in read_rule_files() if file.key.startswith(("vocabulary/", "safety/"))]
    planted = SourceFile("planted/rules.yaml", PLANTED.format(rule=rule).encode())
    return Advisor(load_library([*kept, planted], catalogue), engine="reference")


def searched(law: str, advisor: Advisor, usual: Asking | None = None, other: Asking | None = None) -> Searched:
    sound = asking(advisor)
    answering = Answering(usual or sound, other or sound)
    return search(laws()[law], answering, advisor.library.vocabulary, [Known(ANNA, AS_OF)], examples=300)


@cache
def breaking(law: str, rule: str) -> Counterexample:
    """The client who breaks a law under a planted rule; looked for once."""
    return found(searched(law, with_rule(rule)))


def found(one: Searched) -> Counterexample:
    assert one.counterexample is not None
    return one.counterexample


def sections(one: Counterexample) -> set[str]:
    return set(one.document) - {"schema_version", "as_of"}


# ---- A fault for each law


def test_a_rule_that_calms_down_when_a_score_gets_worse_is_found() -> None:
    one = breaking("worse-never-calms", CALMED)

    assert sections(one) == {"client", "treatment", "measures"}
    (measure,) = records(one.document, "measures")
    assert measure["instrument"] == "phq-9"
    assert measure["score"] in range(5, 10)
    assert "PHQ-9 score" in one.changed.words
    assert "was of the tier deterioration (“Look afresh”)" in one.breaches[0].words


def test_a_safety_item_that_a_sign_of_risk_takes_away_is_found() -> None:
    one = breaking("risk-never-removes", TAKEN_AWAY)

    assert sections(one) == {"client", "treatment", "measures", "risk"}
    assert "plan is flagged as well" in one.changed.words
    assert [breach.words for breach in one.breaches] == [
        "The safety item “Look afresh” (taken-away-by-risk) was there, and no longer is."
    ]


def test_advice_that_is_lost_by_recording_something_else_is_found() -> None:
    one = found(searched("knowing-more-undecides-nothing", with_rule(UNDONE)))

    assert sections(one) <= {"client", "treatment", "clinician"}
    assert one.changed.words.startswith("What was not recorded is: ")
    assert "“Look afresh” (undone-by-knowing) held, and now cannot be decided" in one.breaches[0].words


def test_a_safety_item_that_time_takes_away_is_found() -> None:
    one = found(searched("time-only-ages", with_rule(RUN_OUT)))

    assert sections(one) == {"client", "treatment"}
    assert "is looked at on" in one.changed.words
    assert [breach.promise.subject for breach in one.breaches] == ["safety_items"]


def test_something_new_that_a_later_day_brings_to_light_is_found() -> None:
    advisor = with_rule(CALMED)

    def has_other_scores_later_on(document: Document, as_of: date) -> Answer:
        if as_of <= AS_OF or "measures" not in document:
            return Answer(advisor, document, as_of)
        measures = [{**one, "score": 0} for one in records(document, "measures")]
        return Answer(advisor, {**document, "measures": measures}, as_of)

    one = found(searched("time-only-ages", advisor, has_other_scores_later_on))

    assert any("by what does not age: “the latest PHQ-9 score is" in breach.words for breach in one.breaches)
    assert sections(one) == {"client", "treatment", "measures"}


def test_an_order_of_records_that_matters_is_found() -> None:
    advisor = with_rule(RUN_OUT)

    def reads_the_last_score_alone(document: Document, as_of: date) -> Answer:
        last = records(document, "measures")[-1:]
        return Answer(advisor, {**document, "measures": last} if last else document, as_of)

    one = found(searched("order-does-not-matter", advisor, reads_the_last_score_alone))

    assert sections(one) == {"client", "treatment", "measures"}
    assert len(records(one.document, "measures")) == 2
    assert one.changed.words == "The same records come in another order."


class Deaf:
    """A chainer that concludes nothing."""

    def __init__(self, program: HornProgram) -> None:
        pass

    def run(self, given: Collection[int]) -> frozenset[int]:
        return frozenset()

    def close(self) -> None:
        pass


def test_an_engine_that_concludes_something_else_is_found() -> None:
    advisor = with_rule(RUN_OUT)
    deaf = Advisor(advisor.library, chainer_of=Deaf, verify=False)

    one = found(searched("engines-agree", advisor, other=asking(deaf)))

    assert sections(one) == {"client", "treatment"}
    assert one.changed.words == "The other engine concludes."
    assert one.breaches


# ---- As small as can be, and the same every time


def smaller(value: object) -> Iterator[object]:
    """Everything with one group, list or record of it left out."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield {name: one for name, one in value.items() if name != key}
            yield from ({**value, key: one} for one in smaller(part))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield [*value[:place], *value[place + 1 :]]
            yield from ([*value[:place], one, *value[place + 1 :]] for one in smaller(part))


@pytest.mark.parametrize(("law", "rule"), [("worse-never-calms", CALMED), ("risk-never-removes", TAKEN_AWAY)])
def test_nothing_can_be_left_out_of_the_client_who_is_shown(law: str, rule: str) -> None:
    advisor = with_rule(rule)
    one = breaking(law, rule)
    edit = RecordedEdit(one)

    def breaks(document: Document) -> bool:
        try:
            before, after = (Answer(advisor, each, AS_OF) for each in (document, edit.made_to(document)))
        except ClientError:
            return False
        return any(breaches(laws()[law], before, after))

    assert one.as_of == AS_OF
    assert breaks(one.document)
    assert [less for less in smaller(dict(one.document)) if breaks(less)] == []  # type: ignore[arg-type]


class RecordedEdit:
    """The change of a counterexample, made again to other documents: what it put where."""

    def __init__(self, one: Counterexample) -> None:
        self._put = {key: value for key, value in one.changed.document.items() if one.document.get(key) != value}

    def made_to(self, document: Document) -> Document:
        present = {key: value for key, value in self._put.items() if key == "risk" or document.get(key)}
        return {**document, **present}


def test_the_same_question_has_the_same_answer() -> None:
    once, again = breaking("worse-never-calms", CALMED), found(searched("worse-never-calms", with_rule(CALMED)))

    assert once.document == again.document
    assert once.changed == again.changed


def test_laws_that_are_kept_say_to_how_many_clients_they_were_put() -> None:
    advisor = with_rule(RUN_OUT)
    sound = Answering(asking(advisor), asking(advisor))
    one = search(laws()["worse-never-calms"], sound, advisor.library.vocabulary, [Known(ANNA, AS_OF)], examples=10)

    assert one.counterexample is None
    assert one.clients == 10
    assert not one.says_nothing


def test_a_law_that_speaks_of_nobody_says_so() -> None:
    advisor = with_rule(RUN_OUT)
    text = """\
laws:
  - law: nobody
    title: Nobody is meant
    where: {fact: treatment.duration, more_than: 90 years}
    change: shuffle_records
    then: {guidance: the_same}
    source: local
    why: For the test.
"""
    (law,) = read_laws([SourceFile("laws.yaml", text.encode())], advisor.library)
    one = search(law, Answering(asking(advisor), asking(advisor)), advisor.library.vocabulary, [], examples=5)

    assert one.says_nothing


def test_it_stops_when_there_is_no_time_left() -> None:
    advisor = with_rule(CALMED)
    left = iter([True, True])
    sound = Answering(asking(advisor), asking(advisor))
    one = search(
        laws()["engines-agree"],
        sound,
        advisor.library.vocabulary,
        [Known(ANNA, AS_OF)],
        examples=50,
        go_on=lambda: next(left, False),
    )

    assert one.stopped
    assert one.clients == 2


GAP = """\
laws:
  - law: gap
    title: A worse score never calms
    change: {worsen_latest_score: [phq-9]}
    then: {urgency: never_falls}
    known_gap: {where: {known: measure.phq-9.latest}, reason: The rule is being rewritten., until: 2026-12-01}
    source: local
    why: For the test.
"""


@pytest.mark.parametrize(("today", "breaks"), [(date(2026, 12, 1), False), (date(2026, 12, 2), True)])
def test_clients_of_a_known_gap_are_left_out_until_its_last_day(today: date, breaks: bool) -> None:
    advisor = with_rule(CALMED)
    (law,) = read_laws([SourceFile("laws.yaml", GAP.encode())], advisor.library)
    sound = Answering(asking(advisor), asking(advisor))
    one = search(
        law, sound, advisor.library.vocabulary, [Known(ANNA, AS_OF)], examples=200 if breaks else 4, today=today
    )

    assert (one.counterexample is not None) is breaks


@pytest.mark.parametrize(
    ("last", "pressing"), [(12, {"measures-disagree-of-late", "review-where-measures-disagree"}), (14, set())]
)
def test_the_example_of_the_known_gap_in_the_shipped_laws_is_as_it_says(last: int, pressing: set[str]) -> None:
    measures = [
        *course("phq-9", {"2025-08-10": 18, "2026-02-03": 18, "2026-07-27": last}),
        *course("gad-7", {"2025-08-10": 13, "2026-02-03": 8, "2026-07-27": 13}),
    ]
    treatment = {
        "started_on": "2025-08-04",
        "primary_measure": {"instrument": "phq-9", "definition": "nhs-talking-therapies"},
    }
    assessed = {"flags": [], "assessments": [{"date": "2026-07-27", "covers_same_day": True}]}
    with Advisor.load(plugins=[]) as advisor:
        guidance = advisor.evaluate(document(treatment=treatment, measures=measures, risk=assessed))

    said = (*guidance.safety, *guidance.speaking, *guidance.steps)
    assert {item.rule.id for item in said if item.tier in {Tier.SAFETY, Tier.DETERIORATION}} == pressing
