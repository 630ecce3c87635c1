"""What differs between two libraries, told in words."""

from __future__ import annotations

from dataclasses import replace

from cdsrules.impact.comparing import Comparison
from cdsrules.impact.rule_changes import Differences
from cdsrules.model.condition import Not
from cdsrules.model.rulebook import Library, Status, Tier
from cdsrules.model.time import Duration
from tests.impact.made import SHIPPED, edited, without


def between(before: Library, after: Library) -> Differences:
    return Comparison(before, after).differences


def test_a_rule_that_is_gone_or_new() -> None:
    gone = between(SHIPPED, without("stalled")).rules
    assert [(one.rule, one.became, one.after) for one in gone.values()] == [("stalled", "removed", None)]
    new = between(without("stalled"), SHIPPED).rules
    assert [(one.rule, one.became, one.before) for one in new.values()] == [("stalled", "added", None)]


def test_a_rule_that_takes_no_part_any_more_is_removed() -> None:
    for status in (Status.DRAFT, Status.SHADOW, Status.RETIRED):
        (one,) = between(SHIPPED, edited("stalled", status=status)).rules.values()
        assert (one.became, one.what) == ("removed", (f"status: active → {status.value}",))


def test_what_takes_no_part_on_either_side_is_not_told() -> None:
    draft = edited("stalled", status=Status.DRAFT)
    assert between(draft, edited("stalled", draft, title="Another")).is_empty


def test_in_what_a_rule_changed() -> None:
    changed = edited("stalled", when=Not(SHIPPED.by_id["stalled"].when), tier=Tier.INFORMATION, title="Another")
    (one,) = between(SHIPPED, changed).rules.values()
    assert one.what == ("condition", "title", "tier: review → information")
    assert one.before is not None
    assert one.after is not None
    assert one.before.words != one.after.words
    assert (one.title, one.rulebook) == ("Another", "stalled-progress")


def test_how_long_it_may_be_put_off_is_told_with_both_lengths() -> None:
    longer = edited("consult-colleague", snooze=Duration(6, "weeks"))
    never = edited("consult-colleague", snooze=None)
    told = [one.what for after in (longer, never) for one in between(SHIPPED, after).rules.values()]

    assert told == [
        ("how long it may be put off: 4 weeks → 6 weeks",),
        ("how long it may be put off: 4 weeks → never",),
    ]


def test_a_parameter_is_told_with_its_two_values() -> None:
    books = tuple(
        replace(book, parameters={**book.parameters, "stall_after": replace(one, value=Duration(9, "months"))})
        if (one := book.parameters.get("stall_after"))
        else book
        for book in SHIPPED.rulebooks
    )
    found = between(SHIPPED, replace(SHIPPED, rulebooks=books)).rules
    assert found["stalled"].what == ("parameter stall_after: 6 months → 9 months",)
    assert "consult-colleague" not in found


def test_what_changed_in_the_vocabulary() -> None:
    actions = dict(SHIPPED.vocabulary.actions)
    actions["consultation"] = replace(actions["consultation"], name="consulting")
    other = replace(SHIPPED, vocabulary=replace(SHIPPED.vocabulary, actions=actions))
    assert between(SHIPPED, other).vocabulary == ("action consultation",)
    turned = dict(reversed([*SHIPPED.vocabulary.actions.items()]))
    moved = replace(SHIPPED, vocabulary=replace(SHIPPED.vocabulary, actions=turned))
    assert between(SHIPPED, moved).vocabulary == ("the order of actions",)
