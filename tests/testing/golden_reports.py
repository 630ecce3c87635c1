"""What a validator reads of cases that do not come out, word for word.

`python -m tests.testing.golden_reports` writes the files anew, for a person to read before they are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from cdsrules.loading.codes.cases import CODES
from cdsrules.loading.report import as_text
from cdsrules.loading.sources import SourceFile
from cdsrules.rendering.text import joined
from cdsrules.testing import check_cases, read_cases
from cdsrules.testing.matrix import confusion
from cdsrules.testing.ran import Ran, filed
from cdsrules.testing.reports.cases import case_lines
from cdsrules.testing.reports.junit import junit
from cdsrules.testing.reports.matrix import matrix_lines
from cdsrules.testing.suite import Suite, run_suite
from tests.testing.small_rulebook import small

FOLDER = Path(__file__).parent / "golden"


@cache
def ran() -> tuple[Ran, ...]:
    """The cases of the folder, run on the day they are written for."""
    text = (FOLDER / "failing.yaml").read_bytes()
    suite = Suite(small(), filed(read_cases(text, "small/cases.yaml", small())), date(2026, 6, 15))
    with suite.advisor:
        return tuple(run_suite(suite, 1))


def _matrix() -> str:
    return joined(matrix_lines(confusion(small(), ran(), {"small"}), width=80))


def _problems() -> str:
    """What is said of the bad example of each code, by the shipped rules."""
    from cdsrules import Advisor

    library = Advisor.load(plugins=[], engine="reference").library
    told = []
    for code in CODES:
        file = SourceFile("cases.yaml", code.bad.encode())
        told.append(as_text(check_cases([file], library), {file.name: file.text}))
    return "\n".join(told)


FILES: Mapping[str, Callable[[], str]] = {
    "failures.txt": lambda: joined(case_lines(ran(), chosen=len(ran()), width=80)),
    "failures-narrow.txt": lambda: joined(case_lines(ran()[:2], chosen=len(ran()), width=40)),
    "failures.xml": lambda: junit(ran(), confusion(small(), ran(), {"small"})),
    "matrix.txt": _matrix,
    "problems.txt": _problems,
}

if __name__ == "__main__":
    for name, made in FILES.items():
        (FOLDER / name).write_text(made(), encoding="utf-8")
