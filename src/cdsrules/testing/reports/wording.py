"""What no case has seen of a rule's wording, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cdsrules.guidance.wording import NOT_KNOWN
from cdsrules.logic.words import Lexicon
from cdsrules.model.condition import FactKey
from cdsrules.model.text import SHOWN, FactSlot
from cdsrules.testing.coverage import RuleCoverage
from cdsrules.testing.forms import KNOWN, NONE, ONE, SEVERAL, Form
from cdsrules.testing.wording import EXCEPTION, Branch

_TEXTS: Final[Mapping[str, str]] = {
    "clinician": "what it says to the clinician",
    "supervisor": "what it says to the supervisor",
    "client": "what it says to the client",
    "why": "the reason that it gives",
    EXCEPTION: "“Unless: …”, which it adds while its exception cannot be decided",
}
_FORMS: Final[Mapping[Form, str]] = {
    KNOWN: "a value",
    ONE: "one",
    SEVERAL: "several",
    NONE: "none",
    NOT_KNOWN: "nothing known",
}


def unsaid(one: RuleCoverage, lexicon: Lexicon) -> Iterator[str]:
    """Yield what no case has seen of a rule's wording, a clause each; the forms of a placeholder together."""
    missing = [covered.branch for covered in one.wording if not covered.seen]
    whole = [branch.label for branch in missing if branch.slot is None]
    yield from (f"never said: {_TEXTS[label]}" for label in whole)
    forms: dict[FactSlot, dict[str, None]] = {}
    for branch in missing:
        if branch.slot is not None and branch.label not in whole:
            forms.setdefault(branch.slot, {})[form_words(branch)] = None
    for slot, never in forms.items():
        yield f"its wording, never with {' or '.join(never)} for {slot_words(slot, lexicon)}"


def slot_words(slot: FactSlot, lexicon: Lexicon) -> str:
    """Return what a placeholder prints, as a noun."""
    noun = lexicon.noun(FactKey(slot.fact, slot.over))
    return noun if slot.show == "value" else f"the {SHOWN[slot.show]} {noun}"


def form_words(branch: Branch) -> str:
    """Return the form of a placeholder as what stands in its place."""
    form = branch.form or KNOWN
    if form.startswith(("in ", "as ")):
        return f"a time {form}"
    return _FORMS.get(form) or f"“{form}”"
