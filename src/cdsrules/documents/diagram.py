"""Two pictures of the rulebooks as nodes and edges: the order of the steps, and what leads to which step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final, Literal

from cdsrules.documents.entries import Basis, RuleEntry
from cdsrules.frozen import frozen
from cdsrules.model.rulebook import Rule, Rulebook, Status, Verb
from cdsrules.model.vocabulary import Action


class Kind(StrEnum):
    """What a node stands for; one of another rulebook is drawn paler."""

    ACTION = "action"
    BESIDE = "beside"
    FINDING = "finding"
    ELSEWHERE = "elsewhere"


class Tie(StrEnum):
    """What an edge says; each has a line of its own."""

    REQUIRES = "requires"
    LISTED_AFTER = "listed-after"
    LEADS_TO = "leads-to"
    KEEPS_FROM = "keeps-from"
    CAUTIONS = "cautions"


TIES: Final[Mapping[Tie, str]] = {
    Tie.REQUIRES: "comes first: the later step waits for it",
    Tie.LISTED_AFTER: "is listed before; nothing waits",
    Tie.LEADS_TO: "leads to",
    Tie.KEEPS_FROM: "keeps from",
    Tie.CAUTIONS: "leads to a caution against",
}


@frozen
class Node:
    """An action or a finding; `link` is the place of the page that tells more."""

    id: str
    label: str
    kind: Kind
    link: str | None = None


@frozen
class Edge:
    """An arrow from one node to another, with what it says in words."""

    tail: str
    head: str
    tie: Tie
    words: str


@frozen
class Diagram:
    """A picture before it is laid out; nodes and edges are in a fixed order."""

    id: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    direction: Literal["down", "right"]

    @property
    def ties(self) -> tuple[Tie, ...]:
        """The sorts of arrows in it, for a key."""
        drawn = {edge.tie for edge in self.edges}
        return tuple(tie for tie in Tie if tie in drawn)

    @property
    def words(self) -> str:
        """The picture for those who do not see it: every arrow in words."""
        return " ".join(f"{edge.words}." for edge in self.edges)


def anchor(sort: str, name: str) -> str:
    """Return the place of something in the page, as a link names it.

    >>> anchor("rule", "consult-colleague")
    'rule-consult-colleague'
    """
    return f"{sort}-{name}"


def pathway(basis: Basis) -> Diagram | None:
    """Return the order of the actions that stand in one; None where there is no order at all."""
    actions = basis.library.vocabulary.actions
    hard = [(first, one.id) for one in actions.values() for first in one.requires]
    soft = [(first, one.id) for one in actions.values() for first in one.listed_after]
    further = [pair for pair in soft if not _implied(pair, {*hard, *soft})]
    edges = (
        *(_order(actions, pair, Tie.REQUIRES) for pair in dict.fromkeys(hard)),
        *(_order(actions, pair, Tie.LISTED_AFTER) for pair in dict.fromkeys(further) if pair not in hard),
    )
    placed = {end for edge in edges for end in (edge.tail, edge.head)}
    nodes = tuple(_action(one) for one in actions.values() if one.id in placed)
    return Diagram("pathway", "The order of the steps", nodes, edges, "down") if edges else None


def _order(actions: Mapping[str, Action], pair: tuple[str, str], tie: Tie) -> Edge:
    first, later = (actions[one].name for one in pair)
    words = f"{later} waits for {first}" if tie is Tie.REQUIRES else f"{later} is listed after {first}"
    return Edge(*pair, tie, words)


def _implied(pair: tuple[str, str], pairs: Collection[tuple[str, str]]) -> bool:
    """Whether other arrows already lead from the one to the other, so that this one says nothing more."""
    first, last = pair
    waiting = [later for one, later in pairs if one == first and later != last]
    seen: set[str] = set()
    while waiting:
        here = waiting.pop()
        if here == last:
            return True
        if here not in seen:
            seen.add(here)
            waiting += [later for one, later in pairs if one == here]
    return False


def _action(action: Action) -> Node:
    return Node(action.id, action.name, Kind.BESIDE if action.beside else Kind.ACTION, anchor("action", action.id))


def leading(basis: Basis, book: Rulebook) -> Diagram | None:
    """Return which findings lead to which findings and steps in one rulebook; None where no finding does."""
    return _read_by(basis, book, "leading", f"What leads to what in “{book.title}”", {Verb.FINDS, Verb.RECOMMENDS})


def cautioning(basis: Basis, book: Rulebook) -> Diagram | None:
    """Return which findings speak against which steps in one rulebook; None where none does."""
    return _read_by(basis, book, "cautioning", f"What speaks against what in “{book.title}”", {Verb.CAUTIONS})


def _read_by(basis: Basis, book: Rulebook, sort: str, title: str, verbs: Collection[Verb]) -> Diagram | None:
    rules = [rule for rule in book.rules if rule.verb in verbs and rule.status is not Status.RETIRED]
    edges = tuple(_merged(edge for rule in rules for edge in _edges(basis, basis.entries[rule.id])))
    if not edges:
        return None
    own = {rule.target for rule in book.rules if rule.verb is Verb.FINDS}
    ends = dict.fromkeys(end for edge in edges for end in (edge.tail, edge.head))
    nodes = tuple(_node(basis, end, own) for end in ends)
    return Diagram(anchor(sort, book.id), title, nodes, edges, "right")


def _edges(basis: Basis, entry: RuleEntry) -> Iterator[Edge]:
    rule = entry.rule
    head = f"finding:{rule.target}" if rule.verb is Verb.FINDS else f"action:{rule.target}"
    for read in entry.findings:
        tie = Tie.KEEPS_FROM if not read.affirmed else Tie.CAUTIONS if rule.verb is Verb.CAUTIONS else Tie.LEADS_TO
        words = f"“{basis.finding_title(read.finding)}” {TIES[tie]} “{entry.target}” ({rule.id})"
        yield Edge(f"finding:{read.finding}", head, tie, words)


def _merged(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Yield one arrow for all rules that say the same."""

    def same(edge: Edge) -> tuple[str, str, Tie]:
        return edge.tail, edge.head, edge.tie

    order: dict[tuple[str, str, Tie], list[Edge]] = {}
    for edge in edges:
        order.setdefault(same(edge), []).append(edge)
    for (tail, head, tie), found in order.items():
        yield Edge(tail, head, tie, "; ".join(one.words for one in found))


def _node(basis: Basis, end: str, own: Collection[str]) -> Node:
    sort, _, name = end.partition(":")
    if sort == "finding":
        kind = Kind.FINDING if name in own else Kind.ELSEWHERE
        return Node(end, basis.finding_title(name), kind, _finder(basis.library.rules, name))
    return Node(end, basis.library.vocabulary.actions[name].name, Kind.ACTION, anchor("action", name))


def _finder(rules: Iterable[Rule], finding: str) -> str | None:
    found = (rule for rule in rules if rule.verb is Verb.FINDS and rule.target == finding)
    rule = next(found, None)
    return anchor("rule", rule.id) if rule else None
