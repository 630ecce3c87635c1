"""The rule book: everything of every rule is in it, and nothing that a text holds becomes markup."""

from __future__ import annotations

from cdsrules.documents.book import make_book
from cdsrules.documents.book_page import book_page
from cdsrules.model.rulebook import Verb
from cdsrules.testing.shown import Stand
from tests.documents.made import HARM, hostile_basis, made_basis
from tests.documents.page import Page, check_page
from tests.documents.shipped import shipped_basis


def made_page() -> Page:
    return check_page(book_page(make_book(made_basis(), "9.9.9")))


def test_a_rule_is_printed_with_all_that_stands_behind_it() -> None:
    text = made_page().text
    for part in (
        "Look afresh",
        "Recommends: look",
        "recommends-look",
        "A trial found that looking helps.",
        "A trial of waiting, A press, 2020",
        "Author A. A journal 2020; 1:1-9.",
        "recent : 60 days. Older than this says little.",
        "local default, confirm",
        "Set on 15 June 2026.",
        "Half an hour is lost.",
        "Nobody looks.",
        "Shall we look?",
    ):
        assert part in text, part


def test_conditions_stand_in_plain_words_with_exceptions_and_ways_out() -> None:
    text = made_page().text
    assert "Holds when all of these are true: therapy is stuck “worn” does not hold Not when " in text
    assert "Holds when any of these is true:" in text
    assert "Until any of these is true:" in text


def test_placeholders_are_told_apart_from_the_text_around_them() -> None:
    page = made_page()
    slots = [attributes for tag, attributes in page.tags if tag == "span" and attributes.get("class") == "slot"]
    assert len(slots) == 2
    assert "Seen fact f times, on day of fact f . Look within 60 days." in page.text


def test_cases_name_the_client_whose_story_the_chapter_tells_once() -> None:
    page = made_page()
    assert "stuck and rested ( anna )" in page.text
    assert "#client-made-anna" in page.links
    assert page.text.count("Anna, stuck for a year.") == 1


def test_a_rule_that_no_case_shows_says_so() -> None:
    assert made_page().text.count("No case shows that it fires.") == 5


def test_what_is_not_provided_is_said() -> None:
    assert "Funding not provided" in made_page().text
    assert "Released, revised 2 January 2026, not provided" in made_page().text


def test_each_chapter_has_room_to_be_signed_and_harms_their_ids() -> None:
    text = made_page().text
    assert "Read and agreed" in text
    assert "Second reader" in text
    assert "Half an hour is lost. H.recommends-look.wrong" in text
    assert "Carried by the rules that read it: Look afresh" in text


def test_a_rule_that_is_not_active_bears_its_status() -> None:
    assert made_page().text.count("retired") == 1
    assert made_page().text.count("shadow") == 1


def test_the_head_of_a_printed_page_names_the_rules() -> None:
    text = made_page().text
    assert 'content: "Rule book"' in text
    assert 'content: "cdsrules, content 000000000000"' in text
    assert "counter(page)" in text


def test_nothing_that_a_text_holds_becomes_markup() -> None:
    hostile = book_page(make_book(hostile_basis(), HARM))
    page = Page(hostile)
    assert page.open == []
    harmless = made_page()
    assert set(page.names) <= set(harmless.names)
    names = {name for _, attributes in page.tags for name in attributes}
    assert names <= {name for _, attributes in harmless.tags for name in attributes}
    assert "alert(1)" in page.text
    assert "\u202e" not in hostile


def test_the_shipped_book_holds_every_rule_parameter_source_case_and_row() -> None:
    basis = shipped_basis()
    book = make_book(basis, "9.9.9")
    page = check_page(book_page(book))
    library = basis.library
    printed = [name.removeprefix("rule-") for name in page.ids if name.startswith("rule-")]
    assert {name for name in printed if not name.endswith("-title")} == set(library.by_id)
    assert sum(chapter.rules for chapter in book.chapters) == len(library.rules)
    assert {chapter.book.id for chapter in book.chapters} == {one.id for one in library.rulebooks}
    assert book.chapters[0].book.id == "safety"
    for rulebook in library.rulebooks:
        for source in rulebook.sources.values():
            assert " ".join(source.title.split()) in page.text
    assert {f"action-{name}" for name in library.vocabulary.actions} <= set(page.ids)
    assert {f"row-{name}" for name in library.vocabulary.requirements} <= set(page.ids)
    shown = {case.id for entry in basis.entries.values() for case in entry.cases_that(Stand.FIRES)}
    assert sum(chapter.cases for chapter in book.chapters) >= len(shown) > 0
    read = {key.name for entry in basis.entries.values() for key in entry.facts}
    assert {fact.spec.name for fact in book.facts} == {
        name for name in read if not name.startswith(("action.", "proposed."))
    }


def test_the_shipped_pictures_show_every_ordered_action_and_every_finding_that_is_read() -> None:
    basis = shipped_basis()
    book = make_book(basis, "9.9.9")
    assert book.order is not None
    actions = basis.library.vocabulary.actions.values()
    ordered = {end for one in actions for first in (*one.requires, *one.listed_after) for end in (one.id, first)}
    assert {placed.node.id for placed in book.order.nodes} == ordered
    for chapter in book.chapters:
        drawn = {edge.edge.tail for drawing in chapter.drawings for edge in drawing.edges}
        read = {
            f"finding:{one.finding}"
            for part in chapter.parts
            for entry in part.entries
            for one in entry.findings
            if entry.rule.verb in Verb
        }
        assert drawn == read
