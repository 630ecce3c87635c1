"""Guidance built by hand: one client with something in every part, one with nothing, one who is hostile."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from typing import TypeVar, cast

from cdsrules.model.condition import FactKey, KnownTest
from cdsrules.model.explanation import Cited, CitedParameter, CitedSource, Explanation, Grounds, Told
from cdsrules.model.facts import Evidence
from cdsrules.model.guidance import (
    EngineReport,
    FindingState,
    Guidance,
    Item,
    Pathway,
    ProposalAnswer,
    ProposalWords,
    SettledStep,
    Stamp,
    Standing,
    Verdict,
    Wait,
)
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Rule, Tier, Verb
from cdsrules.model.unknowns import Question, Questions, Undecided, Unknowns
from cdsrules.model.unread import Alike, Unread
from cdsrules.rendering.chart import Appointment, FirstApplied, Point, ScoreChart, Visit

AS_OF = date(2026, 5, 15)
FRAME = "General guidance. It does not know the person; professional judgement decides."
NO_RISK = "no risk assessment is on file"
NO_SRS = "no SRS on file"
UNREAD = Unread(
    ("Look in the record at the answer to PHQ-9 item 9: “nearly every day” is no number (Observation/i9).",),
    (
        "Condition/o1: it is no presenting problem that is known here (K25.0).",
        "Goal/g1: it does not say on which day it was set.",
        "Condition/o2: it is no presenting problem that is known here (K26.0).",
    ),
    (
        Alike("Condition/o1 and 1 more: it is no presenting problem that is known here.", 2),
        Alike("Goal/g1: it does not say on which day it was set."),
    ),
)
STALLS = CitedSource("stalls", "Taking the Right Steps When Progress Stalls", "consensus", "Examzify", None)
STEPS = CitedSource("steps", "Steps when therapy does not work", "consensus", None, "unverified")

T = TypeVar("T")


def lazy(value: T) -> Lazy[T]:
    return Lazy(lambda: value)


def undecided(rule: str, title: str, verb: Verb, target: str, missing: str) -> Undecided:
    return Undecided(rule, title, verb, target, lazy({rule: (missing,)}))


def explanation() -> Explanation:
    return Explanation(
        rule_in_words="Holds when treatment has lasted at least 6 months and PHQ-9 shows no reliable change.",
        facts=(
            Cited(
                "outcome.primary.class",
                "change on PHQ-9",
                "no reliable change",
                known=True,
                evidence=(
                    Evidence("$.measures[0]", "PHQ-9 score 18", date(2025, 10, 13)),
                    Evidence("$.measures[7]", "PHQ-9 score 17", date(2026, 5, 11)),
                ),
            ),
            Cited("treatment.duration", "time in treatment", "7 months", known=True, evidence=()),
        ),
        guards=(),
        missing=(),
        would_change=("PHQ-9 fell to 12", "a consultation were recorded"),
        sources=(STALLS,),
        parameters=(
            CitedParameter("stall_after", "6 months", "stalls", "The source speaks of six months.", None),
            CitedParameter("recent", "60 days", "local", "Older no longer counts.", "local default, confirm"),
        ),
        evidence=None,
    )


def rule(rule_id: str, verb: Verb, target: str, title: str, tier: Tier = Tier.REVIEW) -> Rule:
    when = KnownTest(FactKey("treatment.duration"))
    return Rule(rule_id, "stalled-progress", verb, target, when, title, tier=tier)


def item(
    rule_id: str,
    verb: Verb,
    target: str,
    title: str,
    says: str,
    *,
    why: str | None = None,
    tier: Tier = Tier.REVIEW,
    standing: Standing = Standing.NOW,
    waits_for: tuple[Wait, ...] = (),
    exceptions: tuple[str, ...] = (),
    also: tuple[str, ...] = (),
    beside: bool = False,
    client: str | None = None,
    supervisor: str | None = None,
) -> Item:
    return Item(
        rule(rule_id, verb, target, title, tier),
        None if verb is Verb.FINDS else target,
        title,
        standing,
        waits_for,
        also,
        beside,
        grounds=lazy(Grounds(rule_id, lazy(explanation()))),
        told=lazy(Told(says, supervisor, client, why, exceptions)),
    )


def answer(
    action: str,
    name: str,
    verdict: Verdict,
    sentence: str,
    *,
    cautions: tuple[Item, ...] = (),
    open_cautions: tuple[Item, ...] = (),
    to_check: tuple[str, ...] = (),
    supported_by: tuple[Item, ...] = (),
    checked: tuple[str, ...] = (),
) -> ProposalAnswer:
    words = ProposalWords(sentence, (), to_check)
    return ProposalAnswer(action, name, verdict, cautions, open_cautions, supported_by, checked, told=lazy(words))


RISK_ITEM = item(
    "risk-item-endorsed",
    Verb.RECOMMENDS,
    "risk_assessment",
    "Assess risk today",
    "PHQ-9 item 9 was endorsed on 11 May 2026. Ask directly about thoughts of suicide; a same-day assessment by a "
    "qualified person is usual. Follow the local protocol.",
    why="A later zero does not close it; a dated risk assessment does.",
    tier=Tier.SAFETY,
)
STALLED = item(
    "stalled", Verb.FINDS, "stalled", "Therapy has stalled", "PHQ-9: no reliable change over 7 months (18, then 17)."
)
REASSESS = item(
    "reassess",
    Verb.RECOMMENDS,
    "reassessment",
    "Reassess symptoms, progress and what may be new",
    "No reassessment is on file in this treatment. Consider looking again at symptoms, progress and new or underlying "
    "problems.",
    why="What is kept going by something new will not yield to more of the same.",
    also=("stalled-reassess",),
)
TALK = item(
    "talk",
    Verb.RECOMMENDS,
    "progress_talk",
    "Talk openly about progress with the client",
    "Consider an open talk about goals, barriers and the client's own view of the work.",
    why="The client's view of the therapy is half of what there is to know.",
    client="I would like to look back with you at how this is going for you.",
)
CONSULT = item(
    "consult-colleague",
    Verb.RECOMMENDS,
    "consultation",
    "Talk the case through with an experienced colleague",
    "Consider a consultation before larger changes.",
    why="A colleague may have met similar cases and can see what is hard to see from inside.",
    exceptions=("the client has asked not to be discussed with others",),
    supervisor="Bring the PHQ-9 course.",
)
ADJUST = item(
    "adjust-together",
    Verb.RECOMMENDS,
    "plan_adjustment",
    "Adjust the plan together",
    "Consider changing techniques or goals together, step by step.",
    standing=Standing.THEN,
    waits_for=(Wait("reassessment", "reassessment"), Wait("progress_talk", "talk about progress")),
)
MEDICATION = item(
    "medication-evaluation",
    Verb.RECOMMENDS,
    "medication_evaluation",
    "Consider a medication evaluation",
    "For some conditions a medication evaluation sometimes helps; a psychiatrist can say.",
    standing=Standing.THEN,
)
ALLIANCE = item(
    "tend-alliance",
    Verb.RECOMMENDS,
    "alliance_talk",
    "Ask how the work together feels",
    "No alliance measure is on file. Consider asking how the client finds working with you.",
    beside=True,
)
REFER_FIRST = item(
    "refer-first",
    Verb.CAUTIONS,
    "referral",
    "Referral as the first move",
    "A referral before other avenues were explored may carry the same barriers along.",
)
ABRUPT = item(
    "change-without-groundwork",
    Verb.CAUTIONS,
    "change_approach",
    "Change without groundwork",
    "A change that was not talked over and comes at once puts the alliance at risk.",
)
OVERLOAD = item(
    "more-sessions", Verb.CAUTIONS, "more_frequent_sessions", "More sessions as the answer to a stall", "unused"
)

FULL = Guidance(
    client_id="C-0417",
    as_of=AS_OF,
    frame=FRAME,
    safety=(RISK_ITEM,),
    findings=(
        FindingState("stalled", "Therapy has stalled", Tier.REVIEW, True, ("stalled",)),
        FindingState(
            "no_improvement", "There has been no reliable improvement", Tier.REVIEW, True, ("no-improvement",)
        ),
        FindingState("medication_open", "Medication is an open question", Tier.INFORMATION, True, ("medication-open",)),
        FindingState("disengaged", "The client is drifting away", Tier.REVIEW, False, ("missed",)),
        FindingState("alliance_low", "The alliance is under strain", Tier.REVIEW, None, ("alliance-low",)),
    ),
    speaking=(STALLED,),
    pathway=Pathway(
        now=(REASSESS, TALK, CONSULT, ALLIANCE),
        then=(ADJUST, MEDICATION),
        behind=lazy(
            (
                SettledStep(
                    "resources", "resources", "done", date(2026, 2, 3), "a support group was offered on 3 February 2026"
                ),
            )
        ),
    ),
    proposals=(
        answer(
            "referral",
            "a referral is planned",
            Verdict.FIRST_DO,
            "First talk the case through with an experienced colleague, or reassess.",
            cautions=(REFER_FIRST,),
            checked=("refer-first",),
        ),
        answer(
            "change_approach",
            "a change of approach is planned",
            Verdict.RECONSIDER,
            "Consider holding off for now.",
            cautions=(ABRUPT,),
            checked=("change-without-groundwork", "change-too-early"),
        ),
        answer(
            "more_frequent_sessions",
            "more frequent sessions are planned",
            Verdict.CHECK_FIRST,
            "This cannot be judged yet: something needs checking first.",
            open_cautions=(OVERLOAD,),
            to_check=("how many sessions a week are planned",),
            checked=("more-sessions",),
        ),
        answer(
            "medication_evaluation",
            "a medication evaluation is planned",
            Verdict.NOTHING_AGAINST,
            "Nothing here speaks against it. Checked: “Medication after the client declined it”.",
            supported_by=(MEDICATION,),
            checked=("medication-after-decline",),
        ),
        answer(
            "ending",
            "the end of the therapy is planned",
            Verdict.NOT_COVERED,
            "No rule here covers this; that is neither a yes nor a no.",
        ),
    ),
    unknown=Unknowns(
        risk_line=lazy("Risk not recorded: no risk assessment on file. Ask."),
        cannot_rule_out=lazy(
            (
                undecided("more-sessions", "More sessions as the answer to a stall", Verb.CAUTIONS, "x", "unused"),
                undecided("pause-at-risk", "A pause while risk is open", Verb.CAUTIONS, "pause", "no risk assessment"),
            )
        ),
        undecided=lazy(
            (
                undecided("ideation", "Thoughts of suicide are on record", Verb.CAUTIONS, "work", NO_RISK),
                undecided("alliance-low", "Alliance under strain", Verb.FINDS, "alliance_low", NO_SRS),
                undecided("mania", "Possible signs of mania are on record", Verb.CAUTIONS, "work", NO_RISK),
            )
        ),
        ask_next=lazy(
            Questions(
                (
                    Question(
                        ("clinician.can_prescribe",),
                        "whether the clinician can prescribe",
                        ("it is not recorded whether the clinician can prescribe",),
                        (
                            "could end: Consider a medication evaluation",
                            "could add: Consider medication yourself",
                            "could add: Plan the handover",
                        ),
                    ),
                    Question(("alliance.latest",), "an SRS score", ("no SRS is on file in this treatment",), ()),
                ),
                "Tried: 12 unknown facts one at a time, and 60 pairs. Larger combinations were not tried.",
            )
        ),
    ),
    notices=(*UNREAD.said, "A PHQ-9 score dated 1 June 2026 lies after this day and was left out."),
    unread=UNREAD,
    engine=EngineReport("durable", verified=True),
    rulebooks=(Stamp("safety", "1.0.0", "active", "Safety"), Stamp("stalled-progress", "1.2.0", "shadow", "Stalls")),
    content_hash="5f0c7d5f3b1a99e2" * 4,
    plugins=(("oq-site", "0.3"),),
)

NOTHING_SETTLED: Lazy[tuple[SettledStep, ...]] = lazy(())

EMPTY = replace(
    FULL,
    safety=(),
    findings=(),
    speaking=(),
    pathway=Pathway((), (), NOTHING_SETTLED),
    proposals=(),
    unknown=Unknowns(
        risk_line=lazy(None),
        cannot_rule_out=lazy(()),
        undecided=lazy(()),
        ask_next=lazy(Questions((), "nothing was unknown")),
    ),
    notices=(),
    unread=Unread(),
    engine=EngineReport("reference", verified=False, notice=None),
    plugins=(),
)

COURSE = ScoreChart(
    measure="PHQ-9",
    low=0,
    high=27,
    higher_is_worse=True,
    start=date(2025, 10, 13),
    end=AS_OF,
    scores=tuple(
        Point(date(2025, 10, 13) + timedelta(days=30 * place), value)
        for place, value in enumerate((18, 19, 16, 17, 18, 15, 18, 17))
    ),
    cut_off=10,
    baseline=18,
    reliable_change=6,
    sessions=tuple(
        Appointment(date(2025, 10, 13) + timedelta(days=7 * place), visit)
        for place, visit in enumerate(
            {4: Visit.LATE, 9: Visit.CANCELLED, 20: Visit.NO_SHOW, 26: Visit.NO_SHOW}.get(place, Visit.ATTENDED)
            for place in range(31)
        )
    ),
    applied=(
        FirstApplied(date(2025, 11, 24), "measure progress", still=False),
        FirstApplied(date(2026, 4, 13), "consultation", still=True),
        FirstApplied(date(2026, 4, 13), "reassessment", still=True),
        FirstApplied(date(2026, 4, 20), "talk about progress", still=True),
        FirstApplied(date(2026, 5, 11), "risk assessment", still=True),
    ),
)


def spoken_as(value: T, text: str) -> T:
    """The same value, with this text in the place of every text in it, however deep."""
    return cast("T", _spoken_as(value, text))


def _named(value: EngineReport | Evidence | Undecided, text: str) -> object:
    """The same value, with the text in place of what no program reads again."""
    match value:
        case EngineReport():
            return replace(value, notice=text)
        case Evidence():
            return Evidence(text, text, value.on)
        case Undecided():
            return undecided(text, text, value.verb, text, text)


def _spoken_as(value: object, text: str) -> object:
    if isinstance(value, Lazy):
        return lazy(_spoken_as(value.value, text))
    if isinstance(value, EngineReport | Evidence | Undecided):
        return _named(value, text)
    if isinstance(value, tuple):
        spoken = tuple(_spoken_as(one, text) for one in value)
        named: type[Item | ProposalAnswer] | None = type(value) if isinstance(value, Item | ProposalAnswer) else None
        return spoken if named is None else named._make(spoken)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _spoken_as(getattr(value, one.name), text) for one in fields(value)})
    return text if isinstance(value, str) and not isinstance(value, Enum) else value
