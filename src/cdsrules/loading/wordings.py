"""Words that no text may use (CLINICAL §5 and §7), wherever somebody could read them.

Here stand those that sort people by risk or judge them; orders, blame and diagnoses stand in
`manner.py`, names of drugs in `medicines.py`. Titles of cited works are the one exception: they
are printed as they were published.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import ascii_lowercase
from typing import Final, NamedTuple

from cdsrules.diagnostics import Position
from cdsrules.loading.manner import BLAME, DIAGNOSES, ORDERS
from cdsrules.loading.medicines import MEDICINES
from cdsrules.loading.problems import Problems
from cdsrules.loading.unsaid import Unsaid, unsaid
from cdsrules.loading.values import shortened

# What may stand between two words of a wording: spaces, line breaks, marks of emphasis, a hyphen or slash that joins.
# Each becomes one space, so that what is found can be quoted as it stands. A dash with a space before it ends a
# thought: "a low score - risk is not recorded". Letters become small ones, and none becomes two.
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys("\t\n\r\u00a0_*\"'`\u201c\u201d\u2018\u2019", " "),
        **{letter.upper(): letter for letter in ascii_lowercase},
    }
)
_JOINING: Final = re.compile("(?<=\\S)[-\u2010\u2011\u2012\u2013/]")

_NO_CLASS: Final = "Say what was recorded and when, and what to do; no scale tells high risk from low."
_NOT_RULED_OUT: Final = "Say that no risk is recorded, and since when; what is not on file may still be there."
_NOT_HELPED: Final = "Write that the treatment has not helped enough so far."
_NO_CHANGE: Final = "Write that there was no reliable change, and under which treatment."
_DIED: Final = "Write `died by suicide`."
_ATTEMPT: Final = "Write `suicide attempt`, or `died by suicide`."
_JUDGES: Final = "Say what was observed, such as sessions missed, not what the person is."
_PERSON_FIRST: Final = "Put the person first: `a person who …`."

FORBIDDEN: Final = (
    unsaid("risk", "CLASS(?:(?: (?:to|or|and|versus|vs))? (?:no|CLASS))*(?: (?:and |or )?QUALITY)* risks?", _NO_CLASS),
    unsaid(
        "risk suicid harm attempt",
        "CLASS (?:levels?|degrees?|probabilit(?:y|ies)|likelihood|chances?) of (?:QUALITY )*(?:risk|OF_WHAT)",
        _NO_CLASS,
    ),
    unsaid(
        "risk",
        "risks?(?: (?:of|for) OF_WHAT)? (?:is|was|are|were|remains?|remained|seems?|seemed|appears?|appeared|stays?"
        "|looks?|has been|may be|can be|be|being)(?: RATED)*"
        " (?:low|medium|moderate|high|intermediate|minimal|negligible)",
        _NO_CLASS,
    ),
    unsaid("risk", r"risk\s*[:=(]\s*(?:very )?CLASS", _NO_CLASS),
    unsaid(
        "risk",
        r"(?<!no\x20)risk (?:levels?|class(?:es)?|categor(?:y|ies)|bands?|strat(?:um|a|ification)|ratings?|tiers?"
        "|groups?)"
        "|(?:levels?|degrees?) of (?:QUALITY )*risk",
        _NO_CLASS,
    ),
    unsaid(
        "risk",
        "(?:at|is|are|was|poses?|there is|there was) no (?:QUALITY )*risk"
        "(?! (?:assessments?|items?|flags?|questions?|records?|recorded|known|on record|on file|open|is|was|has))",
        _NOT_RULED_OUT,
    ),
    unsaid("risk", "(?:not|no longer|never)(?: RATED)* at (?:QUALITY )*risk(?! of (?!OF_WHAT))", _NOT_RULED_OUT),
    unsaid("risk", "no risk of OF_WHAT|risk~free|free (?:of|from) risk", _NOT_RULED_OUT),
    unsaid("risk", "risks? (?:is|was|were|can be|could be|has been) (?:ruled out|excluded)", _NOT_RULED_OUT),
    unsaid("fail", "fail(?:ed|ing|s|ures?)(?: (?!to)[a-z]+){0,2} TREATMENT", _NOT_HELPED),
    unsaid(
        "fail", "TREATMENT(?: (?:that|which))?(?: (?:has|have|had|is|was|keeps))? fail(?:s|ed|ing|ures?)?", _NOT_HELPED
    ),
    unsaid(
        "fail",
        "fail(?:ed|s|ing|ures?)? to (?:respond|improve|engage|attend|comply|progress|complete|benefit|cooperate"
        "|adhere)",
        _JUDGES,
    ),
    unsaid("resistan refractor", "TREATMENT (?:resistan(?:t|ce)|refractor(?:y|iness))", _NO_CHANGE),
    unsaid(
        "resistan refractor",
        "(?:resistant|refractory) (?:CLIENT|cases?|to (?:TREATMENT|change|help|advice))"
        "|(?:CLIENT|who|they|she|he)(?: (?:is|are|was|were|seems?|remains?))? (?:very )?resistan(?:t|ce)",
        _NO_CHANGE,
    ),
    unsaid(
        "suicide",
        "commit(?:s|ted|ting)? (?:a )?suicides?|suicides? (?:is|was|were|be|been|being) committed",
        _DIED,
    ),
    unsaid(
        "success complet fail",
        "(?:un)?successful attempts?(?! (?:to|at) (?!suicide|kill|die|end|take))"
        "|(?:(?:un)?successful(?:ly)?|failed|completed) (?:(?:a|an|attempted) )?suicid(?:e|es|al)"
        "(?! (?:risk|prevention|screen[a-z]*|assessments?|questionnaires?|items?|plans?))(?: attempts?)?",
        _ATTEMPT,
    ),
    unsaid("gesture", "suicid(?:e|al) gestures?", _ATTEMPT),
    unsaid("manipulat", "manipulat(?:ive(?:ly|ness)?|ors?|ing)", _JUDGES),
    unsaid("complian adheren", "non~(?:complian(?:t|ce|cy)|adherent)|(?:not|un|poorly|never)~compliant", _JUDGES),
    unsaid("unmotivated uncooperative", "unmotivated|uncooperative", _JUDGES),
    unsaid("seeking seeker", "attention seek(?:ing|ers?)", _JUDGES),
    unsaid("difficult", "difficult CLIENT", _JUDGES),
    unsaid("addict", "addicts?", _PERSON_FIRST),
    unsaid(
        "alcoholic schizophrenic", "alcoholics?(?! (?:anonymous|drinks?|beverages?))|schizophrenics?", _PERSON_FIRST
    ),
    unsaid("abuser harmer", "(?:drug|substance|alcohol) abusers?|self harmers?", _PERSON_FIRST),
)


def number_in(text: str) -> str | None:
    """Return the first word of a text that holds a digit, or None.

    >>> number_in("Lower than 10, once."), number_in("lower")
    ('10', None)
    """
    if not _has_number(text):
        return None
    return next(word for word in text.split() if _has_number(word)).strip(".,;:()?!\"'")


def _has_number(text: str) -> bool:
    return any(map(str.isnumeric, text))


_ALL: Final[tuple[tuple[str, Unsaid], ...]] = (
    *(("CDS083", one) for one in FORBIDDEN),
    *(("CDS129", one) for one in (*BLAME, *ORDERS)),
    *(("CDS130", one) for one in DIAGNOSES),
    *(("CDS131", one) for one in MEDICINES),
)
_STEMS: Final = frozenset[str]().union(*(one.stems for _, one in _ALL))
_BY_BEGINNING: Final = {first: tuple(stem for stem in _STEMS if stem[:2] == first) for first in {s[:2] for s in _STEMS}}


@lru_cache(maxsize=10_000)
def _stems_in(word: str) -> frozenset[str]:
    """Return the stems that stand anywhere in a word; rules use few words, and each again and again."""
    begun = [(at, word[at : at + 2]) for at in range(len(word) - 1)]
    return frozenset(
        [stem for at, two in begun if two in _BY_BEGINNING for stem in _BY_BEGINNING[two] if word.startswith(stem, at)]
    )


class Found(NamedTuple):
    """A wording as it stands in a text, by which code it is refused, and what to write instead."""

    code: str
    said: str
    advice: str


def forbidden_in(text: str) -> tuple[Found, ...]:
    """Return every wording in a text that the software must never print, as it stands there, with advice.

    >>> forbidden_in("The client is at low-risk.")[0].said
    'low-risk'
    >>> forbidden_in("You must refer now.")[0].code
    'CDS129'
    >>> forbidden_in("A low score. Risk is not recorded.")
    ()
    """
    stems = frozenset[str]().union(*filter(None, map(_stems_in, text.lower().split())))
    asked = [(code, one) for code, one in _ALL if not stems.isdisjoint(one.stems)] if stems else []
    plain = _JOINING.sub(" ", text).translate(_PLAIN) if asked else ""
    found: list[tuple[re.Match[str], str, str]] = []
    for code, one in asked:
        match = one.search(plain)
        if match is not None and not any(match.start() < it.end() and it.start() < match.end() for it, _, _ in found):
            found.append((match, code, one.advice))
    return tuple(Found(code, shortened(text[match.start() : match.end()]), advice) for match, code, advice in found)


def withheld(text: str) -> str | None:
    """Return why a text may not be printed, in words that go on from what it is; None when it may.

    >>> withheld("The client is at low risk.")
    'says “low risk”. Say what was recorded and when, and what to do; no scale tells high risk from low'
    """
    found = forbidden_in(text)
    return f"says “{found[0].said}”. {found[0].advice.rstrip('.')}" if found else None


def check_wording(text: str, label: str, at: Position, problems: Problems) -> None:
    """Note every wording in a text that the software must never print."""
    for code, said, advice in forbidden_in(text):
        problems.add(code, at, f"{label} says `{said}`.", advice)
