"""A wording that no text may use, and how it is looked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

_PARTS: Final[Mapping[str, str]] = {
    "CLASS": "(?:low|medium|moderate|high|intermediate|minimal|negligible)(?:er|est)?",
    "QUALITY": "(?:acute|immediate|imminent|current|present|overall|general|clinical|baseline|chronic|estimated"
    "|perceived|apparent|suicide|suicidal|self harm|safety)",
    "OF_WHAT": "(?:suicid[a-z]+|self harm|(?:an )?attempts?)",
    "RATED": "(?:now|currently|still|very|quite|rather|fairly|relatively|judged|rated|considered|deemed|assessed"
    "|thought|estimated|to|be|as|at)",
    "TREATMENT": "(?:therapy|therapies|treatments?|psychotherap(?:y|ies)|interventions?)",
    "CLIENT": "(?:client|patient|person)s?(?: s)?",
    "THERAPIST": "(?:the |your )?(?:clinician|therapist|psychologist|counsell?or|colleague|supervisor)",
    "SOMEBODY": "(?:you|she|he|they|the (?:client|patient|person|clinician|therapist))",
}


class Unsaid(NamedTuple):
    """What is never printed: a text is searched only if it has one of the stems, as most have not."""

    stems: frozenset[str]
    written: str
    advice: str

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place of the wording in a text of small letters, without joining marks."""
        return _compiled(self.written).search(text)


def unsaid(stems: str, written: str, advice: str) -> Unsaid:
    """Return a wording; a space stands for any gap between words, `~` for one that may be missing."""
    return Unsaid(frozenset(stems.split()), written, advice)


@cache
def _compiled(written: str) -> re.Pattern[str]:
    for name, part in _PARTS.items():
        written = written.replace(name, part)
    return re.compile(rf"\b(?:{written.replace('~', ' *').replace(' ', ' +').replace(' +*', ' *')})\b")
