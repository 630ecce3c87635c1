"""Words that no text may use (CLINICAL §5 and §7), wherever somebody could read them.

Titles of cited works are the one exception: they are printed as they were published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from cdsrules.diagnostics import Position
from cdsrules.loading.problems import Problems
from cdsrules.loading.values import shortened

# What may stand between two words of a wording: spaces, line breaks, marks of emphasis, a hyphen or slash that joins.
# Each becomes one space, so that what is found can be quoted as it stands. A dash with a space before it ends a
# thought: "a low score - risk is not recorded".
_SPACES: Final = str.maketrans(dict.fromkeys("\t\n\r\u00a0_*\"'`\u201c\u201d\u2018\u2019", " "))
_JOINING: Final = re.compile("(?<=\\S)[-\u2010\u2011\u2012\u2013/]")

_PARTS: Final[Mapping[str, str]] = {
    "CLASS": "(?:low|medium|moderate|high|intermediate|minimal|negligible)(?:er|est)?",
    "QUALITY": "(?:acute|immediate|imminent|current|present|overall|general|clinical|baseline|chronic|estimated"
    "|perceived|apparent|suicide|suicidal|self harm|safety)",
    "OF_WHAT": "(?:suicid[a-z]+|self harm|(?:an )?attempts?)",
    "RATED": "(?:now|currently|still|very|quite|rather|fairly|relatively|judged|rated|considered|deemed|assessed"
    "|thought|estimated|to|be|as|at)",
    "TREATMENT": "(?:therapy|therapies|treatments?|psychotherap(?:y|ies)|interventions?)",
    "CLIENT": "(?:client|patient|person)s?(?: s)?",
}


class _Wording(NamedTuple):
    """What is never printed: a text is searched only if it has one of the stems, as most have not."""

    stems: frozenset[str]
    written: str
    advice: str

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place of the wording in a text without joining marks."""
        return _compiled(self.written).search(text)


def _wording(stems: str, written: str, advice: str) -> _Wording:
    """Return a wording; a space stands for any gap between words, `~` for one that may be missing."""
    return _Wording(frozenset(stems.split()), written, advice)


@cache
def _compiled(written: str) -> re.Pattern[str]:
    for name, part in _PARTS.items():
        written = written.replace(name, part)
    return re.compile(rf"\b(?:{written.replace('~', ' *').replace(' ', ' +').replace(' +*', ' *')})\b", re.IGNORECASE)


_NO_CLASS: Final = "Say what was recorded and when, and what to do; no scale tells high risk from low."
_NOT_RULED_OUT: Final = "Say that no risk is recorded, and since when; what is not on file may still be there."
_NOT_HELPED: Final = "Write that the treatment has not helped enough so far."
_NO_CHANGE: Final = "Write that there was no reliable change, and under which treatment."
_DIED: Final = "Write `died by suicide`."
_ATTEMPT: Final = "Write `suicide attempt`, or `died by suicide`."
_JUDGES: Final = "Say what was observed, such as sessions missed, not what the person is."
_PERSON_FIRST: Final = "Put the person first: `a person who …`."

