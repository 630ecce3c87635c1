"""QuestionnaireResponses: which instrument, which answers, and the total where every answer is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeGuard

from cdsrules.adapters.fhir.notices import Notice, about
from cdsrules.adapters.fhir.numbers import NoNumber, value_of
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, name_of, nodes, text
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
class _Question:
    """One question of a response: how the form calls it, and its points or why there are none.

    Where it was answered more than once, `most` is the answer with the most points.
    """

    links: tuple[str, ...]
    points: float | None
    reason: str = ""
    most: float | None = None


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
    asked = [one for one in _questions(resource, settings) if total_code not in map(_bare, one.links)]
    numbered = _numbered(asked, instrument, settings)
    notices = [about(resource, f"{instrument.name} {why}") for why in _unclear(asked, numbered, instrument)]
    answers = {number: int(one.points) for number, one in numbered.items() if _is_answer(one.points, instrument)}
    risks = _signs_of_risk(numbered, instrument)
    status = text(resource, "status")
    if status not in _WHOLE:
        named = f"its status is {status or 'not given'}, so that there is no {instrument.name} total"
        notices.append(about(resource, named))
        answers, total = risks, None
    else:
        total = _total(asked, answers, instrument)
        notices += _on_the_total(resource, total, answers, instrument)
        answers |= risks
    return Answered(resource, instrument, answers, total), tuple(notices)


def _signs_of_risk(numbered: Mapping[int, _Question], instrument: Instrument) -> dict[int, int]:
    """The answers that are signs of risk: each counts whatever else is missing, the most of several to one question."""
    found: dict[int, int] = {}
    for number in instrument.risk_items:
        one = numbered.get(number)
        points = None if one is None else one.points if one.points is not None else one.most
        if _is_answer(points, instrument) and points > (instrument.item_low or 0):
            found[number] = int(points)
    return found


def _on_the_total(
    resource: Node, total: float | None, answers: Mapping[int, int], instrument: Instrument
) -> Iterator[Notice]:
    if total is None:
        yield about(resource, f"{instrument.name} is not complete, so that there is no total")
    elif len(answers) != instrument.items:  # said of the form: of every response it would be said again and again
        yield Notice(
            text(resource, "questionnaire") or name_of(resource),
            f"which questions are those of {instrument.name} is not told, so {instrument.items} answers to whatever "
            f"is asked count as its total; say which they are in fhir.questionnaire_items.{instrument.id}",
        )


def _instrument(resource: Node, vocabulary: Vocabulary, settings: FhirSettings) -> Instrument | None:
    form = (text(resource, "questionnaire") or "").partition("|")[0]
    if form in settings.questionnaires:
        return vocabulary.instruments.get(settings.questionnaires[form])
    code = form.rpartition("/")[2]
    for instrument in vocabulary.instruments.values():
        if code and code in (instrument.loinc_panel, instrument.loinc_total) and form.startswith(_LOINC):
            return instrument
    return None


def _questions(parent: Node, settings: FhirSettings, depth: int = 8) -> Iterator[_Question]:
    """Every question, answered or not, however deep it stands in groups; an answer may hold questions itself."""
    for item in nodes(parent, "item"):
        given, inner = nodes(item, "answer"), nodes(item, "item")
        if given or not inner:
            yield _question(item, given, settings)
        if depth:
            for holder in (item, *given):
                yield from _questions(holder, settings, depth - 1)


def _question(item: Node, given: Sequence[Node], settings: FhirSettings) -> _Question:
    links = tuple(filter(None, (text(item, "linkId"), text(item, "definition"), *all_codes(item, "code"))))
    values = [value_of(one, settings.answers) for one in given]
    points = [one for one in values if not isinstance(one, NoNumber)]
    if not values:
        return _Question(links, None, "it was not answered")
    if len(values) > 1:
        return _Question(links, None, "there is more than one answer", max(points, default=None))
    (value,) = values
    return _Question(links, None, value.reason) if isinstance(value, NoNumber) else _Question(links, value)


def _bare(link: str) -> str:
    """The code in a linkId such as "/44249-1/44260-8", a definition, or a coding."""
    return link.rpartition("/")[2].rpartition("|")[2]


def _is_answer(points: float | None, instrument: Instrument) -> TypeGuard[float]:
    low, high = instrument.item_low, instrument.item_high
    return points is not None and points == int(points) and (low is None or high is None or low <= points <= high)


def _numbered(asked: Sequence[_Question], instrument: Instrument, settings: FhirSettings) -> dict[int, _Question]:
    """The questions whose item is known, from the site's settings or by a verified code in the linkId."""
    links = settings.questionnaire_items.get(instrument.id, {})
    known = {code: number for number, code in (instrument.loinc_items or {}).items()}
    found: dict[int, _Question] = {}
    for one in asked:
        number = next((named for link in one.links if (named := links.get(link) or known.get(_bare(link)))), None)
        if number is not None:
            found[number] = one if number not in found else _both(found[number], one)
    return found


def _both(one: _Question, other: _Question) -> _Question:
    """Two questions that are the same item: only where one alone was answered is there an answer."""
    points = [each for question in (one, other) for each in (question.points, question.most) if each is not None]
    if len(points) == 1 and one.most is None and other.most is None:
        return one if one.points is not None else other
    return _Question(one.links, None, "there is more than one answer", max(points, default=None))


def _unclear(asked: Sequence[_Question], numbered: Mapping[int, _Question], instrument: Instrument) -> Iterator[str]:
    for number, one in sorted(numbered.items()):
        if not _is_answer(one.points, instrument):
            yield f"item {number} is unknown: {one.reason or f'{one.points:g} is none of its answers'}"
    for number in instrument.risk_items:
        if number not in numbered:
            named = ", ".join(one.links[0] for one in asked if one.links)
            yield (
                f"item {number}, which asks about suicide or self-harm, is not told apart from the others ({named}); "
                f"say which it is in fhir.questionnaire_items.{instrument.id}"
            )


def _total(asked: Sequence[_Question], answers: Mapping[int, int], instrument: Instrument) -> float | None:
    """The sum of all answers; where the form does not number them, only if it asks just as much as there are items."""
    count, low, high = instrument.items, instrument.item_low, instrument.item_high
    if count is None or low is None or high is None or (count * low, count * high) != (instrument.low, instrument.high):
        return None
    if len(answers) == count:
        return sum(answers.values())
    points = [one.points for one in asked if _is_answer(one.points, instrument)]
    return sum(points) if len(asked) == count == len(points) else None
