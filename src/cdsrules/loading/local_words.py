"""What may stand in the words of a place, which clinicians read beside those of the rules."""

from __future__ import annotations

from typing import Final

from cdsrules.diagnostics import Position
from cdsrules.loading.blanks import blank_in
from cdsrules.loading.decoding import INVISIBLE
from cdsrules.loading.problems import Problems
from cdsrules.loading.values import shortened
from cdsrules.loading.wordings import forbidden_in

LONGEST: Final = 400
"""Characters of one text. Whatever stands beside a sign of risk is read in haste."""

# A protocol may say what has to be done; a rule says what to consider.
_ORDERS: Final = "CDS129"


def judge_words(text: str, label: str, at: Position, problems: Problems) -> None:
    """Note a blank that was not filled in, a text that is too long, and what is never to be printed."""
    invisible = INVISIBLE.search(text)
    if invisible is not None:
        message = f"{label} holds an invisible character (U+{ord(invisible[0]):04X})."
        problems.add("CDS006", at, message, "Leave it out: with it a number could be shown otherwise.")
        return
    blank = blank_in(text)
    if blank is not None:
        message = f"{label} still has the blank `{shortened(blank)}`."
        advice = "Write what is true of your place, without brackets or place-holders, or delete the line."
        problems.add("CDS381", at, message, advice)
    if len(text) > LONGEST:
        message = f"{label} has {len(text)} characters; there is room for {LONGEST}."
        problems.add("CDS384", at, message, "Say where it stands, in a sentence or two.")
    for code, said, advice in forbidden_in(text):
        if code != _ORDERS:
            problems.add(code, at, f"{label} says `{said}`.", advice)