FORBIDDEN: Final = (
    _wording(
        "risk", "CLASS(?:(?: (?:to|or|and|versus|vs))? (?:no|CLASS))*(?: (?:and |or )?QUALITY)* risks?", _NO_CLASS
    ),
    _wording(
        "risk suicid harm attempt",
        "CLASS (?:levels?|degrees?|probabilit(?:y|ies)|likelihood|chances?) of (?:QUALITY )*(?:risk|OF_WHAT)",
        _NO_CLASS,
    ),
    _wording(
        "risk",
        "risks?(?: (?:of|for) OF_WHAT)? (?:is|was|are|were|remains?|remained|seems?|seemed|appears?|appeared|stays?"
        "|looks?|has been|may be|can be|be|being)(?: RATED)*"
        " (?:low|medium|moderate|high|intermediate|minimal|negligible)",
        _NO_CLASS,
    ),
    _wording("risk", r"risk\s*[:=(]\s*(?:very )?CLASS", _NO_CLASS),
    _wording(
        "risk",
        r"(?<!no\x20)risk (?:levels?|class(?:es)?|categor(?:y|ies)|bands?|strat(?:um|a|ification)|ratings?|tiers?"
        "|groups?)"
        "|(?:levels?|degrees?) of (?:QUALITY )*risk",
        _NO_CLASS,
    ),
    _wording(
        "risk",
        "(?:at|is|are|was|poses?|there is|there was) no (?:QUALITY )*risk"
        "(?! (?:assessments?|items?|flags?|questions?|records?|recorded|known|on record|on file|open|is|was|has))",
        _NOT_RULED_OUT,
    ),
    _wording("risk", "(?:not|no longer|never)(?: RATED)* at (?:QUALITY )*risk(?! of (?!OF_WHAT))", _NOT_RULED_OUT),
    _wording("risk", "no risk of OF_WHAT|risk~free|free (?:of|from) risk", _NOT_RULED_OUT),
    _wording("risk", "risks? (?:is|was|were|can be|could be|has been) (?:ruled out|excluded)", _NOT_RULED_OUT),
    _wording("fail", "fail(?:ed|ing|s|ures?)(?: (?!to)[a-z]+){0,2} TREATMENT", _NOT_HELPED),
    _wording(
        "fail", "TREATMENT(?: (?:that|which))?(?: (?:has|have|had|is|was|keeps))? fail(?:s|ed|ing|ures?)?", _NOT_HELPED
    ),
    _wording(
        "fail",
        "fail(?:ed|s|ing|ures?)? to (?:respond|improve|engage|attend|comply|progress|complete|benefit|cooperate"
        "|adhere)",
        _JUDGES,
    ),
    _wording("resistan refractor", "TREATMENT (?:resistan(?:t|ce)|refractor(?:y|iness))", _NO_CHANGE),
    _wording(
        "resistan refractor",
        "(?:resistant|refractory) (?:CLIENT|cases?|to (?:TREATMENT|change|help|advice))"
        "|(?:CLIENT|who|they|she|he)(?: (?:is|are|was|were|seems?|remains?))? (?:very )?resistan(?:t|ce)",
        _NO_CHANGE,
    ),
    _wording(
        "suicide",
        "commit(?:s|ted|ting)? (?:a )?suicides?|suicides? (?:is|was|were|be|been|being) committed",
        _DIED,
    ),
    _wording(
        "success complet fail",
        "(?:un)?successful attempts?(?! (?:to|at) (?!suicide|kill|die|end|take))"
        "|(?:(?:un)?successful(?:ly)?|failed|completed) (?:(?:a|an|attempted) )?suicid(?:e|es|al)"
        "(?! (?:risk|prevention|screen[a-z]*|assessments?|questionnaires?|items?|plans?))(?: attempts?)?",
        _ATTEMPT,
    ),
    _wording("gesture", "suicid(?:e|al) gestures?", _ATTEMPT),
    _wording("manipulat", "manipulat(?:ive(?:ly|ness)?|ors?|ing)", _JUDGES),
    _wording("complian adheren", "non~(?:complian(?:t|ce|cy)|adherent)|(?:not|un|poorly|never)~compliant", _JUDGES),
    _wording("unmotivated uncooperative", "unmotivated|uncooperative", _JUDGES),
    _wording("seeking seeker", "attention seek(?:ing|ers?)", _JUDGES),
    _wording("difficult", "difficult CLIENT", _JUDGES),
    _wording("addict", "addicts?", _PERSON_FIRST),
    _wording(
        "alcoholic schizophrenic", "alcoholics?(?! (?:anonymous|drinks?|beverages?))|schizophrenics?", _PERSON_FIRST
    ),
    _wording("abuser harmer", "(?:drug|substance|alcohol) abusers?|self harmers?", _PERSON_FIRST),
)

_STEMS: Final = tuple(dict.fromkeys(stem for one in FORBIDDEN for stem in sorted(one.stems)))


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


def forbidden_in(text: str) -> tuple[tuple[str, str], ...]:
    """Return every wording in a text that the software must never print, as it stands there, with advice.

    >>> forbidden_in("The client is at low-risk.")[0][0]
    'low-risk'
    >>> forbidden_in("A low score. Risk is not recorded.")
    ()
    """
    lower = text.lower()
    present = [stem for stem in _STEMS if stem in lower]
    if not present:
        return ()
    asked = [one for one in FORBIDDEN if not one.stems.isdisjoint(present)]
    plain = _JOINING.sub(" ", text).translate(_SPACES)
    found: list[tuple[re.Match[str], str]] = []
    for one in asked:
        match = one.search(plain)
        if match is not None and not any(match.start() < it.end() and it.start() < match.end() for it, _ in found):
            found.append((match, one.advice))
    return tuple((shortened(text[match.start() : match.end()]), advice) for match, advice in found)


def check_wording(text: str, label: str, at: Position, problems: Problems) -> None:
    """Note every wording in a text that the software must never print."""
    for said, advice in forbidden_in(text):
        problems.add("CDS083", at, f"{label} says `{said}`.", advice)
