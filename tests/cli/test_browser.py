"""A browser is found, prints what it is given, and when it cannot, one sentence says why."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cdsrules.cli import browser
from cdsrules.cli.browser import NoBrowser, NotPrinted, find_browser, print_page


def program(folder: Path, name: str, script: str) -> Path:
    made = folder / name
    made.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    made.chmod(0o755)
    return made


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of its own, with nothing in it yet."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}")
    monkeypatch.delenv(browser.CHOSEN, raising=False)
    return folder


@pytest.mark.parametrize("name", browser.NAMES)
def test_it_is_found_by_any_of_its_names(name: str, path: Path) -> None:
    made = program(path, name, "")
    assert find_browser() == str(made)


def test_the_one_that_is_chosen_comes_first(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(path, "chromium", "")
    chosen = program(tmp_path, "mine", "")
    monkeypatch.setenv(browser.CHOSEN, str(chosen))
    assert find_browser() == str(chosen)


def test_without_one_a_sentence_says_what_to_do(path: Path) -> None:
    with pytest.raises(NoBrowser, match=r"install one, or name its program in CDSRULES_BROWSER\."):
        find_browser()


def test_a_choice_that_is_not_there_is_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(path, "chromium", "")
    monkeypatch.setenv(browser.CHOSEN, "netscape")
    with pytest.raises(NoBrowser, match="CDSRULES_BROWSER names netscape"):
        find_browser()


def test_what_a_browser_says_that_prints_nothing_is_told(path: Path, tmp_path: Path) -> None:
    program(path, "chromium", "echo the display is on fire >&2; exit 1")
    with pytest.raises(NotPrinted, match="It said: the display is on fire"):
        print_page("<p></p>", tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()


def test_a_browser_that_does_not_end_is_given_up(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(path, "chromium", f"exec {shutil.which('sleep', path='/bin:/usr/bin')} 30")
    monkeypatch.setattr(browser, "LONGEST", 0.2)
    with pytest.raises(NotPrinted, match="did not finish printing within"):
        print_page("<p></p>", tmp_path / "out.pdf")
