"""The measures of a client document -> scores, checked against their instruments."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from cdsrules.loading.client_layout import give_up
from cdsrules.loading.client_reading import DAYS, Fields, Reading, in_words, is_number
from cdsrules.loading.problems import did_you_mean
from cdsrules.logic.functions import only_function
from cdsrules.model.lazy import once
from cdsrules.model.records import Score
from cdsrules.model.saying import say_date, say_number

if TYPE_CHECKING:
    from cdsrules.model.vocabulary import Instrument

_SECTION: Final = "$.measures"
Points: TypeAlias = Callable[[Mapping[str, object]], int]
"""Answers in, their sum out."""
_FIELDS: Final = frozenset({"instrument", "date", "score", "items", "risk_items", "shared_on"})


class Sheet:
    """What one instrument allows, worked out once for all its questionnaires.

    `totals` are all there can be, where they are whole and one item at most asks about risk, that with the
    `risk_number`: then a questionnaire needs no arithmetic. `whole` is how many items there are, where the total is
    their sum.
    """

    def __init__(self, instrument: Instrument) -> None:
        low, high, count = instrument.item_low, instrument.item_high, instrument.items
        self.instrument = instrument
        self.numbers = frozenset(map(str, range(1, (count or 0) + 1)))
        self.risk_numbers = tuple(map(str, instrument.risk_items))
        self.risk_number = self.risk_numbers[0] if self.risk_numbers else ""
        self.answers = frozenset(range(low, high + 1)) if low is not None and high is not None else _NONE
        whole = instrument.step == 1 and not instrument.low % 1 and len(self.risk_numbers) < 2
        self.totals = frozenset(range(int(instrument.low), int(instrument.high) + 1)) if whole else _NONE
        self.whole: int | None = None
        if count is not None and low is not None and high is not None:
            adds_up = (count * low, count * high) == (instrument.low, instrument.high)
            self.whole = count if adds_up else None

    def takes(self, answers: dict[str, int]) -> bool:
        """Return whether answers to items are all well written."""
        values = answers.values()
        # Kinds before values: true is in the set of answers as 1 is.
        return {*map(type, values)} <= _INT and self.answers.issuperset(values) and self.numbers.issuperset(answers)

    def is_whole(self, answers: Mapping[str, int]) -> bool:
        """Return whether answers are those to all items, of which the total is the sum."""
        return len(answers) == self.whole

    @once
    def points(self) -> Points:
        """What adds up the answers to all items; it raises KeyError or TypeError where they are not well written.

        An expression with a part for each item: to go over them takes half as long again.
        """
        numbers = sorted(self.numbers, key=int)
        names, values, kinds, points = (
            [form.format(number) for number in numbers]
            for form in ("a{}", "answers['{}']", "type(a{})", "allowed[a{}]")
        )
        # Kinds before values: true is among the answers as 1 is.
        text = (
            f"def points(answers):\n {', '.join(names)}, = {', '.join(values)},\n"
            f" return total(({', '.join(points)},)) if {' is '.join(kinds)} is int else give_up()"
        )
        allowed = {answer: answer for answer in self.answers}
        bound = {"allowed": allowed, "type": type, "int": int, "total": sum, "give_up": give_up}
        return cast(Points, only_function(ast.parse(text), bound))

    def risk(self, answers: Mapping[str, int]) -> tuple[int | None, bool]:
        """Return the worst answer to an item on risk, and whether all of them were answered."""
        found = [answers[number] for number in self.risk_numbers if number in answers]
        return max(found, default=None), 0 < len(found) == len(self.risk_numbers)


_NONE: Final[frozenset[int]] = frozenset()
_INT: Final = frozenset({int})
_by_day: Final = itemgetter(0)
_CONTENT: Final = frozenset({"score", "items", "risk_items"})
_NO_ANSWERS: Final[dict[str, int]] = {}


def sheets_of(instruments: Mapping[str, Instrument]) -> Mapping[str, Sheet]:
    """Return the sheet of every instrument, by its id."""
    return {name: Sheet(instrument) for name, instrument in instruments.items()}


def read_scores(document: Fields, sheets: Mapping[str, Sheet], reading: Reading) -> tuple[Score, ...] | None:
    """Return the questionnaires of a document by day, or None when it has no list of them."""
    written = reading.items(document, "measures", "$")
    if written is None:
        return None
    by_instrument: defaultdict[str, list[Score]] = defaultdict(list)
    for place, record in enumerate(written):
        try:
            one: Score | None = _straight(record, place, sheets)
        except (KeyError, TypeError):
            one = _strictly(record, place, sheets, reading)
        if one is not None:
            by_instrument[one.instrument.id].append(one)
    found: list[Score] = []
    twice = False
    for _, of_one in sorted(by_instrument.items()):
        found += of_one
        twice |= len({*map(_by_day, of_one)}) < len(of_one)
    found.sort(key=_by_day)
    if twice:
        found.sort(key=_by_content)
        _refuse_contradictions(found, reading)
    return tuple(found)


def _by_content(score: Score) -> tuple[object, ...]:
    """By day, instrument, and what was answered: the order of the document does not matter."""
    return score.on, score.instrument.id, score.score is None, -1 if score.risk is None else score.risk


def _straight(record: Any, place: int, sheets: Mapping[str, Sheet]) -> Score:
    """Return a questionnaire as most are written: with a whole score, and perhaps answers to items or to that on risk.

    Raises KeyError or TypeError for any other, whether well written or not.
    """
    sheet, total, count = sheets[record["instrument"]], record["score"], 3
    if type(record) is not dict or type(total) is not int or total not in sheet.totals:
        raise KeyError
    worst = shared_on = None
    if "items" in record:
        answers, count = record["items"], 4
        if type(answers) is not dict:
            raise KeyError
        if len(answers) != sheet.whole:
            if not sheet.takes(answers):
                raise KeyError
        elif sheet.points(answers) != total:
            raise KeyError
        worst = answers.get(sheet.risk_number)
    elif "risk_items" in record:
        answers, count = record["risk_items"], 4
        if type(answers) is not dict or len(answers) != 1 or not sheet.takes(answers):
            raise KeyError
        worst = answers[sheet.risk_number]
    if "shared_on" in record:
        shared_on, count = DAYS[record["shared_on"]], count + 1
    if len(record) != count:
        raise KeyError
    row = (DAYS[record["date"]], sheet.instrument, total, worst, worst is not None, shared_on, place)
    return tuple.__new__(Score, row)  # the way of a named tuple itself takes three times as long


def _strictly(record: object, place: int, sheets: Mapping[str, Sheet], reading: Reading) -> Score | None:
    """Return a questionnaire of which each value is read by itself; None where it names no instrument."""
    fields = reading.fields(record, _FIELDS, _SECTION, place)
    name = fields.get("instrument")
    if not isinstance(name, str) or name not in sheets:
        _refuse_instrument(fields, place, sheets, reading)
        return None
    sheet, path = sheets[name], f"{_SECTION}[{place}]"
    if _CONTENT.isdisjoint(fields):
        message = "There is neither a score nor the answer to any item."
        reading.refuse("CDS728", path, message, "Write `score`, `items` or `risk_items`.")
    total = _total(fields, sheet, place, reading) if "score" in fields else None
    answers = _answers(fields, "items", sheet, place, reading) if "items" in fields else _NO_ANSWERS
    if total is not None and sheet.is_whole(answers) and sum(answers.values()) != total:
        _refuse_other_sum(answers, total, path, reading)
    if "risk_items" in fields:
        answers = _with_risk_items(answers, fields, sheet, place, reading)
    on = reading.day(fields, "date", _SECTION, place)
    shared_on = reading.day_or_none(fields, "shared_on", _SECTION, place)
    return Score(on, sheet.instrument, total, *sheet.risk(answers), shared_on, place)


def _refuse_instrument(fields: Fields, place: int, sheets: Mapping[str, Sheet], reading: Reading) -> None:
    path, name = f"{_SECTION}[{place}]", fields.get("instrument")
    if "instrument" not in fields:
        reading.missing(fields, "instrument", path, "Write the id of an instrument, like phq-9.")
    elif isinstance(name, str):
        near = did_you_mean(name, sheets, "`cdsrules facts` lists the instruments of the vocabulary.")
        reading.refuse("CDS720", f"{path}.instrument", f"The vocabulary has no instrument {in_words(name)}.", near)
    else:
        message = f"This is {in_words(name)}, where the id of an instrument should stand."
        reading.refuse("CDS712", f"{path}.instrument", message, "Write an id in quotes, like phq-9.")


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


def _answers(fields: Fields, key: str, sheet: Sheet, place: int, reading: Reading) -> dict[str, int]:
    """The answers by item number; none when something is wrong with them."""
    answers = fields[key]
    if type(answers) is dict and sheet.takes(answers):
        return answers
    return _refused_answers(answers, f"{_SECTION}[{place}].{key}", sheet, reading)


def _refused_answers(answers: object, path: str, sheet: Sheet, reading: Reading) -> dict[str, int]:
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


def _refuse_other_sum(answers: Mapping[str, int], total: float, path: str, reading: Reading) -> None:
    message = f"The items add up to {sum(answers.values())}, and the score is {say_number(total)}."
    reading.refuse("CDS726", path, message, "Correct whichever is wrong, or leave the items out.")


def _with_risk_items(
    answers: Mapping[str, int], fields: Fields, sheet: Sheet, place: int, reading: Reading
) -> dict[str, int]:
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
