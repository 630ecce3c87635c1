"""A search that cannot tell says so, and gives nobody out who does not show what is claimed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cdsrules.analysis import search as searching_module
from cdsrules.analysis.answers import NotFound, RuledOut, Shown, Undecided
from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.search import NOT_AS_IMAGINED, TOO_LONG, Search
from cdsrules.analysis.terms import Holds, both, denied, every, some
from cdsrules.testing.laws.asking import Answer
from tests.analysis.made import rule, searching

OLD = rule("old", "finds: old", "{fact: treatment.duration, at_least: 6 months}")


def is_old(rulings: Rulings) -> Holds:
    return rulings["old"].truth.true


def test_who_is_given_out_shows_what_is_claimed() -> None:
    search, _, _ = searching(OLD)
    answer = search.find(is_old, lambda client: client.rules["old"] is True)

    assert isinstance(answer, Shown)
    assert Answer(search.advisor, answer.document, answer.as_of).rules["old"] is True


def test_a_small_client_has_nothing_that_could_be_left_out() -> None:
    search, _, _ = searching(OLD)
    answer = search.find(is_old, lambda client: client.rules["old"] is True, small=True)

    assert isinstance(answer, Shown)
    assert set(answer.document) == {"schema_version", "client", "treatment"}


def test_whoever_comes_out_otherwise_is_put_aside_and_in_the_end_nobody_is_given_out() -> None:
    search, _, _ = searching(OLD)
    asked: list[Answer] = []

    def shows(client: Answer) -> bool:
        asked.append(client)
        return False

    assert search.find(is_old, shows) == Undecided(NOT_AS_IMAGINED)
    assert len({str(one.document) for one in asked}) == searching_module.MOST_TRIES


def test_a_client_who_cannot_be_read_shows_nothing() -> None:
    search, _, _ = searching(OLD)

    assert not search._is_shown({"schema_version": "1.0"}, lambda _: True)


def test_a_search_that_takes_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching_module, "EFFORT", 1)
    search = Search(searching(OLD)[0].advisor)

    assert search.find(is_old, lambda _: True) == Undecided(TOO_LONG)


def test_what_is_true_and_false_at_once_is_ruled_out() -> None:
    search, _, _ = searching(OLD)
    answer = search.find(lambda rulings: both(rulings["old"].truth.true, rulings["old"].truth.false), lambda _: True)

    assert isinstance(answer, RuledOut)
    assert "2026-02-28" in answer.assumes


def test_without_a_proof_it_says_how_far_was_searched() -> None:
    search, _, _ = searching(OLD)
    answer = search.find(
        lambda rulings: both(rulings["old"].truth.true, rulings["old"].truth.false), lambda _: True, prove=False
    )

    assert isinstance(answer, NotFound)
    assert "up to 5 scores of the primary measure" in answer.searched


ASKING = """
import json, sys
from tests.analysis.made import rule, searching
search, _, _ = searching(rule("old", "finds: old", "{all: [{fact: treatment.duration, at_least: 6 months}, "
                              "{fact: outcome.primary.class, is: no_reliable_change}]}"))
answer = search.find(lambda rulings: rulings["old"].truth.true, lambda client: client.rules["old"] is True, small=True)
print(json.dumps(answer.document))
"""


def test_the_same_question_is_answered_by_the_same_client_in_every_run() -> None:
    def ask(seed: str) -> bytes:
        root = Path(__file__).parents[2]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        return subprocess.run([sys.executable, "-c", ASKING], env=environment, capture_output=True, check=True).stdout

    assert ask("1") == ask("2") != b""


def test_truths_combine_by_strong_kleene() -> None:
    search, _, _ = searching(OLD)
    field, _ = search.field()
    truth = field.rulings["old"].truth

    assert denied(denied(truth)) == truth
    assert every([truth]) == truth == some([truth])
    assert field.solver.check(every([truth, denied(truth)]).true) != field.solver.check(truth.true)
