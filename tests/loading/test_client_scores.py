"""Answers to the items of a questionnaire: added up where each is well written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdsrules.loading.client_scores import Sheet
from tests.vocabulary_for_tests import PHQ_9


@pytest.mark.parametrize("count", [1, 9, 1000])
def test_answers_to_all_items_add_up_however_many_there_are(count: int) -> None:
    sheet = Sheet(replace(PHQ_9, items=count, low=0, high=3 * count, risk_items=()))
    answers = {str(number): number % 4 for number in range(count, 0, -1)}
    assert sheet.is_whole(answers)
    assert sheet.points(answers) == sum(answers.values())


@pytest.mark.parametrize("answer", [True, False, 4, -1, 1.0, "1", None, [1]])
def test_nothing_adds_up_with_an_answer_that_is_not_well_written(answer: object) -> None:
    answers = {str(number): 1 for number in range(1, 10)}
    for number in answers:
        with pytest.raises((KeyError, TypeError)):
            Sheet(PHQ_9).points({**answers, number: answer})


def test_nothing_adds_up_where_an_item_goes_by_another_number() -> None:
    answers = {str(number): 1 for number in range(2, 11)}
    with pytest.raises(KeyError):
        Sheet(PHQ_9).points(answers)
