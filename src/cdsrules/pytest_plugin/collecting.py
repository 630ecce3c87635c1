"""Files of cases as pytest collects them: an item a case, told with the text of `cdsrules test`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import pytest

from cdsrules import clock
from cdsrules.advisor import Advisor
from cdsrules.errors import CasesError, CdsrulesError, RulebookError
from cdsrules.loading.files import find_case_files, holds_rules
from cdsrules.pytest_plugin.settings import RULES
from cdsrules.rendering.problems import problem_lines
from cdsrules.rendering.text import WIDTH, joined
from cdsrules.rendering.visible import visible
from cdsrules.testing.cases import read_cases
from cdsrules.testing.checking import check_cases
from cdsrules.testing.ran import Filed, Ran, filed
from cdsrules.testing.reports.cases import failed_lines, gist
from cdsrules.testing.runner import run_filed

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr

_Style: TypeAlias = Literal["long", "short", "line", "no", "native", "value", "auto"]
_ADVISORS = pytest.StashKey[dict[tuple[Path, ...], Advisor]]()


class CaseFailed(Exception):
    """A case did not come out as expected; `ran` says how."""

    def __init__(self, ran: Ran) -> None:
        super().__init__(ran.case.name)
        self.ran = ran


class CasesFile(pytest.File):
    """A file of cases, read against the rulebooks beside it or those that the settings name."""

    def collect(self) -> Iterator[CaseItem]:
        """Yield the cases. Raises `CollectError` with everything that is wrong with rules or cases."""
        try:
            advisor = _advisor(self.config, self.path)
            cases = _cases(self.path, advisor)
        except (RulebookError, CasesError) as error:
            raise self.CollectError(joined(problem_lines(error.diagnostics, width=WIDTH))) from None
        except CdsrulesError as error:
            raise self.CollectError(str(error)) from None
        for one in cases:
            yield CaseItem.from_parent(self, name=visible(one.case.name), filed=one, advisor=advisor)


class CaseItem(pytest.Item):
    """One case, run as `cdsrules test` runs it, on both engines where both are there."""

    def __init__(self, *, filed: Filed, advisor: Advisor, **further: object) -> None:
        super().__init__(**further)  # type: ignore[arg-type]  # name and parent, as pytest hands them over
        self._filed, self._advisor = filed, advisor
        self.add_marker("cdsrules")
        self.extra_keyword_matches.update((filed.rulebook, filed.case.client))

    def runtest(self) -> None:
        """Run the case. Raises `CaseFailed` where it does not come out as expected."""
        ran = run_filed(self._filed, self._advisor, clock.today())
        if ran.failed:
            raise CaseFailed(ran)
        if ran.left_alone is not None:
            leave = pytest.skip if self._filed.case.known_gap is None else pytest.xfail
            leave(visible(ran.left_alone))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: _Style | None = None
    ) -> str | TerminalRepr:
        """Return what was expected, what came out and why, as `cdsrules test` says it."""
        if isinstance(excinfo.value, CaseFailed):
            ran = excinfo.value.ran
            return f"{visible(gist(ran))}\n\n{joined(failed_lines(ran, width=WIDTH))}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the case stands, and what it is called."""
        at = self._filed.case.at
        return self.path, None if at is None else at.line - 1, f"{self._filed.rulebook}: {self.name}"


def give_back(config: pytest.Config) -> None:
    """Close what the cases were run with."""
    for advisor in config.stash.get(_ADVISORS, {}).values():
        advisor.close()


def _cases(path: Path, advisor: Advisor) -> tuple[Filed, ...]:
    """Return the cases of a file. Raises `CasesError` with all that is wrong with them and their clients."""
    here = Path.cwd()
    found = find_case_files([path.relative_to(here) if path.is_relative_to(here) else path])
    problems = (*found.problems, *check_cases(found.files, advisor.library))
    if problems:
        raise CasesError(problems)
    return tuple(one for file in found.files for one in filed(read_cases(file.text, file.name, advisor.library)))


def _advisor(config: pytest.Config, file: Path) -> Advisor:
    """Return the advisor for a file of cases, loaded once for all files with the same rules."""
    own = [file.parent] if holds_rules(file.parent) else []
    folders = tuple(config.getini(RULES)) or tuple(own)
    known = config.stash.setdefault(_ADVISORS, {})
    if folders not in known:
        with Advisor.load(folders, today=clock.today()) as loaded:
            # Plugins take part by their rulebooks and facts alone: none shall hear of a client who is made up.
            quiet = loaded.plugin_session.measuring()
            known[folders] = Advisor(loaded.library, on_disagreement="raise", plugins=quiet)
    return known[folders]
