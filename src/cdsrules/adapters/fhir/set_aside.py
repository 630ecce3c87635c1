"""Flags that a site has looked at and that are not of risk: told by a code, decided by somebody, on a day.

What a flag says in words never sets it aside. What is known as risk never is, whatever a site says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Final

from cdsrules.adapters.fhir.risk_codes import is_of_risk, risk_items
from cdsrules.adapters.fhir.walk import Node, codings, node, nodes
from cdsrules.diagnostics import Diagnostic, Position
from cdsrules.frozen import frozen
from cdsrules.loading.codes import severity_of
from cdsrules.model.saying import say_date, say_list
from cdsrules.model.vocabulary import Vocabulary

_CATEGORIES: Final = "http://terminology.hl7.org/CodeSystem/flag-category"
# HL7's names of its categories. Those that by HL7's own words are about behaviour, about the patient's clinical data,
# about coming into contact with the patient and about safety may be about risk; the others are what they are called.
CATEGORY_NAMES: Final[Mapping[str, str]] = {
    f"{_CATEGORIES}|{code}": name
    for code, name in {
        "diet": "Diet",
        "drug": "Drug",
        "lab": "Lab",
        "admin": "Administrative",
        "contact": "Subject Contact",
        "clinical": "Clinical",
        "behavioral": "Behavioral",
        "research": "Research",
        "advance-directive": "Advance Directive",
        "safety": "Safety",
    }.items()
}
_CATEGORIES_OF_RISK: Final = frozenset(
    f"{_CATEGORIES}|{code}" for code in ("behavioral", "clinical", "contact", "safety")
)


@frozen
class SetAside:
    """Flags of one code, or of one category, of which a site has decided that they are not of risk.

    `code` and `category` are written `system|code`; one of the two is given. The decision
    counts from the day `decided_on`. `at` is where it is written.
    """

    code: str | None = field(default=None, kw_only=True)
    category: str | None = field(default=None, kw_only=True)
    decided_by: str = field(kw_only=True)
    decided_on: date = field(kw_only=True)
    at: Position = field(default=Position.whole("fhir.flags_set_aside"), compare=False, kw_only=True)

    @property
    def words(self) -> str:
        """Who decided it, and when: "the clinical lead, 1 July 2026"."""
        return f"{self.decided_by}, {say_date(self.decided_on)}"


def decisions_on(
    flag: Node, decided: Collection[SetAside], of_risk: Collection[str], as_of: date
) -> tuple[SetAside, ...]:
    """Return the decisions by which a flag is set aside on a day; none where it is not.

    Each of its codes has to be set aside, or each of its categories. A code that is known as
    risk keeps the flag as it is.
    """
    in_force = [one for one in decided if one.decided_on <= as_of]
    codes = codings(node(flag, "code"))
    if any(code is not None and is_of_risk(code, of_risk) for code in codes):
        return ()
    categories = tuple(code for one in nodes(flag, "category") for code in codings(one))
    by_code = _all_of(codes, {one.code: one for one in in_force if one.code})
    by_category = {one.category: one for one in in_force if one.category and one.category not in _CATEGORIES_OF_RISK}
    return by_code or _all_of(categories, by_category)


def _all_of(codes: tuple[str | None, ...], decided: Mapping[str, SetAside]) -> tuple[SetAside, ...]:
    found = [decided[code] for code in codes if code is not None and code in decided]
    return tuple(dict.fromkeys(found)) if len(found) == len(codes) else ()


def in_words(decisions: Collection[SetAside]) -> str:
    """Return that a flag is set aside, and who decided it: goes on from what the flag is called."""
    return f"is set aside by your site (decided by {say_list([one.words for one in decisions])})"


def wrongly_set_aside(
    decided: Collection[SetAside], flags: Mapping[str, str], vocabulary: Vocabulary
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with what a site sets aside; `flags` are the codes that mean risk there."""
    of_risk = risk_items(vocabulary)
    return tuple(problem for one in decided for problem in _problems(one, flags, of_risk))


def _problems(one: SetAside, flags: Mapping[str, str], of_risk: Collection[str]) -> Iterator[Diagnostic]:
    if (one.code is None) == (one.category is None):
        yield _problem("CDS342", one, "This does not say by one code, or by one category, which flags are meant.")
        return
    told = one.code if one.code is not None else one.category or ""
    system, _, code = told.partition("|")
    if not system.strip() or not code.strip():
        yield _problem("CDS342", one, f"`{told}` is no code with its system: words alone do not tell which flags.")
    elif one.code is not None and told in CATEGORY_NAMES:
        yield _problem("CDS342", one, f"`{told}` is a category of flags, and no code of one.")
    elif one.category is not None and told in _CATEGORIES_OF_RISK:
        yield _problem("CDS341", one, f"Flags of the category {CATEGORY_NAMES[told]} may be about risk.")
    elif told in flags:
        yield _problem("CDS340", one, f"`{told}` is a sign of risk by your own `flags` ({flags[told]}).")
    elif is_of_risk(told, of_risk):
        yield _problem("CDS340", one, f"`{told}` is known as a sign of risk.")


_ADVICE: Final = {
    "CDS340": "Delete it here. What the flag means belongs in `flags`, or somebody looks at each.",
    "CDS341": "Set aside single codes of it, each looked at, with `code`.",
    "CDS342": 'Write `code = "system|code"`, or `category = "system|code"` for all flags of a category.',
}


def _problem(code: str, one: SetAside, message: str) -> Diagnostic:
    return Diagnostic(code, message, _ADVICE[code], one.at, severity=severity_of(code))
