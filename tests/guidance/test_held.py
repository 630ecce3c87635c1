"""What leaves are for a client is what each of them comes to by itself, however many are asked for at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor
from cdsrules.guidance.engaged import Engaged
from cdsrules.guidance.in_force import InForce
from cdsrules.guidance.supposing import Held
from cdsrules.loading.client_document import parse_client
from cdsrules.logic.trace import leaf_truth
from cdsrules.measures.catalogue import Measures
from tests.client_documents import Document, client_documents, document
from tests.rules.shipped import cases

LIBRARY = Advisor.load(plugins=[], engine="reference").library
MEASURES = Measures(LIBRARY.vocabulary)
IN_FORCE = InForce(LIBRARY, MEASURES, Engaged("reference", verify=False, on_disagreement="reference"))

Asked = list[set[int]]
groups_of_leaves = st.lists(st.sets(st.integers(0, 400)), max_size=4)


def holds_as_each_does(given_document: Document, asked: Asked) -> None:
    client = parse_client(given_document, LIBRARY.vocabulary)
    case, _ = IN_FORCE.case(IN_FORCE.facts(client, client.as_of))
    facts, leaves = MEASURES.of(client, client.as_of), case.held.places.leaves
    each = [leaf_truth(leaf, facts, facts.moment) for leaf in leaves]
    for some in (*asked, set(range(len(leaves)))):
        wanted = [place for place in some if place < len(leaves)]
        true, false = case.held.of(sum(1 << place for place in wanted))
        assert true == sum(1 << place for place in wanted if each[place] is True)
        assert false == sum(1 << place for place in wanted if each[place] is False)
    assert [case.held[place] for place in range(len(leaves))] == each


@given(client_documents(LIBRARY.vocabulary), groups_of_leaves)
def test_leaves_of_shipped_rules_are_what_each_is_by_itself(given_document: Document, asked: Asked) -> None:
    holds_as_each_does(given_document, asked)


@pytest.mark.parametrize(
    "sections",
    [
        {},
        {"actions": [], "treatment": {"goals": []}, "ratings": [], "sessions": [], "measures": []},
        {"actions": [{"action": "consultation", "status": "done", "date": "2026-06-01"}]},
        {"actions": [], "recorded_since": {"actions": "2026-06-01"}},
        {"overwhelm": [], "sessions": [], "recorded_since": {"sessions": "2026-06-01"}},
        {"proposed_actions": [{"action": "referral", "discussed": False}]},
    ],
)
def test_leaves_about_what_a_record_names_are_held_against_it(sections: Document) -> None:
    holds_as_each_does(document(**sections), [])


def test_leaves_judged_each_by_itself_are_those_told_about_together_in_every_shipped_case() -> None:
    for one in cases():
        client = parse_client(one.document, LIBRARY.vocabulary, one.as_of)
        case, _ = IN_FORCE.case(IN_FORCE.facts(client, client.as_of))
        assert case.plain is not None
        each = Held(case.held.places, case.facts, case.moment)
        assert (each.true, each.false) == (case.held.true, case.held.false), one.name


def test_what_is_told_of_a_shape_takes_no_place_of_what_is_kept_for_clients() -> None:
    client = parse_client(document(), LIBRARY.vocabulary)
    in_force = InForce(LIBRARY, MEASURES, Engaged("reference", verify=False, on_disagreement="reference"))
    case, _ = in_force.case(in_force.facts(client, client.as_of))
    places = case.held.places
    assert places.told.cache_info().currsize == places.telling.about.cache_info().currsize == 1
