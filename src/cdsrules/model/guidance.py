"""The answer: what we see, what to do and in which order, what to hold off, and why.

What decides is built at once; what explains is built when it is read (`Lazy`), so that a
host which only counts items does not pay for prose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from cdsrules.frozen import frozen
from cdsrules.model.attention import Attention, OnRecord
from cdsrules.model.explanation import Explanation, Grounds, Told
from cdsrules.model.guidance_document import document_of
from cdsrules.model.lazy import Lazy
from cdsrules.model.rulebook import Priority, Rule, Tier, Verb
from cdsrules.model.site import Site, local_words, local_words_for
from cdsrules.model.unknowns import Questions, Undecided, Unknowns
from cdsrules.model.unread import NOTHING_UNREAD, Unread


class Standing(StrEnum):
    """Where a recommendation stands in the pathway."""

    NOW = "now"
    THEN = "then"


@frozen
class Wait:
    """What a step waits for: an action, and a phrase that says what is missing."""

    action: str | None
    words: str


class Item(NamedTuple):
    """One thing the guidance says because one rule holds.

    `action` is what is recommended or cautioned against, None for a finding; `also` are other rules that recommend it.
    """

    rule: Rule
    action: str | None
    title: str
    standing: Standing
    waits_for: tuple[Wait, ...]
    also: tuple[str, ...]
    beside: bool
    grounds: Lazy[Grounds]
    told: Lazy[Told]

    @property
    def id(self) -> str:
        """The stable identity: the same advice for the same facts has the same id."""
        return self.grounds.value.id

    @property
    def text(self) -> str:
        """What the item says to the clinician."""
        return self.told.value.clinician

    @property
    def explanation(self) -> Explanation:
        """Why it is said, on what authority, and what would change it."""
        return self.grounds.value.explaining.value

    @property
    def tier(self) -> Tier:
        """How strongly the item asks for attention."""
        return self.rule.tier

    @property
    def verb(self) -> Verb:
        """Whether it finds, recommends or cautions."""
        return self.rule.verb

    @property
    def priority(self) -> Priority:
        """What the rule itself says of now and then."""
        return self.rule.priority


@frozen
class FindingState:
    """A finding, its truth (None: cannot be decided), and the rules that carry it.

    `tier` is the most pressing tier of those that could carry it.
    """

    finding: str
    title: str
    tier: Tier
    truth: bool | None
    rules: tuple[str, ...]


@frozen
class SettledStep:
    """A step of the pathway that is done or declined, with its day."""

    action: str
    name: str
    how: Literal["done", "declined"]
    on: date
    words: str


class Verdict(StrEnum):
    """The answer to a proposed action (DESIGN §4.1)."""

    FIRST_DO = "first_do"
    RECONSIDER = "reconsider"
    CHECK_FIRST = "check_first"
    NOTHING_AGAINST = "nothing_against"
    NOT_COVERED = "not_covered"


@frozen
class ProposalWords:
    """A verdict in words.

    `first_do` says for each caution that can be lifted what would lift it, `to_check`
    what is missing to decide the cautions that are open.
    """

    sentence: str
    first_do: tuple[str, ...]
    to_check: tuple[str, ...]


class ProposalAnswer(NamedTuple):
    """The verdict on one proposed action.

    `cautions` hold, `open` cannot be decided; `supported_by` are rules that recommend
    the same action; `checked` are all rules that speak of it.
    """

    action: str
    name: str
    verdict: Verdict
    cautions: tuple[Item, ...]
    open: tuple[Item, ...]
    supported_by: tuple[Item, ...]
    checked: tuple[str, ...]
    told: Lazy[ProposalWords]

    @property
    def words(self) -> str:
        """The verdict as a sentence."""
        return self.told.value.sentence

    @property
    def first_do(self) -> tuple[str, ...]:
        """What would lift the cautions, a phrase for each that can be lifted."""
        return self.told.value.first_do

    @property
    def to_check(self) -> tuple[str, ...]:
        """What is missing to decide the cautions that are open."""
        return self.told.value.to_check


@frozen
class Pathway:
    """Recommendations in order: for now, for later with what they wait for, and settled."""

    now: tuple[Item, ...]
    then: tuple[Item, ...]
    behind: Lazy[tuple[SettledStep, ...]] = field(compare=False, repr=False)

    @property
    def settled(self) -> tuple[SettledStep, ...]:
        """The steps that are done or declined, of those that some rule recommends."""
        return self.behind.value


@frozen
class Shadow:
    """What the rules in shadow would change if all of them were active.

    `holding` and `undecided` are those of them that hold and that cannot be decided, by id.
    `items` would be shown besides, `gone` would be shown no longer; `findings` are those that
    would stand otherwise than they do.
    """

    holding: tuple[str, ...]
    undecided: tuple[str, ...]
    items: tuple[Item, ...]
    gone: tuple[Item, ...]
    findings: tuple[FindingState, ...]


@frozen
class Stamp:
    """A rulebook that took part."""

    id: str
    version: str
    status: str
    title: str


@frozen
class EngineReport:
    """Which engine concluded, whether the other one verified it, and what went wrong."""

    name: Literal["durable", "reference"]
    verified: bool
    notice: str | None = None


MORE_SHOWN = 3
NOTHING_ON_RECORD: Final = Lazy(OnRecord)


@frozen
class Guidance:
    """Everything cdsrules answers for one client on one day.

    Shown by default: every open safety item, then one first item and at most three more;
    the rest is folded. `to_dict()` is the JSON document of `guidance.schema.json`.
    `content_hash` covers the rule files, and names and versions of the plugins that took part;
    where there were any, `rules_alone` is that of the rule files. `unread` is what of the host's record
    was not understood; the notices say it too.
    """

    client_id: str
    as_of: date
    frame: str
    safety: tuple[Item, ...]
    findings: tuple[FindingState, ...]
    speaking: tuple[Item, ...]
    pathway: Pathway
    proposals: tuple[ProposalAnswer, ...]
    unknown: Unknowns = field(compare=False, repr=False)
    notices: tuple[str, ...]
    engine: EngineReport
    rulebooks: tuple[Stamp, ...]
    content_hash: str
    plugins: tuple[tuple[str, str], ...] = ()
    rules_alone: str | None = None
    site: Site | None = None
    in_shadow: Lazy[Shadow] | None = field(default=None, compare=False, repr=False)
    on_record: Lazy[OnRecord] = field(default=NOTHING_ON_RECORD, compare=False, repr=False)
    attention: Attention | None = None
    unread: Unread = NOTHING_UNREAD

    @property
    def rules_hash(self) -> str:
        """The SHA-256 of the rule files alone."""
        return self.rules_alone or self.content_hash

    @property
    def risk_line(self) -> str | None:
        """The one line on risk that no safety item covers; None when there is nothing to say."""
        return self.unknown.risk_line.value

    @property
    def local(self) -> tuple[str, ...]:
        """What the site has for when something must not wait, a sentence each; nothing while no safety item is open."""
        return local_words(self.site) if self.safety else ()

    def local_for(self, item: Item) -> tuple[str, ...]:
        """Return what the site adds to one item on safety, a sentence each."""
        return local_words_for(self.site, item.action) if item.tier is Tier.SAFETY else ()

    @property
    def cannot_rule_out(self) -> tuple[Undecided, ...]:
        """The cautions on what is proposed that cannot be decided."""
        return self.unknown.cannot_rule_out.value

    @property
    def undecided(self) -> tuple[Undecided, ...]:
        """Every rule that cannot be decided for this client, safety first."""
        return self.unknown.undecided.value

    @property
    def ask_next(self) -> Questions:
        """What to find out next, the most telling first."""
        return self.unknown.ask_next.value

    @property
    def shadow(self) -> Shadow | None:
        """What the rules in shadow would change, recorded and never shown; None when no rule is in shadow."""
        return None if self.in_shadow is None else self.in_shadow.value

    @property
    def first(self) -> Item | None:
        """The one thing to do first, beside what must not wait."""
        return next(iter(self._shown), None)

    @property
    def more(self) -> tuple[Item, ...]:
        """At most three further steps that are shown by default."""
        return self._shown[1:]

    @property
    def folded(self) -> tuple[Item, ...]:
        """The recommendations that are folded away; those that only inform, while something must not wait."""
        return self.steps[len(self._shown) :]

    @property
    def steps(self) -> tuple[Item, ...]:
        """Every recommendation in the order it is shown."""
        steps = self.pathway.now + self.pathway.then
        return tuple(sorted(steps, key=lambda item: item.tier is Tier.INFORMATION)) if self.safety else steps

    @property
    def _shown(self) -> tuple[Item, ...]:
        resting = sum(item.tier is Tier.INFORMATION for item in self.steps) if self.safety else 0
        return self.steps[: min(1 + MORE_SHOWN, len(self.steps) - resting)]

    def to_dict(self) -> Mapping[str, object]:
        """Return the guidance as a JSON document, the same bytes for the same inputs."""
        return document_of(self)
