"""A slip that shows for no client of a case is shown on one who is imagined, or proved to change nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from cdsrules.model.condition import AllOf, AnyOf, FactKey, FactTest, Value
from cdsrules.model.rulebook import Tier
from cdsrules.model.time import Duration
from cdsrules.testing import Case, Expectation
from cdsrules.testing.mutation.bench import Bench, Judged, judged
from cdsrules.testing.mutation.imagining import PROVED_BY_ANALYSIS, Imagined, Imagining
from cdsrules.testing.mutation.mutants import Mutant
from cdsrules.testing.mutation.slips import LEFT_OUT
from cdsrules.testing.reports.mutation import Slips, mutation_document, mutation_lines, told_by_rule
from cdsrules.testing.specimens import specimens
from tests.testing.mutation.test_judging import cases
from tests.testing.small_rulebook import small, small_advisor

pytest.importorskip("z3")

LASTED = FactKey("treatment.duration")


def lasted(operator: str, amount: int) -> FactTest:
    return FactTest(LASTED, operator, Value(Duration(amount, "months")))


def slip(when: FactTest | AllOf | AnyOf) -> Mutant:
    rule = small().by_id["slow"]
    return Mutant("slow", "any", "when", "a slip", replace(rule, when=when))


@cache
def found() -> tuple[Judged, ...]:
    return tuple(judged(bench(), bench().of({"small"}), processes=1))


@cache
def bench() -> Bench:
    """The first case alone: most slips show for nobody."""
    return Bench(small(), cases()[:1])


def test_the_client_who_is_imagined_makes_the_difference() -> None:
    imagined = [one for one in found() if one.imagined is not None]
    assert imagined
    for one in imagined:
        assert one.survives
        assert one.shows_for is None
        assert one.imagined is not None
        assert one.mutant.rule is not None
        document, as_of, story = one.imagined
        case = Case("imagined", "c", "A client who is imagined.", document, as_of, Expectation())
        (specimen,) = specimens([case], small_advisor())
        decided = specimen.decide_all(small_advisor().program)
        changed = specimen.decide(one.mutant.rule, small_advisor().program, decided)
        assert changed != decided[one.mutant.about], one.mutant.words
        assert story


def test_a_slip_of_which_there_is_a_proof_is_named_with_it() -> None:
    """Whoever has come for six months has come for five; no case could tell, and nothing simpler than a proof does."""
    when = small().by_id["slow"].when
    assert isinstance(when, AllOf)
    told = Imagining(small_advisor()).look_at(slip(AllOf((*when.parts, lasted("at_least", 5)))))
    assert isinstance(told, str)
    assert told.startswith(PROVED_BY_ANALYSIS)


def test_a_slip_in_a_label_is_not_asked_about() -> None:
    rule = small().by_id["slow"]
    label = Mutant("slow", "tier", "rule", "a slip", replace(rule, tier=Tier.INFORMATION))
    assert Imagining(small_advisor()).look_at(label) is None


def test_without_the_extra_nothing_is_imagined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cdsrules.analysis.telling_apart", None)
    assert Imagining(small_advisor()).look_at(slip(lasted("at_least", 7))) is None


def test_the_client_is_told_as_a_story_and_handed_to_programs_as_a_document() -> None:
    one = next(one for one in found() if one.imagined is not None)
    assert isinstance(one.imagined, Imagined)
    text = [line.text for line in mutation_lines({"small": Slips((one,))}, width=400)]
    at = text.index(f"      - {one.mutant.words} breaks no case; it would show for a client like this:")
    assert [line.strip() for line in text[at + 1 : at + 1 + len(one.imagined.story)]] == list(one.imagined.story)
    (book,) = mutation_document({"small": Slips((one,))})
    assert isinstance(book["survivors"], list)
    client = book["survivors"][0]["client"]
    assert client == {**one.imagined.document, "as_of": one.imagined.as_of.isoformat()}


def test_a_client_for_whom_several_slips_of_a_rule_would_show_is_told_once() -> None:
    """The slips stand together then, so that it is plain which client is meant."""
    one, other = (Imagined({"client": name}, date(2026, 6, 15), (f"{name} says no.",)) for name in ("Anna", "Ben"))
    made = (
        ("slow", "first", one),
        ("slow", "second", other),
        ("slow", "third", one),
        ("slow", "fourth", None),
        ("look-afresh", "fifth", one),
    )
    slips = {
        "small": Slips(
            tuple(
                Judged(Mutant(about, LEFT_OUT, "when", words, small().by_id[about]), None, imagined=imagined)
                for about, words, imagined in made
            )
        )
    }
    shown, again = "breaks no case; it would show for a client like this:", "it would show for the same client as above"

    told = [line.text.strip() for line in mutation_lines(slips, width=400)]
    assert told[told.index(f"- first {shown}") :] == [
        f"- first {shown}",
        "Anna says no.",
        f"- third breaks no case; {again}",
        f"- second {shown}",
        "Ben says no.",
        "- fourth breaks no case",
        told[-3],
        f"- fifth {shown}",
        "Anna says no.",
    ]
    assert told[-3].startswith("look-afresh, line ")
    assert told_by_rule(slips)["slow"].survivors == (
        f"first {shown} Anna says no.",
        f"third breaks no case; {again}",
        f"second {shown} Ben says no.",
        "fourth breaks no case",
    )
