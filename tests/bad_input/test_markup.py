"""Text that looks like markup, or that a terminal would obey, in every string that is shown: it stays text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cdsrules import Advisor
from cdsrules.cli.app import run
from cdsrules.loading.shipped import shipped_rules
from cdsrules.plugins import hookimpl
from cdsrules.plugins.registering import PluginMisfit
from tests.cli.program import DEMO, document, on_a_terminal

Write = Callable[..., Path]
Captured = pytest.CaptureFixture[str]

HOSTILE = (
    "<script>alert()</script>",
    "</style><img src=x onerror=alert()>",
    "</title></svg></text>",
    '" onmouseover="alert()',
    "' style='display:none",
    "&lt;b&gt; &amp; &",
    "]]> <!-- -->",
    "[bold red]text[/bold red] [link=file:///etc/passwd]",
    ":warning: {% raw %} ${HOME} %s",
)


def rulebook(text: str) -> str:
    """A rulebook that says this in every place where it may say something of its own."""
    said = json.dumps(text.replace("{", "(").replace("}", ")"))
    return f"""\
rulebook: ours
version: 1.0.0
status: active
title: {said}
owner: {said}
review_by: 2099-11-01
sources:
  s: {{title: {said}, publisher: {said}, grade: consensus}}
parameters:
  p: {{value: 6 months, source: s, why: {said}}}
rules:
  - id: seen
    title: {said}
    finds: seen
    when: {{fact: treatment.duration, at_least: $p}}
    say: {{clinician: {said}, why: {said}}}
    sources: [s]
  - id: do
    title: {said}
    recommends: consultation
    when: {{finding: seen}}
    say: {{clinician: {said}, supervisor: {said}, client: {said}, why: {said}}}
    evidence: {said}
    sources: [s]
  - id: hold
    title: {said}
    cautions: referral
    when: {{all: [{{proposed: referral}}, {{finding: seen}}]}}
    until: [consultation]
    say: {{clinician: {said}, why: {said}}}
    sources: [s]
"""


class Tags(HTMLParser):
    """The tags of a page with their attributes, but for those that hold numbers and words of the content."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(sorted(name for name, _ in attrs))))
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action", "xlink:href"}]


def page(text: str, folder: Path, capsys: Captured) -> str:
    (folder / "rules.yaml").write_text(rulebook(text), encoding="utf-8")
    assert run(["evaluate", str(DEMO), "--rules", str(folder), "--format", "html"]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_rulebook_adds_no_tag_to_the_page(text: str, tmp_path: Path, capsys: Captured) -> None:
    hostile = Tags(page(text, tmp_path, capsys))
    harmless = Tags(page("Plain words", tmp_path, capsys))

    assert hostile.found == harmless.found
    assert {tag for tag, _ in hostile.found}.isdisjoint({"script", "img", "iframe", "object", "link"})
    assert not any(name.startswith("on") for _, names in hostile.found for name in names)
    assert all(link.startswith(("http://", "https://", "#")) for link in hostile.links)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_rulebook_is_printed_as_it_stands(text: str, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(rulebook(text), encoding="utf-8")
    wide = {"COLUMNS": "400", "NO_COLOR": "1"}
    status, shown = on_a_terminal("evaluate", DEMO, "--all", "--rules", tmp_path, env=wide)

    assert status == 0
    assert text.replace("{", "(").replace("}", ")") in " ".join(shown.split())


# What steers a terminal or turns the direction of reading is refused in rule files, however it is written.

STEERING = (
    *("\x1b[2J", "\x07", "\x9b31m", "\x00", "\x7f"),
    *("\u202e", "\u2066", "\u061c", "\u200b", "\xad", "\u2028", "\ufeff", "\U000e0041"),
)


@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "as it is"])
@pytest.mark.parametrize("character", STEERING, ids=lambda one: f"U+{ord(one[0]):04X}")
def test_what_steers_is_refused_in_rule_files(character: str, escaped: bool, tmp_path: Path, capsys: Captured) -> None:
    text = rulebook("Plain words").replace('title: "Plain words"', f'title: "Plain {character} words"', 1)
    if escaped:
        escapes = "".join(f"\\U{ord(one):08x}" for one in character)
        text = text.replace(character, escapes)
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")

    assert run(["check", str(tmp_path)]) == 1

    told = capsys.readouterr().out
    assert "CDS006" in told
    assert all(one.isprintable() or one == "\n" for one in told)


def test_what_steers_in_a_document_is_shown_as_its_code(write: Write, capsys: Captured) -> None:
    for steering in STEERING:
        file = write("c.json", {**document(), f"a{steering}": 1, "clinician": {"role": steering}})

        assert run(["evaluate", str(file)]) == 1

        told = capsys.readouterr().err
        assert not [one for one in told if unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp"} and one != "\n"]


def test_a_plugin_cannot_steer_by_its_name() -> None:
    class Plugin:
        __name__ = "bad\x1b[2J<script>\u202e"

        @hookimpl
        def cdsrules_guidance_ready(self) -> None:
            """Take note of nothing."""

    plugin = Plugin()
    with pytest.raises(PluginMisfit) as refused:
        Advisor.load(plugins=[plugin])
    assert str(refused.value).isprintable()

    plugin.__name__ = "<script>"
    with Advisor.load(plugins=[plugin]) as advisor:
        guidance = advisor.evaluate(document())

    from cdsrules.rendering import html, text

    assert "<script>" not in html.render(guidance)
    for shown in (html.render(guidance), text.render(guidance, everything=True)):
        assert all(one.isprintable() or one == "\n" for one in shown)


def test_what_is_shipped_holds_nothing_that_steers() -> None:
    for file in shipped_rules().rglob("*.yaml"):
        found = {one for one in file.read_text(encoding="utf-8") if unicodedata.category(one) in {"Cc", "Cf", "Co"}}
        assert found <= {"\n"}, file
