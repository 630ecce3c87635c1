"""QuestionnaireResponses: which instrument, which answers, and the total where every answer is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeGuard

from cdsrules.adapters.fhir.answers import points_of, unread_answer
from cdsrules.adapters.fhir.notices import Notice, about, quoted, unread
from cdsrules.adapters.fhir.numbers import NoNumber, is_answered, value_of
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, name_of, nodes, text
from cdsrules.frozen import frozen
from cdsrules.model.vocabulary import Instrument, Vocabulary

_LOINC: Final = "http://loinc.org"
_WHOLE: Final = frozenset({"completed", "amended"})
_TWICE: Final = "there is more than one answer"


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

    `given` are the points of all its answers, also where there is more than one; `unread` says
    that there is one without points.
    """

    links: tuple[str, ...]
    points: float | None
    reason: str = ""
    given: tuple[float, ...] = ()
    unread: bool = False


def read_questionnaire(
    resource: Node, vocabulary: Vocabulary, settings: FhirSettings
) -> tuple[Answered | None, tuple[Notice, ...]]:
    """Return the answers of a QuestionnaireResponse, and notices on what is not understood."""
    instrument = _instrument(resource, vocabulary, settings)
    if instrument is None:
        return _of_another_form(resource, vocabulary, settings)
    total_code = instrument.loinc_total or ""
    # A total that the form worked out by itself counts for nothing: it is given for incomplete answers too.
    questions = _questions(resource, points_of(instrument, settings))
    asked = [one for one in questions if total_code not in map(_bare, one.links)]
    numbered = _numbered(asked, instrument, settings.questionnaire_items.get(instrument.id, {}))
    notices = [
        *_unclear(resource, numbered, instrument, settings),
        *_not_told_apart(resource, asked, numbered, instrument),
    ]
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


def _of_another_form(
    resource: Node, vocabulary: Vocabulary, settings: FhirSettings
) -> tuple[Answered | None, tuple[Notice, ...]]:
    """A form that is not known: of it the answers count that are known by their own code to be about suicide."""
    form = text(resource, "questionnaire") or "not named"
    unknown = f"its questionnaire ({form}) is none that is known here"
    for instrument in vocabulary.instruments.values():
        asked = [*_questions(resource, points_of(instrument, settings))] if instrument.risk_items else []
        numbered = _numbered(asked, instrument, {})  # what the site calls its items goes for its own forms alone
        risks = {number: one for number, one in numbered.items() if number in instrument.risk_items}
        if risks:
            items = " and ".join(map(str, sorted(risks)))
            unknown += f", and only its answer to {instrument.name} item {items} is read"
            notices = (
                about(resource, unknown, named=_first_asked(resource)),
                *_unclear(resource, risks, instrument, settings),
            )
            return Answered(resource, instrument, _signs_of_risk(risks, instrument), None), notices
    # What has another name is another form; what has none may be one of these.
    said = about if text(resource, "questionnaire") else unread
    return None, (said(resource, unknown, named=_first_asked(resource)),)


def _first_asked(resource: Node) -> str:
    """The words of the first question of a form, and how many there are besides, to find the form by."""
    asked = list(_asked(resource))
    worded = next((words for one in asked if (words := text(one, "text"))), None)
    if worded is None:
        return ""
    more = len(asked) - 1
    if not more:
        return quoted(worded)
    return f"{quoted(worded)} and {more:,} more question{'s' if more > 1 else ''}"


def _signs_of_risk(numbered: Mapping[int, _Question], instrument: Instrument) -> dict[int, int]:
    """The answers that are signs of risk: each counts whatever else is missing, the most of several to one question."""
    found: dict[int, int] = {}
    for number in instrument.risk_items:
        one = numbered.get(number)
        most = max((each for each in one.given if _is_answer(each, instrument)), default=None) if one else None
        if most is not None and most > (instrument.item_low or 0):
            found[number] = int(most)
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


