"""Circles are found exactly where a graph has them."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.loading.cycles import cycles

_names = st.sampled_from("abcdef")
_graphs = st.dictionaries(_names, st.lists(_names, max_size=3), max_size=6)


@given(_graphs)
def test_every_circle_follows_the_arrows_home(graph: dict[str, list[str]]) -> None:
    for circle in cycles(graph):
        assert circle[0] == circle[-1]
        assert all(following in graph[name] for name, following in pairwise(circle))


@given(_graphs)
def test_there_is_a_circle_exactly_when_there_is_no_order(graph: dict[str, list[str]]) -> None:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        assert cycles(graph)
    else:
        assert cycles(graph) == ()


def test_a_long_chain_is_no_problem_of_depth() -> None:
    chain = {str(n): [str(n + 1)] for n in range(5_000)}
    assert cycles(chain) == ()
    assert len(cycles({**chain, "5000": ["0"]})[0]) == 5_002
