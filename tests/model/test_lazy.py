"""Values that are made when they are first read: once, and never before."""

from __future__ import annotations

from cdsrules.model.lazy import Lazy, once


class _Counted:
    """Something that counts how often it is worked out."""

    def __init__(self) -> None:
        self.times = 0

    @once
    def worth(self) -> int | None:
        """What it is worth."""
        self.times += 1
        return None


def test_a_lazy_value_is_made_when_it_is_read_and_not_again() -> None:
    made: list[int] = []
    lazy = Lazy(lambda: made.append(1))
    assert made == []
    assert lazy.value is lazy.value is None
    assert made == [1]


def test_once_works_out_when_first_read_and_not_again_even_if_nothing_came_of_it() -> None:
    one, other = _Counted(), _Counted()
    assert one.times == 0
    assert one.worth is one.worth is None
    assert (one.times, other.times) == (1, 0)
