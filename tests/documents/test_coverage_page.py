"""The page of coverage marks every clause by what the cases have seen of it."""

from __future__ import annotations

import re

from cdsrules.documents.coverage_page import coverage_page
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.testing.reports.mutation import Told
from tests.testing.small_rulebook import advisor_of, small_advisor
from tests.testing.test_coverage import EARLY, UNRATED, covered

LEXICON = program_lexicon(small_advisor().program)


def shown(*more: str, slips: dict[str, Told] | None = None) -> str:
    return coverage_page(covered(*more).by_rulebook({"small"}), LEXICON, "1.2.3", slips or {})


def line_of(page: str, words: str) -> str:
    return next(line for line in page.splitlines() if words in line)


def test_a_clause_has_a_shade_and_a_mark_for_each_truth() -> None:
    line = line_of(shown(UNRATED), "the client rates the progress as same or worse")
    assert 'class="partly"' in line
    assert re.findall(r'class="mark (\w+)">([\w ]+)<', line) == [
        ("seen", "true"),
        ("unseen", "never false"),
        ("seen", "unknown"),
    ]


def test_a_clause_with_a_single_truth_seen_is_missed_and_one_with_all_covered() -> None:
    assert 'class="missed"' in line_of(shown(), "the client rates the progress as same or worse")
    assert 'class="covered"' in line_of(shown(EARLY, UNRATED), "all of these")


def test_a_denied_clause_is_marked_as_it_is_said() -> None:
    """“Not reassessed” was true where “reassessed” was false."""
    done = line_of(
        shown("  - {case: done, client: anna, with: {done: {}}, expect: {fires: [slow]}}\n"), "not reassessed"
    )
    assert '<span class="mark seen">true</span><span class="mark unseen">never false</span>' in done


def test_the_rule_has_its_outcomes_and_its_survivors() -> None:
    page = shown(slips={"slow": Told(("changing “a” to “b <c>”",), ("leaving out “d” changes nothing: for e",))})
    assert '<span class="mark seen">holds</span><span class="mark unseen">never silent</span>' in page
    assert "<li>changing “a” to “b &lt;c&gt;”</li>" in page
    assert "<li>leaving out “d” changes nothing: for e</li>" in page


def test_slips_in_the_order_of_actions_stand_under_the_action() -> None:
    page = shown(slips={"transfer": Told(("no longer letting transfer wait for consultation breaks no case",))})
    assert "<h2>Order of actions</h2>" in page
    assert page.index("<h3>transfer</h3>") < page.index("no longer letting transfer wait for consultation")
    assert "Order of actions" not in shown()


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = shown()
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_a_text_stands_there_with_its_placeholders_marked_by_the_forms_they_took() -> None:
    from tests.testing.test_wording_seen import RULES, covered_all

    page = coverage_page({"small": covered_all()}, program_lexicon(advisor_of(RULES).program), "1.2.3", {})
    line = line_of(page, "On file: ")
    assert 'class="slot missed"' in line
    assert '<span class="mark seen">one</span><span class="mark unseen">never several</span>' in line
    assert '<p class="said missed">' in line_of(page, "consider an agreement on goals")
    assert "never said" in line_of(page, "consider an agreement on goals")


def test_a_parameter_stands_there_with_the_sides_that_clients_are_on() -> None:
    from tests.testing.test_parameters_seen import RULES
    from tests.testing.test_parameters_seen import covered as covered_parameters

    page = coverage_page({"small": covered_parameters()}, program_lexicon(advisor_of(RULES).program), "1.2.3", {})
    line = line_of(page, ">lately</span>, 60 days")
    assert '<span class="mark unseen">never a clause holds</span>' in line
    assert '<span class="mark seen">a clause does not hold</span>' in line
    assert "(no condition reads it)" in line_of(page, ">unused</span>, 4 weeks")
