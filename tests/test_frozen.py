"""`frozen` makes what `@dataclass(frozen=True, slots=True)` makes: every example is held to the standard decorator."""

from __future__ import annotations

import copy
import inspect
import pickle
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, NamedTuple, get_type_hints

import pytest

from cdsrules.frozen import frozen, read_only


class Nothing:
    """No fields at all."""


class One:
    """A single field, and no slot for another."""

    name: str


class Score:
    """Fields with and without a default."""

    points: float
    unit: str = "points"
    band: str | None = None


class Noted:
    """Fields that do not count, that are made anew for each value, or that are given by name alone."""

    name: str
    at: int | None = field(default=None, compare=False)
    told: dict[str, int] = field(default_factory=dict, hash=False)
    why: str = field(kw_only=True, repr=False)
    after: list[int] = field(default_factory=list, compare=False, kw_only=True)


class Span:
    """Methods of its own, and a look at what it was given."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("upside down")

    def __repr__(self) -> str:
        return f"{self.low} to {self.high}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and other.high == self.high

    def __hash__(self) -> int:
        return hash(self.high)


class Example(NamedTuple):
    """A class, what a value of it is made of, and what it is changed to."""

    written: type
    given: Sequence[object] = ()
    named: Mapping[str, object] = {}
    changed: Mapping[str, object] = {}


NAN = float("nan")
EXAMPLES = (
    Example(Nothing),
    Example(One, ["stalled"], changed={"name": "improved"}),
    Example(Score, [12], changed={"band": "mild"}),
    Example(Score, [12, "T"], {"band": "moderate"}, {"points": 9}),
    Example(Score, [], {"points": 7}, {"unit": "T"}),
    Example(Noted, ["a"], {"why": "b"}, {"at": 3}),
    Example(Noted, ["a", 3, {"c": 1}], {"why": "b", "after": [4]}, {"told": {}}),
    Example(Span, [1, 2], changed={"low": 2}),
    # From 3.13 on the standard decorator compares field by field, so that what is not itself is not equal to itself.
    *([Example(One, [NAN])] if sys.version_info < (3, 13) else []),
)
Decorator = Callable[[type], Any]
MAKE: Decorator = frozen


@pytest.fixture(params=EXAMPLES, ids=lambda one: f"{one.written.__name__}-{len(one.given)}-{'-'.join(one.named)}")
def example(request: pytest.FixtureRequest) -> Example:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def made(example: Example, monkeypatch: pytest.MonkeyPatch) -> Callable[[Decorator], Any]:
    """The class of the example as a decorator makes it; it bears its name here, where pickle looks for it."""

    def make(decorate: Decorator) -> Any:
        kept = {name: value for name, value in vars(example.written).items() if name not in {"__dict__", "__weakref__"}}
        cls = decorate(type(example.written.__name__, (), dict(kept)))
        monkeypatch.setattr(sys.modules[__name__], cls.__name__, cls)
        return cls

    return make


def portrait(cls: Any, example: Example) -> dict[str, object]:
    """Everything that can be seen of a class and of a value of it."""
    value, same = cls(*example.given, **example.named), cls(*example.given, **example.named)
    other = replace(value, **example.changed)
    return {
        "repr": (repr(value), str(value), repr(other)),
        "equality": (value == same, value == other, value == list(example.given), value != same),
        "hash": _hash(value) == _hash(same),
        "hashable": _hash(value) is not None,
        "copies": (copy.copy(value) == value, copy.deepcopy(same) == same),
        "pickled": repr(pickle.loads(pickle.dumps(value))),
        "fields": [(one.name, one.type, one.compare, one.repr, one.kw_only) for one in fields(cls)],
        "signature": str(inspect.signature(cls)),
        "hints": get_type_hints(cls.__init__),
        "slots": cls.__slots__,
        "pattern": cls.__match_args__,
        "doc": cls.__doc__,
        "open": [hasattr(value, name) for name in ("__dict__", "__weakref__")],
    }


def _hash(value: object) -> int | None:
    try:
        return hash(value)
    except TypeError:
        return None


def test_a_frozen_class_is_the_same_as_a_frozen_dataclass_with_slots(
    example: Example, made: Callable[[Decorator], Any]
) -> None:
    standard = portrait(made(dataclass(frozen=True, slots=True)), example)
    assert portrait(made(MAKE), example) == standard


def test_what_a_value_holds_stays(example: Example, made: Callable[[Decorator], Any]) -> None:
    value = made(MAKE)(*example.given, **example.named)
    before = repr(value)
    for name in ("points", "name", "anything"):
        with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(value, name, 1)
        with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(value, name)
    assert repr(value) == before


def test_values_of_different_classes_are_never_equal() -> None:
    @frozen
    class Above:
        limit: int

    @frozen
    class Below:
        limit: int

    assert Above(3) != Below(3)  # type: ignore[comparison-overlap]  # what is asked here is what is so
    assert len({Above(3), Below(3), Above(3)}) == 2


def test_two_values_do_not_share_what_a_factory_makes() -> None:
    @frozen
    class Kept:
        told: list[int] = field(default_factory=list)

    one, other = Kept(), Kept()
    one.told.append(1)
    assert (one.told, other.told) == ([1], [])


def test_a_value_that_makes_no_sense_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="upside down"):
        MAKE(type("Span", (), dict(vars(Span))))(2, 1)


def test_too_few_and_too_many_values_are_refused() -> None:
    made = MAKE(type("One", (), {"__annotations__": {"name": "str"}, "__module__": __name__}))
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        made()
    with pytest.raises(TypeError, match="takes 2 positional arguments but 3 were given"):
        made("a", "b")


def test_a_mapping_that_nobody_can_write_to_goes_to_other_processes() -> None:
    there = pickle.loads(pickle.dumps(read_only({1: "a"})))

    assert there == {1: "a"}
    assert isinstance(there, MappingProxyType)
