"""Guidance as CDS Hooks cards: signs of risk first, then what is proposed, then one thing and at most three more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID

from cdsrules.model.guidance import Guidance, Item, ProposalAnswer
from cdsrules.model.guidance_document import Json
from cdsrules.model.rulebook import Tier
from cdsrules.model.saying import say_date
from cdsrules.model.time import after
from cdsrules.records.feedback import REASONS
from cdsrules.rendering.reasons import fact_in_words
from cdsrules.rendering.remembered import notes_on, put_off_line
from cdsrules.service.cited import Sources
from cdsrules.service.markdown import escaped, listed, shortened
from cdsrules.service.not_known import not_known

Card = dict[str, Json]

_INDICATORS: Final[Mapping[Tier, str]] = {Tier.SAFETY: "critical", Tier.DETERIORATION: "warning"}
REASON_SYSTEM: Final = "https://cdsrules.example/override-reasons"

_EXPLANATION: Final = "The whole guidance, and what is behind it"
_CARD_VERSION: Final = 8
_UNKNOWN: Final = sha256(b"what is not known").hexdigest()[:16]
_DRAFTED: Final = sha256(b"what is drafted").hexdigest()[:16]
_MOST_DRAFTS: Final = 12
_NOT_JUDGED: Final = "That no caution stands here does not mean that there is none."
_PUT_OFF: Final = sha256(b"what was put off").hexdigest()[:16]
PUT_OFF_UNTIL: Final = "put-off-until-"
"""What the code of a reason begins with that puts an item off; the day comes after it."""


def card_id(instance: str, item: str) -> str:
    """Return the UUID of an item's card in one call of a hook: the same call and item give the same one.

    It is a UUID of version 8 that carries the item's 64 bits, so that feedback on a card tells
    the item by itself; the rest is a digest of the call.
    """
    return _card_id(_digest_of(instance), item)


def _digest_of(instance: str) -> int:
    """What the cards of one call share in their UUID, in 58 bits."""
    return int.from_bytes(sha256(instance.encode()).digest()[:8]) >> 6


def _card_id(call: int, item: str) -> str:
    """The UUID of an item, whose id is 16 hexadecimal digits as `Item.id` says, in a call known by its digest."""
    last = f"{0b10 << 62 | int(item[15], 16) << 58 | call:016x}"
    return f"{item[:8]}-{item[8:12]}-{_CARD_VERSION}{item[12:15]}-{last[:4]}-{last[4:]}"


def item_of_card(card: str) -> str | None:
    """Return the id of the item that a card's UUID carries; None for a UUID that is none of ours."""
    number = UUID(card)
    if number.version != _CARD_VERSION:
        return None
    whole = number.int
    high = (whole >> 80) << 12 | (whole >> 64 & 0xFFF)
    return f"{(high << 4) | (whole >> 58 & 0xF):016x}"


def cards_of(
    guidance: Guidance,
    instance: str,
    *,
    sources: Sources,
    drafts: Mapping[str, tuple[str, ...]],
    unread_drafts: Sequence[str] = (),
    explanation: str | None = None,
) -> list[Card]:
    """Return the cards of a guidance, those first that must not wait; none when there is nothing to say.

    `instance` is the hook's, `sources` those of the rulebooks, `drafts` names for a
    proposed action the draft orders that propose it ("ServiceRequest/1"); `unread_drafts` says in sentences which were
    not understood. `explanation` is the address
    of a page with everything that is behind the cards, where there is one.
    """
    maker = _Maker(guidance, instance, sources, drafts, unread_drafts)
    cards = [maker.item(item, (*guidance.local_for(item), *guidance.local)) for item in guidance.safety]
    alarming = bool(guidance.unread.pressing)
    if alarming:
        cards += maker.unknown(has_page=explanation is not None)
    cards += maker.unread_drafts()
    cards += [card for answer in guidance.proposals for card in maker.proposal(answer)]
    cards += [maker.item(item) for item in (guidance.first, *guidance.more) if item is not None]
    cards += maker.put_off()
    if not alarming and (cards or guidance.risk_line):
        cards += maker.unknown(has_page=explanation is not None)
    if explanation is None:
        return cards
    links: list[Json] = [{"label": _EXPLANATION, "url": explanation, "type": "absolute"}]
    return [{**card, "links": links} for card in cards]


