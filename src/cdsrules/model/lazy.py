"""Values that are made when they are first read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
Owner = TypeVar("Owner")


class Lazy(Generic[T]):
    """A value made on first reading; making it twice gives the same, so threads may race.

    It follows from what stands beside it, so that it tells no two values apart: all are equal.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make: Callable[[], T] | None = make
        self._made: T | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lazy)

    def __hash__(self) -> int:
        return hash(Lazy)

    @property
    def value(self) -> T:
        """The value, made now or earlier."""
        make = self._make
        if make is not None:
            self._made = make()
            self._make = None
        made: T = self._made  # type: ignore[assignment]  # made whenever _make is None
        return made


class once(Generic[Owner, T]):  # noqa: N801 - it is written as a decorator
    """A property that is worked out when it is first read, and an attribute from then on.

    As `functools.cached_property` of Python 3.12 and later; that of 3.11 takes a lock first.
    """

    def __init__(self, work_out: Callable[[Owner], T]) -> None:
        self._work_out = work_out
        self._name = work_out.__name__
        self.__doc__ = work_out.__doc__

    def __get__(self, owner: Owner, kind: type[Owner]) -> T:
        """Return the value; it is kept where attributes are looked for first."""
        value = owner.__dict__[self._name] = self._work_out(owner)
        return value
