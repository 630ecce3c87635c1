"""The tree of a requirements file -> what the rules have to say, row by row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cdsrules.diagnostics import Position
from cdsrules.loading.problems import Problems
from cdsrules.loading.section import Declared, Key, Keys, open_section, section_of
from cdsrules.loading.tree import Entries, Entry
from cdsrules.loading.values import LONGEST_ID, shortened, wrong_sort
from cdsrules.model.vocabulary import Requirement

REQUIREMENT_ID: Final = "[A-Z][A-Z0-9]*([._-][A-Z0-9]+)*"
"""How a requirement is spelt: `G07`, or a clinic's own `LOCAL-3`."""

FILE_KEYS: Final[Keys] = {
    "vocabulary": Key("vocabulary: requirements", required=True),
    "version": Key("version: 1.0.0", required=True),
    "requirements": Key('requirements: {G07: {source_file: "001", guidance: Measure progress.}}', required=True),
}
REQUIREMENT_KEYS: Final[Keys] = {
    "source_file": Key('source_file: "001"'),
    "guidance": Key("guidance: Measure progress regularly.", required=True),
    "closed_by": Key("closed_by: A later risk assessment."),
}
_ID: Final = re.compile(REQUIREMENT_ID)


def row_number(id_: str) -> str:
    """Return a requirement's id in the shape in which two spellings of one row are equal.

    Rows differ in a digit only, so what is merely spelt alike is another row, and no guess.

    >>> row_number("g-7") == row_number("G07"), row_number("G31") == row_number("G30")
    (True, False)
    """
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", re.sub(r"[^A-Z0-9]", "", id_.upper()))


def read_requirements(root: Entries, problems: Problems, *, is_shipped: bool) -> Mapping[str, Declared[Requirement]]:
    """Return the requirements of a file by id, in the order written."""
    file = section_of(root, "a requirements file", FILE_KEYS, problems)
    file.version("version")
    node = file.node("requirements")
    if node is not None and not isinstance(node, Entries):
        advice = f"Write it like `{FILE_KEYS['requirements'].example}`."
        wrong_sort(node, "`requirements`", "each requirement by its id", advice, problems)
    rows = node.entries if isinstance(node, Entries) else {}
    read = (
        (id_, _requirement(id_, entry, problems, is_shipped=is_shipped))
        for id_, entry in rows.items()
        if _fits(id_, entry.key_at, problems)
    )
    return {id_: one for id_, one in read if one is not None}


def _fits(id_: str, at: Position, problems: Problems) -> bool:
    if len(id_) <= LONGEST_ID and _ID.fullmatch(id_):
        return True
    upper = re.sub(r"[^A-Z0-9._]+", "-", id_.upper()).strip("-._")
    message = f"This requirement is spelt `{shortened(id_)}`; they have capital letters and digits."
    problems.add("CDS027", at, message, f"Write `{upper if _ID.fullmatch(upper) else 'G07'}`.")
    return False


def _requirement(id_: str, entry: Entry, problems: Problems, *, is_shipped: bool) -> Declared[Requirement] | None:
    section = open_section(entry.node, f"requirement `{id_}`", REQUIREMENT_KEYS, problems)
    if section is None:
        return None
    requirement = Requirement(
        id=id_,
        guidance=section.said("guidance"),
        source_file=section.optional_text("source_file"),
        closed_by=section.said("closed_by") or None,
    )
    return Declared(requirement, section, entry.key_at, is_shipped)