class _Maker:
    """What every card of one call shares."""

    def __init__(
        self,
        guidance: Guidance,
        instance: str,
        sources: Sources,
        drafts: Mapping[str, tuple[str, ...]],
        unread_drafts: Sequence[str],
    ) -> None:
        self._guidance = guidance
        self._instance = instance
        self._call = _digest_of(instance)
        self._sources = sources
        self._drafts = drafts
        self._unread_drafts = unread_drafts

    def item(self, item: Item, local: tuple[str, ...] = ()) -> Card:
        """An item: what was seen and what to consider, what the site has for it, why, on what, what would change it."""
        waits = [f"Waits for: {escaped('; '.join(wait.words for wait in item.waits_for))}."] if item.waits_for else []
        here = ["\n".join(f"* {escaped(one)}" for one in local)] if local else []
        return self._card(item, f"{item.title}: {item.text}", [escaped(item.text), *here, *waits, *self._grounds(item)])

    def put_off(self) -> Iterator[Card]:
        """One card on what is not shown since somebody put it off, where anything is."""
        said = put_off_line(self._guidance)
        if said is not None:
            yield self._aside(_PUT_OFF, "cdsrules: what was put off", said, said)

    def unread_drafts(self) -> Iterator[Card]:
        """One card on what is drafted and not advised on, where anything is: silence would look like leave."""
        if self._unread_drafts:
            said = self._unread_drafts[:_MOST_DRAFTS]
            more = len(self._unread_drafts) - len(said)
            rest = [f"And {more:,} more that nothing is said on."] if more else []
            summary = f"There is no advice on a draft. {said[0]}"
            yield self._aside(_DRAFTED, "cdsrules: what is drafted", summary, *said, *rest, _NOT_JUDGED)

    def proposal(self, answer: ProposalAnswer) -> Iterator[Card]:
        """The cautions on what is drafted, those that hold and those that cannot be decided yet."""
        for item in answer.cautions:
            said = [escaped(item.text), escaped(answer.words), *self._grounds(item)]
            yield self._with_way_back(self._card(item, f"{item.title}: {item.text}", said), item, answer)
        for item in answer.open:
            missing = [_sentence(one) for one in answer.to_check]
            told = f"**Not decided yet. If this applies:** {escaped(item.text)}"
            said = [told, *listed("To check first:", missing), *self._grounds(item)]
            yield self._with_way_back(self._card(item, f"Cannot be ruled out: {item.title}", said), item, answer)

    def _grounds(self, item: Item) -> Iterator[str]:
        """Why an item is said: in a sentence, by the facts it rests on, and what would change it."""
        explanation = item.explanation
        if item.told.value.why:
            yield f"**Why:** {escaped(item.told.value.why)}"
        yield from listed("It rests on:", map(fact_in_words, explanation.facts))
        yield from listed("It would change if:", explanation.would_change)
        yield from self._sources.all_of(item)

    def _with_way_back(self, card: Card, item: Item, answer: ProposalAnswer) -> Card:
        """A card from which the draft can be taken back, where there is one."""
        drafts = self._drafts.get(answer.action, ())
        if drafts:
            alone = len(drafts) == 1
            card["suggestions"] = [self._take_back(item, answer, draft, alone=alone) for draft in drafts]
            card["selectionBehavior"] = "at-most-one"
        return card

    def unknown(self, *, has_page: bool) -> Iterator[Card]:
        """One card on what is not known, where anything is; it warns of what somebody has to look at."""
        said = not_known(self._guidance, has_page=has_page, but=self._unread_drafts)
        if said:
            pressing = self._guidance.unread.pressing
            first = " ".join(said[: len(pressing)]) or said[0]
            card = self._aside(_UNKNOWN, "cdsrules: what is not known", first, *said)
            yield card | {"indicator": "warning"} if pressing else card

    def _aside(self, name: str, label: str, summary: str, *said: str) -> Card:
        """A card that is about no item."""
        return {
            "uuid": _card_id(self._call, name),
            "summary": shortened(summary),
            "indicator": "info",
            "source": self._sources.of_ours(label),
            "detail": "\n".join(f"* {escaped(one)}" for one in said),
        }

    def _card(self, item: Item, summary: str, paragraphs: Iterable[str]) -> Card:
        first, *others = paragraphs
        before = [escaped(note) for note in notes_on(self._guidance, item)]
        return {
            "uuid": _card_id(self._call, item.id),
            "summary": shortened(summary),
            "indicator": _INDICATORS.get(item.tier, "info"),
            "source": self._sources.of(item),
            "detail": "\n\n".join([first, *before, *others]),
            "overrideReasons": [*_REASONS, *self._later(item)],
        }

    def _later(self, item: Item) -> Iterator[Json]:
        """What puts an item off until the last day that its rule allows, where it may be put off."""
        longest = item.rule.snooze
        if longest is not None and not item.rule.is_safety:
            until = after(self._guidance.as_of, longest)
            yield _reason(f"{PUT_OFF_UNTIL}{until.isoformat()}", f"Later: put it off until {say_date(until)}.")

    def _take_back(self, item: Item, answer: ProposalAnswer, draft: str, *, alone: bool) -> Json:
        which = "the draft" if alone else f"the draft {draft}"
        label = f"Take back {which} ({self._sources.library.vocabulary.actions[answer.action].name})"
        described = f"Deletes this draft and nothing else: {draft}."
        action = {"type": "delete", "description": described, "resourceId": draft}
        return {"label": shortened(label), "uuid": card_id(f"{self._instance}/{draft}", item.id), "actions": [action]}


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _reason(code: str, display: str) -> Json:
    """One reason to pass an item over, as a card names it."""
    return {"code": code, "system": REASON_SYSTEM, "display": display}


_REASONS: Final = tuple(_reason(code, display) for code, display in REASONS.items())
