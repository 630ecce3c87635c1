"""Scores from Observations and QuestionnaireResponses, brought together by instrument and day.

A total never clears a question on suicide: only the answer itself does. An answer that is a
sign of risk counts whatever else of its questionnaire is missing, partial or undated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from cdsrules.adapters.fhir.answers import points_of, unread_answer
from cdsrules.adapters.fhir.dates import Span, choice, read_date
from cdsrules.adapters.fhir.notices import Notice, about
from cdsrules.adapters.fhir.numbers import NoNumber, is_answered, observed, value_of
from cdsrules.adapters.fhir.questionnaires import Answered
from cdsrules.adapters.fhir.score_codes import codes_of
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.walk import Node, all_codes, nodes, text
from cdsrules.model.saying import say_date, say_number
from cdsrules.model.vocabulary import Instrument, Vocabulary

_FINAL: Final = frozenset({"final", "amended", "corrected"})
_NOT_DONE: Final = "cancelled"


@dataclass(slots=True)
class Sheet:
    """What is on record of one instrument on one day: totals and answers with their moments."""

    totals: list[tuple[datetime | None, float, Node]] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)


class Scores:
    """Gathers totals and answers; `records()` gives the measures of a client document.

    `signs_of_risk` counts the answers so far that are signs of risk. `unread` are the types of those
    resources that measure something known, or may, and of which nothing stands in the records.
    """

    def __init__(self, vocabulary: Vocabulary, settings: FhirSettings, as_of: date) -> None:
        self._instruments = vocabulary.instruments
        self._settings = settings
        self._codes = codes_of(vocabulary, settings)
        self._as_of = as_of
        self._sheets: dict[tuple[date, str], Sheet] = {}
        self.notices: list[Notice] = []
        self.signs_of_risk = 0
        self.unread: set[str] = set()
        self._taken = 0

    def observation(self, resource: Node) -> bool:
        """Take an Observation; return whether it, or a component of it, measures anything known."""
        codes = all_codes(resource, "code")
        given: list[tuple[Node, Instrument, int | None]] = []
        strange: list[str] = []
        self._part(resource, codes, given)
        for part in nodes(resource, "component"):
            named = all_codes(part, "code")
            if not (self._part(part, named, given) or self._without_system(resource, part, named)):
                strange.append(", ".join(named) or "without a code")
        # A panel that only groups says nothing of its own, and is no stranger.
        if not given and self._codes.panels.keys().isdisjoint(codes):
            return self._without_system(resource, resource, codes)
        if strange:
            self._note(resource, f"what parts of it observe ({'; '.join(strange)}) is no measure that is known here")
        if not given:
            return True
        status, taken = text(resource, "status"), self._taken
        span = choice(resource, "effective", self._settings.zone)
        if status in _FINAL:
            for part, instrument, item in given:
                self._observe(resource, part, instrument, item, span)
        else:
            self._not_final(
                resource,
                given,
                f"its status is {status or 'not given'}, and only final, amended and corrected ones count",
            )
        if status != _NOT_DONE:
            self._note_unread(resource, taken)
        return True

    def _observe(self, resource: Node, part: Node, instrument: Instrument, item: int | None, span: Span | None) -> None:
        value = observed(part, points_of(instrument, self._settings))
        if not isinstance(value, NoNumber):
            self._take(resource, instrument, item, value, span)
        elif item in instrument.risk_items and is_answered(part):
            self.notices.append(unread_answer(resource, instrument, item, value.reason, self._settings))
        else:
            what = f"{instrument.name} item {item}" if item else instrument.name
            self._note(resource, f"{what} is unknown: {value.reason}")

    def _not_final(self, resource: Node, given: Iterable[tuple[Node, Instrument, int | None]], reason: str) -> None:
        """What is not final never counts; an answer that may be a sign of risk is to be looked at all the same."""
        for part, instrument, item in given:
            if item in instrument.risk_items and self._may_be_sign(part, instrument):
                self.notices.append(unread_answer(resource, instrument, item, reason, self._settings))
                return
        self._note(resource, reason)

    def _without_system(self, resource: Node, part: Node, codes: Iterable[str]) -> bool:
        """Say that an answer may be a sign of risk, by a code of which system nobody tells; return whether it may."""
        meant = next((self._codes.without_system[code] for code in codes if code in self._codes.without_system), None)
        if meant is None or not self._may_be_sign(part, self._instruments[meant[0]]):
            return False
        reason = "its code is that of this question, and the record does not say of which code system it is"
        self.notices.append(unread_answer(resource, self._instruments[meant[0]], meant[1], reason, self._settings))
        self.unread.add(text(resource, "resourceType") or "")
        return True

    def _may_be_sign(self, part: Node, instrument: Instrument) -> bool:
        """Whether an answer to a question on suicide is there, and is not known to be the lowest."""
        value = value_of(part, points_of(instrument, self._settings))
        is_lowest = not isinstance(value, NoNumber) and value == (instrument.item_low or 0)
        return is_answered(part) and not is_lowest

    def answered(self, answered: Answered) -> None:
        """Take the answers and the total of a questionnaire."""
        span, taken = read_date(text(answered.resource, "authored"), self._settings.zone), self._taken
        for number, value in answered.answers.items():
            self._take(answered.resource, answered.instrument, number, value, span)
        if answered.total is not None:
            self._take(answered.resource, answered.instrument, None, answered.total, span)
        self._note_unread(answered.resource, taken)

    def records(self) -> list[dict[str, object]]:
        """Return the measures of a client document, by day and instrument."""
        return [
            record
            for (day, name), sheet in sorted(self._sheets.items(), key=lambda pair: pair[0])
            if (record := self._record(day, self._instruments[name], sheet)) is not None
        ]

    def _part(self, part: Node, codes: Iterable[str], given: list[tuple[Node, Instrument, int | None]]) -> bool:
        """Add what a part of an Observation measures, by the first of its codes that is known."""
        for code in codes:
            meaning = self._codes.meaning.get(code)
            if meaning is not None:
                name, item = meaning
                given.append((part, self._instruments[name], item))
                return True
        return False

    def _note(self, resource: Node, reason: str) -> None:
        self.notices.append(about(resource, reason))

    def _note_unread(self, resource: Node, taken: int) -> None:
        """Remember that nothing was taken of a resource, where so many were taken before it."""
        if self._taken == taken:
            self.unread.add(text(resource, "resourceType") or "")

    def _take(self, resource: Node, instrument: Instrument, item: int | None, value: float, span: Span | None) -> None:
        wrong = _out_of_range(instrument, item, value)
        if wrong and item in instrument.risk_items:
            self.notices.append(unread_answer(resource, instrument, item, wrong, self._settings))
            return
        if wrong:
            what = f"{instrument.name} item {item}" if item else instrument.name
            self._note(resource, f"{what} is unknown: {wrong}")
            return
        day = span.day if span else None
        at_risk = item in instrument.risk_items and value > (instrument.item_low or 0)
        self.signs_of_risk += at_risk
        if day is None:
            what = f"{instrument.name} item {item}" if item else f"{instrument.name} of {say_number(value)}"
            if not at_risk:
                self._note(resource, f"{what} has no full date and is left out")
                return
            day = min(span.last, self._as_of) if span else self._as_of
            self._note(resource, f"{what} has no full date; a sign of risk is not left out and counts on {day}")
        elif at_risk and day > self._as_of:
            day = self._dated_later(resource, instrument, item or 0, day)
        self._taken += 1
        place = (day, instrument.id)
        sheet = self._sheets.get(place)
        if sheet is None:
            sheet = self._sheets[place] = Sheet()
        if item is None:
            sheet.totals.append((span.at if span else None, value, resource))
        else:
            # Of two answers on one day the one that points to more risk, or to more burden, is not overlooked.
            answer = int(value)
            sheet.answers[item] = max(answer, sheet.answers.get(item, answer))

    def _dated_later(self, resource: Node, instrument: Instrument, item: int, day: date) -> date:
        """The day on which a sign of risk counts that is dated after the day that is looked at.

        The next day may be that day by the clock of another place, whether it is told with its hour or not: it counts
        at once. Any later one is a mistake that somebody has to look at, as it counts only when its day comes.
        """
        looked_at = say_date(self._as_of)
        if day - self._as_of == timedelta(days=1):
            what = f"{instrument.name} item {item} is dated {say_date(day)}, the day after the one that is looked at"
            self._note(resource, f"{what}; a sign of risk is not left out and counts on {looked_at}")
            return self._as_of
        reason = f"it is dated after the day that is looked at, {looked_at}, and does not count yet"
        self.notices.append(unread_answer(resource, instrument, item, reason, self._settings))
        return day

    def _record(self, day: date, instrument: Instrument, sheet: Sheet) -> dict[str, object] | None:
        total = self._total(day, instrument, sheet)
        record: dict[str, object] = {"instrument": instrument.id, "date": str(day)}
        if total is not None:
            record["score"] = int(total) if total == int(total) else total
        answers = sheet.answers
        if total is not None and _adds_up(instrument, answers) and sum(answers.values()) != total:
            self._differ(day, instrument, sheet, "the answers do not add up to the total")
            del record["score"]
            answers = {number: answers[number] for number in answers if number in instrument.risk_items}
        if answers:
            kind = "risk_items" if set(answers) <= set(instrument.risk_items) else "items"
            record[kind] = {str(number): answers[number] for number in sorted(answers)}
        return record if len(record) > 2 else None  # instrument and date alone say nothing

    def _total(self, day: date, instrument: Instrument, sheet: Sheet) -> float | None:
        if len(sheet.totals) <= 1:
            return sheet.totals[0][1] if sheet.totals else None
        values = {value for _, value, _ in sheet.totals}
        if len(values) == 1:
            return values.pop()
        timed = [(at, value) for at, value, _ in sheet.totals if at is not None]
        if len(timed) == len(sheet.totals):
            newest = max(at for at, _ in timed)
            last = {value for at, value in timed if at == newest}
            if len(last) == 1:
                return last.pop()
        self._differ(day, instrument, sheet, f"there are totals of {_listed(values)} on one day")
        return None

    def _differ(self, day: date, instrument: Instrument, sheet: Sheet, what: str) -> None:
        self.unread |= {text(resource, "resourceType") or "" for _, _, resource in sheet.totals}
        for _, _, resource in sheet.totals[:1]:
            self._note(resource, f"{instrument.name} of {day} is unknown: {what}")


def _adds_up(instrument: Instrument, answers: Mapping[int, int]) -> bool:
    """Whether all answers are there and the total is their plain sum."""
    count, low, high = instrument.items, instrument.item_low, instrument.item_high
    if count is None or low is None or high is None or len(answers) != count:
        return False
    return (count * low, count * high) == (instrument.low, instrument.high)


def _listed(values: Iterable[float]) -> str:
    return " and ".join(say_number(value) for value in sorted(values))


def _out_of_range(instrument: Instrument, item: int | None, value: float) -> str | None:
    if item is not None:
        low, high = instrument.item_low, instrument.item_high
        if low is None or high is None or (low <= value <= high and value == int(value)):
            return None
        return f"{say_number(value)} is none of its answers, {low} to {high}"
    steps = (value - instrument.low) / instrument.step
    if instrument.low <= value <= instrument.high and abs(steps - round(steps)) < 1e-9:
        return None
    scores = f"{say_number(instrument.low)} to {say_number(instrument.high)}"
    return f"{say_number(value)} is none of its scores, {scores}"


def read_scores(observations: Iterable[Node], answered: Iterable[Answered], scores: Scores) -> Iterator[Node]:
    """Take every score; yield the Observations that measure nothing known here."""
    for resource in observations:
        if not scores.observation(resource):
            yield resource
    for one in answered:
        scores.answered(one)
