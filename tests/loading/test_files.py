"""The disk as it can be: missing, unreadable, in a circle, too large; each is said and nothing else is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cdsrules.errors import RulebookError
from cdsrules.loading import files as disk
from cdsrules.loading.codes.frame import RULEBOOK
from cdsrules.loading.decoding import MAX_BYTES
from cdsrules.loading.files import find_case_files, find_rule_files, read_rule_files, read_schemas
from cdsrules.loading.report import as_text
from cdsrules.loading.shipped import shipped_rules


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `clinic` with one rulebook, in an otherwise empty working folder."""
    monkeypatch.chdir(tmp_path)
    clinic = Path("clinic")
    (clinic / "stall").mkdir(parents=True)
    (clinic / "stall" / "rules.yaml").write_text(RULEBOOK)
    return clinic


def given(*paths: str | Path) -> list[tuple[str, str]]:
    """Names and keys of the given files that were found."""
    return [(file.name, file.key) for file in find_rule_files(paths).files if not file.is_shipped]


def said(*paths: str | Path) -> str:
    """What is said of the paths."""
    return as_text(find_rule_files(paths).problems)


def test_the_shipped_rules_are_always_there() -> None:
    files = read_rule_files()
    assert {"safety/rules.yaml", "vocabulary/actions.yaml", "vocabulary/instruments.yaml"} <= {one.key for one in files}
    assert all(file.is_shipped and file.name == f"rules/{file.key}" for file in files)
    assert not any("cases" in file.key for file in files)


def test_a_folder_is_searched_in_depth_and_a_file_taken_as_it_is(folder: Path) -> None:
    (folder / "a.yml").write_text(RULEBOOK + "# a\n")
    (folder / "notes.txt").write_text("no rules")
    (folder / ".hidden.yaml").write_text("no rules")
    (folder / "stall" / "cases.yaml").write_text("no rules")
    (folder / "stall" / "more.cases.yaml").write_text("no rules")
    assert given("clinic") == [("clinic/a.yml", "a.yml"), ("clinic/stall/rules.yaml", "stall/rules.yaml")]
    assert given("clinic/a.yml") == [("clinic/a.yml", "a.yml")]
    assert said("clinic", folder / "a.yml") == ""


def test_what_is_named_twice_counts_once(folder: Path) -> None:
    (folder / "again").symlink_to("stall")
    assert given("clinic", "clinic/stall", "clinic/stall/rules.yaml") == [
        ("clinic/again/rules.yaml", "again/rules.yaml")
    ]
    assert said("clinic", "clinic/stall") == ""


def test_the_shipped_folder_given_again_changes_nothing(folder: Path) -> None:
    copy = folder / "copy.yaml"
    copy.write_bytes((shipped_rules() / "safety" / "rules.yaml").read_bytes())
    assert given(shipped_rules(), copy) == []
    assert said(shipped_rules(), copy) == ""


def test_a_path_that_is_not_there(folder: Path) -> None:
    assert said("clinic", "clinik", "clinic/stall/rules.yaml/x") == (
        "clinic/stall/rules.yaml/x: error CDS018: There is no such file or folder.\n"
        "  Check the spelling of the path.\n"
        "clinik: error CDS018: There is no such file or folder.\n"
        "  Check the spelling of the path.\n"
    )
    assert given("clinik", "clinic") == [("clinic/stall/rules.yaml", "stall/rules.yaml")]


def test_names_that_no_file_can_have(folder: Path) -> None:
    assert "CDS018: No file can have this name." in said("a\0b")
    assert "CDS018: There is no such file or folder." in said("a" * 5_000)


def test_a_name_that_is_not_text_is_shown_as_far_as_it_goes(folder: Path) -> None:
    (folder / os.fsdecode(b"caf\xe9.yaml")).write_text(RULEBOOK)
    assert ("clinic/caf\\xe9.yaml", "caf\\xe9.yaml") in given("clinic")


def test_a_link_to_nothing(folder: Path) -> None:
    (folder / "gone").symlink_to("nowhere")
    assert said("clinic") == (
        "clinic/gone: error CDS018: There is no such file or folder.\n  Check the spelling of the path.\n"
    )


