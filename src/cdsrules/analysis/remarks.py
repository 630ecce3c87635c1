"""What the analysis remarks about rules: of which sort, about which rules, and the client or proof that carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cdsrules.analysis.answers import NotFound, RuledOut, Shown
from cdsrules.analysis.search import Shows
from cdsrules.loading.tree import Plain


class Sort(StrEnum):
    """What is wrong, or could not be told."""

    NEVER = "can never hold"
    VACUOUS = "expected never, and never possible"
    NEVER_GIVEN = "is never given"
    SHADOWED = "always stands behind another"
    DUPLICATE = "says what another says"
    SUBSUMED = "adds nothing to another"
    CONFLICT = "recommended and cautioned against"
    DEAD_END = "waits for what is not advised"
    GAP = "nobody answers"
    SILENT = "silence where something serious is possible"
    UNTOLD = "cannot be told"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark about rules, or about a duty that no rule fulfils.

    `about` are the rules, or the duty, by id. `says` is what is so, in a sentence or two. What
    is said of one client is shown by `client`; what is said of all rests on `ground`, a proof
    or how far was searched. `clashing` are the clauses that rule each other out, in words;
    `expect` is what a case made of the client expects. `part` tells several remarks about one
    duty apart. `shows` tells of any client who was evaluated whether it shows the same.
    """

    sort: Sort
    about: tuple[str, ...]
    says: str
    client: Shown | None = None
    ground: RuledOut | NotFound | None = None
    clashing: tuple[str, ...] = ()
    expect: Mapping[str, Plain] = field(default_factory=dict, hash=False)
    part: int | None = None
    shows: Shows | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """A name of its own, for a file or a case."""
        names = [self.sort.name.lower().replace("_", "-"), "-and-".join(self.about)]
        return "-".join([*names, *([] if self.part is None else [str(self.part)])])
