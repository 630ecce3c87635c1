"""Every command in README.md runs and prints what the README shows; how they are written is told in `shown.py`.

Examples in `python` blocks run as doctests.

Commands run in one scratch folder in the order of the README, with copies of `examples` and `rules` in it; `make` runs
in the checkout. Three kinds are not run, but checked all the same:

* `make test` would run this test inside itself: `make -n test` shows that the target is there and what it would call;
* `apt-get install` needs root: its packages are the ones that `scripts/pythons` asks for;
* `pip install` fetches: what it installs is this package, with extras that its metadata has.
"""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
import subprocess
from importlib.metadata import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.shown import CHECKOUT, FENCE, agrees, run, shown_commands

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    for name in ("examples", "rules"):
        shutil.copytree(CHECKOUT / name, tmp_path / name)
    return tmp_path


def test_every_command_prints_what_the_readme_shows(scratch: Path) -> None:
    for shown in shown_commands(README):
        match shlex.split(shown.command):
            case ["make", "test"]:
                planned = run("make -n test", scratch)
                assert planned.status == 0
                assert "pytest" in planned.output
            case ["apt-get", "install", *packages]:
                assert packages == run(str(CHECKOUT / "scripts/pythons") + " --packages", scratch).output.split()
            case ["pip", "install", what]:
                assert_is_this_package(Requirement(re.sub(r"^\.(?=\[)", "cdsrules", what)))
            case _:
                ran = run(shown.command, scratch)
                assert ran.status == shown.status, f"$ {shown.command}\n{ran.output}"
                assert agrees(shown.output, ran.output), f"$ {shown.command}\n{ran.output}"


def assert_is_this_package(requirement: Requirement) -> None:
    assert requirement.name == "cdsrules"
    assert requirement.extras <= set(metadata("cdsrules").get_all("Provides-Extra") or ())


def test_every_python_example_prints_what_the_readme_shows(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(scratch)
    examples = "\n".join(fence["body"] for fence in FENCE.finditer(README) if fence["language"] == "python")
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)

    runner.run(doctest.DocTestParser().get_doctest(examples, {}, "README.md", "README.md", 0))

    assert runner.summarize(verbose=False).failed == 0


def test_the_readme_starts_with_the_demo_and_the_tests_and_what_they_need() -> None:
    first = [shown.command for shown in shown_commands(README)][:3]

    assert first[:2] == ["make demo", "make test"]
    assert first[2].startswith("apt-get install ")


def test_the_demo_leaves_the_command_where_the_readme_says() -> None:
    [folder] = set(re.findall(r"\.venv/(3\.\d+)/bin(?:/cdsrules)?", README))
    found = run(str(CHECKOUT / "scripts/pythons") + " --first 2>/dev/null", CHECKOUT).output.split("\t")[0]
    assert run("make demo", CHECKOUT).status == 0

    said = subprocess.run(
        [CHECKOUT / ".venv" / found / "bin/cdsrules", "--version"], capture_output=True, encoding="utf-8", check=True
    )

    assert "named after the Python" in README
    assert re.fullmatch(r"3\.1[123]", folder)
    assert said.stdout.startswith("cdsrules ")


def test_the_readme_tells_of_every_extra_which_commands_need_it() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", README, re.MULTILINE))

    assert set(rows) == set(metadata("cdsrules").get_all("Provides-Extra") or ())
    for command in re.findall(r"`cdsrules ([\w ]+?)(?: --\w+)?`", " ".join(rows.values())):
        assert run(f"cdsrules {command} --help", CHECKOUT).status == 0


def test_what_is_said_to_install_is_quoted_for_every_shell() -> None:
    """An unquoted bracket is a pattern to zsh, which then finds no file of that name and installs nothing."""
    written = [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/*.md"), *CHECKOUT.glob("src/cdsrules/**/*.py")]

    assert [file for file in written if re.search(r"install [\w.]*\[", file.read_text(encoding="utf-8"))] == []


def test_extras_named_in_the_readme_are_there() -> None:
    for what in re.findall(r"cdsrules\[[\w,]+\]", README):
        assert_is_this_package(Requirement(what))


def test_links_of_the_readme_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)

    assert targets
    assert [target for target in targets if not (CHECKOUT / target).exists()] == []
