"""Many values, a part at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def batches(values: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """Yield the values in their order, so many at a time at most; none where there are none."""
    return (values[start : start + most] for start in range(0, len(values), most))
