"""Looking for a client of whom something is true: first among imagined records, then for a proof that there is none.

A client that is found is evaluated with the real measures and rules, and only given out when
it shows what was looked for. Where the imagined record and the real measures differ, the
record is put aside and the search goes on, a few times; after that it says that it cannot tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, TypeAlias

import z3

from cdsrules.advisor import Advisor
from cdsrules.analysis.answers import Answer, NotFound, RuledOut, Shown, Undecided
from cdsrules.analysis.imagined.client import Imagined
from cdsrules.analysis.imagined.outcome import LENGTHS, Choice, choices
from cdsrules.analysis.imagined.sheet import Found
from cdsrules.analysis.imagined.size import size_for
from cdsrules.analysis.loose import Loose
from cdsrules.analysis.rulings import Rulings
from cdsrules.analysis.terms import Holds
from cdsrules.errors import ClientError
from cdsrules.inference.order import decision_of
from cdsrules.logic.moment import Moment
from cdsrules.model.condition import Condition, FactKey, facts_read, findings_read
from cdsrules.model.rulebook import Rule
from cdsrules.testing.laws.asking import Answer as Evaluated
from cdsrules.testing.laws.asking import Document
from cdsrules.testing.shrinking import shrink

Claim: TypeAlias = Callable[[Rulings], Holds]
"""What is looked for, in the rules of the search."""
Shows: TypeAlias = Callable[[Evaluated], bool]
"""Whether a client who was evaluated shows it."""

AS_OF: Final = date(2026, 6, 15)
DAYS: Final = (AS_OF, date(2026, 2, 28), date(2028, 2, 29), date(2027, 3, 31), date(2026, 12, 1))
"""The days on which a proof is made: months are of different lengths, so one day does not stand for all."""
EFFORT: Final = 60_000_000
"""How much work one question may take, in steps of the solver: the same question ends the same everywhere."""
MOST_TRIES: Final = 12
MOST_SHRINKING: Final = 400

ASSUMES: Final = (
    "The proof takes each fact for whatever its declaration allows, however long the record. It takes for granted what "
    "every record keeps to: a change goes with its two scores, a band with its score, a class with its change, a step "
    "with a treatment that has begun, a proposal's details with the proposal, an open flag with the same flag "
    "elsewhere. It was made for each of these days asked about: "
    f"{', '.join(str(day) for day in sorted(DAYS))}."
)


@dataclass(frozen=True, slots=True)
class Field:
    """One set of facts with the rules over them, and the solver that knows both."""

    rulings: Rulings
    solver: z3.Solver
    further: Callable[[], Iterable[Holds]] = tuple
    """What ties down the facts that were first asked for after the solver was told of the others."""

    def suppose(self, claim: Claim) -> None:
        """Suppose what is looked for; within what was pushed before."""
        self.solver.add(claim(self.rulings))
        self.solver.add(*self.further())


class Search:
    """Looks for clients of one advisor; everything is built once and asked many times."""

    def __init__(self, advisor: Advisor, as_of: date = AS_OF) -> None:
        self.advisor = advisor
        self.program = advisor.program
        self.as_of = as_of
        self.size = size_for(self.program.rules, as_of)
        self._fields: dict[int, tuple[Field, Imagined]] = {}
        self._proofs: dict[date, Field] = {}

    # ---- Asking

    def find(
        self,
        claim: Claim,
        shows: Shows,
        *,
        about: Sequence[Rule | Condition] = (),
        prove: bool = True,
        small: bool = False,
    ) -> Answer:
        """Return a client who shows what is claimed, a proof that there is none, or that it cannot be told.

        `about` are the rules and conditions that the claim speaks of: where none is found, and
        they read what no imagined client has, that tells nothing. A `small` client has nothing
        in the record that could be left out.
        """
        for place in range(len(self._choices)):
            found = self._imagine(place, claim, shows)
            if isinstance(found, Shown):
                return self.smaller(found, shows) if small else found
            if isinstance(found, str):
                return Undecided(found)
            if place == 0 and prove and (proof := self.ruled_out(claim)) is not None:
                return proof
        missing = self._unimagined(about)
        return (
            Undecided(f"No client can be imagined who has {', '.join(missing)}.")
            if missing
            else NotFound(self.searched)
        )

    def ruled_out(self, claim: Claim) -> RuledOut | None:
        """Return the proof that what is claimed is so for no client, None where there is none."""
        return RuledOut("What it asks for cannot come together.", ASSUMES) if self.is_ruled_out(claim) else None

    def is_ruled_out(self, claim: Claim) -> bool:
        """Return whether it is proved that what is claimed is so for no client."""
        return all(self._refutes(self._proof(day), claim) for day in dict.fromkeys((self.as_of, *DAYS)))

    def _refutes(self, field: Field, claim: Claim) -> bool:
        field.solver.push()
        try:
            field.suppose(claim)
            return bool(field.solver.check() == z3.unsat)
        finally:
            field.solver.pop()

    @property
    def searched(self) -> str:
        """How large the records are that are gone through, in words."""
        size = self.size
        return (
            f"all records over up to {size.days:,} days with up to {size.scores} scores of the primary measure, "
            f"{LENGTHS['companion']} of a companion, {LENGTHS['alliance']} of an alliance measure, {size.sessions} "
            f"sessions, {size.goals} goals, and one entry of a sort in every other list"
        )

    # ---- Imagining

    @cached_property
    def _choices(self) -> tuple[Choice, ...]:
        return choices(self.advisor.library.vocabulary, tuple(self._named_instruments()))

    def _named_instruments(self) -> Iterator[str]:
        for key in self.program.plan.slots:
            first, _, rest = key.name.partition(".")
            if first == "measure":
                yield rest.rpartition(".")[0]

    def field(self, place: int = 0) -> tuple[Field, Imagined]:
        """Return the imagined clients of one choice of measures, made when they are first needed."""
        found = self._fields.get(place)
        if found is None:
            found = self._fields[place] = self._grow(place)
        return found

    def _grow(self, place: int) -> tuple[Field, Imagined]:
        vocabulary = self.advisor.library.vocabulary
        imagined = Imagined(self._choices[place], vocabulary, self.advisor.catalogue, Moment(self.as_of), self.size)
        rulings = Rulings(self.program, imagined.ground)
        solver = _solver()
        solver.add(*imagined.limits)
        return Field(rulings, solver), imagined

    def _proof(self, day: date) -> Field:
        found = self._proofs.get(day)
        if found is None:
            loose = Loose(self.advisor.library.vocabulary, self.advisor.catalogue, Moment(day))
            rulings = Rulings(self.program, loose.ground)
            for key in self.program.plan.slots:
                loose.symbol(key)
            solver = _solver()
            solver.add(*loose.limits())
            loose.note_as_told()
            found = self._proofs[day] = Field(rulings, solver, loose.further)
        return found

    def _imagine(self, place: int, claim: Claim, shows: Shows) -> Shown | str | None:
        """Return a client who shows it; why none could be told, in words; None where there is none."""
        field, imagined = self.field(place)
        field.solver.push()
        try:
            return self._tried(field, imagined, claim, shows)
        finally:
            field.solver.pop()

    def _tried(self, field: Field, imagined: Imagined, claim: Claim, shows: Shows) -> Shown | str | None:
        field.suppose(claim)
        for _ in range(MOST_TRIES):
            outcome = field.solver.check()
            if outcome == z3.unknown:
                return TOO_LONG
            if outcome == z3.unsat:
                return None
            found = Found(field.solver.model(), self.as_of)
            document = imagined.document(found)
            if self._is_shown(document, shows):
                return Shown(document, self.as_of)
            field.solver.add(z3.Not(found.same))
        return NOT_AS_IMAGINED

    def smaller(self, found: Shown, shows: Shows) -> Shown:
        """Return a client who shows the same by a smaller record."""
        shrunk = shrink(found.document, lambda one: self._is_shown(one, shows), most=MOST_SHRINKING)
        return Shown(shrunk.document, found.as_of)

    def _is_shown(self, document: Document, shows: Shows) -> bool:
        try:
            return shows(Evaluated(self.advisor, document, self.as_of))
        except ClientError:
            return False

    def is_not_imagined(self, claim: Claim) -> bool:
        """Return whether no imagined record is so, whichever measures the client has."""
        return all(self._refutes(self.field(place)[0], claim) for place in range(len(self._choices)))

    def _unimagined(self, about: Sequence[Rule | Condition]) -> tuple[str, ...]:
        """Return the facts that are read, directly or by findings, and that no imagined client ever has."""
        imagined = [self.field(place)[1] for place in range(len(self._choices))]
        keys = dict.fromkeys(key for one in about for key in self._read_by(one))
        return tuple(f"`{key}`" for key in keys if not any(one.is_modelled(key) for one in imagined))

    def _read_by(self, one: Rule | Condition) -> Iterator[FactKey]:
        asked = (decision_of(one), one.unless) if isinstance(one, Rule) else (one,)
        for condition in asked:
            if condition is not None:
                yield from facts_read(condition)
                for finding in findings_read(condition):
                    for carrier in self.program.carriers.get(finding, ()):
                        yield from self._read_by(carrier)


TOO_LONG: Final = "The search was broken off: it took more steps than one question is given."
NOT_AS_IMAGINED: Final = (
    f"{MOST_TRIES} clients in a row who were made for it came out otherwise when they were evaluated."
)


def _solver() -> z3.Solver:
    solver = z3.Solver()
    solver.set("rlimit", EFFORT)
    solver.set("random_seed", 7)
    return solver