def test_links_in_a_circle(folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    (folder / "stall" / "up").symlink_to("..")
    advice = "  Delete the link, or let it point to the folder that is meant.\n"
    assert said("clinic") == (
        f"clinic/loop: error CDS020: This link leads to itself.\n{advice}"
        f"clinic/stall/up: error CDS020: This link leads back to a folder it stands in.\n{advice}"
    )
    assert given("clinic") == [("clinic/stall/rules.yaml", "stall/rules.yaml")]


def test_what_is_neither_file_nor_folder(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    assert said("clinic/pipe.yaml") == (
        "clinic/pipe.yaml: error CDS019: This is neither a file nor a folder.\n"
        "  Name a folder of rules or a rule file.\n"
    )
    assert said("clinic") == (
        "clinic/pipe.yaml: error CDS019: This is neither a file nor a folder.\n  Take it out of the folder of rules.\n"
    )


def test_a_file_that_is_no_rule_file_and_a_folder_without_one(folder: Path) -> None:
    (folder / "rules.txt").write_text(RULEBOOK)
    Path("empty").mkdir()
    assert said("clinic/rules.txt", "empty") == (
        "clinic/rules.txt: error CDS021: This is no rule file by its name.\n"
        "  Rule files end in `.yaml` or `.yml`.\n"
        "empty: error CDS021: This folder holds no rule file.\n"
        "  Name a folder with rule files; `cdsrules init` makes one.\n"
    )


def test_a_folder_of_far_too_much(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "MAX_ENTRIES", 6)
    for number in range(12):
        (folder / f"{number}.txt").write_text("")
    assert "There are more than 6 files and folders here; that is no folder of rules." in said("clinic")


def _refusing(method: str, forbidden: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system refuse one path, as it refuses it to others than root."""
    real: Callable[..., object] = getattr(Path, method)

    def guarded(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == forbidden:
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **kwargs)

    monkeypatch.setattr(Path, method, guarded)


@pytest.mark.parametrize(
    ("method", "name"), [("open", "rules.yaml"), ("iterdir", "stall"), ("stat", "stall"), ("stat", "rules.yaml")]
)
def test_what_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch, method: str, name: str) -> None:
    (folder / "other.yaml").write_text(RULEBOOK + "# other\n")
    Path("shipped").mkdir()
    Path("shipped/a.yaml").write_text("# shipped\n")
    with monkeypatch.context() as refused:
        refused.setattr(disk, "shipped_rules", lambda: Path("shipped"))
        _refusing(method, name, refused)
        found = find_rule_files(["clinic"])
    place = "clinic/stall" if name == "stall" else "clinic/stall/rules.yaml"
    assert as_text(found.problems) == (
        f"{place}: error CDS019: This cannot be read: permission denied.\n  Check who may read it.\n"
    )
    assert [file.name for file in found.files if not file.is_shipped] == ["clinic/other.yaml"]


def test_no_more_is_read_of_a_huge_file_than_shows_that_it_is_huge(folder: Path) -> None:
    with (folder / "huge.yaml").open("wb") as huge:
        huge.truncate(50 * MAX_BYTES)
    sizes = {file.name: len(file.text) for file in find_rule_files(["clinic"]).files}
    assert sizes["clinic/huge.yaml"] == MAX_BYTES + 1


def test_reading_raises_everything_that_is_in_the_way(folder: Path) -> None:
    with pytest.raises(RulebookError) as raised:
        read_rule_files(["nowhere", "neither"])
    assert [one.code for one in raised.value.diagnostics] == ["CDS018", "CDS018"]


def test_the_schemas_of_both_sorts_of_file_are_there() -> None:
    schemas = read_schemas()
    assert {name: schema["title"] for name, schema in schemas.items()} == {
        "rulebook": "A rulebook",
        "vocabulary": "A vocabulary file",
    }


def test_cases_and_stories_are_found_beside_rules(tmp_path: Path) -> None:
    for name in ("b/cases.yaml", "b/rules.yaml", "a/stories.yml", "a/adult.cases.yaml", ".hidden/cases.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n", encoding="utf-8")

    found = find_case_files([tmp_path, tmp_path / "b"])

    names = [str(Path(file.name).relative_to(tmp_path)) for file in found.files]
    assert names == ["a/adult.cases.yaml", "a/stories.yml", "b/cases.yaml"]
    assert found.problems == ()
    assert [file.name for file in find_case_files([tmp_path / "b" / "rules.yaml"]).files] == [found.files[2].name]
    assert [file.name for file in find_case_files([tmp_path / "b" / "cases.yaml"]).files] == [found.files[2].name]


def test_a_folder_without_cases_is_no_problem_and_one_that_is_not_there_is(tmp_path: Path) -> None:
    assert find_case_files([tmp_path]) == ((), ())
    assert [one.code for one in find_case_files([tmp_path / "none"]).problems] == ["CDS018"]


def test_without_a_path_the_shipped_cases_are_found() -> None:
    found = find_case_files()

    assert {Path(file.name).parent.name for file in found.files} >= {"safety", "stalled-progress"}
    assert all(file.is_shipped for file in found.files)
