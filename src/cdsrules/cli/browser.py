"""A browser that prints pages: found on the machine, run without a window, no network asked for."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Final

from cdsrules.cli.programs import called
from cdsrules.errors import CdsrulesError, ExtraMissing

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHOSEN: Final = "CDSRULES_BROWSER"
LONGEST: Final = 120.0
"""Seconds after which a browser that prints is given up."""


class NoBrowser(ExtraMissing):
    """There is no browser to print with; the text says what to install or set."""


class NotPrinted(CdsrulesError):
    """The browser did not print; the text is what it said of that."""


def find_browser() -> str:
    """Return the program that prints: the one that CDSRULES_BROWSER names, or the first that is on the PATH.

    Raises `NoBrowser` where there is none.
    """
    chosen = os.environ.get(CHOSEN)
    found = next((path for name in ((chosen,) if chosen else NAMES) if (path := shutil.which(name))), None)
    if found is not None:
        return found
    if chosen:
        message = f"{CHOSEN} names {chosen}, and no such program can be run."
        raise NoBrowser(message)
    message = (
        f"A PDF needs Chromium or Chrome, and neither is on the PATH: install one, or name its program in {CHOSEN}."
    )
    raise NoBrowser(message)


def print_page(page: str, pdf: Path) -> None:
    """Write a page as a PDF, on the paper that its style sheet names.

    Raises `NoBrowser` where none is there, and `NotPrinted` with what the browser said.
    """
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="cdsrules-") as folder:
        html, made = Path(folder) / "page.html", Path(folder) / "page.pdf"
        html.write_text(page, encoding="utf-8")
        said = _run([browser, *_switches(Path(folder)), f"--print-to-pdf={made}", html.as_uri()])
        if not made.is_file():
            message = f"{browser} printed nothing. It said: {said.strip()[-500:] or 'nothing'}"
            raise NotPrinted(message)
        shutil.copyfile(made, pdf)


def _switches(folder: Path) -> list[str]:
    switches = [
        "--headless",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer",
        "--generate-pdf-document-outline",
    ]
    # Chromium refuses to start as root with its sandbox. The page is our own, holds no script and fetches nothing.
    return [*switches, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else switches


def _run(command: list[str]) -> str:
    try:
        return called(command, longest=LONGEST).stderr.decode(errors="replace")
    except TimeoutExpired:
        message = f"{command[0]} did not finish printing within {LONGEST:.0f} seconds."
        raise NotPrinted(message) from None
