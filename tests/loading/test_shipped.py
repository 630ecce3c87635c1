"""The shipped folders are found in a wheel's layout and in a checkout's, and missed aloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdsrules.errors import CdsrulesError
from cdsrules.loading import shipped


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package in an otherwise empty tree."""
    folder = tmp_path / "src" / "cdsrules"
    folder.mkdir(parents=True)
    monkeypatch.setattr(shipped, "files", lambda name: tmp_path / "src" / name)
    return folder


def test_a_wheel_carries_its_folders_inside_the_package(package: Path) -> None:
    rules = package / "_shipped" / "rules"
    rules.mkdir(parents=True)

    assert shipped.shipped_rules() == rules


def test_a_checkout_has_them_at_the_top(package: Path) -> None:
    schemas = package.parent.parent / "schemas"
    schemas.mkdir()

    assert shipped.shipped_schemas() == schemas


def test_the_wheels_own_folder_comes_before_one_that_happens_to_lie_near(package: Path) -> None:
    (package.parent.parent / "rules").mkdir()
    own = package / "_shipped" / "rules"
    own.mkdir(parents=True)

    assert shipped.shipped_rules() == own


@pytest.mark.usefixtures("package")
def test_a_damaged_installation_is_said_with_what_to_do() -> None:
    with pytest.raises(CdsrulesError, match=r"^The rules that come with cdsrules are missing.*pip install"):
        shipped.shipped_rules()


def test_what_is_installed_here_has_the_vocabulary_and_the_schemas() -> None:
    assert (shipped.shipped_rules() / "vocabulary" / "actions.yaml").is_file()
    assert (shipped.shipped_schemas() / "client-state.schema.json").is_file()
