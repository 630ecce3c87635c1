"""Threads beside the loop: so many at once, nobody held up by one that hangs, and nothing of it left behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from threading import Barrier, Event, Thread, current_thread

import pytest

from cdsrules.service.threads import Threads

PATIENCE_SECONDS = 30.0


class Hanging:
    """Work that hangs until it may go on, and the threads that it hangs in."""

    def __init__(self) -> None:
        self.go = Event()
        self.threads: list[Thread] = []

    def __call__(self) -> None:
        self.threads.append(current_thread())
        assert self.go.wait(PATIENCE_SECONDS)

    def has_begun(self, times: int) -> bool:
        return len(self.threads) >= times


async def until(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not happened():
            await asyncio.sleep(0)


def test_what_comes_of_work_is_returned_and_the_loop_goes_on_meanwhile() -> None:
    async def main() -> tuple[str, bool]:
        threads, go = Threads(1), Event()

        def work() -> str:
            assert go.wait(PATIENCE_SECONDS)
            return current_thread().name

        asked = asyncio.ensure_future(threads.do(work))
        await asyncio.sleep(0)
        waited = not asked.done()
        go.set()
        name = await asked
        threads.close()
        return name, waited

    name, waited = asyncio.run(main())
    assert waited
    assert name != current_thread().name


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), KeyboardInterrupt()])
def test_what_breaks_work_is_raised_to_who_waits_and_the_thread_works_on(error: BaseException) -> None:
    def breaks() -> None:
        raise error

    async def main() -> int:
        threads = Threads(1)
        with pytest.raises(type(error)) as raised:
            await threads.do(breaks)
        assert raised.value is error
        answer = await threads.do(lambda: 7)
        threads.close()
        return answer

    assert asyncio.run(main()) == 7


def test_work_that_ends_as_an_iteration_does_is_an_error_and_no_silence() -> None:
    async def main() -> None:
        threads = Threads(1)
        try:
            await threads.do(lambda: next(iter(())))
        finally:
            threads.close()

    with pytest.raises(RuntimeError):
        asyncio.run(main())


def test_so_many_work_at_once_and_no_more() -> None:
    together = Barrier(3)
    most, now = [0], [0]
    guard = threading.Lock()

    def work() -> None:
        with guard:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait(PATIENCE_SECONDS)
        with guard:
            now[0] -= 1

    async def main() -> None:
        threads = Threads(3)
        await asyncio.gather(*(threads.do(work) for _ in range(30)))
        threads.close()

    asyncio.run(main())
    assert most[0] == 3


def test_one_after_the_other_takes_one_thread() -> None:
    async def main() -> set[int | None]:
        threads = Threads(4)
        idents = {await threads.do(lambda: current_thread().ident) for _ in range(20)}
        threads.close()
        return idents

    assert len(asyncio.run(main())) == 1


def test_those_that_hang_hold_up_nobody_and_their_threads_end_when_they_are_too_many() -> None:
    hang = Hanging()

    async def main() -> int:
        threads = Threads(2)
        for number in range(1, 6):
            given_up = asyncio.ensure_future(threads.do(hang))
            await until(partial(hang.has_begun, number))
            given_up.cancel()
            with pytest.raises(asyncio.CancelledError):
                await given_up
        assert await asyncio.gather(*(threads.do(lambda: 7) for _ in range(4))) == [7] * 4
        hang.go.set()
        # Two may rest for what comes next; who comes back beside them ends.
        await until(lambda: sum(one.is_alive() for one in hang.threads) <= 2)
        answer = await threads.do(lambda: 8)
        threads.close()
        return answer

    assert asyncio.run(main()) == 8
    for one in hang.threads:
        one.join(PATIENCE_SECONDS)
    assert not any(one.is_alive() for one in hang.threads)


def test_who_is_given_up_before_a_thread_is_free_is_never_begun() -> None:
    go, begun, done = Event(), Event(), []

    def hold() -> None:
        begun.set()
        go.wait(PATIENCE_SECONDS)

    async def main() -> None:
        threads = Threads(1)
        held = asyncio.ensure_future(threads.do(hold))
        await until(begun.is_set)
        waits = asyncio.ensure_future(threads.do(lambda: done.append("waits")))
        await asyncio.sleep(0)
        waits.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waits
        go.set()
        await held
        await threads.do(lambda: done.append("next"))
        threads.close()

    asyncio.run(main())
    assert done == ["next"]


def test_a_thread_whose_loop_is_gone_ends() -> None:
    hang = Hanging()

    async def main() -> None:
        threads = Threads(1)
        given_up = asyncio.ensure_future(threads.do(hang))
        await until(partial(hang.has_begun, 1))
        given_up.cancel()

    asyncio.run(main())
    hang.go.set()
    (thread,) = hang.threads
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_work_sees_the_context_of_who_asks_and_leaves_none_behind() -> None:
    asked_for: ContextVar[str] = ContextVar("asked_for", default="nobody")

    def work(name: str) -> str:
        seen = asked_for.get()
        asked_for.set(name)
        return seen

    async def main() -> list[str]:
        threads = Threads(1)
        asked_for.set("the first call")
        seen = [await threads.do(partial(work, "client 1")), await threads.do(partial(work, "client 2"))]
        threads.close()
        return [*seen, asked_for.get()]

    assert asyncio.run(main()) == ["the first call"] * 3


def test_one_that_is_still_at_work_when_the_others_end_ends_when_it_is_done() -> None:
    hang = Hanging()

    async def main() -> None:
        threads = Threads(1)
        asked = asyncio.ensure_future(threads.do(hang))
        await until(partial(hang.has_begun, 1))
        threads.close()
        hang.go.set()
        await asked

    asyncio.run(main())
    (thread,) = hang.threads
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
