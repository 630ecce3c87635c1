"""A whole caseload over a year: limits are kept, no endorsed item 9 is missed, and the page tells today's numbers."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from cdsrules import Advisor
from cdsrules.impact.alert_load import rules_speaking, shown, steps
from cdsrules.rendering.outline import outline
from cdsrules.rendering.sections import Part
from examples.practice_db.alert_load import (
    NEW_ADVICE,
    NEW_FACTS,
    SAME,
    Year,
    both_years,
    proposable,
    returning,
)
from examples.practice_db.alert_page import COMMAND, page
from examples.practice_db.caseload import (
    CLIENTS,
    Look,
    Practice,
    as_recorded,
    fully_recorded,
    looks,
    made_up,
    month_ends,
)

PAGE = Path(__file__).parents[2] / "docs" / "alert-load.md"


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    path = tmp_path_factory.mktemp("caseload") / "practice.db"
    made_up(path)
    made = as_recorded(path)
    with closing(made.database):
        yield made


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(plugins=[], engine="reference") as loaded:
        yield loaded


@pytest.fixture(scope="module")
def years(advisor: Advisor, practice: Practice) -> tuple[Year, Year]:
    return both_years(advisor, practice)


@pytest.fixture(scope="module")
def all_looks(years: tuple[Year, Year]) -> tuple[Look, ...]:
    return tuple(look for year in years for look in (*year.plain, *year.proposing))


BEGUN = """
    SELECT COUNT(*) FROM (SELECT MIN(start_date) AS start FROM individual_programs GROUP BY individual_id)
    WHERE start <= ?
"""


def test_every_client_is_evaluated_on_every_month_end_since_they_began(
    years: tuple[Year, Year], practice: Practice
) -> None:
    begun = sum(practice.database.execute(BEGUN, (str(day),)).fetchone()[0] for day in month_ends())

    assert len(practice.documents) == CLIENTS
    assert [year.evaluated for year in years] == [begun, begun]
    assert len({look.client for look in years[0].plain}) > CLIENTS * 0.9
    assert len(month_ends()) == 12


def test_the_data_carries_the_year(practice: Practice) -> None:
    """Sessions are held in every month that is looked at, in a practice of a hundred clients and more."""
    for day in month_ends():
        assert len(practice.in_treatment(day)) > 100
        assert practice.sessions(day.replace(day=1), day) > 50


def test_nobody_is_shown_more_than_one_first_step_and_three_more(all_looks: tuple[Look, ...]) -> None:
    assert max(len(steps(look.guidance)) for look in all_looks) <= 4
    assert any(look.guidance.folded for look in all_looks)


def test_what_is_laid_out_keeps_the_limit_too(all_looks: tuple[Look, ...]) -> None:
    for look in all_looks[::500]:
        sizes = {section.part: len(section.entries) for section in outline(look.guidance).sections}
        assert sizes.get(Part.FIRST, 0) <= 1
        assert sizes.get(Part.MORE, 0) + sizes.get(Part.THEN, 0) <= 3
        assert sizes.get(Part.SAFETY, 0) == len(look.guidance.safety)


ENDORSED = """
    SELECT DISTINCT 'client-' || individual_id
    FROM assessments JOIN assessment_responses USING (assessment_id) JOIN assessment_instruments USING (instrument_id)
         JOIN individual_programs USING (individual_id)
    WHERE instrument_code = 'PHQ9' AND item_number = 9 AND response_value > 0
          AND date(assessed_at) <= :day AND start_date <= :day AND COALESCE(end_date, '9') > :day
"""
# An endorsement is open until a later day on which risk was assessed. In the fully recorded practice that is a week
# after each endorsement, so an earlier one may close a later; and the start, which closes what was endorsed before it.
ENDORSED_AND_NOT_ASSESSED = f"""
    WITH endorsed AS (
        SELECT individual_id, date(assessed_at) AS on_day
        FROM assessments JOIN assessment_responses USING (assessment_id)
             JOIN assessment_instruments USING (instrument_id)
        WHERE instrument_code = 'PHQ9' AND item_number = 9 AND response_value > 0),
    assessed AS (
        SELECT individual_id, date(on_day, '+7 days') AS on_day FROM endorsed
        UNION SELECT individual_id, MIN(start_date) FROM individual_programs GROUP BY individual_id)
    {ENDORSED} AND NOT EXISTS (
        SELECT 1 FROM assessed
        WHERE assessed.individual_id = assessments.individual_id
              AND assessed.on_day > date(assessed_at) AND assessed.on_day <= :day)
