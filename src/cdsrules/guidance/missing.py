"""What is not known: what rules miss, cautions not ruled out, the one line on risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

from cdsrules.guidance.case import Case
from cdsrules.guidance.lexicon import lexicon_of
from cdsrules.guidance.reasoning import said_by
from cdsrules.guidance.wording import newest_day
from cdsrules.logic.judging import Get
from cdsrules.model.condition import FactKey, KnownTest, walk
from cdsrules.model.facts import Known, Unknown
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Rule, Tier, Verb
from cdsrules.model.saying import say_date
from cdsrules.model.unknowns import Undecided

# To look up a member of an enumeration takes Python 3.11 ten times as long as a name.
_SAFETY: Final = Tier.SAFETY
_CAUTIONS: Final = Verb.CAUTIONS


class _Because(dict[FactKey, str | None]):
    """Why facts are not known, in a phrase each; None for those that are."""

    def __init__(self, fact: Get) -> None:
        super().__init__()
        self._fact = fact

    def __missing__(self, key: FactKey) -> str | None:
        one = self._fact(key)
        found = self[key] = one.because if type(one) is Unknown else None
        return found


def missing_of(case: Case, rule: Rule) -> tuple[str, ...]:
    """Return what is missing for a rule, a phrase each, every reason once."""
    return _missing_by_rule(case, (rule,))[rule.id]


def _missing_by_rule(case: Case, rules: Sequence[Rule]) -> Mapping[str, tuple[str, ...]]:
    """Return what is missing for each of many rules, as `missing_of` does: dozens wait for the same few facts."""
    because = _Because(case.held.fact).__getitem__
    found: dict[str, tuple[str | None, ...]] = {}
    for rule, one in zip(rules, said_by(case, rules), strict=True):
        phrases = dict.fromkeys(map(because, one.waits_for))
        phrases.pop(None, None)
        found[rule.id] = tuple(phrases)
    return cast(Mapping[str, tuple[str, ...]], found)


def _undecided(case: Case, rules: Sequence[Rule]) -> tuple[Undecided, ...]:
    wanting = Lazy(_missing_by_rule, case, rules)
    rows = [(rule.id, rule.title, rule.verb, rule.target, wanting) for rule in rules]
    return tuple([tuple.__new__(Undecided, row) for row in rows])  # as in `item_of`


def cannot_rule_out(case: Case) -> tuple[Undecided, ...]:
    """Return the cautions that cannot be decided, of those on what is proposed."""
    cautions = [rule for rule in case.undecided if rule.verb is _CAUTIONS and rule.target in case.proposed]
    return _undecided(case, cautions)


def undecided(case: Case) -> tuple[Undecided, ...]:
    """Return every rule that cannot be decided, safety first."""
    return _undecided(case, sorted(case.undecided, key=lambda rule: rule.tier is not _SAFETY))


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
    for phrases in _missing_by_rule(case, open_rules).values():
        missing += phrases
    reasons = "; ".join(dict.fromkeys(missing))
    because = f"{spoken or 'Risk is not fully recorded.'} Not known: {reasons}." if reasons else spoken
    return " ".join([*flagged, *([because] if because else [])]) or None
