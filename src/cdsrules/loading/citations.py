"""The `sources:` of a rulebook or of the instruments file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdsrules.loading.problems import Problems
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.tree import Entry
from cdsrules.model.source import Grade, Source

LOCAL: Final = "local"
"""What a parameter cites when no source gives its value; no source may bear the name."""

SOURCE_KEYS: Final[Keys] = {
    "title": Key('title: "Depression in adults: treatment and management"', required=True),
    "grade": Key("grade: guideline", required=True),
    "publisher": Key("publisher: NICE"),
    "year": Key("year: 2022"),
    "citation": Key('citation: "Journal of Affective Disorders 2020; 12:34-56."'),
    "url": Key('url: "https://www.example.org/guideline"'),
    "verified": Key("verified: false"),
}


def read_sources(section: Section, problems: Problems) -> Mapping[str, Source]:
    """Return the sources that a file declares, by id."""
    named = section.named("sources", "source")
    return {id_: _source(id_, entry, problems) for id_, entry in named.items() if _is_free(id_, entry, problems)}


def _is_free(id_: str, entry: Entry, problems: Problems) -> bool:
    if id_ != LOCAL:
        return True
    problems.add(
        "CDS034",
        entry.key_at,
        "`local` is what a parameter cites when no source gives its value; it is no source of its own.",
        "Give the source another id, such as `local_protocol`.",
    )
    return False


def _source(id_: str, entry: Entry, problems: Problems) -> Source:
    section = open_section(entry.node, f"source `{id_}`", SOURCE_KEYS, problems)
    if section is None:
        return Source(id_, "", Grade.LOCAL)
    return Source(
        id=id_,
        title=section.text("title"),
        grade=section.word("grade", Grade, Grade.LOCAL),
        publisher=section.optional_text("publisher"),
        year=section.whole("year", least=1800, most=2200),
        citation=section.optional_text("citation"),
        url=section.optional_text("url"),
        verified=section.flag("verified", default=True),
    )
