"""Cases that say of a rule that it never appears, where it never could: nothing would break them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdsrules.analysis.answers import RuledOut
from cdsrules.analysis.remarks import Remark, Sort
from cdsrules.testing.cases import Case, CaseFile


def vacuous(remarks: Iterable[Remark], files: Iterable[CaseFile]) -> Iterator[Remark]:
    """Yield a remark for each rule that can never hold and is named under `never` in cases.

    `remarks` are those on rules that can never hold; what only was not found is no proof, and is
    passed over. What one fact rules out by itself is refused when the cases are read (CDS207).
    """
    cases = [(file.file, case) for file in files for case in file.cases]
    for remark in remarks:
        (rule,) = remark.about
        named = [f"“{case.name}” ({file})" for file, case in cases if rule in _never(case)]
        if remark.sort is Sort.NEVER and isinstance(remark.ground, RuledOut) and named:
            says = f"`{rule}` can never hold, so nothing could break what these cases say of it under `never`: "
            yield Remark(Sort.VACUOUS, (rule,), f"{says}{', '.join(named)}. Leave it out there.", ground=remark.ground)


def _never(case: Case) -> frozenset[str]:
    """Everything that a case says must not appear, as a whole or in one of its lists."""
    expect = case.expect
    return frozenset(expect.never).union(*(one.never for one in expect.lists if one is not None))
