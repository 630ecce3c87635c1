"""What changes for a client, in words for a reader."""

from __future__ import annotations

from typing import Final

from cdsrules.guidance.changes import Place
from cdsrules.impact.comparing import Stand, Turned

_KINDS: Final = {"recommends": "recommendation", "cautions": "caution", "finds": "finding"}
_PLACES: Final = {
    Place.FIRST.value: "the first step",
    Place.MORE.value: "a further step that is shown",
    Place.FOLDED.value: "a step that is folded away",
    Place.SAFETY.value: "must not wait",
    Place.CAUTION.value: "holds",
    Place.NOT_RULED_OUT.value: "cannot be ruled out",
    Place.SEEN.value: "seen",
}
_TURNS: Final = {"lost": "Lost", "gained": "Gained", "changed": "Changed"}


def in_words(turned: Turned) -> str:
    """Return one change as a phrase: `Gained: recommendation “Talk it over” (the first step)`."""
    return f"{_TURNS[turned.turn]}: {_named(turned)}{_detail(turned)}"


def in_words_for_many(turned: Turned) -> str:
    """Return a change that many clients have as a phrase, without where it stands for one of them."""
    return f"{_TURNS[turned.turn]}: {_named(turned)}"


def _named(turned: Turned) -> str:
    stands = (turned.before, turned.after)
    if any(one is not None and one.place == Place.RISK_LINE.value for one in stands):
        return "the line on risk that is not recorded"
    if turned.verb is None:
        return f"the answer to “{turned.title}”"
    kind = "safety item" if turned.is_safety else _KINDS[turned.verb]
    return f"{kind} “{turned.title}”"


def _detail(turned: Turned) -> str:
    before, after = turned.before, turned.after
    if before is not None and after is not None:
        return f" ({'; '.join(_aspect(name, before, after) for name in turned.what)})"
    one = before or after
    return "" if one is None or one.place not in _PLACES or turned.is_safety else f" ({_PLACES[one.place]})"


def _aspect(name: str, before: Stand, after: Stand) -> str:
    match name:
        case "place":
            return f"{_PLACES.get(before.place, before.place)} → {_PLACES.get(after.place, after.place)}"
        case "tier":
            return f"tier {before.tier} → {after.tier}"
        case "rule":
            return f"rule {before.rule or 'none'} → {after.rule or 'none'}"
        case "order":
            return f"place {before.number + 1} → {after.number + 1}"
        case "answer":
            return "other words" if before.place == Place.RISK_LINE.value else f"{before.says} → {after.says}"
        case _:
            return {"words": "other words", "standing": "now or then"}.get(name, name)
