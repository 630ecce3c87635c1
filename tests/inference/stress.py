"""Long runs of the durable-rules fence in a process of their own.

    python -m tests.inference.stress agree --programs 20000 --seed 1
    python -m tests.inference.stress evaluations --times 100000
    python -m tests.inference.stress reloads --times 10000
    python -m tests.inference.stress threads
    python -m tests.inference.stress forks --times 200

Ends with exit code 0 and one line, or with what differed. Run it under `MALLOC_PERTURB_=165` as well:
freed memory is then filled with rubbish, and using it crashes instead of going unnoticed.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Event

from cdsrules.inference.durable import DurableChainer
from cdsrules.inference.horn import HornProgram, least_model
from tests.inference.horn_programs import random_given, random_program, rulebook_program

MOST_GROWTH = 4_000_000  # bytes; a leak of 200 bytes an evaluation, or 4 kB a reload, is more
MOST_FAULTS = 10  # a session takes hundreds of pages
THREADS = 8


def resident() -> int:
    """Return the bytes of memory that this process occupies."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def page_faults() -> int:
    """Return how often the system had to give this process a page of memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def check(chainer: DurableChainer, made: HornProgram, given: frozenset[int]) -> None:
    concluded, expected = chainer.run(given), least_model(made, given)
    assert concluded == expected, (made, given, concluded ^ expected)


def flat(before: int) -> str:
    grown = resident() - before
    assert grown < MOST_GROWTH, f"memory grew by {grown:,} bytes"
    return f"memory grew by {grown:,} bytes"


def agree(times: int, seed: int) -> str:
    """Compare with the least model on random programs, most of them with a run in which nothing fires."""
    random = Random(seed)
    for _ in range(times):
        made = random_program(random)
        chainer = DurableChainer(made)
        for _ in range(4):
            check(chainer, made, random_given(random, made))
        if random.random() < 0.5:
            chainer.close()
    return f"{times} programs agree"


def evaluations(times: int, seed: int) -> str:
    """Evaluate one rulebook over and over; memory stays as it is after the first thousand, page for page."""
    random = Random(seed)
    made = rulebook_program(rules=40, findings=20)
    givens = [random_given(random, made) for _ in range(100)]
    chainer = DurableChainer(made)
    for given in givens * 10:
        check(chainer, made, given)
    before, faults = resident(), page_faults()
    for turn in range(times):
        chainer.run(givens[turn % len(givens)])
    faulted = (page_faults() - faults) / times
    assert faulted < MOST_FAULTS, f"{faulted:.1f} pages an evaluation were returned to the system and taken back"
    return flat(before)


def reloads(times: int, seed: int) -> str:
    """Load changed rulebooks over and over, close every other one and drop the rest; memory stays as it is."""
    random = Random(seed)
    books = [rulebook_program(rules=40 + turn, findings=20) for turn in range(10)]
    before = 0
    for turn in range(times + 100):
        if turn == 100:
            before = resident()
        made = books[turn % len(books)]
        chainer = DurableChainer(made)
        check(chainer, made, random_given(random, made))
        if turn % 2:
            chainer.close()
    return flat(before)


def _evaluate(chainer: DurableChainer, made: HornProgram, seed: int, times: int) -> None:
    random = Random(seed)
    for _ in range(times):
        check(chainer, made, random_given(random, made))


def threads(times: int, seed: int) -> str:
    """Share one chainer among eight threads, and another among them in turn."""
    sys.setswitchinterval(1e-5)  # change threads in the middle of runs
    shared = rulebook_program(rules=40, findings=20)
    other = rulebook_program(rules=200, findings=30)
    one, two = DurableChainer(shared), DurableChainer(other)
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(_evaluate, one, shared, seed + place, times) for place in range(THREADS)]
        jobs += [pool.submit(_evaluate, two, other, seed - place, times // 10) for place in range(THREADS)]
        for job in jobs:
            job.result()
    return f"{THREADS} threads agree"


def _child(chainer: DurableChainer, made: HornProgram, seed: int) -> int:
    """Return the exit code of a child that evaluates; the alarm ends one that hangs."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.alarm(60)
    code = 1
    try:
        _evaluate(chainer, made, seed, 20)
        code = 0
    finally:
        os._exit(code)


def forks(times: int, seed: int) -> str:
    """Fork while other threads are in the middle of runs; the children conclude with the same chainer."""
    sys.setswitchinterval(1e-5)
    made = rulebook_program(rules=40, findings=20)
    chainer = DurableChainer(made)
    done = Event()

    def keep_running(place: int) -> None:
        while not done.is_set():
            _evaluate(chainer, made, place, 1)

    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(keep_running, seed + place) for place in range(THREADS)]
        try:
            codes = [_child(chainer, made, seed + turn) for turn in range(times)]
        finally:
            done.set()
        for job in jobs:
            job.result()
    _evaluate(chainer, made, seed, 20)
    assert codes == [0] * times, codes
    return f"{times} children agree"


STORIES = {
    "agree": (agree, 1_000),
    "evaluations": (evaluations, 20_000),
    "reloads": (reloads, 1_000),
    "threads": (threads, 200),
    "forks": (forks, 20),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("story", choices=STORIES)
    parser.add_argument("--times", "--programs", type=int)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    story, usual = STORIES[options.story]
    sys.stdout.write(story(options.times or usual, options.seed) + "\n")


if __name__ == "__main__":
    main()
