"""Of the shipped rules too, what is tried all at once is what is found by trying one answer after the other."""

from __future__ import annotations

import pytest

from cdsrules.guidance.case import Case
from cdsrules.guidance.questions import open_facts
from cdsrules.guidance.reach import fact_leaves
from cdsrules.guidance.reasoning import Reasoning
from cdsrules.guidance.trials import Trials
from cdsrules.model.condition import FactKey
from tests.guidance import direct
from tests.test_cases import advisor, case_files

EVERY_SO_MANY = 60


def clients() -> list[Case]:
    """Return some clients of the cases, from every rulebook."""
    found = [(one.document, one.as_of) for file in case_files() for one in file.cases]
    asked = advisor()
    facts = [asked.facts(document, as_of=as_of) for document, as_of in found[::EVERY_SO_MANY]]
    return [asked._shown.case(one)[0] for one in facts]


CLIENTS = clients()


@pytest.mark.parametrize("case", CLIENTS, ids=lambda case: case.client_id)
def test_answers_change_what_they_change_one_by_one(case: Case) -> None:
    records: dict[str, list[FactKey]] = {}
    for key, unknown in open_facts(case).items():
        records.setdefault(unknown.because, []).append(key)
    expected = [
        direct.changed_by(
            case,
            [
                *(supposed for key in keys for supposed in direct.each(case, [key])),
                *(direct.together(case, keys) if len(keys) > 1 else ()),
            ],
        )
        for keys in records.values()
    ]
    assert list(Trials(case).of_records(records.values())) == expected


@pytest.mark.parametrize("case", CLIENTS, ids=lambda case: case.client_id)
def test_one_leaf_otherwise_is_the_rule_decided_again(case: Case) -> None:
    for rule in case.program.rules[::7]:
        reasoning = Reasoning(case, rule)
        for place, leaf in zip(reasoning.ready.leaves, fact_leaves(case.program, rule), strict=True):
            others = [direct.supposing(case, rule, leaf, truth) for truth in (True, False)]
            assert reasoning.bears(place) is any(other is not reasoning.truth for other in others), leaf
