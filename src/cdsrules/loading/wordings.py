"""Words that no text may use (CLINICAL §5 and §7), wherever a clinician could read them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from cdsrules.diagnostics import Position
from cdsrules.loading.problems import Problems


class _Wording(NamedTuple):
    pattern: re.Pattern[str]
    advice: str


def _wording(pattern: str, advice: str) -> _Wording:
    return _Wording(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), advice)


_JUDGES = "Say what was observed, such as sessions missed, not what the person is."
_NO_CLASS = "Say what was recorded and when, and what to do; no scale tells high risk from low."

FORBIDDEN: Final = (
    _wording(r"(?:low|medium|moderate|high)(?:er|est)?[- ]+risk", _NO_CLASS),
    _wording(r"risk\s+(?:is|was|remains|seems)\s+(?:low|medium|moderate|high)", _NO_CLASS),
    _wording(
        r"failed\s+(?:therapy|treatment|psychotherapy)|(?:therapy|treatment)\s+failures?",
        "Write that the treatment has not helped enough so far.",
    ),
    _wording(
        r"(?:treatment|therapy)[- ]+resistan(?:t|ce)",
        "Write that there was no reliable change, and under which treatment.",
    ),
    _wording(r"commit(?:s|ted|ting)?\s+suicide", "Write `died by suicide`."),
    _wording(r"successful\s+(?:suicide\s+)?attempts?", "Write `suicide attempt`, or `died by suicide`."),
    _wording(r"manipulative(?:ly|ness)?", _JUDGES),
    _wording(r"non-?\s?complian(?:t|ce)", _JUDGES),
)


def number_in(text: str) -> str | None:
    """Return the first word of a text that holds a digit, or None.

    >>> number_in("Lower than 10, once."), number_in("lower")
    ('10', None)
    """
    numeric = next((word for word in text.split() if any(sign.isnumeric() for sign in word)), None)
    return None if numeric is None else numeric.strip(".,;:()?!\"'")


def check_wording(text: str, label: str, at: Position, problems: Problems) -> None:
    """Note every wording in a text that the software must never print."""
    for wording in FORBIDDEN:
        match = wording.pattern.search(text)
        if match is not None:
            problems.add("CDS083", at, f"{label} says `{match[0]}`.", wording.advice)
