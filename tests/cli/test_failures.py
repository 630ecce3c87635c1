from __future__ import annotations

import re
from pathlib import Path

import pytest

from cdsrules.cli.failures import describe, installed, report
from cdsrules.rendering.text import Role

SECRET = "Zoë Example, 17 points"


def failing() -> Exception:
    def inner() -> None:
        raise KeyError(SECRET)

    try:
        try:
            inner()
        except KeyError as cause:
            raise ValueError(SECRET) from cause
    except ValueError as error:
        return error
    raise AssertionError


def test_one_sentence_names_the_file_and_the_file_tells_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    line = describe(failing())

    [file] = tmp_path.iterdir()
    assert line.text.endswith(f"it holds no client data: {file}")
    assert line.role is Role.URGENT
    assert "\n" not in line.text
    assert file.stat().st_mode & 0o077 == 0, "nobody else may read it"
    assert "builtins.ValueError" in file.read_text(encoding="utf-8")


def test_the_report_tells_where_and_in_which_versions() -> None:
    told = report(failing())

    assert re.search(r"^Python 3\.\d+", told)
    assert f"cdsrules {installed('cdsrules')}" in told
    assert "in inner: raise KeyError(SECRET)" in told
    assert told.index("builtins.KeyError") < told.index("builtins.ValueError")


def test_the_report_leaves_out_what_could_be_a_clients_data() -> None:
    assert SECRET not in report(failing())
    assert "Zoë" not in report(failing())


def test_when_no_file_can_be_written_there_is_still_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))

    assert describe(failing()).text == "cdsrules failed, and that is not your mistake. No file could be written."


def test_a_package_that_is_not_there_has_no_version() -> None:
    assert installed("no-such-package-anywhere") is None
