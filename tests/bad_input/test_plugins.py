"""Installed plugins that break, through the command line: each is named, and the guidance does not suffer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.program import DEMO, program

Install = Callable[[str, str], None]


@pytest.fixture
def installed(tmp_path: Path) -> Install:
    """Installs a plugin: a module of this code under a name in the entry-point group."""

    def install(name: str, code: str) -> None:
        (tmp_path / f"{name}.py").write_text(f"from cdsrules.plugins import hookimpl\n{code}", encoding="utf-8")
        described = tmp_path / f"{name}-1.0.dist-info"
        described.mkdir()
        (described / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (described / "entry_points.txt").write_text(f"[cdsrules]\n{name} = {name}\n", encoding="utf-8")

    return install


def answer(folder: Path) -> str:
    shown = program("evaluate", DEMO, "--all", env={"PYTHONPATH": str(folder), "COLUMNS": "200"})
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert b"WHAT WE SEE" in shown.stdout
    return " ".join(shown.stdout.decode().split())


ADDS = "@hookimpl\ndef cdsrules_rulebooks():\n    "
NOT_STARTED = "Plugin a_broken could not be started. What it adds is not included."
HEARS = "@hookimpl\ndef cdsrules_guidance_ready(guidance):\n    "


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param("raise RuntimeError('inside')", NOT_STARTED, id="raises on import"),
        pytest.param("import no_such_module", NOT_STARTED, id="imports nothing"),
        pytest.param("def (", NOT_STARTED, id="no Python"),
        pytest.param("raise SystemExit(0)", NOT_STARTED, id="exits on import"),
        pytest.param(f"{ADDS}raise OSError", "Its rulebooks are not included", id="fails to name folders"),
        pytest.param(f"{ADDS}return 7", "Its rulebooks are not included", id="names a number"),
        pytest.param(f"{ADDS}yield 7", "Its rulebooks are not included", id="yields a number"),
        pytest.param(f"{ADDS}yield 1 / 0", "Its rulebooks are not included", id="fails while it yields"),
        pytest.param(f"{HEARS}raise KeyError(guidance)", "did not take note of this guidance", id="fails to hear"),
        pytest.param(f"{HEARS}raise SystemExit(0)", "did not take note of this guidance", id="exits when it hears"),
        pytest.param("@hookimpl\ndef cdsrules_rulebook():\n    pass", NOT_STARTED, id="no such hook"),
    ],
)
def test_a_plugin_that_breaks_is_named_and_the_next_one_serves(
    code: str, said: str, installed: Install, tmp_path: Path
) -> None:
    installed("a_broken", code)
    installed("b_sound", f"{HEARS}open({str(tmp_path / 'heard')!r}, 'w').write(guidance.client_id)")

    told = answer(tmp_path)

    assert "a_broken" in told
    assert said in told
    assert "Plugin b_sound" not in told
    assert (tmp_path / "heard").read_text() == "c-4711"


def test_a_plugin_whose_rulebooks_are_broken_stops_the_program_with_their_place(
    installed: Install, tmp_path: Path
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("rulebook: [\n", encoding="utf-8")
    installed("a_plugin", f"{ADDS}return [{str(rules)!r}]")

    shown = program("evaluate", DEMO, env={"PYTHONPATH": str(tmp_path)})

    assert (shown.returncode, shown.stdout) == (1, b"")
    assert f"{rules}:1:11: error CDS001\n  This `[` is never closed." in shown.stderr.decode()
