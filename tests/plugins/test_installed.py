"""A glance at what is installed finds every plugin that the standard library finds."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable
from importlib.metadata import Distribution, entry_points
from pathlib import Path

import pytest

from cdsrules.plugins.installed import installed

GROUP = "cdsrules"
ENTRY = "[console_scripts]\nour = ours:main\n\n[cdsrules]\nb-ours = ours.plugin\na-ours = ours.other\n"
METADATA = "Metadata-Version: 2.1\nName: ours\nVersion: 1.2\n"


def _described(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(METADATA, encoding="utf-8")
    (folder / "PKG-INFO").write_text(METADATA, encoding="utf-8")
    (folder / "entry_points.txt").write_text(ENTRY, encoding="utf-8")


def _wheel(place: Path) -> Path:
    _described(place / "ours-1.2.dist-info")
    return place


def _old(place: Path) -> Path:
    _described(place / "ours-1.2.EGG-INFO")
    return place


def _egg(place: Path) -> Path:
    _described(place / "ours-1.2-py3.egg" / "EGG-INFO")
    return place / "ours-1.2-py3.egg"


def _archive(place: Path) -> Path:
    with zipfile.ZipFile(place / "ours.zip", "w") as archive:
        archive.writestr("ours-1.2.dist-info/METADATA", METADATA)
        archive.writestr("ours-1.2.dist-info/entry_points.txt", ENTRY)
    return place / "ours.zip"


@pytest.mark.parametrize("install", [_wheel, _old, _egg, _archive])
def test_a_plugin_is_found_however_it_is_installed(
    install: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(install(tmp_path)))
    assert [one.name for one in installed(GROUP)] == ["a-ours", "b-ours"]
    assert set(installed(GROUP)) == set(entry_points(group=GROUP))


def test_a_plugin_that_another_finder_knows_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _wheel(tmp_path)

    class Elsewhere:
        @staticmethod
        def find_spec(*_: object) -> None:
            return None

        @staticmethod
        def find_distributions(_: object) -> list[Distribution]:
            return [Distribution.at(tmp_path / "ours-1.2.dist-info")]

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Elsewhere])
    assert [one.name for one in installed(GROUP)] == ["a-ours", "b-ours"]


def test_what_speaks_of_other_groups_is_no_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ours-1.2.dist-info"
    _described(folder)
    (folder / "entry_points.txt").write_text("[console_scripts]\ncdsrules = ours:main\n", encoding="utf-8")
    (tmp_path / "older-1.egg-info").write_text(METADATA, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "nowhere")])
    monkeypatch.setattr("importlib.metadata.entry_points", None)
    assert installed(GROUP) == ()


def test_where_a_folder_cannot_be_read_the_standard_library_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path) -> object:
        raise PermissionError(self)

    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(Path, "iterdir", refused)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: [] if group == GROUP else None)
    assert installed(GROUP) == ()
