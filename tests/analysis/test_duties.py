"""What rules owe: gaps and silences that were planted are shown by a client, and kept duties are told so."""

from __future__ import annotations

from collections.abc import Sequence

from cdsrules.advisor import Advisor
from cdsrules.analysis.answers import RuledOut
from cdsrules.analysis.combinations import every_combination
from cdsrules.analysis.gaps import Kept, Owed, gaps, truth_of
from cdsrules.analysis.obligation import Duties
from cdsrules.analysis.obligation_file import read_obligations
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.analysis.screens import silences
from cdsrules.loading.sources import SourceFile
from cdsrules.testing.laws.asking import Answer
from tests.analysis.made import rule, searching, shown_on_both_engines

LONG = "{fact: treatment.duration, at_least: 6 months}"
STALLED = rule("stalls", "finds: stalled", LONG)


def declared(rules: Sequence[str], text: str) -> Duties:
    library = searching(*rules)[0].advisor.library
    return read_obligations([SourceFile("obligations.yaml", text.encode())], library)


def owed(rules: Sequence[str], every: str, gets: str, more: str = "") -> Remark | Kept:
    text = (
        f"obligations:\n  - obligation: owed\n    title: It is owed\n    every: {every}\n    gets: {gets}\n"
        f"    source: local\n    why: It is owed.\n{more}"
    )
    [found] = gaps(searching(*rules)[0], declared(rules, text).obligations)
    return found


def screened(rules: Sequence[str], asks: str, serious: str, gets: str) -> list[Remark | Kept]:
    text = (
        f"screens:\n  - screen: looked\n    title: Looked at\n    asks: {asks}\n    serious: {serious}\n"
        f"    gets: {gets}\n    source: local\n    why: It is owed.\n"
    )
    [screen] = declared(rules, text).screens
    return list(silences(searching(*rules)[0], screen))


# ---- Obligations


def test_stalled_and_nothing_recommended_is_shown_by_a_client() -> None:
    rules = (
        STALLED,
        rule("talk", "recommends: progress_talk", "{all: [{finding: stalled}, {fact: clinician.strain, is: false}]}"),
    )
    found = owed(rules, "{finding: stalled}", "{recommendation: any}")

    assert isinstance(found, Remark)
    assert found.sort is Sort.GAP
    assert shown_on_both_engines(found, searching(*rules)[0])
    assert found.client is not None
    client = Answer(searching(*rules)[0].advisor, found.client.document, found.client.as_of)
    assert client.findings["stalled"] is True
    assert (client.guidance.pathway.now, client.guidance.pathway.then) == ((), ())


def test_an_obligation_that_is_kept_is_proved() -> None:
    found = owed(
        (STALLED, rule("talk", "recommends: progress_talk", "{finding: stalled}")),
        "{finding: stalled}",
        "{recommendation: any}",
    )

    assert isinstance(found, Kept)
    assert isinstance(found.ground, RuledOut)


def test_another_action_than_the_one_owed_does_not_keep_it() -> None:
    rules = (
        STALLED,
        rule("talk", "recommends: progress_talk", "{finding: stalled}"),
        rule("consult", "recommends: consultation", "{fact: clinician.strain, is: true}"),
    )

    assert isinstance(owed(rules, "{finding: stalled}", "{recommendation: [consultation]}"), Remark)
    assert isinstance(owed(rules, "{finding: stalled}", "{recommendation: [consultation, progress_talk]}"), Kept)


def test_what_is_held_back_is_not_got() -> None:
    """To end is not advised while a safety item is open, so a client at risk goes without."""
    rules = (STALLED, rule("end", "recommends: end_treatment", "{finding: stalled}"))
    found = owed(rules, "{finding: stalled}", "{recommendation: [end_treatment]}")

    assert isinstance(found, Remark)
    assert shown_on_both_engines(found, searching(*rules)[0])


def test_an_exception_takes_the_duty_away() -> None:
    rules = (
        STALLED,
        rule("talk", "recommends: progress_talk", "{all: [{finding: stalled}, {not: {done: progress_talk}}]}"),
    )
    bare = owed(rules, "{finding: stalled}", "{recommendation: any}")
    known = "    unless: {any: [{done: progress_talk}, {not: {known: action.progress_talk.done_on}}]}\n"

    assert isinstance(bare, Remark)
    assert isinstance(owed(rules, "{finding: stalled}", "{recommendation: any}", known), Kept)


def test_an_obligation_that_speaks_of_nobody_is_not_called_kept() -> None:
    nobody = owed(
        (STALLED,), "{all: [{finding: stalled}, {fact: treatment.duration, less_than: 3 months}]}", "{safety_item: any}"
    )
    unimagined = owed((STALLED,), "{fact: outcome.primary.sudden_gain, is: true}", "{safety_item: any}")

    for found in (nobody, unimagined):
        assert isinstance(found, Remark)
        assert found.sort is Sort.UNTOLD
        assert "No client can be imagined" in found.says


