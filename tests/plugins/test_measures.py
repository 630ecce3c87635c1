"""Facts of plugins: measured once, held to what they declare, named apart from those of cdsrules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from cdsrules import Advisor
from cdsrules.measures.declare import Fact, fact
from cdsrules.measures.history import History
from cdsrules.model.client import Client
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import NEVER, Elapsed, Evidence, Kind, Known, Measured, Reason, Unknown
from cdsrules.model.time import Duration
from cdsrules.plugins import hookimpl, measure
from tests.client_documents import document

KEY = FactKey("practice.it")


class Measures:
    """Declares facts that are made for a test."""

    plugin_name = "practice"

    def __init__(self, *facts: Fact) -> None:
        self.facts = facts

    @hookimpl
    def cdsrules_measures(self) -> tuple[Fact, ...]:
        return self.facts


def it(kind: Kind | str, of: Callable[[Client, date], object], *, name: str = "practice.it", **more: object) -> Fact:
    said = {"words": "the thing", "meaning": "What it is.", "ask": "the thing", **more}
    return measure(name, kind, of, **said)  # type: ignore[arg-type]  # some tests give what does not fit


def measured(declared: Fact, key: FactKey = KEY) -> tuple[Measured, tuple[str, ...]]:
    """What a fact comes to, and what guidance says of it."""
    with Advisor.load(plugins=[Measures(declared)], engine="reference") as advisor:
        facts = advisor.facts(document())
        found = facts.get(key)
        assert facts.get(key) == found
        return found, tuple(words for _, words in facts.history.added.values() if words is not None)


DAY = date(2026, 8, 3)
PAPER = Evidence("$.file", "the paper file", DAY)


@pytest.mark.parametrize(
    ("kind", "value", "more"),
    [
        ("number", 3, {"low": 0, "high": 3}),
        ("number", 2.5, {}),
        ("yes or no", True, {}),
        ("date", DAY, {}),
        ("date", NEVER, {}),
        ("duration", Elapsed(date(2026, 1, 1), DAY), {}),
        ("choice", "few", {"choices": ("few", "many")}),
        ("set", frozenset({"few"}), {"choices": ("few", "many")}),
        ("set", frozenset(), {"choices": ("few", "many")}),
        (Kind.TEXT, "a word", {}),
    ],
)
def test_a_value_of_the_kind_that_is_declared_is_known(kind: str, value: object, more: dict[str, Any]) -> None:
    assert measured(it(kind, lambda client, day: value, **more)) == (Known(value), ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "value", "more", "said"),
    [
        ("number", "3", {}, "gave something else where a number belongs"),
        ("number", True, {}, "gave something else where a number belongs"),
        ("number", float("nan"), {}, "gave something else where a number belongs"),
        ("number", float("inf"), {}, "gave a number outside of what practice.it can be"),
        ("number", -1, {"low": 0}, "gave a number outside of what practice.it can be"),
        ("number", 4, {"high": 3}, "gave a number outside of what practice.it can be"),
        ("yes or no", 1, {}, "gave something else where true or false belongs"),
        ("date", "2026-08-03", {}, "gave something else where a date belongs"),
        ("duration", Elapsed(DAY, date(2026, 1, 1)), {}, "gave a time that does not run from one day to a later one"),
        ("choice", "some", {"choices": ("few", "many")}, "gave a word that is not one of few, many"),
        ("set", frozenset({"some"}), {"choices": ("few", "many")}, "gave a word that is not one of few, many"),
        ("set", {"few"}, {"choices": ("few", "many")}, "gave something else where a set of words belongs"),
        ("text", "The client is at low risk.", {}, "says “low risk”."),
        ("number", Known("3"), {}, "gave something else where a number belongs"),
        ("number", Known(3, ("the file",)), {}, "named records that are not `Evidence`"),  # type: ignore[arg-type]
        ("number", Known(3, (Evidence("$", "low risk", None),)), {}, "says “low risk”."),
        ("number", Unknown("gone", "it is gone"), {}, "gave no reason that cdsrules knows"),  # type: ignore[arg-type]
        ("number", Unknown(Reason.TOO_OLD, ""), {}, "left the text empty that says why it is not known"),
        ("number", Unknown(Reason.TOO_OLD, " \u00a0\n"), {}, "left the text empty that says why it is not known"),
        ("number", Unknown(Reason.TOO_OLD, "risk is low"), {}, "says “risk is low”."),
        ("number", Unknown(Reason.TOO_OLD, "it is old", instead="risk is low"), {}, "says “risk is low”."),
    ],
)
def test_anything_else_is_unknown_and_said(kind: str, value: object, more: dict[str, Any], said: str) -> None:
    found, sentences = measured(it(kind, lambda client, day: value, **more))

    assert found == Unknown(Reason.UNDECIDABLE, "the plugin practice did not give it")
    (sentence,) = sentences
    assert sentence.startswith(f"Plugin practice {said}")
    assert sentence.endswith("practice.it is unknown.")


def test_a_plugin_may_name_its_records_and_its_reasons() -> None:
    known, old = (
        Known(3, (PAPER,)),
        Unknown(Reason.TOO_OLD, "the list is of last year", (PAPER,), "the list of this year"),
    )

    assert measured(it("number", lambda client, day: known)) == (known, ())
    assert measured(it("number", lambda client, day: old)) == (old, ())
    assert measured(it("number", lambda client, day: None)) == (
        Unknown(Reason.NOT_RECORDED, "nothing is on record where it is looked up"),
        (),
    )


def test_a_fact_may_give_the_plain_pair_that_facts_of_cdsrules_give() -> None:
    said = {"words": "the thing", "meaning": "What it is.", "ask": "the thing"}

    def declared(found: object) -> Fact:
        return fact("practice.it", Kind.NUMBER, lambda _: found, **said)  # type: ignore[arg-type, return-value]

    assert measured(declared((3, (PAPER,)))) == (Known(3, (PAPER,)), ())
    for odd in ((3,), (3, (), ()), ("3", ()), (3, None), (3, (1,))):
        found, (sentence,) = measured(declared(odd))
        assert found == Unknown(Reason.UNDECIDABLE, "the plugin practice did not give it")
        assert sentence.startswith("Plugin practice ")


@pytest.mark.parametrize(("like", "given"), [(Known, (3,)), (Unknown, (Reason.NOT_RECORDED, "it is gone"))])
def test_what_only_inherits_from_known_or_unknown_is_neither(like: type, given: tuple[object, ...]) -> None:
    odd = type("Odd", (like,), {})(*given)

    found, (sentence,) = measured(it("number", lambda client, day: odd))

    assert found == Unknown(Reason.UNDECIDABLE, "the plugin practice did not give it")
    assert sentence.startswith("Plugin practice gave nothing that was measured")


def test_a_plugin_sees_no_record_of_a_later_day_and_cannot_write_to_the_client() -> None:
    seen: list[object] = []

    def look(client: Client, day: date) -> int:
        seen.append([one.on for one in client.sessions or ()])
        client.proposals["referral"] = None  # type: ignore[index]
        return 1

    late = document(
        sessions=[{"date": "2026-08-01", "status": "attended"}, {"date": "2026-08-09", "status": "attended"}]
    )
    with Advisor.load(plugins=[Measures(it("number", look))], engine="reference") as advisor:
        found = advisor.facts(late).get(KEY)

    assert seen == [[date(2026, 8, 1)]]
    assert isinstance(found, Unknown)


def test_a_fact_over_a_window_is_asked_for_each_window_once() -> None:
    asked: list[object] = []

    def over(history: History, length: Duration) -> Measured:
        asked.append(length)
        return Known(length.amount)

    counted = fact("practice.it", Kind.NUMBER, words="it", meaning="What it is.", ask="it", over=over)
    assert measured(counted, FactKey("practice.it", Duration(3, "days"))) == (Known(3), ())
    assert asked == [Duration(3, "days")]


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (it("number", lambda c, d: 1, name="treatment.it"), "facts that begin with “treatment.” are those of cdsrules"),
        (it("number", lambda c, d: 1, name="it"), "write small letters, with a dot"),
        (it("number", lambda c, d: 1, name="Practice.it"), "write small letters, with a dot"),
        (it("choice", lambda c, d: "few"), "it is one word of several: name them in `choices`"),
        (it("number", lambda c, d: 1, words="the low risk of it"), "a text of it says “low risk”."),
        (it("number", lambda c, d: 1, meaning=7), "a text of it is to be a text on one line"),
        (it("number", lambda c, d: 1, clause="it is {places}"), "a text of it has a slot that nothing fills"),
    ],
)
def test_a_fact_that_is_not_fit_is_refused_and_said(declared: Fact, said: str) -> None:
    with Advisor.load(plugins=[Measures(declared)], engine="reference") as advisor:
        guidance = advisor.evaluate(document())

    assert KEY.name not in advisor.catalogue
    (sentence,) = guidance.notices
    assert sentence.startswith(f"Plugin practice may not add the fact {declared.spec.name}: {said}")


def test_no_plugin_takes_the_name_of_another() -> None:
    class Other(Measures):
        plugin_name = "other"

    mine, theirs = it("number", lambda c, d: 1), it("number", lambda c, d: 2)
    with Advisor.load(plugins=[Measures(mine), Other(theirs)], engine="reference") as advisor:
        assert advisor.facts(document()).get(KEY) == Known(1)
        assert advisor.plugin_failures == (
            "Plugin other may not add the fact practice.it: a fact of this name was declared before.",
        )


def test_facts_of_cdsrules_are_measured_as_without_plugins() -> None:
    with Advisor.load(plugins=[], engine="reference") as advisor:
        alone = {name: advisor.catalogue[name] for name in advisor.catalogue}
    with Advisor.load(plugins=[Measures(it("number", lambda c, d: 1))], engine="reference") as advisor:
        assert {name: spec for name, spec in advisor.catalogue.items() if name != KEY.name} == alone
        assert list(advisor.catalogue)[-1] == KEY.name
