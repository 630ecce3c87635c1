"""One slip at each place of a condition, and nothing else changed."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, FindingTest, Not, walk
from cdsrules.testing.mutation.edits import Change, edits

A, B, C = FindingTest("a"), FindingTest("b"), FindingTest("c")


def leave_out(node: Condition) -> Iterator[Change]:
    if isinstance(node, FindingTest):
        yield Change("left out", None)


def rename(node: Condition) -> Iterator[Change]:
    if isinstance(node, FindingTest):
        yield Change("swapped", FindingTest("z"))


def wholes(condition: Condition) -> list[Condition | None]:
    return [edit.whole for edit in edits(condition, leave_out)]


def test_a_part_is_left_out_of_its_group() -> None:
    assert wholes(AllOf((A, B))) == [AllOf((B,)), AllOf((A,))]


def test_what_has_no_part_left_is_gone_with_it() -> None:
    assert wholes(AllOf((Not(A), B))) == [AllOf((B,)), AllOf((Not(A),))]
    assert wholes(Not(A)) == [None]
    assert wholes(AnyOf((A,))) == [None]


def test_a_place_is_given_as_it_is_read() -> None:
    """A rule that says “not reassessed” is read so: the slip speaks of “not reassessed” too."""
    (inner,) = (edit for edit in edits(Not(AllOf((A, B))), rename) if edit.was == Not(A))
    assert inner.now == Not(FindingTest("z"))
    assert inner.whole == Not(AllOf((FindingTest("z"), B)))


def test_a_denial_of_a_denial_is_none() -> None:
    def deny(node: Condition) -> Iterator[Change]:
        if isinstance(node, FindingTest):
            yield Change("denied", Not(node))

    assert [edit.whole for edit in edits(Not(A), deny)] == [A]


def test_a_count_never_asks_for_more_than_there_is() -> None:
    assert wholes(AtLeast(2, (A, B))) == [AtLeast(1, (B,)), AtLeast(1, (A,))]
    assert wholes(AtLeast(2, (A, B, C)))[0] == AtLeast(2, (B, C))


groups = st.recursive(
    st.sampled_from([A, B, C]),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda parts: AllOf(tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: AnyOf(tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)


@given(groups)
def test_each_place_is_edited_once_and_the_rest_stays(condition: Condition) -> None:
    made = list(edits(condition, rename))
    leaves = [node for node in walk(condition) if isinstance(node, FindingTest)]
    assert [edit.was.part if isinstance(edit.was, Not) else edit.was for edit in made] == leaves
    for place, edit in enumerate(made):
        assert edit.whole is not None
        changed = [node for node in walk(edit.whole) if isinstance(node, FindingTest)]
        assert changed == [*leaves[:place], FindingTest("z"), *leaves[place + 1 :]]
