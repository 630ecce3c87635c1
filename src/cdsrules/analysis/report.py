"""The analysis for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cdsrules.advisor import Advisor
from cdsrules.analysis.answers import NotFound, RuledOut, Shown
from cdsrules.analysis.bench import Analysis
from cdsrules.analysis.gaps import Kept
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.model.saying import say_date
from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.stories import story_lines

HEADINGS: Final = {
    Sort.NEVER: "RULES THAT CAN NEVER HOLD, OR FOR WHICH NO CLIENT WAS FOUND",
    Sort.VACUOUS: "CASES THAT NOTHING COULD BREAK",
    Sort.NEVER_GIVEN: "RECOMMENDATIONS THAT ARE NEVER GIVEN",
    Sort.SHADOWED: "RULES THAT ALWAYS STAND BEHIND ANOTHER",
    Sort.DUPLICATE: "RULES THAT SAY WHAT ANOTHER SAYS",
    Sort.SUBSUMED: "RULES THAT ADD NOTHING TO ANOTHER",
    Sort.CONFLICT: "RECOMMENDED AND CAUTIONED AGAINST AT ONCE",
    Sort.DEAD_END: "STEPS THAT WAIT FOR WHAT IS NOT ADVISED",
    Sort.GAP: "OBLIGATIONS THAT ARE NOT KEPT",
    Sort.SILENT: "SILENCE WHERE SOMETHING SERIOUS IS POSSIBLE",
    Sort.UNTOLD: "WHAT COULD NOT BE TOLD",
}
_PROVED: Final = "kept"
_SEARCHED: Final = "kept as far as was searched"
_OPEN: Final = "not kept"


def analysis_lines(found: Analysis, advisor: Advisor, *, width: int) -> Iterator[Line]:
    """Yield the analysis for people: what is remarked, each with its client, then what is kept."""
    for sort in Sort:
        remarks = [one for one in found.remarks if one.sort is sort]
        if remarks:
            yield Line(HEADINGS[sort], Role.URGENT)
            for remark in remarks:
                yield from _remark(remark, found, advisor, width)
                yield Line("")
    if found.kept:
        yield Line("WHAT IS OWED TO CLIENTS", Role.HEADING)
        for kept in found.kept:
            yield from wrapped(_kept(kept), first="  ", rest="    ", width=width)
        yield Line("")
    for words in _grounds(found):
        yield from wrapped(words, Role.QUIET, width=width)
    for words in found.overdue:
        yield from wrapped(words, Role.URGENT, width=width)
    yield from wrapped(summary(found), Role.STRONG if found.is_clean else Role.URGENT, width=width)


def _remark(remark: Remark, found: Analysis, advisor: Advisor, width: int) -> Iterator[Line]:
    note = found.left_alone.get(remark.about[0])
    head = ", ".join(remark.about) + (f" ({note})" if note else "")
    yield from wrapped(head, Role.STRONG, first="  ", rest="    ", width=width)
    yield from wrapped(remark.says, first="    ", rest="    ", width=width)
    if remark.clashing:
        yield from _listed("These rule each other out", remark.clashing, width)
    if remark.client is not None:
        yield from _listed("The client", _story(remark.client, advisor), width)
    if isinstance(remark.ground, NotFound):
        yield from wrapped("Not proved, but searched: see below.", Role.QUIET, first="    ", width=width)


def _listed(heading: str, lines: Sequence[str], width: int) -> Iterator[Line]:
    yield Line(f"    {heading}", Role.STRONG)
    for line in lines:
        yield from wrapped(line, first="      - ", rest="        ", width=width)


def _story(client: Shown, advisor: Advisor) -> tuple[str, ...]:
    return story_lines(advisor.read(client.document, as_of=client.as_of))


def _kept(kept: Kept) -> str:
    fares = {RuledOut: _PROVED, NotFound: _SEARCHED, type(None): _OPEN}[type(kept.ground)]
    return f"{fares}  {kept.about}: {kept.says}."


def _grounds(found: Analysis) -> Iterator[str]:
    """Yield what the proofs take for granted and how far was searched, each once."""
    grounds = [*(one.ground for one in found.remarks), *(one.ground for one in found.kept)]
    proofs = dict.fromkeys(one.assumes for one in grounds if isinstance(one, RuledOut))
    searched = dict.fromkeys(one.searched for one in grounds if isinstance(one, NotFound))
    yield from proofs
    for words in searched:
        yield f"Searched means: {words}. A longer record might show what none of these does."


def summary(found: Analysis) -> str:
    """Return how many rules were looked into, and how many remarks there are."""
    looked = f"{_count(len(found.rules), 'rule')} looked into, as of {say_date(found.as_of)}"
    if found.is_clean:
        return f"{looked}: nothing to remark{', but for known gaps' if found.left_alone else ''}."
    return f"{looked}: {_count(len(found.open) + len(found.overdue), 'remark')}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


# ---- For programs


def analysis_document(found: Analysis, advisor: Advisor) -> dict[str, object]:
    """Return the analysis as JSON values, each client as a document that can be evaluated."""
    return {
        "as_of": found.as_of.isoformat(),
        "rules": list(found.rules),
        "remarks": [_told(one, found, advisor) for one in found.remarks],
        "kept": [{"about": one.about, "says": one.says, **_ground(one.ground)} for one in found.kept],
        "overdue": list(found.overdue),
        "open": len(found.open) + len(found.overdue),
    }


def _told(remark: Remark, found: Analysis, advisor: Advisor) -> dict[str, object]:
    told: dict[str, object] = {
        "sort": remark.sort.name.lower(),
        "about": list(remark.about),
        "says": remark.says,
        "clashing": list(remark.clashing),
        **_ground(remark.ground),
    }
    note = found.left_alone.get(remark.about[0])
    if note is not None:
        told["left_alone"] = note
    if remark.client is not None:
        told["client"] = dict(document_of_client(remark.client))
        told["story"] = list(_story(remark.client, advisor))
        told["expect"] = dict(remark.expect)
    return told


def _ground(ground: RuledOut | NotFound | None) -> dict[str, object]:
    match ground:
        case RuledOut():
            return {"proved": True, "assumes": ground.assumes}
        case NotFound():
            return {"proved": False, "searched": ground.searched}
        case None:
            return {}


def document_of_client(client: Shown) -> dict[str, object]:
    """Return a client as a document that names its day."""
    return {**client.document, "as_of": client.as_of.isoformat()}
