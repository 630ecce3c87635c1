"""A value that is made when it is first read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """A value made on first reading; making it twice gives the same, so threads may race."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make: Callable[[], T] | None = make
        self._made: T | None = None

    @property
    def value(self) -> T:
        """The value, made now or earlier."""
        make = self._make
        if make is not None:
            self._made = make()
            self._make = None
        made: T = self._made  # type: ignore[assignment]  # made whenever _make is None
        return made
