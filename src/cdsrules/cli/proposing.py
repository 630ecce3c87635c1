"""`cdsrules test --propose`: cases that close the gaps of those there are, to be read and signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdsrules.cli import screen
from cdsrules.cli.progress import counted_on_terminal
from cdsrules.loading.file_names import is_case_file
from cdsrules.rendering.text import Line, Role, wrapped

if TYPE_CHECKING:
    from cdsrules.cli.bench import Chosen
    from cdsrules.model.rulebook import Library
    from cdsrules.testing.cases import Case
    from cdsrules.testing.proposals.gaps import Gap
    from cdsrules.testing.proposals.proposing import Proposed
    from cdsrules.testing.reports.run import TestRun


def check_target(write: Path | None) -> None:
    """Raise a usage error for a file that `cdsrules test` would not find again, or that is there already."""
    if write is None:
        return
    if not is_case_file(write):
        message = f"`{write.name}` is no file of cases by its name: call it something like proposed.cases.yaml."
        raise click.UsageError(message)
    if write.exists():
        message = f"{write} is there already, perhaps with cases that somebody has signed: name another file."
        raise click.UsageError(message)


def propose_all(run: TestRun, chosen: Chosen) -> Proposed:
    """Return cases for what the run has found open: what no case has seen, then the slips that none notices."""
    from cdsrules.advisor import Advisor
    from cdsrules.guidance.lexicon import program_lexicon
    from cdsrules.plugins.session import measuring_plugins
    from cdsrules.testing.proposals.gaps import holes, slips
    from cdsrules.testing.proposals.laying import Laying
    from cdsrules.testing.proposals.proposing import propose

    with ExitStack() as opened:

        def advising(library: Library) -> Advisor:
            return opened.enter_context(Advisor(library, engine="reference", plugins=measuring_plugins()))

        advisor = advising(chosen.library.as_if_active())
        laying = Laying(advisor, advising(chosen.library) if chosen.library.in_shadow else None)
        lexicon = program_lexicon(advisor.program)
        seen = (one for coverage in (run.covered or {}).values() for one in holes(coverage, laying, lexicon))
        missed = (one for of_book in (run.slips or {}).values() for one in slips(of_book.survivors, laying))
        gaps: Sequence[Gap] = (*seen, *missed)
        cases = [*(one.case for one in chosen.cases), *_shipped_cases(chosen.library)]
        known = [(case.document, case.as_of) for case in cases]
        survivors = (one for of_book in (run.slips or {}).values() for one in of_book.survivors)
        known += [(one.imagined.document, one.imagined.as_of) for one in survivors if one.imagined is not None]
        return propose(gaps, laying, known, lambda all_: counted_on_terminal(all_, len(all_)))


def _shipped_cases(library: Library) -> Iterator[Case]:
    """Yield the cases that come with cdsrules: their clients are the first to look among."""
    from cdsrules.errors import CasesError
    from cdsrules.loading.files import find_case_files
    from cdsrules.testing.cases import read_cases

    for file in find_case_files().files:
        with suppress(CasesError):  # where a rule is renamed or gone its cases cannot be read, and others do
            yield from read_cases(file.text, file.name, library).cases


def written(proposed: Proposed, chosen: Chosen, write: Path | None) -> Mapping[Path | None, str]:
    """Return the files to write by their places: one a rulebook, its name in the file's where there are several."""
    from cdsrules.testing.proposals.proposing import rulebooks_of
    from cdsrules.testing.proposals.writing import proposals_file

    books = rulebooks_of(proposed, chosen.library)
    texts = {book: proposals_file(proposed.proposals, book) for book in books}
    if write is None:
        return {None: "\n".join(texts.values())} if texts else {}
    if len(books) == 1:
        return {write: texts[books[0]]}
    return {write.with_name(f"{book}.{write.name}"): text for book, text in texts.items()}


def proposal_lines(proposed: Proposed, files: Mapping[Path | None, str], *, width: int) -> Iterator[Line]:
    """Yield how many cases are proposed, where they stand, and which gaps stay open."""
    closed = sum(len(one.closes) for one in proposed.proposals)
    count = len(proposed.proposals)
    yield Line("PROPOSED", Role.HEADING)
    yield Line(f"  {count} case{'' if count == 1 else 's'} for {closed} gap{'' if closed == 1 else 's'}.")
    for file in files:
        if file is not None:
            yield Line(f"  Written: {file}")
    for gap in proposed.open:
        yield from wrapped(f"No client was found for this: {gap.words}", first="  - ", rest="    ", width=width)


def put(files: Mapping[Path | None, str]) -> None:
    """Write the files; what has no place is printed."""
    for file, text in files.items():
        if file is None:
            screen.put(f"{text}\n")
        else:
            file.write_text(text, encoding="utf-8")
