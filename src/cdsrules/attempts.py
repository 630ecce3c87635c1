"""Work whose failure must not take the rest with it: a client of many, a run of many, a plugin, a command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from cdsrules.frozen import frozen

T = TypeVar("T")


@frozen
class Broken:
    """Work that came to no end, and what broke it."""

    error: BaseException


def attempt(work: Callable[[], T], also: type[BaseException] = Exception) -> T | Broken:
    """Return what comes of some work, or what broke it: any error, and `also` what is none, such as Ctrl-C."""
    try:
        return work()
    except (Exception, also) as error:  # noqa: BLE001 - whatever it is, somebody is told of it
        return Broken(error)


async def attempt_to_await(work: Awaitable[T]) -> T | Broken:
    """Return what comes of awaiting some work, or the error that broke it; to be cancelled is no error."""
    try:
        return await work
    except Exception as error:  # noqa: BLE001 - whatever it is, somebody is told of it
        return Broken(error)
