"""Cautions of plugins beside those of rules: items like any other, which take nothing away and soften nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Final, NamedTuple

from cdsrules.frozen import frozen
from cdsrules.guidance.phrases import cite_source
from cdsrules.guidance.proposals import sentence
from cdsrules.model.condition import Proposed
from cdsrules.model.explanation import Explanation, Grounds, Told
from cdsrules.model.guidance import Guidance, Item, ProposalAnswer, ProposalWords, Standing, Verdict
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Rule, Tier, Verb, Wording
from cdsrules.model.source import Grade, Source
from cdsrules.model.text import Text
from cdsrules.plugins import reading
from cdsrules.plugins.offers import Caution
from cdsrules.plugins.printable import LONGEST_NAME, Forbidden, unprintable

_NAME: Final = re.compile("[a-z][a-z0-9]*([._-][a-z0-9]+)*")


class Added(NamedTuple):
    """A caution that is fit to be shown, and the plugin that says it."""

    plugin: str
    version: str
    caution: Caution


@frozen
class Fit:
    """The cautions of one plugin that are fit to be shown, and what is wrong with each of the others."""

    cautions: tuple[Caution, ...]
    faults: tuple[str, ...]

    def __len__(self) -> int:
        """How many there are to be shown."""
        return len(self.cautions)


def fit(answer: object, proposed: Collection[str], forbidden: Forbidden) -> Fit:
    """Return what a plugin answered, as far as it is fit to be shown. Raises `Unusable` where it is no cautions."""
    good: dict[tuple[str, str], Caution] = {}
    faults: list[str] = []
    for one in reading.cautions(answer):
        fault = _fault_of(one, proposed, forbidden)
        if fault is None and (one.action, one.name) in good:
            fault = "it says so twice"
        if fault is None:
            good[one.action, one.name] = one
        else:
            faults.append(fault)
    return Fit(tuple(good.values()), tuple(faults))


def _fault_of(one: Caution, proposed: Collection[str], forbidden: Forbidden) -> str | None:
    """Return why a caution cannot be shown; what it says is not repeated."""
    held: Mapping[str, object] = {each.name: getattr(one, each.name) for each in fields(one)}
    name, source = held["name"], held["source"]
    if type(held["action"]) is not str or held["action"] not in proposed:
        return "it is against something that is not proposed"
    if type(name) is not str or _NAME.fullmatch(name) is None or len(name) > LONGEST_NAME:
        letters = "small letters and figures, with hyphens between words"
        return f"its `name` is to be {letters}, of at most {LONGEST_NAME} characters"
    if type(source) is not Source or type(source.grade) is not Grade or unprintable(source.id, forbidden):
        return "its `source` is to be a Source with an id, a title and a grade"
    said = {f"`{each}`": held[each] for each in ("title", "clinician", "why")}
    said |= {f"`{each}`": held[each] for each in ("first_do",) if held[each] is not None}
    # The title of what is cited stands as it was published: it is held to be a text, and no more.
    faults = [f"its {each} {why}" for each, text in said.items() if (why := unprintable(text, forbidden))]
    faults += ["its `source` has no title"] if unprintable(source.title, lambda _: None) else []
    faults += ["its `publisher` is no text"] if unprintable(source.publisher or "-", lambda _: None) else []
    return next(iter(faults), None)


def with_cautions(guidance: Guidance, added: Sequence[Added]) -> Guidance:
    """Return the guidance with further cautions in its answers to what is proposed; everything else stays."""
    if not added:
        return guidance
    answers = [
        _with(answer, guidance, [one for one in added if one.caution.action == answer.action])
        for answer in guidance.proposals
    ]
    return replace(guidance, proposals=tuple(answers))


def _with(answer: ProposalAnswer, guidance: Guidance, added: Sequence[Added]) -> ProposalAnswer:
    """Return an answer with further cautions: as strict as it was, or stricter."""
    if not added:
        return answer
    lifted = all(one.caution.first_do is not None for one in added) and answer.verdict is not Verdict.RECONSIDER
    verdict = Verdict.FIRST_DO if lifted else Verdict.RECONSIDER
    items = tuple([_item(guidance, one) for one in added])
    return answer._replace(
        verdict=verdict,
        cautions=(*answer.cautions, *items),
        checked=(*answer.checked, *(item.rule.id for item in items)),
        told=Lazy(partial(_told, answer, verdict, tuple(added))),
    )


def _told(answer: ProposalAnswer, verdict: Verdict, added: tuple[Added, ...]) -> ProposalWords:
    said = answer.told.value
    further = (one.caution.first_do for one in added if one.caution.first_do is not None)
    first_do = tuple(dict.fromkeys((*said.first_do, *further)))
    stays = answer.verdict is Verdict.RECONSIDER
    words = said.sentence if stays else sentence(verdict, first_do, waits=False)
    return ProposalWords(words, first_do, said.to_check)


def _item(guidance: Guidance, one: Added) -> Item:
    """Return a caution as an item: its rule names the plugin, and can bear no name that a rule of a file bears."""
    caution = one.caution
    rule = Rule(
        id=f"{one.plugin}:{caution.name}",
        rulebook=f"plugin:{one.plugin}",
        verb=Verb.CAUTIONS,
        target=caution.action,
        when=Proposed(caution.action),
        title=caution.title,
        say=Wording(_plain(caution.clinician), why=_plain(caution.why)),
        sources=(f"{one.plugin}:{caution.source.id}",),  # a rulebook may have a source of the same id
        tier=Tier.REVIEW,
    )
    return Item(
        rule=rule,
        action=caution.action,
        title=caution.title,
        standing=Standing.NOW,
        waits_for=(),
        also=(),
        beside=False,
        grounds=Lazy(_grounds, guidance.client_id, one),
        told=Lazy(Told, caution.clinician, None, None, caution.why, ()),
    )


def _plain(text: str) -> Text:
    return Text(text, (text,))


def _grounds(client_id: str, one: Added) -> Grounds:
    """Return what a caution stands on: it is the same item as long as the plugin says the same."""
    caution = one.caution
    text = repr((client_id, one.plugin, caution.name, caution.action, caution.clinician, caution.why))
    return Grounds(hashlib.sha256(text.encode()).hexdigest()[:16], Lazy(_explanation, one))


def _explanation(one: Added) -> Explanation:
    return Explanation(
        rule_in_words=f"Said by the plugin {one.plugin} {one.version}, not by a rule.",
        facts=(),
        guards=(),
        missing=(),
        would_change=(),
        sources=(cite_source(one.caution.source),),
        parameters=(),
        evidence=None,
    )
