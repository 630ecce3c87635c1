"""Rule files for tests of loading: the frame of the code examples, and what is added to it."""

from __future__ import annotations

from datetime import date
from textwrap import indent

from cdsrules.diagnostics import Diagnostic
from cdsrules.loading.codes.frame import ACTIONS, INSTRUMENTS, REQUIREMENTS, RULEBOOK, SAFETY, framed
from cdsrules.loading.codes.record import Within
from cdsrules.loading.library import check_files, load_library
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Library, Rule

TODAY = date(2026, 6, 1)


def given(text: str, name: str = "given.yaml") -> SourceFile:
    """A file that the user gave."""
    return SourceFile(name, text.encode())


def shipped(text: str, name: str) -> SourceFile:
    """A file that came with cdsrules."""
    return SourceFile(f"rules/{name}", text.encode(), "shipped", name)


VOCABULARY = (
    shipped(ACTIONS, "actions.yaml"),
    shipped(INSTRUMENTS, "instruments.yaml"),
    shipped(REQUIREMENTS, "requirements.yaml"),
)
SHIPPED = (*VOCABULARY, shipped(SAFETY, "safety.yaml"), shipped(RULEBOOK, "example.yaml"))


def book(rules: str, *, id_: str = "ours", head: str = "") -> str:
    """A rulebook of these rules; `head` adds to what stands above them."""
    return (
        f"rulebook: {id_}\nversion: 2.0.0\nstatus: active\ntitle: Ours\nowner: Us\nreview_by: 2027-11-01\n"
        f"{head}rules:\n{indent(rules, '  ')}"
    )


def load(*files: SourceFile) -> Library:
    """A library of these files."""
    return load_library(files, catalogue, TODAY)


def check(*files: SourceFile) -> tuple[Diagnostic, ...]:
    """What is wrong with these files."""
    return check_files(files, catalogue, TODAY)


def codes(*files: SourceFile) -> list[str]:
    """The codes of what is wrong with these files."""
    return [one.code for one in check(*files)]


def rule_of(text: str) -> Rule:
    """The rule that stands in the frame rulebook as its last."""
    library = load(*framed(text, Within.RULES))
    return next(rulebook for rulebook in library.rulebooks if rulebook.id == "example").rules[-1]
