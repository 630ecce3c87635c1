"""Small rulebooks with a fault planted in them, beside the shipped vocabulary and the shipped safety rules."""

from __future__ import annotations

from functools import lru_cache

from cdsrules.advisor import Advisor
from cdsrules.analysis.remarks import Remark
from cdsrules.analysis.search import Search
from cdsrules.analysis.survey import Survey
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Library, Rule
from cdsrules.testing.laws.asking import Answer

_HEAD = """\
rulebook: made
version: 1.0.0
status: active
title: Made for a test
owner: Nobody
review_by: 2030-01-01
sources:
  made: {title: Made, grade: consensus}
rules:
"""


def rule(name: str, does: str, when: str, more: str = "", say: str = "Consider this.") -> str:
    """One rule in YAML: `does` is its verb and target, `more` further keys."""
    lines = [f"  - id: {name}", f"    {does}", f"    title: {name.replace('-', ' ').capitalize()}"]
    lines += [f"    when: {when}", "    sources: [made]"]
    lines += [f"    {more}"] if more else []
    lines += [f"    say: {{clinician: {say}}}"] if say else []
    return "\n".join(lines) + "\n"


def library(*rules: str) -> Library:
    """The library of a made rulebook, the shipped vocabulary and the safety rules."""
    shipped = [file for file in read_rule_files() if file.key.startswith(("safety/", "vocabulary/"))]
    made = SourceFile("made.yaml", (_HEAD + "".join(rules)).encode())
    return load_library([*shipped, made], catalogue)


@lru_cache(maxsize=4)  # a search holds some twenty megabytes
def searching(*rules: str) -> tuple[Search, Survey, tuple[Rule, ...]]:
    """A search over a made rulebook, and its rules."""
    advisor = Advisor(library(*rules), on_disagreement="raise")
    search = Search(advisor)
    made = tuple(one for one in advisor.library.rules if one.rulebook == "made")
    return search, Survey(search), made


def shown_on_both_engines(remark: Remark, search: Search) -> bool:
    """Whether the client of a remark shows what it says, by durable-rules and by the reference."""
    if remark.client is None or remark.shows is None:
        return False
    found = []
    for engine in ("durable", "reference"):
        with Advisor(search.advisor.library, engine=engine, on_disagreement="raise") as advisor:
            found.append(remark.shows(Answer(advisor, remark.client.document, remark.client.as_of)))
    return all(found)
