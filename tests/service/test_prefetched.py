"""A prefetch: given, empty, failed and missing are four things."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from cdsrules.service.not_read import Fetched
from cdsrules.service.prefetched import sort_out
from tests.adapters.fhir.records import Resource
from tests.service.calls import RESOURCES, found, prefetch, search

WANTED = ("patient", "appointments", "scores", "goals", "flags")
OUTCOME: Resource = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "forbidden"}]}


def complete(prefetch: Mapping[str, object], *kept: str) -> frozenset[str]:
    """The types that a prefetch gave in full, for a record that keeps some types for certain."""
    return sort_out(prefetch, WANTED).complete(frozenset(kept))


def test_what_was_sent_is_told_from_what_is_empty_failed_and_missing() -> None:
    parts = sort_out({"patient": prefetch()["patient"], "appointments": None, "scores": OUTCOME, "other": {}}, WANTED)

    assert set(parts.given) == {"patient"}
    assert parts.none == {"appointments"}
    assert parts.failed == {"scores"}
    assert parts.refused == {"scores": "forbidden"}
    assert parts.missing == {"goals", "flags"}
    assert parts.wanting == ("flags", "goals", "scores")
    assert parts.besides == {"other": {}}


def test_without_a_prefetch_everything_is_missing_and_what_is_required_comes_first() -> None:
    assert sort_out(None, WANTED).wanting == ("patient", "appointments", "flags", "goals", "scores")


def test_what_is_no_resource_has_failed() -> None:
    assert sort_out({"patient": "x", "goals": {}, "flags": []}, WANTED).failed == {"patient", "goals", "flags"}


def test_what_was_not_asked_for_has_failed() -> None:
    """A server that answers a search with something else has not answered it."""
    score = next(one for one in RESOURCES if one["resourceType"] == "Observation")
    sent = {"patient": found("Patient"), "goals": prefetch()["patient"], "flags": found("Flag"), "scores": score}

    assert sort_out(sent, WANTED).failed == {"patient", "goals"}
    assert set(sort_out(sent, WANTED).given) == {"flags", "scores"}


def test_a_search_that_found_more_than_was_sent_is_not_complete() -> None:
    sent = found("Appointment")
    held = len(sent["entry"])  # type: ignore[arg-type]

    assert complete({"appointments": sent | {"total": held}}) == {"Appointment"}
    assert complete({"appointments": sent | {"total": held + 1}}) == frozenset()
    assert complete({"appointments": sent | {"total": held + 1.0}}) == frozenset()
    assert complete({"appointments": sent | {"total": "many"}}) == {"Appointment"}


def test_a_search_is_complete_when_its_last_page_came() -> None:
    paged = found("Appointment") | {"link": [{"relation": "next", "url": "https://ehr.example/page/2"}]}
    partly = search(OUTCOME)

    assert complete({"appointments": found("Appointment")}) == {"Appointment"}
    assert complete({"appointments": paged, "goals": partly, "scores": OUTCOME}, "Appointment", "Goal") == frozenset()


@pytest.mark.parametrize("nothing", [None, search(), {"resourceType": "Bundle"}, search() | {"total": 0}])
def test_a_search_that_found_nothing_is_complete_where_the_record_keeps_what_it_looked_for(nothing: object) -> None:
    assert complete({"appointments": found("Appointment"), "goals": nothing}) == {"Appointment"}
    assert complete({"appointments": found("Appointment"), "goals": nothing}, "Goal") == {"Appointment", "Goal"}
    assert complete({"scores": nothing}, "Goal") == frozenset()


def test_what_was_not_sent_is_not_complete_though_the_record_keeps_it() -> None:
    assert complete({"scores": OUTCOME}, "Goal", "Observation") == frozenset()


@pytest.mark.parametrize("entry", [None, {"a": 1}, "x", 5, [None], [5], [{}], [{"resource": None}], [{"resource": {}}]])
def test_a_search_whose_entries_are_none_is_not_complete(entry: object) -> None:
    assert complete({"appointments": search() | {"entry": entry}}, "Appointment") == frozenset()


@pytest.mark.parametrize("relation", ["next", "previous", "prev"])
def test_one_page_of_several_is_not_complete(relation: str) -> None:
    page = found("Appointment") | {"link": [{"relation": "self", "url": "a"}, {"relation": relation, "url": "b"}]}

    assert complete({"appointments": page}) == frozenset()


def test_what_was_fetched_since_takes_the_place_of_what_was_wanting() -> None:
    parts = sort_out({"patient": prefetch()["patient"], "scores": OUTCOME, "goals": None}, WANTED)
    later = parts.with_fetched(Fetched({"scores": found("Observation"), "flags": OUTCOME}, {}))

    assert set(later.given) == {"patient", "scores"}
    assert later.none == {"goals"}
    assert later.failed == {"flags"}
    assert later.refused == {"flags": "forbidden"}
    assert later.missing == {"appointments"}


def test_what_comes_along_with_a_search_is_nothing_that_it_found() -> None:
    along: Resource = {"entry": [{"resource": {"resourceType": "Practitioner"}, "search": {"mode": "include"}}]}

    assert complete({"goals": search() | along}) == frozenset()
    assert complete({"goals": search() | along}, "Goal") == {"Goal"}


FORM: Resource = {"resourceType": "QuestionnaireResponse"}
MEETING: Resource = {"resourceType": "Encounter"}


@pytest.mark.parametrize(
    ("key", "beside", "one", "kind"),
    [("scores", "responses", FORM, "Observation"), ("appointments", "encounters", MEETING, "Appointment")],
)
@pytest.mark.parametrize("nothing", [True, False], ids=["nothing", "something"])
def test_a_list_is_complete_only_where_both_its_sources_came_whole(
    key: str, beside: str, one: Resource, kind: str, nothing: bool
) -> None:
    sent = {key: search() if nothing else found(kind)}
    paged = search(one) | {"link": [{"relation": "next", "url": "b"}]}

    def types(**more: object) -> frozenset[str]:
        return sort_out(sent | more, (key, beside)).complete({kind})

    assert types() == frozenset()
    for lacking in (OUTCOME, search(OUTCOME), paged, search(one) | {"total": 2}, one):
        assert types(**{beside: lacking}) == frozenset()
    for whole in (None, search(), search(one)):
        assert types(**{beside: whole}) == {kind}


def test_what_was_sent_stays_where_what_was_read_since_is_not_all_either() -> None:
    """The endorsed item may stand on the page that was sent, and not on those that were read."""
    sent, read = found("Observation"), search({"resourceType": "Observation", "id": "another"})
    lacking = {"total": 99}
    parts = sort_out({"scores": sent | lacking}, WANTED).with_fetched(Fetched({"scores": sent | lacking}, {}))
    assert parts.before == {"scores": sent}

    more = search(*(one["resource"] for one in sent["entry"]), *(one["resource"] for one in read["entry"]))  # type: ignore[attr-defined]
    assert sort_out({"scores": sent | lacking}, WANTED).with_fetched(Fetched({"scores": more}, {})).before == {}
