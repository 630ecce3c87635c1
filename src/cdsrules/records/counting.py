"""What the records hold of a stretch of time, counted by the database: by rule, by day, and of nobody in particular."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, case, distinct, func, select

from cdsrules.frozen import frozen
from cdsrules.model.json_value import day_of
from cdsrules.records.ledger import Ledger
from cdsrules.records.tables import answers, arrivals, looks, sightings

ByDay = Mapping[date, int]


class Span(NamedTuple):
    """A stretch of days, the first and the last in it."""

    first: date
    last: date

    @property
    def before(self) -> Span:
        """The stretch of the same length just before."""
        length = self.last - self.first + timedelta(days=1)
        return Span(self.first - length, self.last - length)


class Answer(NamedTuple):
    """What was done with items of a rule: the outcome, and by code why."""

    rule: str
    outcome: str
    reason: str | None


class Shown(NamedTuple):
    """How often a rule was shown, how many different items that were, and how often one rested that was put off."""

    times: int
    items: int
    rested: int


class Waited(NamedTuple):
    """After how many seconds the items of a rule were first answered: so many items, half of them, nine in ten.

    `untimed` are those of them that were answered, as it was told, before they were shown: they have no time of their
    own, and where none has one, there is none of half and nine in ten either.
    """

    items: int
    half: int | None
    nine_in_ten: int | None
    untimed: int = 0


@frozen
class Counted:
    """The counts of a span, and of the one before it where they go by day.

    `looks` are the clients looked at on each day, `spoke` those for whom a rule spoke, put off or not, and
    `arrived` those with a new record of a kind that is dated so. `shown`, `answers` and `waited` are of the span alone.
    """

    span: Span
    looks: ByDay
    spoke: Mapping[str, ByDay]
    arrived: Mapping[str, ByDay]
    shown: Mapping[str, Shown]
    answers: Mapping[Answer, int]
    waited: Mapping[str, Waited]


def count(ledger: Ledger, span: Span) -> Counted:
    """Return what the records hold of a span; one state of the database serves all of it.

    Raises `RecordsError` when the database refuses.
    """
    with ledger.reading() as connection:
        return Counted(
            span=span,
            looks=_looks(connection, span),
            spoke=_by_day(connection, span, sightings.c.rule, sightings.c.shown_on, sightings.c.client),
            arrived=_by_day(connection, span, arrivals.c.input, arrivals.c.arrived_on, arrivals.c.client),
            shown=_shown(connection, span),
            answers=_answers(connection, span),
            waited=_waited(connection, span),
        )


def rules_on_record(ledger: Ledger, names: Collection[str]) -> frozenset[str]:
    """Return those of these names that a rule bears which has ever spoken or been answered.

    Raises `RecordsError` when the database refuses.
    """
    with ledger.reading() as connection:
        return frozenset(
            name
            for name in names
            for table in (sightings, answers)
            if connection.execute(select(table.c.rule).where(table.c.rule == name).limit(1)).one_or_none()
        )


def _within(column: Column[str], span: Span) -> ColumnElement[bool]:
    return column.between(span.first.isoformat(), span.last.isoformat())


def _looks(connection: Connection, span: Span) -> ByDay:
    day = looks.c.shown_on
    wanted = select(day, func.count(distinct(looks.c.client))).group_by(day)
    rows = connection.execute(wanted.where(_within(day, Span(span.before.first, span.last))))
    return {day_of(on): clients for on, clients in rows}


def _by_day(
    connection: Connection, span: Span, name: Column[str], day: Column[str], client: Column[str]
) -> Mapping[str, ByDay]:
    """The clients of each day, by a name; those of the span before as well."""
    wanted = select(name, day, func.count(distinct(client))).group_by(name, day).order_by(name, day)
    found: dict[str, dict[date, int]] = {}
    for named, on, clients in connection.execute(wanted.where(_within(day, Span(span.before.first, span.last)))):
        found.setdefault(named, {})[day_of(on)] = clients
    return found


def _shown(connection: Connection, span: Span) -> Mapping[str, Shown]:
    put_off, item = sightings.c.put_off, sightings.c.item
    times, rested = func.sum(1 - put_off), func.sum(put_off)
    items = func.count(distinct(case((put_off == 0, item))))
    wanted = select(sightings.c.rule, times, items, rested).group_by(sightings.c.rule)
    rows = connection.execute(wanted.where(_within(sightings.c.shown_on, span)))
    return {rule: Shown(*counts) for rule, *counts in rows}


def _answers(connection: Connection, span: Span) -> Mapping[Answer, int]:
    asked = (answers.c.rule, answers.c.outcome, answers.c.reason)
    wanted = select(*asked, func.count()).where(_within(answers.c.shown_on, span)).group_by(*asked).order_by(*asked)
    return {Answer(rule, outcome, reason): times for rule, outcome, reason, times in connection.execute(wanted)}


def _waited(connection: Connection, span: Span) -> Mapping[str, Waited]:
    """How long items waited for their first answer; each share is the wait of one item, by the nearest rank."""
    wait = func.min(answers.c.at - answers.c.first_shown_at).label("wait")
    asked = select(answers.c.rule, answers.c.item, wait).where(_within(answers.c.shown_on, span))
    first = asked.where(answers.c.first_shown_at.is_not(None)).group_by(answers.c.rule, answers.c.item).subquery()
    timed = first.c.wait > 0  # an answer that was told for a moment before it was shown is held as given at once
    ranked = select(
        first.c.rule,
        first.c.wait,
        func.row_number()
        .over(partition_by=first.c.rule, order_by=(case((timed, 0), else_=1), first.c.wait))
        .label("rank"),
        func.count().over(partition_by=first.c.rule).label("answered"),
        func.sum(case((timed, 1), else_=0)).over(partition_by=first.c.rule).label("timed"),
    ).subquery()

    def share(percent: int) -> ColumnElement[int | None]:
        rank = (ranked.c.timed * percent + 99) // 100
        return func.max(case((ranked.c.rank == rank, ranked.c.wait)))

    items, timed_items = func.max(ranked.c.answered), func.max(ranked.c.timed)
    wanted = select(ranked.c.rule, items, share(50), share(90), items - timed_items).group_by(ranked.c.rule)
    return {rule: Waited(*waits) for rule, *waits in connection.execute(wanted)}
