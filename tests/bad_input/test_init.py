"""`cdsrules init` where something is in the way: nothing is overwritten, nothing half copied."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cdsrules.cli import init
from cdsrules.cli.app import run
from cdsrules.cli.writing import create_all
from cdsrules.loading.shipped import shipped_rules
from tests.cli.program import PROGRAM, environment

Captured = pytest.CaptureFixture[str]


def files(folder: Path) -> list[Path]:
    return [entry for entry in folder.rglob("*") if not entry.is_dir()]


def test_two_at_once_into_one_folder_one_of_them_copies(tmp_path: Path) -> None:
    command = [*PROGRAM, "init", str(tmp_path / "ours")]

    running = [
        subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    told = [process.communicate()[1].decode() for process in running]

    assert sorted(process.returncode for process in running) == [0, 2]
    assert "Nothing was copied: name another folder." in "".join(told)
    copied = tmp_path / "ours" / "rules" / "vocabulary" / "actions.yaml"
    assert copied.read_bytes() == (shipped_rules() / "vocabulary" / "actions.yaml").read_bytes()


def test_somebody_who_was_faster_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """A file appears after it was looked whether one is there."""
    theirs = tmp_path / "rules" / "vocabulary" / "instruments.yaml"
    create = create_all

    def late(copies: list[tuple[Path, bytes]]) -> None:
        theirs.parent.mkdir(parents=True)
        theirs.write_text("theirs", encoding="utf-8")
        create(copies)

    monkeypatch.setattr(init, "create_all", late)

    assert run(["init", str(tmp_path)]) == 2

    assert files(tmp_path) == [theirs]
    assert theirs.read_text(encoding="utf-8") == "theirs"
    assert capsys.readouterr().err == f"{theirs} is there already.\nNothing was copied: name another folder.\n"


def test_a_link_that_leads_elsewhere_is_not_written_through(tmp_path: Path) -> None:
    link = tmp_path / "ours" / "rules" / "vocabulary" / "actions.yaml"
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "elsewhere.yaml")

    assert run(["init", str(tmp_path / "ours")]) == 2

    assert not (tmp_path / "elsewhere.yaml").exists()
    assert files(tmp_path) == [link]


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "rules").write_text("mine", encoding="utf-8")

    assert run(["init", str(tmp_path)]) == 2

    assert files(tmp_path) == [tmp_path / "rules"]
    assert f"{tmp_path / 'rules'}" in capsys.readouterr().err


def test_when_the_disk_is_full_nothing_half_copied_stays(tmp_path: Path) -> None:
    """No file may grow beyond a few blocks, which stops the copy somewhere in the middle."""
    shown = subprocess.run(
        ["bash", "-c", 'ulimit -f 8; exec "$@"', "bash", *PROGRAM, "init", str(tmp_path / "ours")],
        env=environment(),
        capture_output=True,
        check=False,
    )

    assert shown.returncode == 2
    assert shown.stderr == b"File too large\n"
    assert files(tmp_path) == []


def test_stopped_in_the_middle_nothing_half_copied_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def stops(path: Path) -> bytes:
        if path.name == "instruments.yaml":
            raise KeyboardInterrupt
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", stops)

    assert run(["init", str(tmp_path)]) == 130
    assert files(tmp_path) == []
