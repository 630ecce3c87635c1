"""Where the nodes and arrows of a diagram go: Graphviz decides, this module alone knows it.

Only places are asked of it, never text: so no font on the machine moves anything, and the
picture is written by a template, with its escaping, like everything else on the page.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any, Final, NamedTuple

from cdsrules.documents.diagram import Diagram, Edge, Node
from cdsrules.errors import ExtraMissing
from cdsrules.frozen import frozen

WIDEST: Final = 22
"""Characters in a line of a node's label; what is longer is broken."""
_CHARACTER, _LINE, _PADDING = 6.3, 15.0, 18.0
_INCH = 72.0
_DIRECTIONS: Final = {"down": "TB", "right": "LR"}
_MARGIN = 4.0
_RANKS = 3


class Point(NamedTuple):
    """A place on the page in points, from the upper left."""

    x: float
    y: float


@frozen
class PlacedNode:
    """A node and its box; `lines` are its label, each with the height of its baseline."""

    node: Node
    corner: Point
    width: float
    height: float
    lines: tuple[tuple[str, float], ...]

    @property
    def middle(self) -> float:
        """Where its label is centred."""
        return self.corner.x + self.width / 2


@frozen
class PlacedEdge:
    """An arrow: the points of its Bézier curve, and the tip it ends in."""

    edge: Edge
    curve: tuple[Point, ...]
    tip: Point

    @property
    def beziers(self) -> tuple[tuple[Point, ...], ...]:
        """The curve after its first point: two controls and an end each."""
        return tuple(self.curve[start : start + 3] for start in range(1, len(self.curve), 3))


@frozen
class Drawing:
    """A diagram with a place for everything."""

    diagram: Diagram
    width: float
    height: float
    nodes: tuple[PlacedNode, ...]
    edges: tuple[PlacedEdge, ...]


def lay_out(diagram: Diagram) -> Drawing:
    """Return the diagram with a place for everything; the same diagram gives the same places.

    Raises `ExtraMissing` where pygraphviz is not installed.
    """
    sizes = {node.id: _size(_broken(node.label)) for node in diagram.nodes}
    placed: Mapping[str, Any] = json.loads(_places(diagram, sizes))
    width, height = (float(figure) for figure in placed["bb"].split(",")[2:])
    boxes = placed.get("objects", ())
    nodes = [_node(node, box, sizes[node.id], height) for node, box in zip(diagram.nodes, boxes, strict=True)]
    lines = {line["id"]: line["pos"] for line in placed.get("edges", ())}
    edges = [_edge(edge, lines[str(number)], height) for number, edge in enumerate(diagram.edges)]
    return Drawing(diagram, width + 2 * _MARGIN, height + 2 * _MARGIN, tuple(nodes), tuple(edges))


def _places(diagram: Diagram, sizes: Mapping[str, tuple[float, float]]) -> bytes:
    try:
        from pygraphviz import AGraph
    except ImportError:
        message = "The diagrams need pygraphviz, which is not installed: pip install 'cdsrules[documents]'"
        raise ExtraMissing(message) from None
    graph = AGraph(directed=True, strict=False, rankdir=_DIRECTIONS[diagram.direction], nodesep="0.22", ranksep="0.55")
    graph.node_attr.update(shape="box", fixedsize="true", label="")
    # Names are numbers: what Graphviz would read something into in a name cannot stand in one.
    number = {node.id: str(place) for place, node in enumerate(diagram.nodes)}
    for node in diagram.nodes:
        width, height = sizes[node.id]
        graph.add_node(number[node.id], width=f"{width / _INCH:.3f}", height=f"{height / _INCH:.3f}")
    steps = _steps(diagram)
    for place, edge in enumerate(diagram.edges):
        ends = number[edge.tail], number[edge.head]
        graph.add_edge(*ends, key=str(place), id=str(place), minlen=str(steps[place]))
    drawn: bytes = graph.draw(format="json0", prog="dot")
    return drawn


def _steps(diagram: Diagram) -> Sequence[int]:
    """Return how many ranks each arrow spans: ends that hang on one node go on several ranks, or the page gets wide."""
    if diagram.direction == "right":
        return [1] * len(diagram.edges)
    tails = {edge.tail for edge in diagram.edges}
    heads = Counter(edge.head for edge in diagram.edges)
    met: Counter[str] = Counter()
    steps = []
    for edge in diagram.edges:
        hangs = edge.head not in tails and heads[edge.head] == 1
        steps.append(1 + met[edge.tail] % _RANKS if hangs else 1)
        met[edge.tail] += hangs
    return steps


def _broken(label: str) -> Sequence[str]:
    return wrap(label, WIDEST) or [""]


def _size(lines: Sequence[str]) -> tuple[float, float]:
    longest = max(len(line) for line in lines)
    return longest * _CHARACTER + _PADDING, len(lines) * _LINE + _PADDING - 4


def _node(node: Node, box: Mapping[str, str], size: tuple[float, float], page: float) -> PlacedNode:
    centre = _point(box["pos"], page)
    width, height = size
    corner = Point(centre.x - width / 2, centre.y - height / 2)
    lines = _broken(node.label)
    first = centre.y - (len(lines) - 1) * _LINE / 2 + 4
    return PlacedNode(node, corner, width, height, tuple((line, first + n * _LINE) for n, line in enumerate(lines)))


def _edge(edge: Edge, places: str, page: float) -> PlacedEdge:
    """Return an arrow from Graphviz' `e,x,y p1 c1 c2 p2 …`: the tip, then the curve."""
    tip, curve = Point(0, 0), []
    for place in places.split():
        if place.startswith("e,"):
            tip = _point(place.removeprefix("e,"), page)
        else:
            curve.append(_point(place, page))
    return PlacedEdge(edge, tuple(curve), tip)


def _point(written: str, page: float) -> Point:
    """Return a place that Graphviz counts from the lower left."""
    x, y = (float(figure) for figure in written.split(","))
    return Point(x + _MARGIN, page - y + _MARGIN)
