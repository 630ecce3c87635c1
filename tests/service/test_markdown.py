"""Text for cards, held to a renderer of GitHub-flavoured Markdown."""

from __future__ import annotations

from html import unescape

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cdsrules.service.markdown import LONGEST_SUMMARY, escaped, shortened

GITHUB = MarkdownIt("gfm-like")
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf"]), max_size=80)
MARKED = st.text("ab1 .:/-+*_#<>[]()`~|&@\\!=;xwhtp", max_size=40)


def shown(markdown: str) -> str:
    """The paragraph that a reader sees."""
    html: str = GITHUB.render(markdown)
    assert html == "" or (html.startswith("<p>") and html.endswith("</p>\n")), html
    return html.removeprefix("<p>").removesuffix("</p>\n")


@given(PLAIN | MARKED)
def test_what_is_escaped_is_shown_as_it_is(text: str) -> None:
    html = shown(escaped(text))

    assert "<" not in html
    assert unescape(html).split() == text.split()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[here](https://evil.example)",
        "https://evil.example and www.evil.example and a@evil.example",
        "![x](https://evil.example/pixel.png)",
        "1. one",
        "2) two",
        "- a",
        "+ a",
        "# a",
        "> a",
        "=== ",
        "| a | b |",
        "~~gone~~",
        "&lt;b&gt;",
        "``` x",
        "\\*",
        "a  \nb",
    ],
)
def test_markup_is_shown_and_never_obeyed(text: str) -> None:
    html = shown(escaped(text))

    assert "<" not in html
    assert unescape(html).split() == text.split()


def test_a_plain_sentence_stays_readable_where_nobody_renders_it() -> None:
    sentence = "PHQ-9: 16, on 27 July 2026 (severe). Consider this; it may help - gently."

    assert escaped(sentence) == sentence


@given(st.text(max_size=400))
def test_a_summary_is_short_however_characters_are_counted(text: str) -> None:
    short = shortened(text)

    assert len(short.encode("utf-16-le", "surrogatepass")) // 2 <= LONGEST_SUMMARY
    assert "\n" not in short


@given(st.lists(st.sampled_from(["👨‍👩‍👧‍👦", "e\u0301", "🇩🇪", "word", " "]), min_size=60, max_size=120).map("".join))
def test_a_summary_is_never_cut_within_a_visible_character(text: str) -> None:
    whole = regex.findall(r"\X", " ".join(text.split()))
    kept = regex.findall(r"\X", shortened(text).removesuffix("…"))

    assert kept == whole[: len(kept)]


def test_a_summary_ends_after_a_word() -> None:
    short = shortened("Look afresh: " + "consider what has changed since the start " * 5)

    assert short.removesuffix("…").split()[-1] in {"consider", "what", "has", "changed", "since", "the", "start"}
    assert shortened("short") == "short"
