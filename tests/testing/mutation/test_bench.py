"""Slips are judged alike in one process and in several, in the same order."""

from __future__ import annotations

import pickle
from dataclasses import replace
from functools import cache

from cdsrules.testing.mutation.bench import AT_ONCE, Bench, Judged, judged
from cdsrules.testing.reports.mutation import (
    KINDS,
    ORDER,
    Slips,
    by_kind,
    by_rulebook,
    in_words,
    mutation_document,
    mutation_lines,
    scores_below,
    told_by_rule,
)
from tests.testing.mutation.test_judging import cases
from tests.testing.mutation.test_operators import KINDS as OPERATORS
from tests.testing.small_rulebook import small


@cache
def bench() -> Bench:
    return Bench(small(), cases())


@cache
def alone() -> tuple[Judged, ...]:
    return tuple(judged(bench(), bench().of({"small"}), processes=1))


def test_several_processes_find_the_same_in_the_same_order() -> None:
    places = bench().of({"small"})
    assert len(places) > 2 * AT_ONCE
    # Which client is imagined may depend on what was asked before in this very process.
    several = [replace(one, imagined=None) for one in judged(bench(), places, processes=2)]
    assert several == [replace(one, imagined=None) for one in alone()]


def test_the_slips_of_a_rulebook_are_those_in_its_rules() -> None:
    assert {one.mutant.about for one in alone()} == {"slow", "look-afresh", "refer-later"}


def test_the_order_of_actions_belongs_to_all_rulebooks_together() -> None:
    slips = bench().mutants
    everything = bench().of({book.id for book in small().rulebooks})
    assert everything == tuple(range(len(slips)))
    assert any(slips[place].rule is None for place in everything)


def test_a_slip_is_noticed_or_survives_or_is_proved_to_change_nothing() -> None:
    for one in alone():
        assert one.survives is (one.noticed_by is None and one.equivalent is None)
        assert not (one.noticed_by and one.equivalent)


def of(*told: Judged) -> Slips:
    return Slips(told)


def one_of_each() -> tuple[Judged, Judged, Judged]:
    first, second, third = (one.mutant for one in alone()[:3])
    return Judged(first, "a case"), Judged(second, None), Judged(third, None, "the same")


def test_the_score_leaves_out_what_no_case_could_notice() -> None:
    score = of(*one_of_each()).score
    assert (score.part, score.whole) == (1, 2)
    assert "small, slips noticed: 50 %" in list(scores_below({"small": of(*one_of_each())}, 51))
    assert not [one for one in scores_below({"small": of(*one_of_each())}, 50) if one.startswith("small")]


def test_each_kind_has_a_score_of_its_own() -> None:
    """So that many slips of one kind that are noticed do not hide another kind that nobody looks at."""
    slips = by_rulebook(alone(), small())
    kinds = by_kind(slips)
    assert sum(len(one.judged) for one in kinds.values()) == len(alone())
    assert {judged.mutant.kind for judged in kinds["tier"].judged} == {"tier"}
    lines = [line.text.split() for line in mutation_lines(slips, width=200)]
    assert ["another", "tier", "0", "of", str(kinds["tier"].score.whole), "0", "%", "0"] in lines
    assert "another tier, slips noticed: 0 %" in list(scores_below(slips, 50))


def test_every_kind_has_words() -> None:
    assert set(KINDS) == {one.kind for one in bench().mutants} | set(OPERATORS)


def test_of_a_survivor_it_is_said_for_whom_it_would_show() -> None:
    survivor = next(one for one in alone() if one.survives and one.mutant.kind == "tier" and one.shows_for)
    assert (
        in_words(survivor)
        == f"{survivor.mutant.words} breaks no case; it would show for the client of “{survivor.shows_for}”"
    )


def test_a_bench_takes_along_only_what_it_is_made_of() -> None:
    """A process that is no copy of this one works out the rest itself."""
    again = pickle.loads(pickle.dumps(bench()))
    assert again == bench()
    assert "mutants" not in vars(again)


def test_survivors_are_told_in_the_words_of_the_rule_and_equivalents_with_their_reason() -> None:
    _, survivor, same = one_of_each()
    text = [line.text for line in mutation_lines({"small": of(*one_of_each())}, width=200)]
    assert ["small", "1", "of", "2", "50", "%", "1"] in [line.split() for line in text]
    assert f"      - {survivor.mutant.words} breaks no case" in text
    assert f"      - {same.mutant.words} changes nothing: the same" in text
    assert in_words(survivor).endswith("breaks no case")


def test_a_program_gets_the_same() -> None:
    noticed, survivor, same = one_of_each()
    (book,) = mutation_document({"small": of(noticed, survivor, same)})
    assert (book["rulebook"], book["slips"], book["noticed"], book["of"], book["percent"]) == ("small", 3, 1, 2, 50)
    assert book["survivors"] == [
        {
            "about": survivor.mutant.about,
            "kind": survivor.mutant.kind,
            "part": survivor.mutant.part,
            "words": survivor.mutant.words,
            "shows_for": None,
            "client": None,
        }
    ]
    assert isinstance(book["kinds"], list)
    assert sum(one["of"] for one in book["kinds"]) == 2
    assert isinstance(book["equivalent"], list)
    assert book["equivalent"][0]["reason"] == "the same"


def test_slips_stand_under_the_rulebook_they_were_made_in() -> None:
    order = next(one for one in bench().mutants if one.rule is None)
    found = by_rulebook([*alone(), Judged(order, None)], small())
    assert list(found) == ["small", ORDER]
    assert mutation_document(found)[1]["rulebook"] is None
    told = told_by_rule(found)
    assert set(told) <= {"slow", "look-afresh", "refer-later", order.about}
    assert sum(len(one.survivors) for one in told.values()) == sum(len(one.survivors) for one in found.values())
    assert sum(len(one.equivalent) for one in told.values()) == sum(len(one.equivalent) for one in found.values())
