from __future__ import annotations

from pathlib import Path

import pytest

from cdsrules.cli.app import run
from cdsrules.loading.shipped import shipped_rules


def test_the_shipped_rulebooks_are_copied_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "ours")]) == 0

    copied = tmp_path / "ours" / "rules" / "stalled-progress" / "rules.yaml"
    assert copied.read_bytes() == (shipped_rules() / "stalled-progress" / "rules.yaml").read_bytes()
    assert f"cdsrules check {tmp_path / 'ours' / 'rules'}" in capsys.readouterr().out


def test_safety_is_not_copied_because_a_copy_would_change_nothing(tmp_path: Path) -> None:
    run(["init", str(tmp_path)])

    assert not (tmp_path / "rules" / "safety").exists()


def test_the_first_line_of_a_copied_rulebook_finds_its_schema(tmp_path: Path) -> None:
    run(["init", str(tmp_path)])

    for file in (tmp_path / "rules").rglob("rules.yaml"):
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        schema = file.parent / first.partition("$schema=")[2]
        assert schema.is_file()
        assert schema.resolve().is_relative_to(tmp_path.resolve())


def test_nothing_is_overwritten_and_then_nothing_is_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "rules" / "vocabulary" / "actions.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")

    assert run(["init", str(tmp_path)]) == 2

    assert mine.read_text(encoding="utf-8") == "mine"
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [mine]
    assert f"{mine} is there already.\nNothing was copied" in capsys.readouterr().err


def test_a_file_in_the_place_of_the_folder_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    assert run(["init", str(tmp_path / "taken")]) == 2
    assert "is a file" in capsys.readouterr().err
