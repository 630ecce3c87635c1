"""Reading a file of cases: what it becomes, and what is wrong with it, all at once."""

from __future__ import annotations

from datetime import date

import pytest

from cdsrules.errors import CasesError
from cdsrules.loading.codes.cases import CODES
from cdsrules.loading.codes.record import Code
from cdsrules.model.guidance import Verdict
from cdsrules.model.rulebook import Tier
from cdsrules.testing import CaseFile, Expectation, read_cases
from cdsrules.testing.exemptions import Exemption
from cdsrules.testing.expectations import ItemExpectation, Listed
from tests.anna import ANNA
from tests.rules.shipped import library

FILE = (
    ANNA
    + """\
  anna-consulted:
    like: anna
    story: Anna, and a colleague was consulted.
    state: {done: {consultation: 2026-06-01}}
cases:
  - case: early
    client: anna-consulted
    as_of: 2026-01-12
    with: {done: {reassessment: 2026-06-08}}
    expect:
      fires: [stalled]
      silent: [reassess]
      unknown: [lost-gain]
      findings: {stalled: true, lost_gain: unknown, plateau_in_range: false}
      safety: []
      recommendations: {includes: [progress_talk, plan_adjustment], never: [consultation]}
      now: {exactly: [progress_talk]}
      then: [plan_adjustment]
      waits: {plan_adjustment: [progress_talk]}
      settled: {reassessment: done}
      answers: {referral: first_do}
      cautions: [referral-as-first-move]
      cannot_rule_out: {includes: [transfer-as-first-move]}
      asks: [medication.current]
      items:
        referral-as-first-move: {rests_on: {treatment.duration: 7 months}, says: [some], never_says: [other]}
        consult-colleague: {tier: review, stands: now, action: consultation}
      never: [transfer, refer-to-specialist]
      says: [some text]
      never_says: [another]
  - case: late
    client: anna
    expect: {silent: [stalled]}
"""
)


def read(text: str) -> CaseFile:
    return read_cases(text.encode(), "cases.yaml", library())


def problems(text: str) -> list[str]:
    with pytest.raises(CasesError) as caught:
        read(text)
    return [str(one) for one in caught.value.diagnostics]


def test_a_case_has_its_client_its_day_and_its_story() -> None:
    early, late = read(FILE).cases
    assert (early.name, early.client, early.as_of) == ("early", "anna-consulted", date(2026, 1, 12))
    assert early.story == "Anna, and a colleague was consulted."
    assert late.as_of == date(2026, 6, 15)


def test_a_client_is_laid_over_the_one_it_is_like_and_a_case_over_the_client() -> None:
    early, late = read(FILE).cases
    assert early.document["actions"] == [
        {"action": "consultation", "date": "2026-06-01", "status": "done"},
        {"action": "reassessment", "date": "2026-06-08", "status": "done"},
    ]
    assert late.document["actions"] == []


VARIED = FILE.replace("    state: {done: {consultation", "    with: {done: {consultation")


def test_what_is_different_about_a_client_like_another_may_stand_under_with() -> None:
    assert "    with: {done: {consultation" in VARIED
    assert [case.document for case in read(VARIED).cases] == [case.document for case in read(FILE).cases]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (VARIED.replace("    like: anna\n", ""), "`with` is not a key of client `anna-consulted`."),
        (VARIED.replace("    with: {done: {consultation: 2026-06-01}}\n", ""), "has no `with`. Write `with: {done:"),
        (FILE.replace("    like: anna\n", "    like: anna\n    with: {done: {}}\n"), "`with` is not a key of client"),
    ],
)
def test_a_client_has_a_state_or_is_like_another_with_something_else(text: str, says: str) -> None:
    assert any(says in one for one in problems(text)), problems(text)


