"""Frozen values: what `@dataclass(frozen=True, slots=True)` makes of a class, in a third of the time.

The standard decorator writes six methods for each class as text and compiles them; for the hundred classes
that one command needs, that was a sixth of its start. Here the fields are still those of the standard library,
so that `fields`, `replace` and `match` know them; `__init__` alone is compiled, and the other methods go over
the fields as they are called.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from importlib import import_module
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, NoReturn, TypeAlias, TypeVar, dataclass_transform

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
Fields: TypeAlias = Sequence[Field[Any]]
Read: TypeAlias = Callable[[object], tuple[object, ...]]


def read_only(mapping: Mapping[K, V]) -> MappingProxyType[K, V]:
    """Return a copy of a mapping that nobody can write to, and that goes to other processes as other values do."""
    return MappingProxyType(dict(mapping))


def _parts(
    mapping: MappingProxyType[K, V],
) -> tuple[Callable[[Mapping[K, V]], MappingProxyType[K, V]], tuple[dict[K, V]]]:
    return read_only, (dict(mapping),)


copyreg.pickle(MappingProxyType, _parts)


class _Anew:
    """Stands in a signature for what is made anew for each value."""

    def __repr__(self) -> str:
        return "<factory>"


_ANEW: Final = _Anew()


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Return the class as one of frozen values with slots, which are equal when their fields are.

    As with the standard decorator a field may have a default or a factory of one, be given by its name alone,
    and be left out of `==`, hash and `repr`; methods that the class has itself stay.

    >>> @frozen
    ... class Score:
    ...     points: int
    ...     unit: str = "points"
    >>> Score(12), Score(12) == Score(12, "points"), hash(Score(12)) == hash(Score(12))
    (Score(points=12, unit='points'), True, True)
    >>> Score(12).points = 9
    Traceback (most recent call last):
    dataclasses.FrozenInstanceError: cannot assign to field 'points'
    """
    own = frozenset(vars(cls))
    cls.__doc__ = cls.__doc__ or cls.__name__  # the standard decorator would work out a signature
    made = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    declared: Fields = fields(made)  # type: ignore[arg-type]  # a dataclass, as of the line above
    names = [one.name for one in declared]
    compared = [one for one in declared if one.compare]
    methods = {
        "__init__": _initialiser(made, declared),
        "__repr__": _representation([one.name for one in declared if one.repr]),
        "__eq__": _equality(_reader([one.name for one in compared])),
        "__hash__": _hash(_reader([one.name for one in compared if one.hash is not False])),
        "__setattr__": _refuse_to_assign,
        "__delattr__": _refuse_to_delete,
        "__getstate__": _state(_reader(names)),
        "__setstate__": _restoring(names),
    }
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _initialiser(made: type, declared: Fields) -> Callable[..., None]:
    """Return `__init__`, which sets each slot through its descriptor: nobody else may."""
    given = {f"set_{one.name}": getattr(made, one.name).__set__ for one in declared}
    given |= {f"default_{one.name}": one.default for one in declared if one.default is not MISSING}
    given |= {f"make_{one.name}": one.default_factory for one in declared if one.default_factory is not MISSING}
    steps = [f"set_{one.name}(self, {_value(one)})" for one in declared]
    if hasattr(made, "__post_init__"):
        steps.append("self.__post_init__()")
    head = f"def __init__({', '.join(['self', *_parameters(declared)])}):"
    text = f"def closure({', '.join(['anew', *given])}):\n {head}\n  {'; '.join(steps) or 'pass'}\n return __init__"
    names: dict[str, Any] = {}
    # The text holds what stands here and the names of fields, which Python has read as names before. The names of
    # the class's own module are those that its annotations mean.
    exec(text, vars(import_module(made.__module__)), names)  # noqa: S102
    initialise: Callable[..., None] = names["closure"](_ANEW, **given)
    initialise.__qualname__ = f"{made.__qualname__}.__init__"
    initialise.__annotations__ = {one.name: one.type for one in declared} | {"return": None}
    return initialise


def _parameters(declared: Fields) -> Iterator[str]:
    yield from (_parameter(one) for one in declared if not one.kw_only)
    by_name = [_parameter(one) for one in declared if one.kw_only]
    if by_name:
        yield from ("*", *by_name)


def _parameter(one: Field[Any]) -> str:
    if one.default is not MISSING:
        return f"{one.name}=default_{one.name}"
    return one.name if one.default_factory is MISSING else f"{one.name}=anew"


def _value(one: Field[Any]) -> str:
    if one.default_factory is MISSING:
        return one.name
    return f"make_{one.name}() if {one.name} is anew else {one.name}"


def _reader(names: Sequence[str]) -> Read:
    """Return what reads these fields of a value, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _representation(names: Sequence[str]) -> Callable[[object], str]:
    def represent(self: object) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return represent


def _equality(read: Read) -> Callable[[object, object], bool]:
    def is_equal(self: object, other: object) -> bool:
        return read(self) == read(other) if other.__class__ is self.__class__ else NotImplemented

    return is_equal


def _hash(read: Read) -> Callable[[object], int]:
    return lambda self: hash(read(self))


def _state(read: Read) -> Callable[[object], tuple[object, ...]]:
    def state(self: object) -> tuple[object, ...]:
        return read(self)

    return state


def _refuse_to_assign(_self: object, name: str, _value: object) -> NoReturn:
    message = f"cannot assign to field {name!r}"
    raise FrozenInstanceError(message)


def _refuse_to_delete(_self: object, name: str) -> NoReturn:
    message = f"cannot delete field {name!r}"
    raise FrozenInstanceError(message)


def _restoring(names: Sequence[str]) -> Callable[[object, Sequence[object]], None]:
    def restore(self: object, state: Sequence[object]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    return restore
