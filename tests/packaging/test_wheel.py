"""The wheel works on its own: built, installed in a clean environment elsewhere, it evaluates the demo client there.

The clean environments hold what the wheel's metadata asks for and nothing else: those distributions are copied, file by
file, from the environment that runs the tests. So nothing is downloaded, and yet a dependency that is imported but not
declared is missing there, as it would be at a user's. (Seeing the whole present environment would hide that, and would
show the checkout's own editable install as well.)
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import cdsrules
from tests.anna import ANNA

CHECKOUT = Path(__file__).parents[2]
DEMO = CHECKOUT / "examples" / "stalled.json"

EVALUATE = """
import json, sys
from cdsrules import Advisor
guidance = Advisor.load().evaluate(json.load(sys.stdin))
print(json.dumps(guidance.to_dict(), sort_keys=True))
"""
WHERE = """
import cdsrules
from cdsrules.loading.shipped import shipped_rules, shipped_schemas
print(cdsrules.__file__, shipped_rules(), shipped_schemas(), sep="\\n")
"""


def run(command: Sequence[str | Path], *, at: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a program as a stranger would: in another directory, without this process's Python settings."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "COV"))
    }
    return subprocess.run(command, cwd=at, env=environment, input=stdin, capture_output=True, text=True, check=False)


def succeed(command: Sequence[str | Path], *, at: Path, stdin: str = "") -> str:
    done = run(command, at=at, stdin=stdin)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a release would make it: from the source archive, not from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    succeed([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, CHECKOUT], at=folder)
    (built,) = folder.glob("*.whl")
    return built


def declared(requirements: Sequence[str], extras: frozenset[str]) -> Iterator[str]:
    """The distributions that these requirements ask for, and what those ask for in turn."""
    for line in requirements:
        requirement = Requirement(line)
        markers = [{"extra": extra} for extra in extras or {""}]
        if requirement.marker is None or any(requirement.marker.evaluate(marker) for marker in markers):
            yield requirement.name
            yield from declared(distribution(requirement.name).requires or [], frozenset(requirement.extras))


def clean_environment(folder: Path, wheel: Path, extras: frozenset[str], *beside: str) -> Path:
    """The programs of a virtual environment with the wheel, what it declares, what is named beside it, and no more."""
    succeed([sys.executable, "-m", "venv", "--without-pip", folder], at=folder.parent)
    python = folder / "bin" / "python"
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check"]
    succeed([*pip, "install", "--quiet", "--no-index", "--no-deps", wheel], at=folder.parent)
    packages = Path(
        succeed([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], at=folder).strip()
    )
    (metadata,) = packages.glob("cdsrules-*.dist-info/METADATA")
    requirements = [
        line.removeprefix("Requires-Dist: ")
        for line in metadata.read_text(encoding="utf-8").splitlines()
        if line.startswith("Requires-Dist: ")
    ]
    for name in {*declared(requirements, extras), *beside, *declared(beside, frozenset())}:
        copy_distribution(name, packages)
    return folder / "bin"


def copy_distribution(name: str, packages: Path) -> None:
    for file in distribution(name).files or ():
        if ".." not in file.parts and file.suffix != ".pyc":
            target = packages / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(Path(str(file.locate())), target)


@pytest.fixture(scope="module")
def core_programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install cdsrules` gives."""
    return clean_environment(tmp_path_factory.mktemp("core") / "venv", wheel, frozenset())


@pytest.fixture(scope="module")
def cli_programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `pip install 'cdsrules[cli]'` gives."""
    return clean_environment(tmp_path_factory.mktemp("cli") / "venv", wheel, frozenset({"cli"}))


@pytest.fixture(scope="module")
def expected() -> object:
    """The guidance for the demo client as this checkout gives it."""
    guidance = cdsrules.Advisor.load().evaluate(json.loads(DEMO.read_text(encoding="utf-8")))
    return json.loads(json.dumps(guidance.to_dict()))


@pytest.mark.parametrize("folder", ["rules", "schemas"])
def test_the_wheel_carries_the_folder_of_the_checkout(wheel: Path, folder: str) -> None:
    in_checkout = {
        f"cdsrules/_shipped/{file.relative_to(CHECKOUT)}": file.read_bytes()
        for file in (CHECKOUT / folder).rglob("*")
        if file.is_file()
    }
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = {name: archive.read(name) for name in archive.namelist() if f"/_shipped/{folder}/" in name}

    assert in_checkout
    assert in_wheel == in_checkout


def test_the_wheel_carries_the_package_its_licence_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"cdsrules"}
    assert "cdsrules/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_what_is_installed_finds_its_own_rules(core_programs: Path, tmp_path: Path) -> None:
    places = succeed([core_programs / "python", "-c", WHERE], at=tmp_path).splitlines()

    assert len(places) == 3
    for place in places:
        assert Path(place).is_relative_to(core_programs.parent)


def test_the_python_interface_needs_only_the_core(core_programs: Path, tmp_path: Path, expected: object) -> None:
    printed = succeed([core_programs / "python", "-c", EVALUATE], at=tmp_path, stdin=DEMO.read_text(encoding="utf-8"))

    assert json.loads(printed) == expected


def test_the_command_line_gives_the_same_guidance(cli_programs: Path, tmp_path: Path, expected: object) -> None:
    printed = succeed([cli_programs / "cdsrules", "evaluate", DEMO, "--format", "json"], at=tmp_path)

    assert json.loads(printed) == expected


def test_the_command_line_without_its_extra_says_what_to_install(core_programs: Path, tmp_path: Path) -> None:
    done = run([core_programs / "cdsrules", "evaluate", DEMO], at=tmp_path)

    assert done.returncode != 0
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert "pip install" in sentence
    assert "cdsrules[cli]" in sentence


CASES = (
    ANNA
    + """\
cases:
  - {case: long enough, client: anna, expect: {unknown: [stalled]}}
  - {case: too long, client: anna, expect: {silent: [stalled]}}
"""
)


def test_a_host_with_pytest_finds_its_cases_collected(wheel: Path, tmp_path: Path) -> None:
    programs = clean_environment(tmp_path / "venv", wheel, frozenset(), "pytest")
    host = tmp_path / "host"
    host.mkdir()
    (host / "cases.yaml").write_text(CASES, encoding="utf-8")
    (host / "test_own.py").write_text("def test_own():\n    assert True\n", encoding="utf-8")

    done = run([programs / "python", "-m", "pytest", "-W", "error"], at=host)

    assert done.returncode == 1, f"{done.stdout}\n{done.stderr}"
    assert "plugins: cdsrules-" in done.stdout
    assert "cases.yaml .F" in done.stdout
    assert "      expected: that it does not hold\n      got: it cannot be decided\n" in done.stdout
    assert "1 failed, 2 passed" in done.stdout
