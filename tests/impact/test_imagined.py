"""The smallest imagined client whose guidance changes, and the search for one."""

from __future__ import annotations

from cdsrules.impact.comparing import Comparison
from cdsrules.impact.imagined import Imagined, Limits, NotFound, Specimen, imagine, variations
from cdsrules.impact.typical import groups
from cdsrules.model.condition import FactKey, FactTest, Value
from cdsrules.model.time import Duration
from cdsrules.testing.shrinking import size
from tests.impact import made
from tests.impact.made import SHIPPED, STALLED, edited, impact_of, without

GONE = Comparison(SHIPPED, without("consult-colleague"))
NEVER_SO_LONG = FactTest(FactKey("treatment.duration"), "at_least", Value(Duration(80, "months")))


def found(comparison: Comparison, changed: list[Specimen], specimens: list[Specimen]) -> Imagined:
    imagined = imagine(comparison, changed, specimens)
    assert isinstance(imagined, Imagined)
    return imagined


def test_a_client_who_changes_is_made_as_small_as_can_be() -> None:
    imagined = found(GONE, [Specimen("a client of the caseload", STALLED)], [])
    assert GONE.differs(imagined.document)
    assert imagined.is_smallest
    assert size(imagined.document) < size(STALLED) / 2
    assert imagined.document["client"]["id"] == imagined.full.client == "imagined"  # type: ignore[index]
    assert [each.target for each in imagined.full.turned if each.turn == "lost"] == ["consultation"]


def test_where_none_changes_the_cases_are_searched() -> None:
    imagined = found(
        GONE, [], [Specimen("the case “a”", {**STALLED, "as_of": "2026-02-01"}), Specimen("the case “b”", STALLED)]
    )
    assert imagined.origin == "the case “b”"


def test_a_day_on_which_a_duration_of_the_rule_is_reached_is_tried() -> None:
    waiting = Comparison(without("stalled"), edited("stalled", when=NEVER_SO_LONG))
    imagined = found(waiting, [], [Specimen("the case “a”", STALLED)])
    assert [each.target for each in imagined.full.turned if each.turn == "gained"][-1] == "stalled"


def test_nobody_found_is_said_with_how_far_was_looked() -> None:
    assert imagine(GONE, [], [Specimen("the case “a”", {"schema_version": "1.0"})]) == NotFound(1)
    assert imagine(Comparison(SHIPPED, SHIPPED), [Specimen("a", STALLED)], []) == NotFound(0)


def test_scores_about_the_numbers_of_a_rule_are_tried() -> None:
    document = {"measures": [{"instrument": "phq-9", "date": "2026-01-05", "score": 3}]}
    varied = list(variations(document, Limits((10.0,), ())))
    assert [one["measures"][0]["score"] for one in varied] == [9, 10, 11]  # type: ignore[index]
    assert document["measures"][0]["score"] == 3


def test_typical_is_the_middle_of_each_of_the_largest_groups() -> None:
    long = {**STALLED, "extensions": {"host": "x" * 500}}
    clients = (
        made.given(long, "long.json"),
        made.given(STALLED, "short.json"),
        made.given({**STALLED, "extensions": {"host": "x"}}, "middle.json"),
    )
    impact = impact_of(SHIPPED, without("consult-colleague"), *clients)
    assert [(one.typical.name, one.clients) for one in groups(impact.touched)] == [("middle.json", 3)]
    assert [one.name for one in impact.typical] == ["middle.json"]
