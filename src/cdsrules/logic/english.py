"""A little English: denying a clause, and what a noun phrase takes after it.

Rule titles and action wordings are clauses in plain English; where a rule reads one
negated and nobody wrote the denial, it is made here. The fall-back is clumsy but true.
"""

from __future__ import annotations

import re
from typing import Final

_BE: Final = "is|are|was|were"
_HELPING: Final = f"{_BE}|can|could|may|might|must|shall|should|will|would|does|do|did"
_PARTICIPLE: Final = r"(?:\w+ly )?(?:\w+e[dn]|been|lost|left|made|met|kept|set|said|come|got|begun|gone|had)\b"
_THERE: Final = re.compile(
    rf"(there (?:{_BE}|(?:has|have|had) been)) (?!not\b|exactly\b|at\b|more\b|less\b|fewer\b|\d)(?:(no|an?|some|any) )?"
)
_NO_SUBJECT: Final = re.compile(r"(?:no|none|nothing|nobody|neither)\b")
_INDEFINITE: Final = re.compile(r"(?:an?|some) ")
_VERB: Final = re.compile(
    rf"\b(?:(?P<helping>{_HELPING})|(?P<have>has|have|had))\b(?P<no> not?\b)?(?P<participle> (?={_PARTICIPLE}))?"
)
_PRESENT: Final = re.compile(r"\b(?:(applie|contain|hold|include|show|want)s|(contain|include))\b")
_SUPPOSED: Final = {
    "is": "were",
    "are": "were",
    "has": "had",
    "have": "had",
    "does not": "did not",
    "do not": "did not",
    "can": "could",
    "cannot": "could not",
    "shows": "showed",
    "holds": "held",
    "include": "included",
    "includes": "included",
    "wants": "wanted",
    "takes": "took",
    "feels": "felt",
    "rates": "rated",
}
_FIRST_VERB: Final = re.compile(rf"\b(?:{'|'.join(sorted(_SUPPOSED, key=len, reverse=True))}|was|were|had|did)\b")
_RELATIVE: Final = re.compile(r"(?<= that )(?:is|has)\b")
_UNCOUNTED: Final = re.compile(
    r"(?:[\w-]+ )?(?:support|help|encouragement|advice|information|care|homework)\b(?! \w+$)"
)
_PLAIN_HAVE: Final = {"has": "does not have", "have": "do not have", "had": "did not have"}


def negated(clause: str) -> str:
    """Return the clause denied.

    >>> negated("a colleague was consulted")
    'no colleague was consulted'
    >>> negated("progress has stalled"), negated("there has been no improvement")
    ('progress has not stalled', 'there has been improvement')
    >>> negated("gains were noticed")
    'gains were not noticed'
    """
    if there := _THERE.match(clause):
        rest = clause[there.end() :]
        return f"{there[1]} {rest}" if there[2] == "no" else f"{there[1]} no {rest}"
    verb = _VERB.search(clause)
    if _NO_SUBJECT.match(clause):
        return f"it is not so that {clause}"
    if verb is None:
        denied, found = _PRESENT.subn(_does_not, clause, count=1)
        return denied if found else f"it is not so that {clause}"
    indefinite = _INDEFINITE.match(clause)
    if indefinite and not verb["no"]:
        return f"no {clause[indefinite.end() :]}"
    return f"{clause[: verb.start()]}{_denied(verb)}{clause[verb.end() :]}"


def _does_not(verb: re.Match[str]) -> str:
    return f"do not {verb[2]}" if verb[2] else f"does not {verb[1].replace('applie', 'apply')}"


def _denied(verb: re.Match[str]) -> str:
    helping, have = verb["helping"], verb["have"]
    if verb["no"]:
        said = helping or have
    elif helping == "can":
        said = "cannot"
    elif helping or verb["participle"]:
        said = f"{helping or have} not"
    else:
        said = _PLAIN_HAVE[have]
    return f"{said} " if verb["participle"] else str(said)


def supposed(clause: str) -> str:
    """Return the clause as what follows "would change if"; what is past already stays.

    >>> supposed("PHQ-9 shows recovery"), supposed("the clinician cannot prescribe")
    ('PHQ-9 showed recovery', 'the clinician could not prescribe')
    """
    moved = _FIRST_VERB.sub(_in_the_past, clause, count=1)
    return _RELATIVE.sub(_in_the_past, moved)


def _in_the_past(verb: re.Match[str]) -> str:
    return _SUPPOSED.get(verb[0], verb[0])


def uncapitalised(text: str) -> str:
    """Return a title as a part of a sentence; names such as PHQ-9 keep their capitals.

    >>> uncapitalised("Progress has stalled"), uncapitalised("PHQ-9 is high"), uncapitalised("A gain is lost")
    ('progress has stalled', 'PHQ-9 is high', 'a gain is lost')
    """
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first == "A" or first[1:].islower() else text


def is_or_are(noun: str) -> str:
    """Return the verb for a noun phrase, told by its head: "no-shows in the last 60 days are".

    >>> is_or_are("no-shows in the last 60 days"), is_or_are("progress")
    ('are', 'is')
    """
    head = re.split(r" (?:of|in|over|since|for|at|on|with|to|from|by|about|under|between)\b", noun)[0]
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is", "'s"))
    return "are" if plural else "is"


def singular(unit: str) -> str:
    """Return the unit for one: "no-show" for "no-shows"; "per cent" as it is."""
    return unit[:-1] if unit.endswith("s") and not unit.endswith("ss") else unit


def with_article(noun: str) -> str:
    """Return a thing as one of its kind, where such things can be counted: "a consultation", "further support".

    >>> with_article("open talk"), with_article("more frequent sessions")
    ('an open talk', 'more frequent sessions')
    """
    if is_or_are(noun) == "are" or _UNCOUNTED.match(noun):
        return noun
    return f"{'an' if noun[:1] in 'aeiouAEIOU' else 'a'} {noun}"
