"""Codes for files of cases: clients, and what is expected for them."""

from __future__ import annotations

from typing import Final

from cdsrules.loading.codes.record import Code, Within

_CLIENT: Final = """\
rulebook: stalled-progress
as_of: 2026-06-15
clients:
  anna:
    story: Anna has come weekly since November.
    state: {treatment: {started_on: 2025-11-10}}
"""

CODES: Final = (
    Code(
        code="CDS200",
        title="A client that does not stand above",
        means="A case, or `like`, names a client that is not written further up in the same file.",
        matters="Without its client a case says nothing, and it would go on passing.",
        write="Check the spelling, or write the client under `clients`, above the one that is like it.",
        bad=f"{_CLIENT}cases:\n  - {{case: nothing done yet, client: ana, expect: {{silent: [stalled]}}}}\n",
        good=f"{_CLIENT}cases:\n  - {{case: nothing done yet, client: anna, expect: {{silent: [stalled]}}}}\n",
        within=Within.CASES,
    ),
    Code(
        code="CDS201",
        title="Two cases of one name",
        means="Two cases of a file are called the same.",
        matters="A report could not say which of them it means.",
        write="Give each case a name that says what is special about it.",
        bad=f"{_CLIENT}cases:\n"
        "  - {case: early, client: anna, expect: {silent: [stalled]}}\n"
        "  - {case: early, client: anna, expect: {never: [consultation]}}\n",
        good=f"{_CLIENT}cases:\n"
        "  - {case: early, client: anna, expect: {silent: [stalled]}}\n"
        "  - {case: early and not consulted about, client: anna, expect: {never: [consultation]}}\n",
        within=Within.CASES,
    ),
    Code(
        code="CDS202",
        title="A case that expects nothing",
        means="The `expect` of a case is there and says nothing, or only what is met whatever comes out, such as "
        "`fires: []`.",
        matters="Such a case passes whatever the rules do, and defends none of them.",
        write="Write what should come out: rules that fire or are silent, steps, answers, texts.",
        bad=f"{_CLIENT}cases:\n  - {{case: early, client: anna, expect: {{}}}}\n",
        good=f"{_CLIENT}cases:\n  - {{case: early, client: anna, expect: {{silent: [stalled]}}}}\n",
        within=Within.CASES,
    ),
    Code(
        code="CDS203",
        title="A rule, finding, action or rulebook that is not there",
        means="A case expects something of a rule, finding or action that no loaded file declares, or the file "
        "names a rulebook that is not loaded.",
        matters="A rule that does not exist never fires, so the case would pass by its misspelling.",
        write="Check the spelling; the message offers the nearest name.",
        bad=f"{_CLIENT}cases:\n  - {{case: early, client: anna, expect: {{silent: [staled]}}}}\n",
        good=f"{_CLIENT}cases:\n  - {{case: early, client: anna, expect: {{silent: [stalled]}}}}\n",
        within=Within.CASES,
    ),
    Code(
        code="CDS204",
        title="Sessions in one line that cannot be read",
        means="`sessions` is one line of text, and does not say how often, since when and how many were attended, or "
        "names a day on which there was no session.",
        matters="The client would have other sessions than those that are meant.",
        write="Say the rhythm and the first day, how many were attended, then each day that went otherwise.",
        bad=_CLIENT.replace("started_on: 2025-11-10}", "started_on: 2025-11-10}, sessions: weekly since autumn")
        + "cases:\n  - {case: early, client: anna, expect: {silent: [stalled]}}\n",
        good=_CLIENT.replace(
            "started_on: 2025-11-10}",
            'started_on: 2025-11-10}, sessions: "weekly from 2025-11-10, 20 attended, no_show 2026-01-05"',
        )
        + "cases:\n  - {case: early, client: anna, expect: {silent: [stalled]}}\n",
        within=Within.CASES,
    ),
    Code(
        code="CDS205",
        title="A file of cases without a case",
        means="The list of cases is there and empty.",
        matters="The file looks as if it defended the rules beside it, and defends none.",
        write="Write a case, or delete the file.",
        bad=f"{_CLIENT}cases: []\n",
        good=f"{_CLIENT}cases:\n  - {{case: early, client: anna, expect: {{silent: [stalled]}}}}\n",
        within=Within.CASES,
    ),
    Code(
        code="CDS206",
        title="A list that is expected twice",
        means="What is expected of a list says `exactly`, and `includes` or `never` beside it.",
        matters="`exactly` is all there is, so the others could never say anything more, or they contradict it.",
        write="Keep `exactly`, which may also be written as the bare list; or the others.",
        bad=f"{_CLIENT}cases:\n"
        "  - case: early\n    client: anna\n    expect: {now: {exactly: [measure], never: [consultation]}}\n",
        good=f"{_CLIENT}cases:\n"
        "  - case: early\n    client: anna\n    expect: {now: {includes: [measure], never: [consultation]}}\n",
        within=Within.CASES,
    ),
    Code(
        code="CDS207",
        title="A `never` that nothing could break",
        means="A case says that something never appears which could not appear for any client anyway: an action that "
        "no rule recommends, a rule that is not run or whose conditions exclude each other, a question that no rule "
        "depends on.",
        matters="Such a `never` passes whatever the rules do, and looks as if it defended something. Where it takes "
        "several facts together to rule a rule out, `cdsrules analyse` says so.",
        write="Leave it out. What is said of a proposed action is expected under `answers`.",
        bad=f"{_CLIENT}cases:\n  - {{case: early, client: anna, expect: {{never: [referral]}}}}\n",
        good=f"{_CLIENT}cases:\n  - {{case: early, client: anna, expect: {{never: [consultation]}}}}\n",
        within=Within.CASES,
    ),
    Code(
        code="CDS208",
        title="A table of cases without a row",
        means="`vary` is there and empty.",
        matters="The case is its rows, so nothing at all is run for it.",
        write="Write a row with `as`, what is special about it, and what it changes; or take `vary` away.",
        bad=f"{_CLIENT}cases:\n"
        "  - {case: early, client: anna, expect: {silent: [stalled]}}\n"
        "  - {case: late, client: anna, expect: {silent: [stalled]}, vary: []}\n",
        good=f"{_CLIENT}cases:\n"
        "  - {case: early, client: anna, expect: {silent: [stalled]}}\n"
        "  - {case: late, client: anna, expect: {silent: [stalled]}, vary: [{as: a day on, as_of: 2026-06-16}]}\n",
        within=Within.CASES,
    ),
)
