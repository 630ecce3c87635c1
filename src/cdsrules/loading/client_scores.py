"""The measures of a client document -> scores, checked against their instruments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from cdsrules.loading.client_reading import Fields, Reading, in_words, is_number
from cdsrules.loading.problems import did_you_mean
from cdsrules.model.records import Score
from cdsrules.model.saying import say_date, say_number

if TYPE_CHECKING:
    from cdsrules.model.vocabulary import Instrument

_SECTION: Final = "$.measures"
_FIELDS: Final = frozenset({"instrument", "date", "score", "items", "risk_items", "shared_on"})


class Sheet:
    """What one instrument allows, worked out once for all its questionnaires in a document."""

    def __init__(self, instrument: Instrument) -> None:
        low, high, count = instrument.item_low, instrument.item_high, instrument.items
        self.instrument = instrument
        self.numbers = _numbers(count or 0)
        self.risk_numbers = tuple(map(str, instrument.risk_items))
        self.answers = _whole(low, high) if low is not None and high is not None else _NONE
        # Every total there can be, where they are whole: most scores need no arithmetic.
        whole = instrument.step == 1 and not instrument.low % 1
        self.totals = _whole(int(instrument.low), int(instrument.high)) if whole else _NONE
        # The total is the sum of the items only where their ranges add up to its own.
        self.adds_up = (
            count is not None
            and low is not None
            and high is not None
            and (count * low, count * high) == (instrument.low, instrument.high)
        )


_NONE: Final[frozenset[int]] = frozenset()


@lru_cache
def _numbers(count: int) -> frozenset[str]:
    """The numbers of so many items, as a document writes them."""
    return frozenset(map(str, range(1, count + 1)))


@lru_cache
def _whole(low: int, high: int) -> frozenset[int]:
    return frozenset(range(low, high + 1))


def read_scores(document: Fields, instruments: Mapping[str, Instrument], reading: Reading) -> tuple[Score, ...] | None:
    """Return the questionnaires of a document by day, or None when it has no list of them."""
    records = reading.items(document, "measures", "$")
    if records is None:
        return None
    sheets: dict[object, Sheet] = {}
    found = []
    for place, record in enumerate(records):
        fields = reading.fields(record, _FIELDS, _SECTION, place)
        name = fields.get("instrument")
        sheet = sheets.get(name) if type(name) is str else None
        if sheet is None:
            sheet = _sheet(fields, name, place, instruments, reading)
            if sheet is None:
                continue
            sheets[name] = sheet
        found.append(_score(fields, sheet, place, reading))
    found.sort(key=_by_day)
    if any(one.on == other.on and one.instrument is other.instrument for one, other in pairwise(found)):
        found.sort(key=_by_content)
        _refuse_contradictions(found, reading)
    return tuple(found)


_by_day: Final = attrgetter("on", "instrument.id")


def _by_content(score: Score) -> tuple[object, ...]:
    """By day, instrument, and what was answered: the order of the document does not matter."""
    return score.on, score.instrument.id, score.score is None, -1 if score.risk is None else score.risk


def _sheet(
    fields: Fields, name: object, place: int, instruments: Mapping[str, Instrument], reading: Reading
) -> Sheet | None:
    if isinstance(name, str) and name in instruments:
        return Sheet(instruments[name])
    path = f"{_SECTION}[{place}]"
    if "instrument" not in fields:
        reading.missing(fields, "instrument", path, "Write the id of an instrument, like phq-9.")
    elif isinstance(name, str):
        near = did_you_mean(name, instruments, "`cdsrules facts` lists the instruments of the vocabulary.")
        reading.refuse("CDS720", f"{path}.instrument", f"The vocabulary has no instrument {in_words(name)}.", near)
    else:
        message = f"This is {in_words(name)}, where the id of an instrument should stand."
        reading.refuse("CDS712", f"{path}.instrument", message, "Write an id in quotes, like phq-9.")
    return None


def _score(fields: Fields, sheet: Sheet, place: int, reading: Reading) -> Score:
    on = reading.day(fields, "date", _SECTION, place)
    shared_on = reading.day(fields, "shared_on", _SECTION, place) if "shared_on" in fields else None
    total = _total(fields, sheet, place, reading) if "score" in fields else None
    answers: Mapping[str, int] = {}
    if "items" in fields:
        answers = _answers(fields, "items", sheet, place, reading)
        if total is not None and sheet.adds_up and len(answers) == len(sheet.numbers):
            _refuse_other_sum(answers, total, place, reading)
    if "risk_items" in fields:
        answers = _with_risk_items(answers, fields, sheet, place, reading)
    elif "items" not in fields and "score" not in fields:
        message = "There is neither a score nor the answer to any item."
        reading.refuse("CDS728", f"{_SECTION}[{place}]", message, "Write `score`, `items` or `risk_items`.")
    risk = [answers[number] for number in sheet.risk_numbers if number in answers] if answers else []
    complete = bool(risk) and len(risk) == len(sheet.risk_numbers)
    return Score(on, sheet.instrument, total, max(risk) if risk else None, complete, shared_on, place)


def _total(fields: Fields, sheet: Sheet, place: int, reading: Reading) -> float | None:
    score, instrument = fields["score"], sheet.instrument
    if type(score) is int and score in sheet.totals:
        return score
    if is_number(score) and instrument.low <= score <= instrument.high:
        steps = round((score - instrument.low) / instrument.step, 6)
        if not steps % 1 and round(score, 6) == score:
            return score
    _refuse_total(score, instrument, f"{_SECTION}[{place}].score", reading)
    return None


def _refuse_total(score: object, instrument: Instrument, path: str, reading: Reading) -> None:
    bounds = f"from {say_number(instrument.low)} to {say_number(instrument.high)}"
    advice = f"{instrument.name} scores run {bounds} in steps of {say_number(instrument.step)}."
    if not is_number(score):
        message = f"This is {in_words(score)}, where a number should stand."
        reading.refuse("CDS712", path, message, f"Write a number without quotes: {advice}")
    elif not instrument.low <= score <= instrument.high:
        reading.refuse("CDS721", path, f"{in_words(score)} is no {instrument.name} score.", advice)
    else:
        reading.refuse("CDS722", path, f"{in_words(score)} lies between two {instrument.name} scores.", advice)


def _answers(fields: Fields, key: str, sheet: Sheet, place: int, reading: Reading) -> Mapping[str, int]:
    """The answers by item number; none when something is wrong with them."""
    answers = fields[key]
    if type(answers) is dict and answers.keys() <= sheet.numbers:
        values = answers.values()
        # Kinds before values: true is in the set of answers as 1 is.
        if {*map(type, values)} <= _INT and sheet.answers.issuperset(values):
            return answers
    return _refused_answers(answers, f"{_SECTION}[{place}].{key}", sheet, reading)


_INT: Final = frozenset({int})


def _refused_answers(answers: object, path: str, sheet: Sheet, reading: Reading) -> Mapping[str, int]:
    """Say what is wrong with answers; those that are whole numbers with a point (2.0) are none the worse for it."""
    instrument = sheet.instrument
    if not sheet.numbers or not sheet.answers:
        message = f"The vocabulary says nothing about the items of {instrument.name}."
        reading.refuse("CDS724", path, message, "Leave them out, and send the score.")
        return {}
    if not isinstance(answers, dict):
        message = f"This is {in_words(answers)}, where an object should stand."
        reading.refuse("CDS712", path, message, 'Write the answers by item number: {"9": 0}.')
        return {}
    good: dict[str, int] = {}
    for number, answer in answers.items():
        if number not in sheet.numbers:
            message = f"{instrument.name} has no item {in_words(number)}."
            reading.refuse("CDS724", path, message, f"Its items are numbered from 1 to {instrument.items}.")
        elif not is_number(answer) or answer % 1:
            message = f"This is {in_words(answer)}, where a whole number should stand."
            reading.refuse("CDS712", f"{path}.{number}", message, "Write the answer as a number without quotes.")
        elif answer not in sheet.answers:
            allowed = f"from {instrument.item_low} to {instrument.item_high}"
            message = f"{in_words(answer)} is no answer to an item of {instrument.name}."
            reading.refuse("CDS725", f"{path}.{number}", message, f"Answers run {allowed}.")
        else:
            good[number] = int(answer)
    return good if len(good) == len(answers) else {}


def _refuse_other_sum(answers: Mapping[str, int], total: float, place: int, reading: Reading) -> None:
    added = sum(answers.values())
    if added != total:
        message = f"The items add up to {added}, and the score is {say_number(total)}."
        advice = "Correct whichever is wrong, or leave the items out."
        reading.refuse("CDS726", f"{_SECTION}[{place}]", message, advice)


def _with_risk_items(
    answers: Mapping[str, int], fields: Fields, sheet: Sheet, place: int, reading: Reading
) -> Mapping[str, int]:
    path = f"{_SECTION}[{place}].risk_items"
    named = sheet.instrument.risk_items
    given = _answers(fields, "risk_items", sheet, place, reading)
    for number, answer in given.items():
        if number not in sheet.risk_numbers:
            says = f"item {' and item '.join(map(str, named))}" if named else "none"
            message = f"Item {number} of {sheet.instrument.name} is no risk item."
            reading.refuse("CDS724", path, message, f"The vocabulary names {says}; other items go under `items`.")
        elif answers.get(number, answer) != answer:
            message = f"Item {number} is {answers[number]} under `items` and {answer} under `risk_items`."
            reading.refuse("CDS727", path, message, "Write each answer once.")
    return {**answers, **given}


def _refuse_contradictions(scores: list[Score], reading: Reading) -> None:
    """Two totals of one instrument on one day are one total, or a mistake."""
    first: dict[tuple[date, str], Score] = {}
    for one in scores:
        if one.score is None:
            continue
        other = first.setdefault((one.on, one.instrument.id), one)
        if other.score is not None and other.score != one.score:
            name, day = one.instrument.name, say_date(one.on)
            message = (
                f"{name} has two scores on {day}: {say_number(one.score)} here and {say_number(other.score)} "
                f"at {_SECTION}[{other.place}]."
            )
            advice = "Keep the one that counts; the other may stay without its score, for its items."
            reading.refuse("CDS723", f"{_SECTION}[{one.place}].score", message, advice)
