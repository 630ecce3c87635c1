"""The pictures before and after they are laid out."""

from __future__ import annotations

import builtins

import pytest

from cdsrules.documents.diagram import Diagram, Edge, Kind, Node, Tie, cautioning, leading, pathway
from cdsrules.documents.layout import Drawing, lay_out
from cdsrules.errors import ExtraMissing
from tests.documents.made import made_basis, made_book
from tests.made_rules import fact, recommends

BASIS = made_basis()


def pathway_drawn() -> Diagram:
    diagram = pathway(BASIS)
    assert diagram is not None
    return diagram


def ties(diagram: Diagram | None) -> list[tuple[str, str, Tie]]:
    return [] if diagram is None else [(edge.tail, edge.head, edge.tie) for edge in diagram.edges]


def test_the_pathway_has_the_hard_order_and_of_the_other_what_it_adds() -> None:
    """`change` is listed after `talk` as well, which it waits for anyway."""
    assert sorted(ties(pathway(BASIS))) == [
        ("look", "change", Tie.REQUIRES),
        ("look", "talk", Tie.LISTED_AFTER),
        ("look", "tend", Tie.LISTED_AFTER),
        ("talk", "change", Tie.REQUIRES),
    ]


def test_the_pathway_knows_what_runs_beside() -> None:
    kinds = {node.id: node.kind for node in pathway_drawn().nodes}
    assert kinds == {"look": Kind.ACTION, "talk": Kind.ACTION, "change": Kind.ACTION, "tend": Kind.BESIDE}


def test_the_pathway_is_told_in_words() -> None:
    assert "change waits for look." in pathway_drawn().words
    assert "talk is listed after look." in pathway_drawn().words


def test_findings_lead_to_steps_and_keep_from_them() -> None:
    assert ties(leading(BASIS, made_book())) == [
        ("finding:stuck", "action:look", Tie.LEADS_TO),
        ("finding:worn", "action:look", Tie.KEEPS_FROM),
    ]


def test_cautions_have_a_picture_of_their_own() -> None:
    assert ties(cautioning(BASIS, made_book())) == [("finding:stuck", "action:change", Tie.CAUTIONS)]


def test_a_rulebook_that_reads_no_finding_has_no_picture() -> None:
    rules = [recommends("talk", fact("a"))]
    assert leading(made_basis(rules, files=()), made_book(rules)) is None
    assert cautioning(made_basis(rules, files=()), made_book(rules)) is None


def overlaps(drawing: Drawing) -> list[tuple[str, str]]:
    boxes = [(one.node.id, one.corner, one.width, one.height) for one in drawing.nodes]
    return [
        (first, other)
        for place, (first, at, width, height) in enumerate(boxes)
        for other, there, wide, high in boxes[:place]
        if at.x < there.x + wide and there.x < at.x + width and at.y < there.y + high and there.y < at.y + height
    ]


def test_nodes_lie_on_the_page_and_apart() -> None:
    drawing = lay_out(pathway_drawn())
    assert overlaps(drawing) == []
    for placed in drawing.nodes:
        assert placed.corner.x >= 0
        assert placed.corner.x + placed.width <= drawing.width
        assert placed.corner.y >= 0
        assert placed.corner.y + placed.height <= drawing.height


def test_what_comes_first_stands_higher() -> None:
    placed = {one.node.id: one.corner.y for one in lay_out(pathway_drawn()).nodes}
    assert placed["look"] < placed["talk"] < placed["change"]


def test_an_arrow_runs_from_its_tail_to_its_head() -> None:
    drawing = lay_out(pathway_drawn())
    boxes = {one.node.id: one for one in drawing.nodes}
    for arrow in drawing.edges:
        tail, head = boxes[arrow.edge.tail], boxes[arrow.edge.head]
        assert abs(arrow.curve[0].y - (tail.corner.y + tail.height)) < 2
        assert abs(arrow.tip.y - head.corner.y) < 2
        assert head.corner.x <= arrow.tip.x <= head.corner.x + head.width
        assert (len(arrow.curve) - 1) % 3 == 0


def test_two_arrows_between_the_same_nodes_stay_two() -> None:
    nodes = (Node("a", "a", Kind.FINDING), Node("b", "b", Kind.ACTION))
    edges = (Edge("a", "b", Tie.LEADS_TO, "one"), Edge("a", "b", Tie.KEEPS_FROM, "two"))
    drawing = lay_out(Diagram("d", "D", nodes, edges, "right"))
    assert [arrow.edge.words for arrow in drawing.edges] == ["one", "two"]
    assert drawing.edges[0].curve != drawing.edges[1].curve


@pytest.mark.parametrize("name", ['"; }', "<b>", "\\N", "%3", "ä"])
def test_a_name_means_nothing_to_the_layout(name: str) -> None:
    nodes = (Node(name, name, Kind.FINDING), Node("b", "b" * 60, Kind.ACTION))
    drawing = lay_out(Diagram("d", "D", nodes, (Edge(name, "b", Tie.LEADS_TO, ""),), "right"))
    assert [one.node.id for one in drawing.nodes] == [name, "b"]
    assert all(len(line) <= 22 for line, _ in drawing.nodes[1].lines)


def test_the_same_diagram_gives_the_same_places() -> None:
    assert lay_out(pathway_drawn()) == lay_out(pathway_drawn())


def test_without_the_library_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    importing = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == "pygraphviz":
            raise ImportError(name)
        return importing(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExtraMissing, match=r"pip install 'cdsrules\[documents\]'"):
        lay_out(pathway_drawn())