def test_findings_cautions_and_safety_items_can_be_owed() -> None:
    rules = (STALLED, rule("not-now", "cautions: referral", "{all: [{finding: stalled}, {proposed: referral}]}"))
    proposing = "{all: [{finding: stalled}, {proposed: referral}]}"

    assert isinstance(owed(rules, proposing, "{caution_on: [referral]}"), Kept)
    assert isinstance(owed(rules, LONG, "{finding: [stalled]}"), Kept)
    assert isinstance(owed(rules, "{fact: risk.plan.open, is: true}", "{safety_item: any}"), Kept)
    assert isinstance(owed(rules, "{finding: stalled}", "{caution_on: [referral]}"), Remark)


# ---- Screens


ASKS = "[clinician.strain, treatment.paused]"
SERIOUS = "{fact: clinician.strain, is: true}"


def test_a_combination_in_which_nothing_is_said_is_shown_by_a_client() -> None:
    """The rule asks for a treatment that is known to run on, so with strain and a pause nothing is said."""
    rules = (
        STALLED,
        rule("strain", "recommends: consultation", f"{{all: [{SERIOUS}, {{fact: treatment.paused, is: false}}]}}"),
    )
    found = screened(rules, ASKS, SERIOUS, "{recommendation: [consultation]}")
    silent = [one for one in found if isinstance(one, Remark)]

    assert len(silent) == 5  # strain yes or not known, each with a pause or not known, and not known with none
    assert all(one.sort is Sort.SILENT and shown_on_both_engines(one, searching(*rules)[0]) for one in silent)
    assert (
        "9 combinations gone through, 9 of which a client can have; in 5 of them nothing is said" in _last(found).says
    )


def test_where_everything_is_said_it_is_told_how_much_was_gone_through() -> None:
    rules = (
        STALLED,
        rule(
            "strain",
            "recommends: consultation",
            "{not: {all: [{known: clinician.strain}, {fact: clinician.strain, is: false}]}}",
        ),
    )
    [kept] = screened(rules, ASKS, SERIOUS, "{recommendation: [consultation]}")

    assert isinstance(kept, Kept)
    assert isinstance(kept.ground, RuledOut)
    assert kept.says == "Looked at: 9 combinations gone through, 9 of which a client can have; none stays silent"


def test_what_no_client_can_have_is_not_counted_as_silent() -> None:
    """What is acute names an open plan, and none that is not: four ways each, with plan open, not open and unknown."""
    found = screened(
        (STALLED,),
        "[risk.plan.open, risk.acute]",
        "{fact: risk.plan.open, is: true}",
        "{safety_item: any, risk_line: any}",
    )

    assert "27 combinations gone through, 12 of which" in _last(found).says
    assert len(found) == 1


def test_going_through_one_by_one_comes_to_the_same() -> None:
    """Every combination is looked up by itself, with a client of its own who is evaluated."""
    rules = (
        STALLED,
        rule("strain", "recommends: consultation", f"{{any: [{SERIOUS}, {{fact: treatment.paused, is: true}}]}}"),
    )
    search, _, _ = searching(*rules)
    text = (
        f"screens:\n  - screen: looked\n    title: Looked at\n    asks: {ASKS}\n    serious: {SERIOUS}\n"
        "    gets: {recommendation: [consultation]}\n    source: local\n    why: It is owed.\n"
    )
    [screen] = declared(rules, text).screens
    owing = Owed(search, screen.gets)
    silent = 0
    for strain in (True, False, None):
        for paused in (True, False, None):
            document = {
                "schema_version": "1.0",
                "client": {"id": "c"},
                "treatment": {"started_on": "2026-05-04"},
                "clinician": {} if strain is None else {"strain": strain},
            }
            if paused is not None:
                pauses = [{"from": "2026-06-01"}] if paused else []
                document["treatment"] = {"started_on": "2026-05-04", "pauses": pauses}
            client = Answer(search.advisor, document, search.as_of)
            silent += truth_of(screen.serious, client) is not False and not owing.is_got(client)
    found = [one for one in silences(search, screen) if isinstance(one, Remark)]

    assert silent == len(found) == 2
    assert len(list(every_combination(screen.asks, search.program.library, search.advisor.catalogue))) == 9


def _last(found: Sequence[Remark | Kept]) -> Kept:
    last = found[-1]
    assert isinstance(last, Kept)
    return last


def test_both_engines_are_there() -> None:
    """Else the tests above would compare the reference with itself."""
    with Advisor(searching(STALLED)[0].advisor.library) as advisor:
        assert advisor.engine.name == "durable"
