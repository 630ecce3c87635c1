from __future__ import annotations

from cdsrules.diagnostics import Diagnostic, Position, Severity
from cdsrules.rendering.problems import problem_lines
from cdsrules.rendering.text import Line, Role


def test_place_and_code_stand_on_one_line_to_be_copied_and_the_words_below() -> None:
    place = Position("a/rather/long/path/that/nobody/wants/to/see/broken/into/pieces/rules.yaml", 12, 5)
    problem = Diagnostic("CDS012", "The key stands twice.", "Keep one.", place, related=(Position("rules.yaml", 3, 5),))

    assert list(problem_lines([problem], width=40)) == [
        Line(f"{place}: error CDS012", Role.URGENT),
        Line("  The key stands twice. Keep one."),
        Line("  See also rules.yaml:3:5."),
    ]


def test_a_warning_is_less_urgent_and_a_path_is_a_place() -> None:
    problem = Diagnostic("CDS740", "It is dated later.", "", path="$.measures[3]", severity=Severity.WARNING)

    assert list(problem_lines([problem])) == [
        Line("$.measures[3]: warning CDS740", Role.STRONG),
        Line("  It is dated later."),
    ]
