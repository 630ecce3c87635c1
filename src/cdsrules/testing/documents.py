"""Client documents from what a cases file writes down: short forms, and variations on a client.

A state is a client-state document in which five short forms may stand for longer lists:

    scores:    {phq-9: {2026-01-05: 17, 2026-02-02: {score: 16, items: {9: 0}}}}
    done:      {consultation: 2026-03-03}          # several days: [2026-01-12, 2026-03-03]
    declined:  {medication_evaluation: 2026-05-18}
    rescinded: {medication_evaluation: 2026-06-01}
    proposes:  {referral: {discussed: false}}

An empty short form (`done: {}`) is an empty list in the document: recorded, and nothing
happened. One that is left out leaves the list out: not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cdsrules.loading.tree import Plain

ACTION_FORMS: Final = ("done", "declined", "rescinded")
SHORT_FORMS: Final = ("scores", *ACTION_FORMS, "proposes")
SCHEMA_VERSION: Final = "1.0"


def varied(state: Mapping[str, Plain], changes: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return the state with changes laid over it: groups merge, `null` takes away, all else replaces.

    >>> varied({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": None, "e": 3}, "d": []})
    {'a': {'c': 2, 'e': 3}, 'd': []}
    """
    result = dict(state)
    for key, change in changes.items():
        present = result.get(key)
        if change is None:
            result.pop(key, None)
        elif isinstance(change, dict):
            result[key] = varied(present if isinstance(present, dict) else {}, change)
        else:
            result[key] = change
    return result


def document_of(state: Mapping[str, Plain], client_id: str) -> dict[str, object]:
    """Return the client-state document that a state stands for.

    >>> state = {"treatment": {"started_on": "2026-01-05"}, "done": {"consultation": "2026-03-03"}}
    >>> document_of(state, "c")["actions"]
    [{'action': 'consultation', 'date': '2026-03-03', 'status': 'done'}]
    """
    document: dict[str, object] = {"schema_version": SCHEMA_VERSION}
    document.update({key: value for key, value in state.items() if key not in SHORT_FORMS})
    document["client"] = {"id": client_id, **_group(state, "client")}
    if "scores" in state:
        document["measures"] = [*_list(state, "measures"), *_measures(_group(state, "scores"))]
    if any(form in state for form in ACTION_FORMS):
        document["actions"] = [*_list(state, "actions"), *_actions(state)]
    if "proposes" in state:
        document["proposed_actions"] = [*_list(state, "proposed_actions"), *_proposals(_group(state, "proposes"))]
    return document


def _group(state: Mapping[str, Plain], key: str) -> Mapping[str, Plain]:
    value = state.get(key)
    return value if isinstance(value, dict) else {}


def _list(state: Mapping[str, Plain], key: str) -> list[Plain]:
    value = state.get(key)
    return value if isinstance(value, list) else []


def _measures(scores: Mapping[str, Plain]) -> Iterator[dict[str, Plain]]:
    for instrument in scores:
        for day, score in _group(scores, instrument).items():
            what = score if isinstance(score, dict) else {"score": score}
            yield {"instrument": instrument, "date": day, **what}


def _actions(state: Mapping[str, Plain]) -> Iterator[dict[str, Plain]]:
    for status in ACTION_FORMS:
        for action, days in _group(state, status).items():
            for day in days if isinstance(days, list) else [days]:
                yield {"action": action, "date": day, "status": status}


def _proposals(proposes: Mapping[str, Plain]) -> Iterator[dict[str, Plain]]:
    for action in proposes:
        yield {"action": action, **_group(proposes, action)}
