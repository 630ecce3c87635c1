"""A client document as a state of a cases file, in its short forms, and values as YAML that reads well."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, cast

from cdsrules.loading.tree import Plain
from cdsrules.testing.documents import ACTION_FORMS
from cdsrules.testing.sessions import sessions_of

WIDTH: Final = 118
_LEFT_OUT: Final = frozenset({"schema_version", "as_of", "extensions", "$schema", "client"})
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9 ._()/-]*[A-Za-z0-9.)]|[A-Za-z]|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_TEXT: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def state_of(document: Mapping[str, object]) -> dict[str, Plain]:
    """Return the state of a cases file that stands for a document, but for the client's id and the order of records.

    >>> state_of({"schema_version": "1.0", "client": {"id": "c"}, "treatment": {"started_on": "2026-01-05"},
    ...           "actions": [{"action": "consultation", "date": "2026-03-03", "status": "done"}]})
    {'treatment': {'started_on': '2026-01-05'}, 'done': {'consultation': '2026-03-03'}}
    """
    plain = cast("Mapping[str, Plain]", document)
    state: dict[str, Plain] = {}
    client = {key: value for key, value in _group(plain.get("client")).items() if key != "id"}
    if client:
        state["client"] = client
    for key, value in plain.items():
        if key in _LEFT_OUT:
            continue
        match key:
            case "measures":
                state |= _scores(_records(value))
            case "actions":
                state |= _actions(_records(value))
            case "proposed_actions":
                state |= _proposals(_records(value))
            case "sessions":
                state["sessions"] = _sessions(_records(value))
            case _:
                state[key] = value
    return state


def _group(value: Plain) -> Mapping[str, Plain]:
    return value if isinstance(value, dict) else {}


def _records(value: Plain) -> list[Mapping[str, Plain]]:
    return [_group(one) for one in value] if isinstance(value, list) else []


def _scores(measures: Sequence[Mapping[str, Plain]]) -> dict[str, Plain]:
    scores: dict[str, Plain] = {}
    for one in sorted(measures, key=lambda one: str(one["date"])):
        said = {key: value for key, value in one.items() if key not in {"instrument", "date"}}
        of_instrument = cast("dict[str, Plain]", scores.setdefault(str(one["instrument"]), {}))
        if one["date"] in of_instrument:
            return {"measures": [dict(each) for each in measures]}
        of_instrument[str(one["date"])] = said["score"] if said.keys() == {"score"} else said
    return {"scores": scores}


def _actions(actions: Sequence[Mapping[str, Plain]]) -> dict[str, Plain]:
    if any("outcome" in one for one in actions):
        return {"actions": [dict(one) for one in actions]}
    if not actions:
        return {"done": {}}
    found: dict[str, Plain] = {}
    for form in ACTION_FORMS:
        days: dict[str, list[Plain]] = {}
        for one in sorted(actions, key=lambda one: str(one["date"])):
            if one["status"] == form:
                days.setdefault(str(one["action"]), []).append(one["date"])
        if days:
            found[form] = {action: each[0] if len(each) == 1 else each for action, each in days.items()}
    return found


def _proposals(proposals: Sequence[Mapping[str, Plain]]) -> dict[str, Plain]:
    return {
        "proposes": {
            str(one["action"]): {key: value for key, value in one.items() if key != "action"} for one in proposals
        }
    }


def _sessions(sessions: Sequence[Mapping[str, Plain]]) -> Plain:
    """Return sessions in one line where they are in a rhythm and nothing more is said of them, else as they are."""
    listed: list[Plain] = [dict(one) for one in sorted(sessions, key=lambda one: str(one["date"]))]
    days = [date.fromisoformat(str(one["date"])) for one in sessions]
    days.sort()
    if len(days) < 2 or (days[1] - days[0]).days < 1:
        return listed
    step = (days[1] - days[0]).days
    rhythm = {7: "weekly", 14: "fortnightly"}.get(step, f"every {step} days")
    attended = sum(one["status"] == "attended" for one in sessions)
    others = [
        f"{one['status']} {one['date']}"
        for one in cast("list[dict[str, Plain]]", listed)
        if one["status"] != "attended"
    ]
    line = ", ".join([f"{rhythm} from {days[0]}", f"{attended} attended", *others])
    try:
        return line if sessions_of(line) == listed else listed
    except ValueError:
        return listed


def yaml_lines(key: str, value: Plain, indent: str = "") -> Iterator[str]:
    """Yield a key and its value as lines of YAML: on one line what fits on it, else part by part.

    >>> list(yaml_lines("treatment", {"started_on": "2026-01-05", "pauses": []}))
    ['treatment: {started_on: 2026-01-05, pauses: []}']
    """
    line = f"{indent}{_key(key)}: {inline(value)}"
    if len(line) <= WIDTH or not isinstance(value, dict | list) or not value:
        yield line
        return
    yield f"{indent}{_key(key)}:"
    if isinstance(value, dict):
        for name, part in value.items():
            yield from yaml_lines(name, part, f"{indent}  ")
    else:
        for part in value:
            yield f"{indent}  - {inline(part)}"


def inline(value: Plain) -> str:
    """Return a value as YAML on one line.

    >>> inline({"date": "2026-03-03", "status": "no_show", "items": {"9": 1}})
    '{date: 2026-03-03, status: no_show, items: {9: 1}}'
    """
    match value:
        case dict():
            return f"{{{', '.join(f'{_key(key)}: {inline(part)}' for key, part in value.items())}}}"
        case list():
            return f"[{', '.join(inline(part) for part in value)}]"
        case str():
            return _text(value)
        case _:
            return json.dumps(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", key) else json.dumps(key, ensure_ascii=False)


def _text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _NOT_TEXT
    return text if plain else json.dumps(text, ensure_ascii=False)