def test_an_expectation_keeps_every_part() -> None:
    expect = read(FILE).cases[0].expect
    assert (expect.fires, expect.silent, expect.unknown) == (("stalled",), ("reassess",), ("lost-gain",))
    assert expect.findings == {"stalled": True, "lost_gain": None, "plateau_in_range": False}
    lists = (expect.safety, expect.now, expect.then)
    assert lists == (Listed(()), Listed(("progress_talk",)), Listed(("plan_adjustment",)))
    assert expect.recommendations == Listed(includes=("progress_talk", "plan_adjustment"), never=("consultation",))
    assert expect.items == {
        "referral-as-first-move": ItemExpectation(
            rests_on={"treatment.duration": "7 months"}, says=("some",), never_says=("other",)
        ),
        "consult-colleague": ItemExpectation(tier=Tier.REVIEW, stands="now", action="consultation"),
    }
    assert expect.waits == {"plan_adjustment": ("progress_talk",)}
    assert expect.settled == {"reassessment": "done"}
    assert expect.answers == {"referral": Verdict.FIRST_DO}
    assert expect.cautions == Listed(("referral-as-first-move",))
    assert expect.cannot_rule_out == Listed(includes=("transfer-as-first-move",))
    assert expect.asks == Listed(("medication.current",))
    assert expect.never == ("transfer", "refer-to-specialist")
    assert (expect.says, expect.never_says) == (("some text",), ("another",))


def test_of_a_complete_expectation_what_is_not_named_is_empty() -> None:
    complete = read(FILE.replace("{silent: [stalled]}", "{complete: true, now: [progress_talk]}")).cases[1].expect
    assert complete == Expectation(
        complete=True,
        findings={},
        safety=Listed(exactly=()),
        now=Listed(exactly=("progress_talk",)),
        then=Listed(exactly=()),
        settled={},
        answers={},
        cautions=Listed(exactly=()),
        cannot_rule_out=Listed(exactly=()),
        asks=Listed(exactly=()),
    )


def test_what_is_not_named_is_not_looked_at() -> None:
    expect = read(FILE).cases[1].expect
    assert (expect.now, expect.then, expect.safety, expect.findings) == (None, None, None, None)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_the_examples_of_each_code(code: Code) -> None:
    with pytest.raises(CasesError) as caught:
        read(code.bad)
    assert [one.code for one in caught.value.diagnostics] == [code.code]
    assert read(code.good).cases


def test_all_problems_come_at_once_each_with_its_place() -> None:
    text = (
        FILE.replace("like: anna", "like: ana").replace("[stalled]\n", "[staled]\n").replace("[lost-gain]", "lost-gain")
    )
    no_client, no_rule, no_list = problems(text)
    assert no_client == "cases.yaml:8:11: CDS200 No client `ana` stands above. Did you mean `anna`?"
    assert no_rule == "cases.yaml:17:15: CDS203 There is no rule `staled`. Did you mean `stalled`?"
    assert no_list.startswith("cases.yaml:19:16: CDS025 `unknown` has to be a list")


def test_a_client_is_never_like_one_that_stands_below() -> None:
    text = FILE.replace("  anna:\n    story", "  anna:\n    like: anna-consulted\n    story")
    assert [one.split(" ", 2)[1] for one in problems(text)] == ["CDS200"]


