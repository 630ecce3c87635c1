"""`make` finds the Pythons that can build cdsrules, and says what is missing before it builds anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
# The tests run in a virtual environment; the scripts name the Python that it was made from.
OUTSIDE: str = sys._base_executable  # type: ignore[attr-defined]  # what `venv` itself goes by
NEEDED = "apt-get install build-essential python3-dev python3-venv"


def give(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The PATH of a machine without any Python: a folder with the few programs that the script itself calls."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in ("bash", "dirname", "sort", "env"):
        found = shutil.which(program)
        assert found is not None
        (folder / program).symlink_to(found)
    return folder


def find(machine: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment: Mapping[str, str] = {"PATH": str(machine), **settings}
    command = [str(CHECKOUT / "scripts" / "pythons"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def real_compiler(machine: Path) -> None:
    """Gives the machine the compiler of this one, so that it has what its Python needs."""
    give(machine, "cc", f'PATH="{os.environ["PATH"]}" exec cc "$@"')


def test_a_python_that_can_build_is_found(machine: Path) -> None:
    give(machine, f"python{HERE}", f'exec "{sys.executable}" "$@"')
    real_compiler(machine)

    found = find(machine, CC="cc")

    assert (found.stdout, found.stderr) == (f"{HERE}\t{OUTSIDE}\n", "")


def test_an_active_virtual_environment_stands_for_the_python_it_was_made_from(machine: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "active"], check=True)
    give(machine, f"python{HERE}", f'exec "{tmp_path}/active/bin/python" "$@"')
    real_compiler(machine)

    assert find(machine, CC="cc").stdout == f"{HERE}\t{OUTSIDE}\n"


def test_a_plain_python3_counts_by_its_version(machine: Path) -> None:
    give(machine, "python3", f'exec "{sys.executable}" "$@"')
    real_compiler(machine)

    assert find(machine, CC="cc").stdout == f"{HERE}\t{OUTSIDE}\n"


def test_a_shim_that_does_not_run_is_no_python(machine: Path) -> None:
    give(machine, f"python{HERE}", "echo 'command not found' >&2; exit 127")

    found = find(machine)

    assert found.returncode == 1
    assert found.stderr == (
        f"cdsrules cannot be set up here yet (no Python 3.11, 3.12 or 3.13 was found); as root: {NEEDED}\n"
    )


def test_behind_a_shim_what_pyenv_keeps_is_found(machine: Path, tmp_path: Path) -> None:
    kept = tmp_path / "pyenv root" / "versions" / f"{HERE}.99" / "bin"
    kept.mkdir(parents=True)
    give(kept, f"python{HERE}", f'exec "{sys.executable}" "$@"')
    give(machine, f"python{HERE}", "exit 127")
    give(machine, "pyenv", f'echo "{tmp_path / "pyenv root"}"')
    real_compiler(machine)

    assert find(machine, CC="cc").stdout == f"{HERE}\t{OUTSIDE}\n"


def test_a_missing_compiler_is_said_in_one_line_with_what_to_install(machine: Path) -> None:
    give(machine, f"python{HERE}", f'exec "{sys.executable}" "$@"')

    found = find(machine, CC="no-such-compiler")

    assert found.returncode == 1
    assert found.stdout == ""
    assert found.stderr == (
        f"cdsrules cannot be set up here yet (Python {HERE} at {OUTSIDE}: there is no C compiler that works); "
        f"as root: {NEEDED}\n"
    )


def test_make_stops_at_that_line_before_anything_is_built(machine: Path, tmp_path: Path) -> None:
    clone = tmp_path / "a clone"
    shutil.copytree(CHECKOUT / "scripts", clone / "scripts")
    shutil.copy(CHECKOUT / "Makefile", clone)
    give(machine, f"python{HERE}", f'exec "{sys.executable}" "$@"')
    make = shutil.which("make")
    assert make is not None

    for target in ("demo", "test", "validate", "lint", "bench", "fuzz"):
        environment = {"PATH": str(machine), "CC": "no-such-compiler"}
        done = subprocess.run([make, target], cwd=clone, env=environment, capture_output=True, text=True, check=False)

        assert done.returncode != 0
        assert done.stdout == ""
        assert f"as root: {NEEDED}\n" in done.stderr
    assert sorted(path.name for path in clone.iterdir()) == ["Makefile", "scripts"]


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ("printf '3.12\\t/opt/python3.12\\nits C headers (Python.h) are not there\\n'", "its C headers (Python.h)"),
        ("printf '3.12\\t/opt/python3.12\\nit cannot make virtual environments\\n'", "it cannot make virtual"),
    ],
)
def test_a_python_that_cannot_build_is_skipped_aloud(machine: Path, lacking: str, words: str) -> None:
    give(machine, "python3.12", lacking)
    give(machine, "python3.13", "printf '3.13\\t/opt/python3.13\\n'")

    found = find(machine)

    assert found.stdout == "3.13\t/opt/python3.13\n"
    assert found.stderr.startswith(f"SKIPPED: Python 3.12 at /opt/python3.12: {words}")


def test_one_that_lacks_something_gives_way_to_one_of_the_same_version_that_does_not(machine: Path) -> None:
    give(machine, "python3.12", "printf '3.12\\t/usr/bin/python3.12\\nits C headers (Python.h) are not there\\n'")
    give(machine, "python3", "printf '3.12\\t/opt/python3\\n'")

    found = find(machine)

    assert (found.stdout, found.stderr) == ("3.12\t/opt/python3\n", "")


def test_first_stops_at_the_first(machine: Path) -> None:
    for version in ("3.11", "3.12"):
        give(machine, f"python{version}", f"printf '{version}\\t/opt/python{version}\\n'")

    assert find(machine, "--first").stdout == "3.11\t/opt/python3.11\n"


def test_every_target_of_the_makefile_has_its_line_of_help() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    (phony,) = (line for line in makefile.splitlines() if line.startswith(".PHONY:"))
    help_lines = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout

    targets = set(phony.split()[1:]) - {"help"}
    assert targets == {line.split()[1] for line in help_lines.splitlines() if line.startswith("make ")}
