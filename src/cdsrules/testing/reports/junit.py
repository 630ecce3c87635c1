"""How cases came out, in the XML that build servers read: a suite a file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cdsrules.rendering.text import WIDTH, joined
from cdsrules.rendering.visible import visible
from cdsrules.testing.matrix import Confusion
from cdsrules.testing.ran import Ran, failures
from cdsrules.testing.reports.cases import failure_lines, gist
from cdsrules.testing.reports.matrix import counts


def junit(ran: Sequence[Ran], matrix: Sequence[Confusion] = ()) -> str:
    """Return the cases as JUnit XML; a failure holds the same text as the terminal.

    What became of each rule stands as a property with the first file of its rulebook.
    """
    root = Element("testsuites", tests=str(len(ran)), failures=str(len(failures(ran))))
    left = list(matrix)
    for file, group in groupby(ran, key=lambda one: one.file):
        cases = tuple(group)
        suite = SubElement(root, "testsuite", name=file, tests=str(len(cases)), failures=str(len(failures(cases))))
        rulebook = cases[0].rulebook
        _add_properties(suite, [one for one in left if one.rule.rulebook == rulebook])
        left = [one for one in left if one.rule.rulebook != rulebook]
        for one in cases:
            _add(suite, one)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add_properties(suite: Element, matrix: Sequence[Confusion]) -> None:
    if matrix:
        properties = SubElement(suite, "properties")
        for one in matrix:
            value = " ".join(f"{name}={count}" for name, count in counts(one).items())
            SubElement(properties, "property", name=f"rule.{one.rule.id}", value=value)


def _add(suite: Element, one: Ran) -> None:
    named = {"classname": one.rulebook, "name": visible(one.case.name), "file": one.file}
    line = {"line": str(one.case.at.line)} if one.case.at else {}
    case = SubElement(suite, "testcase", {**named, **line})
    if one.left_alone is not None:
        SubElement(case, "skipped", message=visible(one.left_alone))
    if one.failed:
        SubElement(case, "failure", message=visible(gist(one))).text = joined(failure_lines(one, width=WIDTH))