def _asked(parent: Node, depth: int = 8) -> Iterator[Node]:
    """Every question, answered or not, however deep it stands in groups; an answer may hold questions itself."""
    for item in nodes(parent, "item"):
        given, inner = nodes(item, "answer"), nodes(item, "item")
        if given or not inner:
            yield item
        if depth:
            for holder in (item, *given):
                yield from _asked(holder, depth - 1)


def _questions(resource: Node, counted: Mapping[str, int]) -> Iterator[_Question]:
    """Every question with its points."""
    return (_question(item, nodes(item, "answer"), counted) for item in _asked(resource))


def _question(item: Node, given: Sequence[Node], counted: Mapping[str, int]) -> _Question:
    links = tuple(filter(None, (text(item, "linkId"), text(item, "definition"), *all_codes(item, "code"))))
    values = [value_of(one, counted) for one in given]
    points = tuple(one for one in values if not isinstance(one, NoNumber))
    unread = any(isinstance(value, NoNumber) and is_answered(one) for value, one in zip(values, given, strict=True))
    if not values:
        return _Question(links, None, "it was not answered")
    if len(values) > 1:
        return _Question(links, None, _TWICE, points, unread)
    (value,) = values
    if isinstance(value, NoNumber):
        return _Question(links, None, value.reason, unread=unread)
    return _Question(links, value, given=points)


def _bare(link: str) -> str:
    """The code in a linkId such as "/44249-1/44260-8", a definition, or a coding."""
    return link.rpartition("/")[2].rpartition("|")[2]


def _is_answer(points: float | None, instrument: Instrument) -> TypeGuard[float]:
    low, high = instrument.item_low, instrument.item_high
    return points is not None and points == int(points) and (low is None or high is None or low <= points <= high)


def _numbered(asked: Sequence[_Question], instrument: Instrument, links: Mapping[str, int]) -> dict[int, _Question]:
    """The questions whose item is known, by what the site calls it in `links` or by a verified code."""
    known = {code: number for number, code in (instrument.loinc_items or {}).items()}
    found: dict[int, _Question] = {}
    for one in asked:
        number = next((named for link in one.links if (named := links.get(link) or known.get(_bare(link)))), None)
        if number is not None:
            found[number] = one if number not in found else _both(found[number], one)
    return found


def _both(one: _Question, other: _Question) -> _Question:
    """Two questions that are the same item: only where one alone was answered is there an answer."""
    given, unread = (*one.given, *other.given), one.unread or other.unread
    if len(given) == 1 and not unread:
        return one if one.given else other
    return _Question(one.links, None, _TWICE, given, unread)


def _unclear(
    resource: Node, numbered: Mapping[int, _Question], instrument: Instrument, settings: FhirSettings
) -> Iterator[Notice]:
    """What cannot be read; of what asks about suicide, and was answered, somebody has to look at the answer."""
    signs = _signs_of_risk(numbered, instrument)
    for number, one in sorted(numbered.items()):
        if _is_answer(one.points, instrument):
            continue
        reason = one.reason or f"{one.points:g} is none of its answers"
        if number in instrument.risk_items and number not in signs and _may_say_more(one, instrument):
            yield unread_answer(resource, instrument, number, reason, settings)
        else:
            yield about(resource, f"{instrument.name} item {number} is unknown: {reason}")


def _may_say_more(one: _Question, instrument: Instrument) -> bool:
    """Whether a question was answered with something that cannot be read, or is none of its answers."""
    return one.unread or not all(_is_answer(each, instrument) for each in one.given)


def _not_told_apart(
    resource: Node, asked: Sequence[_Question], numbered: Mapping[int, _Question], instrument: Instrument
) -> Iterator[Notice]:
    for number in instrument.risk_items:
        if number not in numbered:
            named = ", ".join(one.links[0] for one in asked if one.links)
            yield about(
                resource,
                f"{instrument.name} item {number}, which asks about suicide or self-harm, is not told apart from the "
                f"others ({named}); say which it is in fhir.questionnaire_items.{instrument.id}",
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
