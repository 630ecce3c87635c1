"""Laws for people and for programs: which are kept, and of one that is not the smallest client who breaks it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdsrules.rendering.text import Line, Role, wrapped
from cdsrules.testing.laws.promises import told
from cdsrules.testing.laws.searching import Counterexample, Searched
from cdsrules.testing.stories import story_lines

SECTION = "    "


def broken(searched: Sequence[Searched]) -> tuple[Searched, ...]:
    """Return the laws that are not kept, and those that could be put to nobody."""
    return tuple(one for one in searched if one.counterexample is not None or one.says_nothing)


def law_lines(searched: Sequence[Searched], *, width: int) -> Iterator[Line]:
    """Yield how every law fared, then how many there are."""
    for one in searched:
        found = one.counterexample
        head = f"{'BROKEN' if found else 'NOT TRIED' if one.says_nothing else 'kept'}  {one.law.id}: {one.law.title}."
        yield from wrapped(head, Role.URGENT if found else Role.PLAIN, rest="  ", width=width)
        yield from wrapped(tried(one), Role.QUIET, first="  ", rest="  ", width=width)
        if one.left_out is not None:
            words = f"Some clients are left out, a known gap {one.left_out.exemption.words}"
            yield from wrapped(words, Role.URGENT, first="  ", rest="  ", width=width)
        if found is not None:
            yield from _counterexample(one, found, width)
            yield Line("")
    yield Line(summary(searched), Role.URGENT if broken(searched) else Role.STRONG)


def tried(one: Searched) -> str:
    """Return to how many clients a law was put, as a sentence."""
    if one.counterexample is not None:
        return f"Found at the {_ordinal(one.clients)} client it was put to, then made as small as can be."
    if one.says_nothing:
        return "No client was found to whom it could be put: look at `where`, or write a case with such a client."
    looked = (
        f"By all of {one.clients} clients it was put to." if one.clients != 1 else "By the one client it was put to."
    )
    return f"{looked} Time was over before there were as many as asked for." if one.stopped else looked


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _counterexample(one: Searched, found: Counterexample, width: int) -> Iterator[Line]:
    parts = (
        ("The client", story_lines(found.before.client)),
        ("The change", (found.changed.words,)),
        ("What the law does not allow", tuple(breach.words for breach in found.breaches)),
        ("No longer said", _only(found, gone=True)),
        ("Said instead", _only(found, gone=False)),
        ("Why there is this law", (one.law.why,)),
    )
    for heading, lines in parts:
        if lines:
            yield Line(f"{SECTION}{heading}", Role.STRONG)
        for line in lines:
            yield from wrapped(line, first=f"{SECTION}  ", rest=f"{SECTION}    ", width=width)


def _only(found: Counterexample, *, gone: bool) -> tuple[str, ...]:
    """Return what only one of the two guidances says; a law that compares all of it has said so already."""
    if any(breach.promise.subject == "guidance" for breach in found.breaches):
        return ()
    was, now = told(found.before.guidance), told(found.after.guidance)
    these, those = (was, now) if gone else (now, was)
    return tuple(line for line in these if line not in those)


def summary(searched: Sequence[Searched]) -> str:
    """Return how many laws there are and how they fared."""
    count = "1 law" if len(searched) == 1 else f"{len(searched)} laws"
    wrong = sum(one.counterexample is not None for one in searched)
    untried = sum(one.says_nothing for one in searched)
    if not wrong and not untried:
        return f"{count}, none broken by any client that was found."
    return (
        ", ".join([count, *([f"{wrong} broken"] if wrong else []), *([f"{untried} not tried"] if untried else [])])
        + "."
    )


def law_document(searched: Sequence[Searched]) -> dict[str, object]:
    """Return how laws fared as JSON values, each client as a document that can be evaluated."""
    return {"laws": [_told(one) for one in searched], "broken": len(broken(searched))}


def _told(one: Searched) -> dict[str, object]:
    found = one.counterexample
    head: dict[str, object] = {
        "law": one.law.id,
        "title": one.law.title,
        "file": one.law.file,
        "clients": one.clients,
        "stopped": one.stopped,
        "known_gap": None if one.left_out is None else one.left_out.exemption.words,
        "kept": found is None and not one.says_nothing,
    }
    if found is None:
        return head
    return {
        **head,
        "change": found.changed.words,
        "breaches": [
            {"about": breach.promise.name or breach.promise.subject, "words": breach.words} for breach in found.breaches
        ],
        "story": list(story_lines(found.before.client)),
        "before": client_document(found, after=False),
        "after": client_document(found, after=True),
    }


def client_document(found: Counterexample, *, after: bool) -> dict[str, object]:
    """Return the client before or after the change, as a document that names its day."""
    changed = found.changed
    document, day = (changed.document, changed.as_of) if after else (found.document, found.as_of)
    return {**document, "as_of": day.isoformat()}
