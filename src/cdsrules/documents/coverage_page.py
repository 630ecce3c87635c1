"""Coverage as one HTML page: every rule clause by clause, marked by what the cases have seen of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from cdsrules.frozen import frozen
from cdsrules.inference.program import Truth
from cdsrules.logic.words import Lexicon, in_words
from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, Not
from cdsrules.model.rulebook import Rule
from cdsrules.model.saying import say_scalar
from cdsrules.model.text import ParameterSlot, Slot
from cdsrules.rendering.pages import page, style
from cdsrules.testing.coverage import Coverage, Part, Place, PlaceCoverage, RuleCoverage
from cdsrules.testing.reports.coverage import Covered, parameters_seen, rules_seen, truths_seen, wordings_seen
from cdsrules.testing.reports.mutation import Told
from cdsrules.testing.reports.shares import Share
from cdsrules.testing.reports.wording import form_words, slot_words
from cdsrules.testing.wording import BranchCoverage

TEMPLATES: Final = "cdsrules.documents"
_TRUTHS: Final[Sequence[Truth]] = (True, False, None)
_WORDS: Final[Mapping[Truth, str]] = {True: "true", False: "false", None: "unknown"}
_OUTCOMES: Final[Mapping[Truth, str]] = {True: "holds", False: "silent", None: "undecided"}


_TO: Final[Mapping[str, str]] = {
    "clinician": "To the clinician",
    "supervisor": "To the supervisor",
    "client": "For the client",
    "why": "Why",
}
_SIDES: Final[Mapping[bool, str]] = {True: "a clause holds", False: "a clause does not hold"}


class Mark(NamedTuple):
    """A truth or outcome that can come about, and whether some case has seen it."""

    word: str
    is_seen: bool


@frozen
class Clause:
    """A line of a rule with its marks, and the lines below it when it is a group.

    A group that cannot be looked at by itself, such as a denial, has no marks.
    """

    words: str
    marks: tuple[Mark, ...]
    parts: tuple[Clause, ...] = ()

    @property
    def shade(self) -> str:
        """How far it was seen: `covered`, `partly` or `missed`."""
        return _shade(self.marks)


class Piece(NamedTuple):
    """A piece of a text as written; a placeholder has a mark for each form that it can take."""

    words: str
    marks: tuple[Mark, ...] = ()

    @property
    def shade(self) -> str:
        """How far it was seen, as of a clause."""
        return _shade(self.marks)


class ShownText(NamedTuple):
    """A text of a rule, to whom it is said, and whether any case has seen it."""

    to: str
    pieces: tuple[Piece, ...]
    is_seen: bool


class ShownRule(NamedTuple):
    """A rule as it is shown: how it came out, its conditions and texts, and what became of slips in it."""

    rule: Rule
    marks: tuple[Mark, ...]
    conditions: tuple[tuple[str, Clause], ...]
    texts: tuple[ShownText, ...]
    slips: Told


class ShownBook(NamedTuple):
    """A rulebook as it is shown: its shares, its rules, and its parameters with what no client shows of them."""

    name: str
    rules: Share
    truths: Share
    parameters: Share
    wordings: Share
    shown: tuple[ShownRule, ...]
    values: tuple[tuple[str, str, tuple[Mark, ...]], ...]


def coverage_page(covered: Covered, lexicon: Lexicon, version: str, slips: Mapping[str, Told]) -> str:
    """Return the page; it holds no script and fetches nothing.

    `slips` are those that no case notices, by the rule or action they were made in.
    """
    books = [_book(name, coverage, lexicon, slips) for name, coverage in covered.items()]
    order = [(lexicon.actions[name].name, told) for name, told in slips.items() if name in lexicon.actions]
    foot = f"cdsrules {version}"
    sheet = style(TEMPLATES, "coverage.css", running_head="Coverage of the rules", running_foot=foot)
    return page(TEMPLATES, "coverage.html", books=books, order=order, style=sheet, version=version)


def _shade(marks: Sequence[Mark]) -> str:
    """Return how far something was seen: all there is of it, some, or no more than one of several."""
    seen = sum(mark.is_seen for mark in marks)
    return "covered" if seen == len(marks) else "partly" if seen > 1 else "missed"


def _book(name: str, coverage: Coverage, lexicon: Lexicon, slips: Mapping[str, Told]) -> ShownBook:
    return ShownBook(
        name,
        rules_seen(coverage),
        truths_seen(coverage),
        parameters_seen(coverage),
        wordings_seen(coverage),
        tuple(_shown(coverage.rules, lexicon, slips)),
        tuple(_parameters(coverage)),
    )


def _parameters(coverage: Coverage) -> Iterator[tuple[str, str, tuple[Mark, ...]]]:
    """Yield each parameter with its value, and whether there are clients for whom clauses hold because of it or not."""
    for one in coverage.parameters:
        marks = tuple(Mark(words, side in one.sides) for side, words in _SIDES.items() if one.read)
        yield one.parameter.name, say_scalar(one.parameter.value), marks


def _texts(one: RuleCoverage, lexicon: Lexicon) -> Iterator[ShownText]:
    say = one.rule.say
    for label, text in (
        ("clinician", say.clinician),
        ("supervisor", say.supervisor),
        ("client", say.client),
        ("why", say.why),
    ):
        if text is not None:
            covered = [branch for branch in one.wording if branch.branch.label == label]
            pieces = tuple(_piece(part, covered, lexicon) for part in text.parts)
            yield ShownText(_TO[label], pieces, any(branch.seen for branch in covered))


def _piece(part: str | Slot, covered: Sequence[BranchCoverage], lexicon: Lexicon) -> Piece:
    if isinstance(part, str):
        return Piece(part)
    if isinstance(part, ParameterSlot):
        return Piece(f"{{${part.parameter}}}")
    marks = (Mark(form_words(one.branch), one.seen) for one in covered if one.branch.slot == part)
    return Piece(f"{{{slot_words(part, lexicon)}}}", tuple(marks))


def _shown(rules: Sequence[RuleCoverage], lexicon: Lexicon, slips: Mapping[str, Told]) -> Iterator[ShownRule]:
    for one in rules:
        outcomes = tuple(Mark(_OUTCOMES[truth], truth in one.outcomes) for truth in _TRUTHS if truth in one.possible)
        conditions = tuple(_conditions(one, lexicon))
        texts = tuple(_texts(one, lexicon))
        yield ShownRule(one.rule, outcomes, conditions, texts, slips.get(one.rule.id, Told()))


def _conditions(one: RuleCoverage, lexicon: Lexicon) -> Iterator[tuple[str, Clause]]:
    places = {covered.place: covered for covered in one.places}
    yield "Holds when", _clause("when", one.rule.when, places, lexicon)
    if one.rule.unless is not None:
        yield "Not when", _clause("unless", one.rule.unless, places, lexicon)
    for lifting in one.rule.until:
        yield "Until", _clause("until", lifting, places, lexicon)


def _clause(
    part: Part, node: Condition, places: Mapping[Place, PlaceCoverage], lexicon: Lexicon, *, affirmed: bool = True
) -> Clause:
    """Return a condition clause by clause; "not" is carried down to the leaves, as it is when rules are said."""
    if isinstance(node, Not):
        return _clause(part, node.part, places, lexicon, affirmed=not affirmed)
    if isinstance(node, (AllOf, AnyOf)) and len(node.parts) == 1:
        return _clause(part, node.parts[0], places, lexicon, affirmed=affirmed)
    marks = _marks(places[Place(part, node)], affirmed=affirmed)
    match node:
        case AllOf(parts) | AnyOf(parts):
            lead = "all of these" if isinstance(node, AllOf) is affirmed else "any of these"
            return Clause(lead, marks, tuple(_clause(part, one, places, lexicon, affirmed=affirmed) for one in parts))
        case AtLeast(count, parts):
            lead = f"{'at least' if affirmed else 'fewer than'} {count} of these"
            return Clause(lead, marks, tuple(_clause(part, one, places, lexicon) for one in parts))
        case _:
            return Clause(in_words(node if affirmed else Not(node), lexicon), marks)


def _marks(covered: PlaceCoverage, *, affirmed: bool) -> tuple[Mark, ...]:
    """Return what was seen of a place; of one that is denied, true is false and false is true."""

    def stood(truth: Truth) -> Truth:
        return truth if affirmed or truth is None else not truth

    return tuple(
        Mark(_WORDS[truth], stood(truth) in covered.seen) for truth in _TRUTHS if stood(truth) in covered.possible
    )