@pytest.mark.parametrize(
    ("wrong", "instead", "says"),
    [
        (
            "now: {exactly: [progress_talk]}",
            "now: [progres_talk]",
            "There is no action `progres_talk`. Did you mean `progress_talk`?",
        ),
        ("{stalled: true,", "{stalld: true,", "There is no finding `stalld`. Did you mean `stalled`?"),
        ("{stalled: true,", "{stalled: perhaps,", "`stalled` is `perhaps`; it has to be `true`, `false` or `unknown`."),
        ("{referral: first_do}", "{referral: first}", "`referral` is `first`; it has to be `first_do`"),
        (
            "{reassessment: done}",
            "{reassessment: doing}",
            "`reassessment` is `doing`; it has to be `done` or `declined`.",
        ),
        ("plan_adjustment: [progress_talk]}", "plan_adjustment: progress_talk}", "`plan_adjustment` has to be a list"),
        ("with: {done", "wth: {done", "`wth` is not a key of a case. Did you mean `with`?"),
        (
            "      then: [plan_adjustment]",
            "      then: [[plan_adjustment]]",
            "An item of `then` has to be an id, but here stands a list",
        ),
        ("as_of: 2026-01-12", "as_of: 2026-13-12", "`as_of` is `2026-13-12`; there is no such day."),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write(wrong: str, instead: str, says: str) -> None:
    assert wrong in FILE
    found = problems(FILE.replace(wrong, instead))
    assert len(found) == 1
    assert says in found[0]


TABLE = """\
  - case: long enough
    client: anna
    with: {treatment: {started_on: 2025-12-15}}
    expect: {fires: [stalled]}
    vary:
      - as: six months to the day
      - {as: a day short of it, with: {treatment: {started_on: 2025-12-16}}, expect: {silent: [stalled]}}
      - {as: and a month later, with: {done: null}, as_of: 2026-07-15}
"""


def test_a_table_is_a_case_a_row() -> None:
    to_the_day, short, later = read(FILE + TABLE).cases[2:]
    assert [one.name for one in (to_the_day, short, later)] == [
        "long enough: six months to the day",
        "long enough: a day short of it",
        "long enough: and a month later",
    ]
    assert (to_the_day.expect.fires, short.expect.fires, short.expect.silent) == (("stalled",), (), ("stalled",))
    assert to_the_day.document["treatment"] == later.document["treatment"] == {"started_on": "2025-12-15"}
    assert short.document["treatment"] == {"started_on": "2025-12-16"}
    assert (short.as_of, later.as_of) == (date(2026, 6, 15), date(2026, 7, 15))
    assert "actions" not in later.document
    assert later.at is not None
    assert short.at is not None
    assert later.at.line == short.at.line + 1


@pytest.mark.parametrize(
    ("wrong", "instead", "says"),
    [
        ("    expect: {fires: [stalled]}\n", "", "Neither this row nor the case it stands in has an `expect`."),
        ("as: a day short of it", "as: six months to the day", "called `long enough: six months to the day` too."),
        ("      - as: six months to the day\n", "      - {}\n", "A row of `vary` has no `as`."),
        ("expect: {silent: [stalled]}}", "expect: {silent: []}}", "each of its lists is empty"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_at_its_row(wrong: str, instead: str, says: str) -> None:
    assert wrong in TABLE
    assert any(says in one for one in problems(FILE + TABLE.replace(wrong, instead)))


@pytest.mark.parametrize("expect", ["fires: []", "never: [], says: []", "findings: {}", "complete: false"])
def test_an_expectation_that_is_met_whatever_comes_out_is_refused(expect: str) -> None:
    (found,) = problems(FILE.replace("{silent: [stalled]}", f"{{{expect}}}"))
    assert "CDS202 This case expects nothing" in found


@pytest.mark.parametrize("expect", ["now: []", "safety: []", "asks: []", "complete: true"])
def test_an_empty_list_that_has_to_be_complete_says_something(expect: str) -> None:
    assert read(FILE.replace("{silent: [stalled]}", f"{{{expect}}}")).cases


def test_a_case_without_an_expectation_is_refused() -> None:
    (found,) = problems(FILE.replace("    expect: {silent: [stalled]}\n", ""))
    assert "CDS023 A case has no `expect`." in found


def test_a_case_may_be_left_alone_with_a_reason_and_a_last_day() -> None:
    def with_keys(keys: str) -> str:
        return FILE.replace("    expect: {silent", f"{keys}    expect: {{silent")

    until = "{reason: The rule is being rewritten., until: 2026-12-01}"
    case = read(with_keys(f"    skip: {until}\n    known_gap: {until}\n")).cases[1]
    assert case.skip == case.known_gap == Exemption("The rule is being rewritten.", date(2026, 12, 1))
    (found,) = problems(with_keys("    skip: {reason: Later.}\n"))
    assert "`skip` has no `until`." in found


def test_sessions_may_be_said_in_one_line() -> None:
    state = "    state: {treatment: {started_on: 2025-11-10}, done: {}}\n"
    line = "weekly from 2026-01-06, 2 attended, no_show 2026-01-13"
    text = FILE.replace(state, f"    state:\n      done: {{}}\n      sessions: {line}\n")
    assert read(text).cases[1].document["sessions"] == [
        {"date": "2026-01-06", "status": "attended"},
        {"date": "2026-01-13", "status": "no_show"},
        {"date": "2026-01-20", "status": "attended"},
    ]
    (found,) = problems(text.replace("weekly from", "monthly from"))
    assert "CDS204 `monthly from 2026-01-06` does not say how often and since when. Write it like" in found


@pytest.mark.parametrize("text", ["", "- a list\n", "rulebook: [\n", "clients: {}\n"])
def test_what_is_no_file_of_cases_is_refused(text: str) -> None:
    assert problems(text)


def test_a_day_stands_in_the_file_or_in_each_case() -> None:
    undated = FILE.replace("as_of: 2026-06-15\n", "")
    (found,) = problems(undated)
    assert "CDS023 A case has no `as_of`, and neither has its file. Write `as_of: 2026-06-15` here" in found
    dated = undated.replace("    client: anna\n", "    client: anna\n    as_of: 2026-06-01\n")
    assert [case.as_of for case in read(dated).cases] == [date(2026, 1, 12), date(2026, 6, 1)]
    (row,) = problems(
        dated
        + TABLE.replace("- as: six months to the day", "- {as: exactly, as_of: 2026-06-15}").split(
            "      - {as: a day"
        )[0]
        + "      - as: undated\n"
    )
    assert "A row of `vary` has no `as_of`" in row


@pytest.mark.parametrize(
    ("wrong", "instead", "says"),
    [
        ("now: {exactly", "now: {exacly", "`exacly` is not a key of `now`. Did you mean `exactly`?"),
        ("{includes: [progress_talk,", "{includes: [progres_talk,", "There is no action `progres_talk`."),
        ("never: [consultation]}", "never: [referral]}", "CDS207 No rule recommends `referral`"),
        ("never: [transfer", "never: [referral, transfer", "CDS207 No rule recommends `referral`"),
        ("consult-colleague: {tier", "consult-colleage: {tier", "There is no rule `consult-colleage`. Did you mean"),
        ("tier: review", "tier: reviews", "`tier` is `reviews`; it has to be `safety`, `deterioration`, `review` or"),
        ("stands: now", "stands: later", "`stands` is `later`; it has to be `now` or `then`."),
        ("action: consultation}", "action: consultatio}", "There is no action `consultatio`. Did you mean"),
        ("action: consultation}", "action: [consultation]}", "An item of `action` has to be an id"),
        (
            "{tier: review, stands: now, action: consultation}",
            "{}",
            "CDS202 Nothing is expected of `consult-colleague`",
        ),
        ("{tier: review, stands: now, action: consultation}", "{says: []}", "CDS202 Nothing is expected of"),
        ("{tier: review, stands: now, action: consultation}", "yes", "has to be a group of keys"),
        ("consult-colleague: {tier", "stalled: {tier", "Rule `stalled` never says anything by itself"),
        ("{treatment.duration: 7 months}", "{treatment.duratio: 7 months}", "There is no fact `treatment.duratio`."),
        ("{treatment.duration: 7 months}", "[treatment.duration]", "`rests_on` has to be each fact with its value"),
        ("{treatment.duration: 7 months}", "{treatment.duration: []}", "`treatment.duration` has to be a value"),
        ("{treatment.duration: 7 months}", "{treatment.paused: maybe}", "it has to be `true`, `false`, `yes` or `no`"),
        (
            "{treatment.duration: 7 months}",
            "{outcome.primary.class: no_reliabl_change}",
            "Did you mean `no_reliable_change`?",
        ),
    ],
)
def test_what_is_wrong_with_lists_and_items_is_said(wrong: str, instead: str, says: str) -> None:
    assert wrong in FILE
    (found,) = problems(FILE.replace(wrong, instead))
    assert says in found


def test_a_list_of_which_nothing_is_said_says_nothing() -> None:
    now, then, whole = problems(FILE.replace("{silent: [stalled]}", "{now: {}, then: {includes: []}, items: {}}"))
    assert "CDS202 This case expects nothing" in now
    assert "CDS202 `now` is met whatever stands there." in then
    assert "CDS202 `then` is met whatever stands there." in whole


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("treatment.paused: false", "no"),
        ("treatment.paused: yes", "yes"),
        ("outcome.primary.class: no_reliable_change", "no reliable change"),
        ("outcome.primary.class: no reliable change", "no reliable change"),
        ("outcome.primary.latest: 16", "16"),
        ("outcome.primary.latest_on: 2026-06-08", "8 June 2026"),
        ("outcome.primary.latest_on: never", "never"),
        ("treatment.duration: 7   months", "7 months"),
    ],
)
def test_a_value_may_be_written_as_it_is_printed_or_as_in_a_rule(written: str, printed: str) -> None:
    items = f"{{silent: [stalled], items: {{consult-colleague: {{rests_on: {{{written}}}}}}}}}"
    item = (read(FILE.replace("{silent: [stalled]}", items)).cases[1].expect.items or {})["consult-colleague"]
    assert item.rests_on == {written.partition(":")[0]: printed}
