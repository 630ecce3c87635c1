"""Circles in what refers to what: findings that read each other, actions that wait for each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


def cycles(leads_to: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Return one circle for each knot of names that lead to each other, its first name repeated at the end.

    >>> cycles({"a": ["b"], "b": ["c"], "c": ["b"], "d": ["d"]})
    (('b', 'c', 'b'), ('d', 'd'))
    """
    found: list[tuple[str, ...]] = []
    settled: set[str] = set()
    for start in leads_to:
        path: list[str] = []
        ahead: list[Iterator[str]] = []
        _enter(start, leads_to, path, ahead, settled)
        while path:
            following = next(ahead[-1], None)
            if following is None:
                settled.add(path.pop())
                ahead.pop()
            elif following in path:
                found.append((*path[path.index(following) :], following))
            else:
                _enter(following, leads_to, path, ahead, settled)
    return tuple(found)


def _enter(
    name: str,
    leads_to: Mapping[str, Iterable[str]],
    path: list[str],
    ahead: list[Iterator[str]],
    settled: set[str],
) -> None:
    if name not in settled and name in leads_to:
        path.append(name)
        ahead.append(iter(leads_to[name]))
