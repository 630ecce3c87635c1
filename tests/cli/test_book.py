"""The book and the dossier as commands write them; the PDF by the real browser where there is one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cdsrules.cli.app import run
from cdsrules.cli.browser import NAMES, NoBrowser, find_browser, print_page
from cdsrules.documents.book import make_book
from cdsrules.documents.book_page import book_page
from cdsrules.documents.dossier import PARTS
from tests.documents.made import made_basis
from tests.rules.shipped import library

Captured = pytest.CaptureFixture[str]

OWN = """\
rulebook: ours
version: 3.2.1
status: active
title: Of our own
owner: Somebody
review_by: 2099-01-01
rules:
  - id: reviewed-long-ago
    finds: reviewed_long_ago
    title: The plan is old
    when: {fact: plan.reviewed_on, older_than: 90 days}
"""


def has_browser() -> bool:
    try:
        find_browser()
    except NoBrowser:
        return False
    return True


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "rules.yaml").write_text(OWN, encoding="utf-8")
    return folder


def test_the_book_is_written_with_rules_of_ones_own(ours: Path, tmp_path: Path, capsys: Captured) -> None:
    page = tmp_path / "book.html"
    assert run(["book", str(ours), "--output", str(page)]) == 0
    assert capsys.readouterr().out == f"Written: {page}\n"
    text = page.read_text(encoding="utf-8")
    assert "The plan is old" in text
    assert all(f'id="rule-{rule}"' in text for rule in library().by_id)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: Captured) -> None:
    assert run(["book", "--output", str(tmp_path / "missing" / "book.html")]) == 2
    assert "missing/book.html: No such file or directory" in capsys.readouterr().err


def test_without_a_browser_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("CDSRULES_BROWSER", "netscape")
    arguments = ["--output", str(tmp_path / "book.html"), "--pdf", str(tmp_path / "book.pdf")]
    assert run(["book", *arguments]) == 2
    assert "CDSRULES_BROWSER names netscape" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_pdf_is_what_the_browser_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    copies = (
        'for page in "$@"; do case $page in --print-to-pdf=*) pdf=${page#*=};; esac; done; cp "${page#file://}" "$pdf"'
    )
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\n{copies}\n", encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("CDSRULES_BROWSER", str(browser))
    page, pdf = tmp_path / "book.html", tmp_path / "book.pdf"
    assert run(["book", "--output", str(page), "--pdf", str(pdf)]) == 0
    assert capsys.readouterr().out == f"Written: {page}\nWritten: {pdf}\n"
    assert pdf.read_bytes() == page.read_bytes()


@pytest.mark.skipif(not has_browser(), reason=f"none of {', '.join(NAMES)} is on the PATH")
def test_a_real_browser_prints_the_book(tmp_path: Path) -> None:
    """The head and the numbers of the pages come from the style sheet, which the page allows by its digest."""
    pdf = tmp_path / "book.pdf"
    print_page(book_page(make_book(made_basis(), "9.9.9")), pdf)
    printed = pdf.read_bytes()
    assert printed.startswith(b"%PDF-")
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert pages >= 4  # the front and each section begin a page of their own
    reader = shutil.which("pdftotext")
    if reader is not None:
        told = subprocess.run([reader, "-f", "2", "-l", "2", pdf, "-"], capture_output=True, text=True, check=True)
        assert told.stdout.startswith("Rule book\n")
        assert re.search(rf"\b2 ?/ ?{pages}\b", told.stdout)


def test_the_dossier_is_written_as_page_data_and_tables_and_twice_the_same(
    ours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdsrules.cli.basis.outcomes", lambda _: {})  # the test below runs the cases
    made = []
    for name in ("first", "second"):
        folder = tmp_path / "made" / name
        run(["dossier", str(ours), "--output", str(folder)])
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]
    assert sorted(made[0]) == sorted(["dossier.html", "dossier.json", *(f"{part}.csv" for part in PARTS)])
    document = json.loads(made[0]["dossier.json"])
    assert {one["id"]: one["version"] for one in document["rulebooks"]}["ours"] == "3.2.1"
    assert len(document["hazards"]["rules"]) == len(library().rules) + 1
    assert re.fullmatch(r"[0-9a-f]{64}", document["cases_hash"])


WRONG = """\
rulebook: ours
as_of: 2026-06-15
clients:
  olga:
    story: Olga's plan was reviewed last week.
    state: {treatment: {started_on: 2026-01-05, plan_reviews: [{date: 2026-06-08}]}}
cases:
  - case: a plan that is new
    client: olga
    expect: {fires: [reviewed-long-ago]}
"""


def test_a_case_that_does_not_come_out_is_told(ours: Path, tmp_path: Path, capsys: Captured) -> None:
    (ours / "cases.yaml").write_text(WRONG, encoding="utf-8")
    assert run(["dossier", str(ours), "--output", str(tmp_path / "out")]) == 1
    assert "Not as expected: ours: a plan that is new\n" in capsys.readouterr().err