"""


@pytest.mark.parametrize(("place", "query"), [(0, ENDORSED), (1, ENDORSED_AND_NOT_ASSESSED)])
def test_item_nine_is_a_safety_item_exactly_where_sql_finds_it_open(
    years: tuple[Year, Year], practice: Practice, place: int, query: str
) -> None:
    """S01 is open for every endorsement, at any age and total, that no later risk assessment closed.

    As recorded there are no assessments, so it stays for good. Clients are compared day by day, not only counted.
    """
    spoken: dict[date, set[str]] = {day: set() for day in month_ends()}
    for look in years[place].plain:
        if any(item.rule.id == "risk-item-endorsed" for item in look.guidance.safety):
            spoken[look.day].add(look.client)

    assert spoken == {day: counted(practice.database, query, day) for day in month_ends()}
    assert all(spoken.values())


def counted(database: sqlite3.Connection, query: str, day: date) -> set[str]:
    return {client for (client,) in database.execute(query, {"day": str(day)})}


def test_in_a_month_without_news_an_item_stays_the_same(years: tuple[Year, Year]) -> None:
    """What rests on the same records keeps its id; what is new is told from what only has new facts."""
    for year in years:
        counts = returning(year.plain)
        assert set(counts) <= {SAME, NEW_FACTS, NEW_ADVICE}
        assert counts[SAME] > counts.total() / 4
        assert counts[NEW_ADVICE] > 0


def test_what_is_proposed_is_answered_at_every_look(years: tuple[Year, Year], advisor: Advisor) -> None:
    proposed = proposable(advisor.library)

    for year in years:
        assert {tuple(sorted(one.action for one in look.guidance.proposals)) for look in year.proposing} == {
            tuple(sorted(proposed))
        }


def test_fully_recorded_says_more_than_as_recorded(years: tuple[Year, Year]) -> None:
    """Lists that are there, if empty, decide rules: what rests on `not done` speaks only then, first steps always."""
    sparse, full = ({rule for look in year.plain for rule in rules_speaking(look.guidance)} for year in years)

    assert {"adjust-plan", "offer-resources", "encourage-in-a-stall"} <= full - sparse
    assert {"reassess", "talk-about-progress", "consult-colleague"} <= full & sparse
    assert any(not shown(look.guidance) for year in years for look in year.plain)


def test_engines_agree_on_the_caseload(practice: Practice, years: tuple[Year, Year]) -> None:
    """On the last day, fully recorded, with everything proposed; a difference would be raised."""
    with Advisor.load(plugins=[], engine="durable", verify=True, on_disagreement="raise") as durable:
        last = month_ends()[-1:]
        proposed = proposable(durable.library)
        seen = [look.guidance.engine for look in looks(durable, fully_recorded(practice), last, proposing=proposed)]

    assert len(seen) == len(practice.begun(last[0]))
    assert {report.verified for report in seen} == {True}


def test_the_page_tells_the_numbers_of_todays_rules(years: tuple[Year, Year], advisor: Advisor) -> None:
    """Of rules that give the same numbers the page need not be written again, so the hash is not compared."""
    there = PAGE.read_text(encoding="utf-8")
    written = re.search(r"Written on (\S+) by", there)
    assert written is not None

    now = page(years, advisor.library, date.fromisoformat(written[1]))

    assert without_hash(there) == without_hash(now), f"Write the page again: {COMMAND}"


def without_hash(text: str) -> list[str]:
    kept = [line for line in text.splitlines() if not line.startswith("Content hash: ")]
    assert len(kept) == len(text.splitlines()) - 1
    return kept
