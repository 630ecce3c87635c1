"""From conclusions to guidance: every part in its place, prose left for when it is read."""

from __future__ import annotations

from typing import Final

from cdsrules.guidance.case import Case
from cdsrules.guidance.explain import grounds, tell
from cdsrules.guidance.missing import cannot_rule_out, risk_line, undecided
from cdsrules.guidance.pathway import arrange
from cdsrules.guidance.proposals import answer_proposals
from cdsrules.guidance.questions import ask_next
from cdsrules.guidance.wording import FRAME
from cdsrules.model.attention import OnRecord
from cdsrules.model.guidance import NOTHING_ON_RECORD, EngineReport, Guidance, Item, Standing, Wait
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Rule, Verb
from cdsrules.model.site import Site
from cdsrules.model.unknowns import Unknowns
from cdsrules.model.unread import NOTHING_UNREAD, Unread

# To look up a member of an enumeration takes Python 3.11 ten times as long as a name, and items are made by the dozen.
_FINDS: Final = Verb.FINDS


def item_of(
    case: Case,
    rule: Rule,
    standing: Standing = Standing.NOW,
    waits_for: tuple[Wait, ...] = (),
    also: tuple[str, ...] = (),
    *,
    beside: bool = False,
) -> Item:
    """Return what a rule says for this client; what it stands on and its words are made when they are read."""
    action = None if rule.verb is _FINDS else rule.target
    stands_on, told = Lazy(grounds, case, rule), Lazy(tell, case, rule)
    row = (rule, action, rule.title, standing, waits_for, also, beside, stands_on, told)
    return tuple.__new__(Item, row)  # the way of a named tuple itself takes twice as long


def _risk_line(case: Case) -> str | None:
    spoken = [tell(case, rule).clinician for rule in case.being(True, case.outline.safety_speaking)]
    return risk_line(case, " ".join(spoken) or None)


def _held_back(case: Case) -> tuple[str, ...]:
    """Return a sentence for each recommendation that is not given, so that nothing is left out in silence."""
    return tuple([f"Held back while a safety item is open: {rule.title} (rule {rule.id})." for rule in case.held_back])


def assemble(
    case: Case,
    engine: EngineReport,
    notices: tuple[str, ...],
    site: Site | None = None,
    on_record: Lazy[OnRecord] = NOTHING_ON_RECORD,
    *,
    unread: Unread = NOTHING_UNREAD,
) -> Guidance:
    """Return the guidance for one case.

    `site` is where the client is seen, `on_record` what a later one is held to, and `unread` what of the host's record
    was not understood; the notices say that too.
    """
    outline, truths = case.outline, case.conclusions.rules
    heard = (*((engine.notice,) if engine.notice else ()), *notices, *_held_back(case))
    safety = tuple([item_of(case, rule) for rule in outline.safety.being(True, truths)])
    speaking = tuple([item_of(case, rule) for rule in outline.speaking.being(True, truths)])
    unknown = Unknowns(Lazy(_risk_line, case), Lazy(cannot_rule_out, case), Lazy(undecided, case), Lazy(ask_next, case))
    # In the order of its fields: by their names it would take three times as long.
    return Guidance(
        case.client_id,
        case.as_of,
        FRAME,
        safety,
        outline.states(case.conclusions),
        speaking,
        arrange(case, item_of),
        answer_proposals(case, item_of),
        unknown,
        heard,
        engine,
        outline.stamps,
        case.program.library.content_hash,
        site=site,
        on_record=on_record,
        unread=unread,
    )
