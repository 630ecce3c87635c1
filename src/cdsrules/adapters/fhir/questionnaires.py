"""QuestionnaireResponses: which instrument, which answers, and the total where every answer is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeGuard

from cdsrules.adapters.fhir.notices import Notice, about
from cdsrules.adapters.fhir.numbers import NoNumber, value_of
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, nodes, text
from cdsrules.frozen import frozen
from cdsrules.model.vocabulary import Instrument, Vocabulary

_LOINC: Final = "http://loinc.org"
_WHOLE: Final = frozenset({"completed", "amended"})


@frozen
class Answered:
    """A filled-in questionnaire: its answers by item, and the total where it is whole."""

    resource: Node
    instrument: Instrument
    answers: Mapping[int, int]
    total: float | None


@frozen
class _Answer:
    """One question of a response: how the form calls it, and its points or why there are none."""

    links: tuple[str, ...]
    points: float | None
    reason: str


def read_questionnaire(
    resource: Node, vocabulary: Vocabulary, settings: FhirSettings
) -> tuple[Answered | None, tuple[Notice, ...]]:
    """Return the answers of a QuestionnaireResponse, and notices on what is not understood."""
    instrument = _instrument(resource, vocabulary, settings)
    if instrument is None:
        form = text(resource, "questionnaire") or "not named"
        return None, (about(resource, f"its questionnaire ({form}) is none that is known here"),)
    total_code = instrument.loinc_total or ""
    # A total that the form worked out by itself counts for nothing: it is given for incomplete answers too.
    given = [one for one in _answers(resource, settings) if total_code not in map(_bare, one.links)]
    numbered = _numbered(given, instrument, settings)
    notices = [about(resource, f"{instrument.name} {reason}") for reason in _unclear(given, numbered, instrument)]
    answers = {number: int(one.points) for number, one in numbered.items() if _is_answer(one.points, instrument)}
    status = text(resource, "status")
    if status not in _WHOLE:
        notices.append(
            about(resource, f"its status is {status or 'not given'}, so that there is no {instrument.name} total")
        )
        answers = {number: points for number, points in answers.items() if number in instrument.risk_items}
        total = None
    else:
        total = _total(given, answers, instrument)
        if total is None:
            notices.append(about(resource, f"{instrument.name} is not complete, so that there is no total"))
    return Answered(resource, instrument, answers, total), tuple(notices)


def _instrument(resource: Node, vocabulary: Vocabulary, settings: FhirSettings) -> Instrument | None:
    form = (text(resource, "questionnaire") or "").partition("|")[0]
    if form in settings.questionnaires:
        return vocabulary.instruments.get(settings.questionnaires[form])
    code = form.rpartition("/")[2]
    for instrument in vocabulary.instruments.values():
        if code and code in (instrument.loinc_panel, instrument.loinc_total) and form.startswith(_LOINC):
            return instrument
    return None


def _answers(parent: Node, settings: FhirSettings, depth: int = 8) -> Iterator[_Answer]:
    """Every question that has an answer, however deep it stands in groups; an answer may hold questions itself."""
    for item in nodes(parent, "item"):
        given = list(nodes(item, "answer"))
        if given:
            yield _answer(item, given, settings)
        if depth:
            for inner in (item, *given):
                yield from _answers(inner, settings, depth - 1)


def _answer(item: Node, given: list[Node], settings: FhirSettings) -> _Answer:
    links = tuple(filter(None, (text(item, "linkId"), text(item, "definition"), *all_codes(item, "code"))))
    if len(given) > 1:
        return _Answer(links, None, "there is more than one answer")
    value = value_of(given[0], settings.answers)
    return _Answer(links, None, value.reason) if isinstance(value, NoNumber) else _Answer(links, value, "")


def _bare(link: str) -> str:
    """The code in a linkId such as "/44249-1/44260-8", a definition, or a coding."""
    return link.rpartition("/")[2].rpartition("|")[2]


def _is_answer(points: float | None, instrument: Instrument) -> TypeGuard[float]:
    low, high = instrument.item_low, instrument.item_high
    return points is not None and points == int(points) and (low is None or high is None or low <= points <= high)


def _numbered(given: list[_Answer], instrument: Instrument, settings: FhirSettings) -> dict[int, _Answer]:
    """The answers whose item is known, from the site's settings or by a verified code in the linkId."""
    links = settings.questionnaire_items.get(instrument.id, {})
    known = {code: number for number, code in (instrument.loinc_items or {}).items()}
    found: dict[int, _Answer] = {}
    for one in given:
        for link in one.links:
            number = links.get(link) or known.get(_bare(link))
            if number is not None:
                found[number] = one
                break
    return found


def _unclear(given: list[_Answer], numbered: Mapping[int, _Answer], instrument: Instrument) -> Iterator[str]:
    for number, one in sorted(numbered.items()):
        if not _is_answer(one.points, instrument):
            yield f"item {number} is unknown: {one.reason or f'{one.points:g} is none of its answers'}"
    for number in instrument.risk_items:
        if number not in numbered:
            named = ", ".join(one.links[0] for one in given if one.links)
            yield (
                f"item {number}, which asks about suicide or self-harm, is not told apart from the others ({named}); "
                f"say which it is in fhir.questionnaire_items.{instrument.id}"
            )


def _total(given: list[_Answer], answers: Mapping[int, int], instrument: Instrument) -> float | None:
    """The sum of all answers; where the form does not number them, only if there are just as many as items."""
    count, low, high = instrument.items, instrument.item_low, instrument.item_high
    if count is None or low is None or high is None or (count * low, count * high) != (instrument.low, instrument.high):
        return None
    if len(answers) == count:
        return sum(answers.values())
    points = [one.points for one in given if _is_answer(one.points, instrument)]
    return sum(points) if len(given) == count == len(points) else None
