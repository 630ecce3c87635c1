"""The hazard log: harms as the rules state them, and no control that is not there."""

from __future__ import annotations

from dataclasses import replace

from cdsrules.documents.hazards import HazardEntry, hazards
from cdsrules.model.rulebook import Status
from tests.documents.made import CHANGE, LOOK, RETIRED, RULES, STUCK, WORN_TOO, made_basis
from tests.documents.shipped import shipped_basis


def made() -> dict[str, HazardEntry]:
    return {one.entry.rule.id: one for one in hazards(made_basis())}


def test_harms_are_those_the_rule_states() -> None:
    assert (made()[LOOK.id].fires_wrongly, made()[LOOK.id].fails_to_fire) == ("Half an hour is lost.", "Nobody looks.")
    assert (made()[STUCK.id].fires_wrongly, made()[STUCK.id].fails_to_fire) == (None, None)


def test_a_retired_rule_does_no_harm() -> None:
    assert RETIRED.id not in made()


def test_an_exception_what_lifts_and_cases_are_controls() -> None:
    assert made()[LOOK.id].controls == (
        "An exception withdraws it: fact e applies.",
        "Cases: 1 fire it, 1 keep it silent, 0 leave it undecided.",
    )
    assert made()[CHANGE.id].controls == ("It is lifted when fact h applies or fact i applies.",)


def test_a_rule_without_a_control_claims_none() -> None:
    bare = replace(STUCK, requirement=())
    others = [rule for rule in RULES if rule.id != STUCK.id]
    basis = made_basis([bare, *others], files=())
    assert {one.entry.rule.id: one for one in hazards(basis)}[STUCK.id].controls == ()


def test_a_rule_in_shadow_says_that_it_is_never_shown() -> None:
    assert made()[WORN_TOO.id].controls == ("Its status is shadow: it is never shown.",)
    draft = replace(WORN_TOO, status=Status.DRAFT)
    basis = made_basis([draft if rule is WORN_TOO else rule for rule in RULES])
    found = {one.entry.rule.id: one for one in hazards(basis)}[WORN_TOO.id]
    assert found.controls == ("Its status is draft: it is never shown.",)


def test_what_waits_and_what_is_held_back_is_told_of_shipped_rules() -> None:
    basis = shipped_basis()
    actions = basis.library.vocabulary.actions
    for one in hazards(basis):
        rule, told = one.entry.rule, " ".join(one.controls)
        assert ("always loads" in told) is (rule.rulebook == "safety")
        if rule.verb.value == "recommends":
            assert ("waits until" in told) is bool(actions[rule.target].requires)
            assert ("held back" in told) is actions[rule.target].not_while_at_risk
        assert ("An exception" in told) is (rule.unless is not None)
        assert ("lifted when" in told) is bool(rule.until)


def test_every_harm_has_an_id_of_its_own_that_lasts_as_long_as_the_rule() -> None:
    ids = [id_ for one in hazards(shipped_basis()) for id_ in one.ids]
    assert len(ids) == len(set(ids))
    assert {"H.consult-colleague.wrong", "H.consult-colleague.silent"} <= set(ids)


def test_what_a_finding_comes_to_is_carried_by_the_rules_that_read_it() -> None:
    """So a finding without words states no harm of its own, and yet none is left open."""
    log = {one.entry.rule.id: one for one in hazards(shipped_basis())}
    for one in log.values():
        assert bool(one.carried_by) is (one.entry.rule.hazard is None), one.entry.rule.id
        assert "not provided" not in one.harms
        assert all(rule.hazard is not None for rule in one.carried_by)
    consulted = log["consultation-settled"]
    assert {"consult-again", "consult-after-the-steps", "consult-colleague"} == {one.id for one in consulted.carried_by}
    assert consulted.harms[0].startswith("carried by the rules that read it: Talk the case through with a colleague")


def test_what_nobody_reads_and_nobody_states_is_not_provided() -> None:
    (stuck,) = hazards(made_basis([STUCK], files=()))
    assert (stuck.carried_by, stuck.harms) == ((), ("not provided", "not provided"))
