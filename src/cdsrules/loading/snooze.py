"""How long what a rule says may be put off: `snooze: 4 weeks`, `snooze: never`, or what holds where nothing is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdsrules.loading.problems import Problems
from cdsrules.loading.rulebook_file import RuleHead
from cdsrules.loading.tree import Leaf
from cdsrules.model.rulebook import Rule, Tier, Verb
from cdsrules.model.time import Duration

NEVER: Final = "never"
UNSAID: Final[Mapping[Tier, Duration]] = {
    Tier.DETERIORATION: Duration(2, "weeks"),
    Tier.REVIEW: Duration(4, "weeks"),
    Tier.INFORMATION: Duration(4, "weeks"),
}
"""The longest where a rule does not say. No source gives one: a local default, as in CLINICAL §9."""


def read_snooze(rule: Rule, head: RuleHead, problems: Problems) -> Duration | None:
    """Return the longest that what a rule says may be put off, or None where it may not; notes what is wrong.

    What a safety rule says is never put off. A caution answers what somebody proposes, and of a
    finding without words the title alone is shown, so there is nothing to put off.
    """
    node = head.section.node("snooze")
    speaks = rule.verb is Verb.RECOMMENDS or (rule.verb is Verb.FINDS and rule.say.clinician is not None)
    if node is None:
        return UNSAID[rule.tier] if speaks and not rule.is_safety else None
    if isinstance(node, Leaf) and node.value == NEVER:
        return None
    at = head.section.place("snooze")
    if rule.is_safety:
        message = "What a safety rule says is never put off, and this one has `snooze`."
        problems.add("CDS320", at, message, "Take `snooze` out.")
        return None
    if not speaks:
        is_caution = rule.verb is Verb.CAUTIONS
        what = "A caution answers what is proposed" if is_caution else "A finding without words is shown by its title"
        problems.add("CDS321", at, f"{what}; there is nothing to put off.", "Take `snooze` out.")
        return None
    length = head.section.duration("snooze")
    if length is not None and not (length.is_calendar and length.amount > 0):
        message = f"`snooze` is {length}; what is put off comes back by the calendar, after one day or more."
        problems.add("CDS322", node.at, message, "Write it like `4 weeks`; for what may not be put off write `never`.")
        return None
    return length
