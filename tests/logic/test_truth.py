"""Strong Kleene logic: the tables, the laws, and what "unknown" promises."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.logic.truth import Truth, all_of, any_of, at_least, negate

T, F, U = True, False, None
truths = st.sampled_from([T, F, U])
some_truths = st.lists(truths, max_size=6)

CONJUNCTION = {
    (T, T): T, (T, F): F, (T, U): U,
    (F, T): F, (F, F): F, (F, U): F,
    (U, T): U, (U, F): F, (U, U): U,
}  # fmt: skip
DISJUNCTION = {
    (T, T): T, (T, F): T, (T, U): T,
    (F, T): T, (F, F): F, (F, U): U,
    (U, T): T, (U, F): U, (U, U): U,
}  # fmt: skip


@pytest.mark.parametrize(("pair", "expected"), CONJUNCTION.items())
def test_all_of_two(pair: tuple[Truth, Truth], expected: Truth) -> None:
    assert all_of(pair) is expected


@pytest.mark.parametrize(("pair", "expected"), DISJUNCTION.items())
def test_any_of_two(pair: tuple[Truth, Truth], expected: Truth) -> None:
    assert any_of(pair) is expected


@pytest.mark.parametrize(("truth", "expected"), [(T, F), (F, T), (U, U)])
def test_negate(truth: Truth, expected: Truth) -> None:
    assert negate(truth) is expected


def test_of_nothing_all_hold_and_none_does() -> None:
    assert all_of([]) is True
    assert any_of([]) is False


@pytest.mark.parametrize(
    ("count", "given_truths", "expected"),
    [
        (2, [T, T, U], T),
        (2, [T, U, F], U),
        (2, [U, U, F], U),
        (2, [T, F, F], F),
        (2, [U, F, F], F),
        (1, [], F),
        (0, [F, U], T),
        (3, [T, T, T], T),
        (4, [T, T, T], F),
    ],
)
def test_at_least(count: int, given_truths: Sequence[Truth], expected: Truth) -> None:
    assert at_least(count, given_truths) is expected


@given(some_truths)
def test_de_morgan(some: list[Truth]) -> None:
    assert negate(all_of(some)) is any_of(map(negate, some))
    assert negate(any_of(some)) is all_of(map(negate, some))


@given(some_truths.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_order_does_not_matter(both: tuple[list[Truth], list[Truth]]) -> None:
    written, shuffled = both
    for joined in (all_of, any_of):
        assert joined(written) is joined(shuffled)


@given(some_truths, some_truths)
def test_groups_in_groups_are_one_group(some: list[Truth], others: list[Truth]) -> None:
    assert all_of([all_of(some), all_of(others)]) is all_of([*some, *others])
    assert any_of([any_of(some), any_of(others)]) is any_of([*some, *others])


@given(truths, truths, truths)
def test_distribution_and_absorption(a: Truth, b: Truth, c: Truth) -> None:
    assert all_of([a, any_of([b, c])]) is any_of([all_of([a, b]), all_of([a, c])])
    assert any_of([a, all_of([b, c])]) is all_of([any_of([a, b]), any_of([a, c])])
    assert all_of([a, any_of([a, b])]) is a
    assert any_of([a, all_of([a, b])]) is a


@given(some_truths)
def test_any_is_at_least_one_and_all_is_at_least_every(some: list[Truth]) -> None:
    assert any_of(some) is at_least(1, some)
    assert all_of(some) is at_least(len(some), some)


@given(st.integers(0, 7), some_truths)
def test_not_at_least_so_many_is_enough_of_the_opposite(count: int, some: list[Truth]) -> None:
    assert negate(at_least(count, some)) is at_least(len(some) - count + 1, list(map(negate, some)))


@given(st.integers(0, 7), some_truths)
def test_known_exactly_when_no_way_of_filling_in_changes_it(count: int, some: list[Truth]) -> None:
    """What is not known is a missing answer: the result is known if all answers lead to one."""
    for joined in (all_of, any_of, lambda filled: at_least(count, filled)):
        choices = [(True, False) if truth is None else (truth,) for truth in some]
        outcomes = {joined(list(filled)) for filled in product(*choices)}
        assert joined(some) is (outcomes.pop() if len(outcomes) == 1 else None)
