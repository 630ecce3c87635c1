"""Guidance as a JSON document, the shape of `guidance.schema.json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from cdsrules.model.attention import Attention
    from cdsrules.model.explanation import Cited, Explanation
    from cdsrules.model.facts import Evidence
    from cdsrules.model.guidance import FindingState, Guidance, Item, ProposalAnswer, Shadow
    from cdsrules.model.unknowns import Questions, Undecided

GUIDANCE_VERSION = "1.0"

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | bool | None"

# A document names a hundred members of enumerations: `_value_` is where each holds its value, and the way by `value`
# takes Python 3.11 several times as long.
_TRUTH = {True: "true", False: "false", None: "unknown"}


def document_of(guidance: Guidance) -> dict[str, Json]:
    """Return the whole guidance, in a fixed order of keys."""
    pathway = guidance.pathway
    attention = {} if guidance.attention is None else {"attention": _attention(guidance.attention)}
    in_shadow = {} if guidance.shadow is None else {"shadow": _shadow(guidance.shadow)}
    return {
        "schema_version": GUIDANCE_VERSION,
        "client": {"id": guidance.client_id},
        "as_of": guidance.as_of.isoformat(),
        "frame": guidance.frame,
        "safety": [{**_item(item), **_local(guidance, item)} for item in guidance.safety],
        "local": list(guidance.local),
        "site": None if guidance.site is None else guidance.site.document(),
        "risk_line": guidance.risk_line,
        "findings": _findings(guidance.findings),
        "speaking": [_item(item) for item in guidance.speaking],
        "pathway": {
            "first": guidance.first.id if guidance.first else None,
            "more": [item.id for item in guidance.more],
            "now": [_item(item) for item in pathway.now],
            "then": [_item(item) for item in pathway.then],
            "settled": [
                {
                    "action": step.action,
                    "name": step.name,
                    "how": step.how,
                    "on": step.on.isoformat(),
                    "words": step.words,
                }
                for step in pathway.settled
            ],
        },
        "proposals": [_proposal(answer) for answer in guidance.proposals],
        "cannot_rule_out": _undecided(guidance.cannot_rule_out),
        "undecided": _undecided(guidance.undecided),
        "ask_next": _questions(guidance.ask_next),
        "notices": list(guidance.notices),
        "engine": {
            "name": guidance.engine.name,
            "verified": guidance.engine.verified,
            "notice": guidance.engine.notice,
        },
        "rulebooks": [
            {"id": book.id, "version": book.version, "status": book.status, "title": book.title}
            for book in guidance.rulebooks
        ],
        "content_hash": guidance.content_hash,
        "plugins": [{"name": name, "version": version} for name, version in guidance.plugins],
        **({} if guidance.rules_alone is None else {"rules_hash": guidance.rules_alone}),
        **attention,
        **in_shadow,
    }


def _local(guidance: Guidance, item: Item) -> dict[str, Json]:
    words = guidance.local_for(item)
    return {"local": list(words)} if words else {}


def _attention(attention: Attention) -> Json:
    return {
        "known": [
            {"item": item, "since": one.first.isoformat(), "last": one.last.isoformat(), "times": one.times}
            for item, one in attention.known.items()
        ],
        "put_off": [
            {"item": _item(one.item), "on": one.on.isoformat(), "until": one.until.isoformat(), "reason": one.reason}
            for one in attention.put_off
        ],
        "back": [{"item": item, "because": because} for item, because in attention.back.items()],
    }


def _shadow(shadow: Shadow) -> Json:
    return {
        "holding": list(shadow.holding),
        "undecided": list(shadow.undecided),
        "items": [_item(item) for item in shadow.items],
        "gone": [_item(item) for item in shadow.gone],
        "findings": _findings(shadow.findings),
    }


def _findings(states: Sequence[FindingState]) -> Json:
    return [
        {
            "finding": state.finding,
            "title": state.title,
            "tier": state.tier._value_,
            "truth": _TRUTH[state.truth],
            "rules": [*state.rules],
        }
        for state in states
    ]


def _item(item: Item) -> dict[str, Json]:
    told = item.told.value
    return {
        "id": item.id,
        "rule": item.rule.id,
        "rulebook": item.rule.rulebook,
        "verb": item.rule.verb._value_,
        "action": item.action,
        "title": item.title,
        "tier": item.rule.tier._value_,
        "standing": item.standing._value_,
        "beside": item.beside,
        "waits_for": [{"action": wait.action, "words": wait.words} for wait in item.waits_for],
        "also": list(item.also),
        "snooze": None if item.rule.snooze is None else str(item.rule.snooze),
        "text": {
            "clinician": told.clinician,
            "supervisor": told.supervisor,
            "client": told.client,
            "why": told.why,
        },
        "exceptions": list(told.exceptions),
        "requirement": list(item.rule.requirement),
        "explanation": _explanation(item.explanation),
    }


def _explanation(explanation: Explanation) -> Json:
    return {
        "rule_in_words": explanation.rule_in_words,
        "facts": [_cited(fact) for fact in explanation.facts],
        "guards": [_cited(fact) for fact in explanation.guards],
        "missing": list(explanation.missing),
        "would_change": list(explanation.would_change),
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "grade": source.grade,
                "publisher": source.publisher,
                "note": source.note,
            }
            for source in explanation.sources
        ],
        "parameters": [
            {
                "name": parameter.name,
                "value": parameter.value,
                "source": parameter.source,
                "why": parameter.why,
                "note": parameter.note,
            }
            for parameter in explanation.parameters
        ],
        "evidence": explanation.evidence,
    }


def _cited(fact: Cited) -> Json:
    return {
        "fact": fact.fact,
        "words": fact.words,
        "value": fact.value,
        "known": fact.known,
        "records": [_record(one) for one in fact.evidence],
    }


def _record(evidence: Evidence) -> Json:
    day = evidence.on.isoformat() if evidence.on is not None else None
    return {"path": evidence.path, "label": evidence.label, "on": day}


def _proposal(answer: ProposalAnswer) -> Json:
    return {
        "action": answer.action,
        "name": answer.name,
        "verdict": answer.verdict.value,
        "words": answer.words,
        "first_do": list(answer.first_do),
        "to_check": list(answer.to_check),
        "cautions": [_item(item) for item in answer.cautions],
        "open": [_item(item) for item in answer.open],
        "supported_by": [_item(item) for item in answer.supported_by],
        "checked": list(answer.checked),
    }


def _undecided(rules: Sequence[Undecided]) -> Json:
    return [
        {
            "rule": rule,
            "title": title,
            "verb": verb._value_,
            "target": target,
            "missing": [*wanting.value[rule]],
        }
        for rule, title, verb, target, wanting in rules
    ]


def _questions(questions: Questions) -> Json:
    return {
        "questions": [
            {
                "facts": list(one.facts),
                "ask": one.ask,
                "because": list(one.because),
                "could_change": list(one.could_change),
            }
            for one in questions.questions
        ],
        "bound": questions.bound,
    }
