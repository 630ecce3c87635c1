"""Which cases speak for a rule: the one place that says what that means.

A case shows that a rule *fires* when its expectation names the rule (under `fires`,
`safety`, `cautions` or `items`), or what only this rule brings about: a finding said to be
true, an action said to come out, an action answered with a caution. Where several rules bring about
the same, the case does not tell which of them did, so the rule has to be named.
*Silent* and *unknown* likewise; a finding said to be false makes every rule that finds it
silent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cdsrules.model.guidance import Verdict
from cdsrules.model.rulebook import Library, Rule, Status, Verb
from cdsrules.testing.cases import Case, CaseFile
from cdsrules.testing.expectations import Expectation, Listed

_CAUTIONED = frozenset({Verdict.FIRST_DO, Verdict.RECONSIDER})


class Stand(StrEnum):
    """What a case says of a rule."""

    FIRES = "fires"
    SILENT = "silent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Showing:
    """A case that speaks for a rule, with the file it stands in."""

    stand: Stand
    case: Case
    file: CaseFile

    @property
    def id(self) -> str:
        """The name by which documents call the case."""
        return case_id(self.file, self.case)


def case_id(file: CaseFile, case: Case) -> str:
    """Return the name by which documents call a case, its rulebook before it: `safety: a plan is on record`."""
    return f"{file.rulebook}: {case.name}"


def showings(library: Library, files: Iterable[CaseFile]) -> Mapping[str, tuple[Showing, ...]]:
    """Return for every rule the cases that speak for it, in the order written; empty where there is none.

    A case that is left alone for a while, or was proposed and is not reviewed, speaks for none.
    """
    carriers = _Carriers(library.rules)
    found: dict[str, list[Showing]] = {rule.id: [] for rule in library.rules}
    for file in files:
        for case in filter(_counts, file.cases):
            for stand, rules in _stands(case.expect, carriers):
                for rule in rules:
                    found[rule].append(Showing(stand, case, file))
    return {rule: tuple(cases) for rule, cases in found.items()}


def _counts(case: Case) -> bool:
    return case.skip is None and case.known_gap is None and case.is_signed


def rules_shown(expect: Expectation, library: Library) -> Mapping[Stand, frozenset[str]]:
    """Return the rules that an expectation shows firing, silent and undecided, by id."""
    return {stand: frozenset(rules) for stand, rules in _stands(expect, _Carriers(library.rules))}


class _Carriers:
    """The active rules by what they bring about; a rule in shadow brings about nothing."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._found: dict[tuple[Verb, str], list[str]] = {}
        for rule in rules:
            if rule.status is Status.ACTIVE:
                self._found.setdefault((rule.verb, rule.target), []).append(rule.id)

    def all(self, verb: Verb, targets: Iterable[str]) -> Iterator[str]:
        """Yield every rule that brings about one of the targets."""
        for target in targets:
            yield from self._found.get((verb, target), ())

    def only(self, verb: Verb, targets: Iterable[str]) -> Iterator[str]:
        """Yield the rule of each target that a single rule brings about."""
        for target in targets:
            rules = self._found.get((verb, target), ())
            if len(rules) == 1:
                yield from rules


def _stands(expect: Expectation, carriers: _Carriers) -> Iterator[tuple[Stand, Collection[str]]]:
    """Yield the rules of each stand, each once and in the order that the expectation names them."""
    findings = expect.findings or {}

    def of(*, truth: bool | None) -> Iterator[str]:
        return (name for name, held in findings.items() if held is truth)

    answered = (action for action, verdict in (expect.answers or {}).items() if verdict in _CAUTIONED)
    fires = [
        *expect.fires,
        *_named(expect.safety, expect.cautions),
        *(expect.items or ()),
        *carriers.only(Verb.FINDS, of(truth=True)),
        *carriers.only(Verb.RECOMMENDS, _named(expect.recommendations, expect.now, expect.then)),
        *carriers.only(Verb.CAUTIONS, answered),
    ]
    yield Stand.FIRES, dict.fromkeys(fires)
    yield Stand.SILENT, dict.fromkeys([*expect.silent, *carriers.all(Verb.FINDS, of(truth=False))])
    yield Stand.UNKNOWN, dict.fromkeys([*expect.unknown, *carriers.only(Verb.FINDS, of(truth=None))])


def _named(*lists: Listed | None) -> tuple[str, ...]:
    """Return what has to be on the lists."""
    return tuple(name for one in lists if one is not None for name in one.named)
