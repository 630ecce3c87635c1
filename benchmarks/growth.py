"""What more costs: more rules, to load and to evaluate; longer histories; more clients one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.clients import SESSIONS, ClientDocument, clients
from benchmarks.copies import advisor, copied, original
from benchmarks.part import Goal, Part
from benchmarks.road import NotMeasured, advisors
from benchmarks.tables import duration, table, times
from benchmarks.timing import Candidate, Times, interleaved
from cdsrules import Advisor
from cdsrules.inference.reference import conclude

TIMES_OVER = (1, 2, 4)
WEEKS = (SESSIONS // 2, SESSIONS, 2 * SESSIONS, 4 * SESSIONS, 8 * SESSIONS)
CASELOADS = (25, 100, 400)
CLIENTS = 40
LOADS = 5
LINEAR = 1.1
"""By so much each of many may cost more than each of few before it is called growth: a busy machine does that, too."""


def report(rounds: int, say: Callable[[str], None]) -> Part:
    """Return the table of what each costs of few and of many, and whether anything grows faster than there is of it."""
    say("growth")
    found = [*_of_rules(rounds), _of_histories(rounds), _of_caseloads(rounds)]
    markdown = "\n\n".join(one.markdown for one in found)
    return Part(markdown, tuple(one.goal for one in found))


@dataclass(frozen=True)
class Growth:
    """What something took for each size, in the order of sizes."""

    what: str
    each: str
    measured: Mapping[int, Times]

    @property
    def ratios(self) -> tuple[float, ...]:
        """What each one costs, against each one of the fewest."""
        fewest, few = next(iter(self.measured.items()))
        return tuple(one.against(few) * fewest / size for size, one in self.measured.items())

    @property
    def markdown(self) -> str:
        """A row of what all cost together, and one of what each one does."""
        head = [f"{self.what}, of", *(f"{size} {self.each}s" for size in self.measured)]
        whole = ["all of them", *(duration(one.median) for one in self.measured.values())]
        parts = [duration(one.median / size) for size, one in self.measured.items()]
        single = [f"each {self.each}", *(f"{times(r)} ({part})" for r, part in zip(self.ratios, parts, strict=True))]
        return table(head, [whole, single])

    @property
    def goal(self) -> Goal:
        """That many cost no more than as often as much as few."""
        worst = max(self.ratios)
        words = f"{self.what}: no more than linear in {self.each}s"
        return Goal(words, f"per {self.each} at most {times(worst)} of {next(iter(self.measured))}", worst < LINEAR)


def _of_rules(rounds: int) -> tuple[Growth, Growth]:
    files = {number: copied(number) for number in TIMES_OVER}
    ready = {number: advisor(given) for number, given in files.items()}
    documents = clients(CLIENTS)
    for one in ready.values():
        assert_the_same_rules_hold(ready[1], one, documents)
    sizes = {str(number): len(one.library.rules) for number, one in ready.items()}
    loading = interleaved([Candidate(str(number), advisor, [given]) for number, given in files.items()], LOADS)
    deciding = interleaved([Candidate(str(number), one.evaluate, documents) for number, one in ready.items()], rounds)
    return (
        Growth("loading rules", "rule", {sizes[name]: one for name, one in loading.items()}),
        Growth("evaluating a client by rules", "rule", {sizes[name]: one for name, one in deciding.items()}),
    )


def _of_histories(rounds: int) -> Growth:
    documents = {weeks: clients(CLIENTS, weeks) for weeks in WEEKS}
    with advisors() as both:
        for given in documents.values():
            both.assert_alike(given)
        candidates = [Candidate(str(weeks), both.reference.evaluate, given) for weeks, given in documents.items()]
        measured = interleaved(candidates, rounds)
    return Growth("evaluating a client with a history", "session", {int(name): one for name, one in measured.items()})


def _of_caseloads(rounds: int) -> Growth:
    documents = clients(max(CASELOADS))
    with advisors() as both:
        both.assert_alike(documents)

        def evaluate_all(caseload: Sequence[ClientDocument]) -> None:
            for one in caseload:
                both.reference.evaluate(one)

        measured = interleaved([Candidate(str(n), evaluate_all, [documents[:n]]) for n in CASELOADS], rounds)
    return Growth("evaluating a caseload", "client", {int(name): one for name, one in measured.items()})


def assert_the_same_rules_hold(shipped: Advisor, copies: Advisor, documents: Sequence[ClientDocument]) -> None:
    """Raise NotMeasured unless every copy of a rule is as true of every client as the rule itself."""
    for document in documents:
        truths = _truths(shipped, document)
        if any(truth is not truths[original(name)] for name, truth in _truths(copies, document).items()):
            raise NotMeasured("a copy of a rule decides otherwise than the rule")


def _truths(advisor: Advisor, document: ClientDocument) -> Mapping[str, bool | None]:
    facts, program = advisor.facts(document), advisor.program
    concluded = conclude(program, program.plan.encode(facts), program.plan.cutoffs(facts.moment))
    return {rule.id: truth for rule, truth in zip(program.rules, concluded.rules, strict=True)}
