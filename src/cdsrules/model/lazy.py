"""Values that are made when they are first read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar, TypeVarTuple

T = TypeVar("T")
Given = TypeVarTuple("Given")
Owner = TypeVar("Owner")


class Lazy(Generic[T]):
    """A value made on first reading; making it twice gives the same, so threads may race.

    It follows from what stands beside it, so that it tells no two values apart: all are equal. `make` is asked with
    what is `given`: a guidance has some twenty of these, and a `partial` for each would make them half as dear again.
    """

    __slots__ = ("_made", "_making")

    _made: T

    def __init__(self, make: Callable[[*Given], T], *given: *Given) -> None:
        self._making: tuple[Callable[..., T], tuple[object, ...]] | None = (make, given)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lazy)

    def __hash__(self) -> int:
        return hash(Lazy)

    def __repr__(self) -> str:
        """Return the same for all, made or not: where one stands differs from run to run."""
        return "Lazy(…)"

    @property
    def value(self) -> T:
        """The value, made now or earlier."""
        making = self._making
        if making is not None:
            make, given = making
            self._made = make(*given)
            self._making = None
        return self._made


# Not by way of its `__dict__`: asking an object for that makes one, and the way to all its attributes longer.
_keep: Final = object.__setattr__


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
        value = self._work_out(owner)
        _keep(owner, self._name, value)
        return value
