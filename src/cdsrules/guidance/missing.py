"""What is not known: what rules miss, cautions not ruled out, the one line on risk."""

from __future__ import annotations

from typing import Final

from cdsrules.guidance.case import Case
from cdsrules.guidance.lexicon import lexicon_of
from cdsrules.guidance.reasoning import said
from cdsrules.guidance.wording import newest_day
from cdsrules.model.condition import FactKey, KnownTest, walk
from cdsrules.model.facts import Known, Unknown
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Rule, Tier, Verb
from cdsrules.model.saying import say_date
from cdsrules.model.unknowns import Undecided

# To look up a member of an enumeration takes Python 3.11 ten times as long as a name.
_SAFETY: Final = Tier.SAFETY


def missing_facts(case: Case, rule: Rule) -> tuple[FactKey, ...]:
    """Return the unknown facts that leave the rule undecided, in the order read.

    A fact counts when settling its leaf alone would decide the rule; where no single one
    would (two of three unknown), all unknown leaves count.
    """
    fact = case.held.fact
    return tuple([key for key in said(case, rule).waits_for if type(fact(key)) is Unknown])


def missing_of(case: Case, rule: Rule) -> tuple[str, ...]:
    """Return what is missing for a rule, a phrase each, every reason once."""
    unknown = map(case.held.fact, said(case, rule).waits_for)
    return tuple(dict.fromkeys([one.because for one in unknown if type(one) is Unknown]))


def _undecided(case: Case, rule: Rule) -> Undecided:
    return Undecided(rule.id, rule.title, rule.verb, rule.target, Lazy(missing_of, case, rule))


def cannot_rule_out(case: Case) -> tuple[Undecided, ...]:
    """Return the cautions that cannot be decided, of those on what is proposed."""
    cautions = (rule for rule in case.undecided if rule.verb is Verb.CAUTIONS)
    return tuple(_undecided(case, rule) for rule in cautions if rule.target in case.proposed)


def undecided(case: Case) -> tuple[Undecided, ...]:
    """Return every rule that cannot be decided, safety first."""
    rules = sorted(case.undecided, key=lambda rule: rule.tier is not _SAFETY)
    return tuple([_undecided(case, rule) for rule in rules])


def _unread_flag(case: Case, key: FactKey) -> str | None:
    """Return an open flag that no rule reads as a sentence, None when it is not open."""
    measured = case.facts.get(key)
    if not isinstance(measured, Known) or measured.value is not True:
        return None
    said = lexicon_of(case).noun(key)
    newest = newest_day(measured.evidence)
    day = "" if newest is None else f", {say_date(newest)}"
    return f"Flagged ({said}{day}), and no rule here speaks of it: follow your local procedure."


def _gone_by(case: Case, rule: Rule) -> tuple[str, ...]:
    """Return why there is nothing to go by, for a rule that holds because something is not known."""
    asked = (node.fact for node in walk(rule.when) if isinstance(node, KnownTest))
    unknown = (case.facts.get(key) for key in asked)
    return tuple(one.because for one in unknown if isinstance(one, Unknown))


def risk_line(case: Case, spoken: str | None) -> str | None:
    """Return the one line on risk that no item covers, or None when there is nothing to say.

    First come open flags that no rule here reads. `spoken` is what the rule on unrecorded
    risk says, if it holds; what is missing follows it, then the reasons of safety rules
    that cannot be decided.
    """
    flagged = [said for key in case.outline.unread_flags if (said := _unread_flag(case, key)) is not None]
    missing = [one for rule in case.being(True, case.outline.safety_speaking) for one in _gone_by(case, rule)]
    open_rules = [rule for rule in case.undecided if rule.tier is _SAFETY]
    missing += (one for rule in open_rules for one in missing_of(case, rule))
    reasons = "; ".join(dict.fromkeys(missing))
    unknown = f"{spoken or 'Risk is not fully recorded.'} Not known: {reasons}." if reasons else spoken
    return " ".join([*flagged, *([unknown] if unknown else [])]) or None
