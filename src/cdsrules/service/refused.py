"""Of rules or a site that cannot be used: what kept them from it, apart from what is merely worth knowing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cdsrules.diagnostics import Diagnostic, Severity


class Weighed(NamedTuple):
    """The errors among problems, all problems where none is an error, and how many others there are."""

    errors: tuple[Diagnostic, ...]
    others: int

    @property
    def others_in_words(self) -> str:
        """That there are others, in a sentence; nothing where there are none."""
        if not self.others:
            return ""
        what = "warning or note, which refuses" if self.others == 1 else "warnings and notes, which refuse"
        return f"And {self.others} {what} nothing: `cdsrules check` names all."


def weighed(problems: Sequence[Diagnostic]) -> Weighed:
    """Return what stopped rules from being used, apart from warnings and notes, which stop nothing."""
    errors = tuple(one for one in problems if one.severity is Severity.ERROR) or tuple(problems)
    return Weighed(errors, len(problems) - len(errors))
