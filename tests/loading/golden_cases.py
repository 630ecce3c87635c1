"""The golden files: a rule file each, and beside it what is said of it, word by word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cdsrules.loading.codes.frame import RULEBOOK, framed
from cdsrules.loading.codes.record import Within
from cdsrules.loading.library import check_files
from cdsrules.loading.report import as_text
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue

GOLDEN = Path(__file__).parent / "golden"
TODAY = date(2026, 6, 1)


@dataclass(frozen=True)
class Golden:
    """One golden file; a name that begins with `shipped` stands in for the shipped safety rulebook."""

    path: Path

    @property
    def expected(self) -> Path:
        """The file that holds what is said."""
        return self.path.with_suffix(".txt")

    def sources(self) -> tuple[SourceFile, ...]:
        """The file as given, among the shipped ones of the frame."""
        shipped = [file for file in framed(RULEBOOK, Within.RULEBOOK) if file.is_shipped]
        text = self.path.read_bytes()
        if not self.path.name.startswith("shipped"):
            return (*shipped, SourceFile(self.path.name, text))
        others = (file for file in shipped if file.key != "safety.yaml")
        return (*others, SourceFile(self.path.name, text, "shipped"))


CASES = tuple(Golden(path) for path in sorted(GOLDEN.glob("*.yaml")))


def said_of(case: Golden) -> str:
    """What cdsrules says of a golden file."""
    sources = case.sources()
    texts = {file.name: file.text for file in sources}
    return as_text(check_files(sources, catalogue, TODAY), texts)
