"""The fence over thousands of runs, in threads, across forks, with rubbish in freed memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUBBISH = {"MALLOC_PERTURB_": "165"}
# A fork beside threads is what is tried here; Python 3.12 and later warn of it.
RUN = (sys.executable, "-W", "error", "-W", "ignore:This process:DeprecationWarning", "-m", "tests.inference.stress")


def tell(*story: str, **environment: str) -> str:
    """Return the line with which a story of `tests.inference.stress` ends; fail when it ends otherwise."""
    inherited = {name: value for name, value in os.environ.items() if name not in RUBBISH}
    told = subprocess.run(
        [*RUN, *story],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=1_800,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.strip()


def test_memory_is_flat_over_20_000_evaluations() -> None:
    assert tell("evaluations", "--times", "20000").startswith("memory grew by")


def test_memory_is_flat_over_1_000_reloads_of_changed_rulebooks() -> None:
    assert tell("reloads", "--times", "1000").startswith("memory grew by")


@pytest.mark.parametrize("environment", [{}, RUBBISH], ids=["plain", "rubbish"])
def test_eight_threads_share_two_chainers(environment: dict[str, str]) -> None:
    assert tell("threads", **environment) == "8 threads agree"


@pytest.mark.parametrize("environment", [{}, RUBBISH], ids=["plain", "rubbish"])
def test_a_fork_in_the_middle_of_runs_harms_neither_side(environment: dict[str, str]) -> None:
    assert tell("forks", "--times", "20", **environment) == "20 children agree"


def test_rubbish_in_freed_memory_changes_nothing() -> None:
    assert tell("agree", "--programs", "500", **RUBBISH) == "500 programs agree"


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(10))
def test_rubbish_in_freed_memory_changes_nothing_in_thousands_of_programs(seed: int) -> None:
    assert tell("agree", "--programs", "5000", "--seed", str(seed), **RUBBISH) == "5000 programs agree"


@pytest.mark.fuzz
def test_memory_is_flat_over_200_000_evaluations() -> None:
    assert tell("evaluations", "--times", "200000").startswith("memory grew by")
