"""Diagnostics as text for people, as JSON, as SARIF 2.1.0, and as annotations for GitHub."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import quote

from cdsrules.diagnostics import Diagnostic, Position, Severity
from cdsrules.loading.codes import registry
from cdsrules.loading.decoding import lines_of
from cdsrules.loading.printable import printable

Json: TypeAlias = str | int | bool | list["Json"] | dict[str, "Json"] | None

_SARIF_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_WIDEST: Final = 110


def as_text(diagnostics: Iterable[Diagnostic], texts: Mapping[str, bytes] | None = None) -> str:
    """Return the diagnostics as people read them, each with its line where `texts` has the file.

    >>> unknown = Diagnostic("CDS040", "There is no fact `age`.", "Write `client.age`.", Position("r.yaml", 3, 9))
    >>> print(as_text([unknown]), end="")
    r.yaml:3:9: error CDS040: There is no fact `age`.
      Write `client.age`.
    """
    lines = {name: lines_of(text.decode("utf-8-sig", "replace")) for name, text in (texts or {}).items()}
    return "".join(_as_text(one, lines) for one in diagnostics)


def _as_text(one: Diagnostic, lines: Mapping[str, Sequence[str]]) -> str:
    said = [f"{printable(one.place)}: {one.severity.value} {one.code}: {printable(one.message)}"]
    if one.where is not None:
        said += _excerpt(one.where, lines.get(one.where.file, ()))
    if one.advice:
        said.append(f"  {printable(one.advice)}")
    said += [f"  See also {printable(str(place))}." for place in one.related]
    return "\n".join(said) + "\n"


def _excerpt(where: Position, lines: Sequence[str]) -> list[str]:
    if where.is_whole or where.line > len(lines) or where.column > _WIDEST:
        return []
    line = printable(lines[where.line - 1])
    if not line.strip() or "\0" in lines[where.line - 1]:
        return []
    before = len(printable(lines[where.line - 1][: where.column - 1]))
    return [f"  {where.line:>5} | {line[:_WIDEST]}", f"  {'':>5} | {'':>{before}}^"]


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many errors, warnings and notes there are, in words; notes alone are no problem.

    >>> summary([])
    'No problems found.'
    """
    weights = Counter(one.severity for one in diagnostics)
    counts = [(weights[severity], severity.value) for severity in Severity if weights[severity]]
    told = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts)
    if set(weights) <= {Severity.NOTE}:
        return f"No problems found; {told}." if told else "No problems found."
    return f"{told}."


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as a JSON list, one object each."""
    return _dumped([_as_object(one) for one in diagnostics])


def _as_object(one: Diagnostic) -> dict[str, Json]:
    return {
        "code": one.code,
        "severity": one.severity.value,
        "message": one.message,
        "advice": one.advice,
        **(_position(one.where) if one.where is not None else {"path": one.path}),
        "related": [_position(place) for place in one.related],
    }


def _position(place: Position) -> dict[str, Json]:
    return {"file": place.file, "line": place.line or None, "column": place.column or None}


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as workflow commands, which GitHub shows beside the lines they speak of."""
    return "".join(f"{_as_command(one)}\n" for one in diagnostics)


def _as_command(one: Diagnostic) -> str:
    known = registry().get(one.code)  # a check of a plugin has codes of its own
    title = f"{one.code} {known.title}" if known is not None else one.code
    place = one.where
    where = {} if place is None else {"file": place.file}
    where |= {} if place is None or place.is_whole else {"line": str(place.line), "col": str(place.column)}
    properties = ",".join(f"{name}={_property(text)}" for name, text in {**where, "title": title}.items())
    beginning = "" if place is not None else f"{one.place}: "
    level = "notice" if one.severity is Severity.NOTE else one.severity.value
    return f"::{level} {properties}::{_data(f'{beginning}{one.message} {one.advice}'.rstrip())}"


def _data(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(diagnostics: Iterable[Diagnostic], version: str) -> str:
    """Return the diagnostics as a SARIF 2.1.0 log of cdsrules in the version named."""
    found = list(diagnostics)
    codes = sorted({one.code for one in found})
    driver: dict[str, Json] = {
        "name": "cdsrules",
        "semanticVersion": version,
        "rules": [_sarif_rule(code) for code in codes],
    }
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(one, codes.index(one.code)) for one in found],
    }
    return _dumped({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_rule(name: str) -> dict[str, Json]:
    code = registry().get(name)
    if code is None:  # of a plugin
        return {"id": name}
    return {
        "id": name,
        "shortDescription": {"text": f"{code.title}."},
        "fullDescription": {"text": code.means},
        "help": {"text": f"{code.matters} {code.write}"},
        "defaultConfiguration": {"level": code.severity.value},
    }


def _sarif_result(one: Diagnostic, index: int) -> dict[str, Json]:
    result: dict[str, Json] = {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": one.severity.value,
        "message": {"text": f"{one.message} {one.advice}".rstrip()},
        "locations": [_sarif_location(one.where) if one.where is not None else _sarif_path(one.place)],
    }
    if one.related:
        result["relatedLocations"] = [{"id": i, **_sarif_location(place)} for i, place in enumerate(one.related)]
    return result


def _sarif_location(place: Position) -> dict[str, Json]:
    physical: dict[str, Json] = {"artifactLocation": {"uri": quote(place.file)}}
    if not place.is_whole:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": physical}


def _sarif_path(path: str) -> dict[str, Json]:
    return {"logicalLocations": [{"fullyQualifiedName": path, "kind": "member"}]}


def _dumped(value: Json) -> str:
    """Return JSON in ASCII: nothing in it can steer the terminal that it may be shown on."""
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f") + "\n"
