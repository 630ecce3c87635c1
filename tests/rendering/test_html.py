from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules.rendering.html import render, svg
from tests.rendering.sample import COURSE, EMPTY, FULL, spoken_as

VOID = {"meta", "br", "hr", "link", "img"}


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


MARKUP = "</p></li></title></style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;{{ 7 * 7 }}<!--"


def test_every_tag_that_opens_closes() -> None:
    assert Page(render(FULL, COURSE)).open == []
    assert Page(render(EMPTY)).open == []


def test_text_that_looks_like_markup_changes_nothing_but_the_text() -> None:
    """Every text of the guidance and of the chart is replaced; the page keeps exactly its tags and attributes."""
    plain = Page(render(spoken_as(FULL, "plain"), spoken_as(COURSE, "plain")))
    hostile = Page(render(spoken_as(FULL, MARKUP), spoken_as(COURSE, MARKUP)))

    assert hostile.tags == plain.tags
    assert "<script>alert(1)</script>" in hostile.text


@given(st.text())
@settings(max_examples=40)
def test_no_text_of_a_document_changes_the_page(text: str) -> None:
    plain = Page(render(spoken_as(FULL, "plain" if text else ""), spoken_as(COURSE, "plain")))

    assert Page(render(spoken_as(FULL, text), spoken_as(COURSE, text))).tags == plain.tags


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\u2066", "\ufeff"])
def test_characters_that_mislead_the_eye_are_shown_as_codes(character: str) -> None:
    page = render(spoken_as(FULL, f"a{character}b"), spoken_as(COURSE, f"a{character}b"))

    assert character not in page
    assert f"{ord(character):x}b" in page


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    page = Page(render(FULL, COURSE))

    assert {"script", "link", "iframe", "object", "img", "form"}.isdisjoint(tag for tag, _ in page.tags)
    assert {"src", "href", "style", "srcset"}.isdisjoint(name for name, _ in page.attributes)
    assert not any(name.startswith("on") for name, _ in page.attributes)
    assert "url(" not in render(FULL, COURSE)
    assert "@import" not in render(FULL, COURSE)


def test_the_security_policy_allows_this_style_sheet_and_nothing_else() -> None:
    page = render(FULL, COURSE)
    sheet = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert sheet is not None

    digest = b64encode(sha256(sheet[1].encode()).digest()).decode()
    policy = dict(Page(page).attributes)["content"]

    assert f"default-src 'none'; style-src 'sha256-{digest}'" in [value for _, value in Page(page).attributes]
    assert policy is not None


def test_the_first_thing_to_do_stands_before_the_chart() -> None:
    page = render(FULL, COURSE)
    places = [page.index(mark) for mark in (">What we see<", ">First<", "<figure>", ">Also now<")]

    assert places == sorted(places)


def test_ids_are_there_once_and_labels_point_at_them() -> None:
    attributes = Page(render(FULL, COURSE)).attributes
    ids = [value for name, value in attributes if name == "id"]
    labels = [one for name, value in attributes if name == "aria-labelledby" and value for one in value.split()]

    assert len(ids) == len(set(ids))
    assert set(labels) <= set(ids)
    assert labels


def test_what_the_text_says_by_default_stands_in_the_page_too() -> None:
    told = Page(render(FULL, COURSE)).text

    for item in (*FULL.safety, *FULL.speaking, *FULL.pathway.now, *FULL.pathway.then):
        assert item.text in told
    assert "Risk not recorded: no risk assessment on file. Ask." in told
    assert FULL.frame in told


def test_without_a_chart_there_is_no_empty_picture() -> None:
    assert "<figure" not in render(FULL)


def test_the_chart_is_well_formed_and_tells_itself_in_words() -> None:
    picture = ET.fromstring(svg(spoken_as(COURSE, MARKUP)))

    assert picture.get("role") == "img"
    description = picture.find("desc")
    assert description is not None
    assert description.text is not None
    assert "8 scores, first 18, lowest 15, highest 19, latest 17" in description.text


def test_a_chart_without_cut_off_or_baseline_shows_neither() -> None:
    bare = replace(COURSE, cut_off=None, baseline=None, reliable_change=None, applied=(), sessions=())

    picture = svg(bare)

    assert "within reliable change" not in render(FULL, bare)
    assert "First day of each recommendation" not in render(FULL, bare)
    assert "cut-off" not in picture
    assert "band" not in picture
    assert "baseline" not in picture
