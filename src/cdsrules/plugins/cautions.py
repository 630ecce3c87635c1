"""Cautions of plugins beside those of rules: items like any other, which take nothing away and soften nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Final, NamedTuple

from cdsrules.guidance.explain import cite_source
from cdsrules.guidance.proposals import sentence
from cdsrules.model.condition import Proposed
from cdsrules.model.explanation import Explanation, Grounds, Told
from cdsrules.model.guidance import Guidance, Item, ProposalAnswer, ProposalWords, Standing, Verdict
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Rule, Tier, Verb, Wording
from cdsrules.model.source import Source
from cdsrules.model.text import Text
from cdsrules.plugins.asking import Answer, Failure
from cdsrules.plugins.measures import Forbidden
from cdsrules.plugins.offers import Caution

_NAME: Final = re.compile("[a-z][a-z0-9]*([._-][a-z0-9]+)*")
_LONGEST: Final = 2_000
_TEXTS: Final = ("title", "clinician", "why", "first_do")


class Added(NamedTuple):
    """A caution that is fit to be shown, and the plugin that says it."""

    plugin: str
    version: str
    caution: Caution


def fit(
    answers: Iterable[Answer[tuple[Caution, ...]]],
    versions: Mapping[str, str],
    proposed: Iterable[str],
    forbidden: Forbidden,
) -> tuple[tuple[Added, ...], tuple[Failure, ...]]:
    """Return the cautions that are fit to be shown, and a sentence for each that is not."""
    actions = frozenset(proposed)
    added: dict[tuple[str, str, str], Added] = {}
    failures: list[Failure] = []
    for plugin, cautions in answers:
        for one in cautions:
            fault = _fault_of(one, actions, forbidden)
            if fault is None and (plugin, one.action, one.name) in added:
                fault = "it says so twice"
            if fault is None:
                added[plugin, one.action, one.name] = Added(plugin, versions[plugin], one)
            else:
                failures.append(Failure(plugin, f"A caution of the plugin {plugin} is left out: {fault}."))
    return tuple(added.values()), tuple(failures)


def _fault_of(one: Caution, proposed: frozenset[str], forbidden: Forbidden) -> str | None:
    """Return why a caution cannot be shown; what it says is not repeated."""
    held: Mapping[str, object] = {each.name: getattr(one, each.name) for each in fields(one)}
    if held["action"] not in proposed:
        return "it is against something that is not proposed"
    if not isinstance(held["name"], str) or _NAME.fullmatch(held["name"]) is None:
        return "its `name` is to be small letters and figures, with hyphens between words"
    if not isinstance(held["source"], Source):
        return "its `source` is to be a Source"
    said = [name for name in _TEXTS if name != "first_do" or held[name] is not None]
    return next((f"its `{name}` {fault}" for name in said if (fault := _unprintable(held[name], forbidden))), None)


def _unprintable(text: object, forbidden: Forbidden) -> str | None:
    """Return why something cannot be printed in a caution."""
    if not isinstance(text, str) or not text.strip() or not text.isprintable() or len(text) > _LONGEST:
        return f"is to be a text on one line, of at most {_LONGEST} characters"
    return forbidden(text)


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
        sources=(caution.source.id,),
        tier=Tier.REVIEW,
    )
    told = Told(caution.clinician, None, None, caution.why, (), Lazy(partial(_grounds, guidance.client_id, one)))
    return Item(
        rule=rule,
        action=caution.action,
        title=caution.title,
        standing=Standing.NOW,
        waits_for=(),
        also=(),
        beside=False,
        told=Lazy(lambda: told),
    )


def _plain(text: str) -> Text:
    return Text(text, (text,))


def _grounds(client_id: str, one: Added) -> Grounds:
    """Return what a caution stands on: it is the same item as long as the plugin says the same."""
    caution = one.caution
    text = repr((client_id, one.plugin, caution.name, caution.action, caution.clinician, caution.why))
    explanation = Explanation(
        rule_in_words=f"Said by the plugin {one.plugin} {one.version}, not by a rule.",
        facts=(),
        guards=(),
        missing=(),
        would_change=(),
        sources=(cite_source(caution.source),),
        parameters=(),
        evidence=None,
    )
    return Grounds(hashlib.sha256(text.encode()).hexdigest()[:16], explanation)
