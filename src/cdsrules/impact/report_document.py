"""The impact of a change of rules as a JSON document, the shape of `impact.schema.json`."""

from __future__ import annotations

from collections.abc import Mapping

from cdsrules.impact.alert_load import AlertLoad
from cdsrules.impact.comparing import Stand, Touched, Turned
from cdsrules.impact.imagined import Imagined, NotFound
from cdsrules.impact.in_full import InFull
from cdsrules.impact.report_text import not_found_in_words
from cdsrules.impact.result import Impact
from cdsrules.impact.rule_changes import RuleChange, Side
from cdsrules.impact.typical import HOW
from cdsrules.impact.words import in_words

SCHEMA_VERSION = "1.0"


def impact_document(impact: Impact) -> dict[str, object]:
    """Return the whole report as JSON values, in a fixed order of keys."""
    return {
        "schema_version": SCHEMA_VERSION,
        "before": impact.names[0],
        "after": impact.names[1],
        "safety_lost": [_name(one) for one in impact.safety_lost],
        "counted": {
            "compared": impact.counted,
            "changed": len(impact.touched),
            "same": impact.counted - len(impact.touched),
            "not_compared": len(impact.unread),
        },
        "rules": [_rule(one) for one in impact.differences.rules.values()],
        "vocabulary": list(impact.differences.vocabulary),
        "causes": dict(impact.clients_by_cause().most_common()),
        "changes": [{**_turned(turned), "clients": number} for turned, number in impact.by_change],
        "alert_load": {"before": _load(impact.loads[0]), "after": _load(impact.loads[1])},
        "clients": [{**_name(one), "changes": [_turned(each) for each in one.turned]} for one in impact.touched],
        "typical": {"how": HOW, "clients": [_full(one) for one in impact.typical]},
        "imagined": _imagined(impact.imagined),
        "not_compared": [{"name": one.name, "problems": list(one.problems)} for one in impact.unread],
    }


def _name(one: Touched) -> dict[str, object]:
    return {"name": one.name, "client": one.client, "as_of": one.as_of.isoformat()}


def _rule(change: RuleChange) -> dict[str, object]:
    return {
        "rule": change.rule,
        "rulebook": change.rulebook,
        "title": change.title,
        "became": change.became,
        "what": list(change.what),
        "before": _side(change.before),
        "after": _side(change.after),
    }


def _side(side: Side | None) -> Mapping[str, str] | None:
    return None if side is None else {"status": side.status.value, "in_words": side.words}


def _turned(turned: Turned) -> dict[str, object]:
    return {
        "turn": turned.turn,
        "verb": turned.verb,
        "target": turned.target,
        "title": turned.title,
        "in_words": in_words(turned),
        "before": _stand(turned.before),
        "after": _stand(turned.after),
        "what": list(turned.what),
        "causes": list(turned.causes),
        "safety": turned.is_safety,
        "safety_lost": turned.is_safety_lost,
    }


def _stand(stand: Stand | None) -> dict[str, object] | None:
    return None if stand is None else stand._asdict()


def _load(load: AlertLoad) -> dict[str, object]:
    return {
        "looks": load.looks,
        "sessions": load.sessions,
        "items": {sort.value: number for sort, number in load.items.items()},
        "per_100_sessions": {sort.value: round(load.rate(sort), 2) for sort in load.items},
        "looks_by_rule": dict(sorted(load.rules.items())),
    }


def _full(full: InFull) -> dict[str, object]:
    return {
        "name": full.name,
        "client": full.client,
        "as_of": full.as_of.isoformat(),
        "changes": [_turned(one) for one in full.turned],
        "before": list(full.before),
        "after": list(full.after),
        "behind": [
            {
                "rule": one.change.rule,
                "before": {"outcome": one.before.outcome, "facts": list(one.before.facts)},
                "after": {"outcome": one.after.outcome, "facts": list(one.after.facts)},
            }
            for one in full.behind
        ],
        "vocabulary": list(full.other),
    }


def _imagined(found: Imagined | NotFound) -> dict[str, object]:
    if isinstance(found, NotFound):
        return {"found": False, "tried": found.tried, "said": not_found_in_words(found)}
    return {
        "found": True,
        "tried": found.tried,
        "origin": found.origin,
        "is_smallest": found.is_smallest,
        "document": dict(found.document),
        "in_full": _full(found.full),
    }
