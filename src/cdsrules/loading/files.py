"""Rule files on the disk -> their bytes. Nothing else in loading reads the disk, `shipped` aside."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

from cdsrules.diagnostics import Diagnostic, Position, in_order
from cdsrules.errors import RulebookError, SiteError
from cdsrules.loading.decoding import MAX_BYTES
from cdsrules.loading.file_names import ENDINGS, is_case_file, is_law_file, is_obligation_file, is_rule_file
from cdsrules.loading.problems import EnoughProblems, Problems
from cdsrules.loading.schema_check import Schema
from cdsrules.loading.shipped import shipped_rules, shipped_schemas
from cdsrules.loading.sources import SourceFile

MAX_ENTRIES: Final = 10_000
"""A folder with more files and folders in it was not meant as a folder of rules."""

_Identity: TypeAlias = tuple[int, int]
_ADVICE: Final = {
    "CDS018": "Check the spelling of the path.",
    "CDS019": "Check who may read it.",
    "CDS020": "Delete the link, or let it point to the folder that is meant.",
}


class Found(NamedTuple):
    """The files that were found, and what was in the way of finding more."""

    files: tuple[SourceFile, ...]
    problems: tuple[Diagnostic, ...]


def read_rule_files(paths: Iterable[str | Path] = ()) -> tuple[SourceFile, ...]:
    """Return the shipped rule files and those under `paths`, which are folders or files.

    Raises:
        RulebookError: something is not there or cannot be read; it says all that is.
    """
    found = find_rule_files(paths)
    if found.problems:
        raise RulebookError(found.problems)
    return found.files


def read_whole_set(folder: str | Path) -> tuple[SourceFile, ...]:
    """Return the rule files of a folder as a whole set that takes the place of the shipped one.

    For comparing rules with earlier ones, never for advising: a set brings its own `safety`.
    Raises `RulebookError` like `read_rule_files`.
    """
    problems = Problems()
    search = _Search("shipped", problems)
    with suppress(EnoughProblems):
        search.take(Path(folder), _shown(folder))
    if problems.found:
        raise RulebookError(in_order(problems.found))
    return tuple(search.files)


def find_rule_files(paths: Iterable[str | Path] = ()) -> Found:
    """Return the shipped rule files and those under `paths`, and what could not be read.

    A file that is named twice counts once; one with the bytes of a shipped file is that file.
    """
    problems = Problems()
    shipped = _Search("shipped", problems)
    shipped.take(shipped_rules(), "rules")
    given = _Search("given", problems, seen=set(shipped.seen))
    with suppress(EnoughProblems):
        for path in paths:
            given.take(Path(path), _shown(path))
    return _together(shipped, given, problems)


def find_case_files(paths: Iterable[str | Path] = ()) -> Found:
    """Return the files of cases in folders of rules and beside rule files; without `paths` the shipped ones.

    A file that is named twice counts once. None at all is no problem: rules can be read without cases.
    """
    problems = Problems()
    named = list(paths)
    search = _Search("given" if named else "shipped", problems, wanted=is_case_file)
    with suppress(EnoughProblems, _EnoughError):
        for path in named or [shipped_rules()]:
            search.take_beside(Path(path), _shown(path))
    return Found(tuple(search.files), in_order(problems.found))


def find_law_files(paths: Iterable[str | Path] = ()) -> Found:
    """Return the shipped files of laws, and those in folders of rules and beside rule files under `paths`.

    A file that is named twice counts once; one with the bytes of a shipped file is that file.
    """
    return _shipped_and_given(paths, is_law_file)


def find_obligation_files(paths: Iterable[str | Path] = ()) -> Found:
    """Return the shipped files of obligations and those under `paths`, as `find_law_files` does those of laws."""
    return _shipped_and_given(paths, is_obligation_file)


def _shipped_and_given(paths: Iterable[str | Path], wanted: Callable[[Path], bool]) -> Found:
    problems = Problems()
    shipped = _Search("shipped", problems, wanted=wanted)
    given = _Search("given", problems, wanted=wanted, seen=shipped.seen)
    with suppress(EnoughProblems, _EnoughError):
        shipped.take_beside(shipped_rules(), "rules")
        for path in paths:
            given.take_beside(Path(path), _shown(path))
    return _together(shipped, given, problems)


def _together(shipped: _Search, given: _Search, problems: Problems) -> Found:
    known = {file.text for file in shipped.files}
    further = (file for file in given.files if file.text not in known)
    return Found((*shipped.files, *further), in_order(problems.found))


def read_site_file(path: str | Path) -> SourceFile:
    """Return the file of a site, whatever it is called. Raises `SiteError` when it cannot be read."""
    problems = Problems()
    search = _Search("given", problems)
    search.take_one(Path(path), _shown(path))
    if problems.found:
        raise SiteError(in_order(problems.found))
    return search.files[0]


def holds_rules(folder: Path) -> bool:
    """Return whether a rule file stands in a folder itself."""
    return any(is_rule_file(file) for file in folder.iterdir())


def read_schemas(sorts: Iterable[str] = ("rulebook", "vocabulary")) -> Mapping[str, Schema]:
    """Return shipped JSON Schemas by the sort of file: `rulebook`, `vocabulary`, `client-state`."""
    folder = shipped_schemas()
    return {sort: json.loads((folder / f"{sort}.schema.json").read_text(encoding="utf-8")) for sort in sorts}


class _EnoughError(Exception):
    """The walk has gone too far; the problem is noted."""


@dataclass(slots=True)
class _Search:
    """A walk over the disk: what it found, and which files it has read."""

    origin: Literal["shipped", "given"]
    problems: Problems
    wanted: Callable[[Path], bool] = is_rule_file
    seen: set[_Identity] = field(default_factory=set)
    files: list[SourceFile] = field(default_factory=list)
    entries: int = 0

    def take(self, path: Path, name: str) -> None:
        """Take in a path, whatever it turns out to be."""
        status = self._status(path, name)
        if status is None:
            return
        if stat.S_ISDIR(status.st_mode):
            self._take_folder(path, name, status)
        elif not stat.S_ISREG(status.st_mode):
            self._note("CDS019", name, "This is neither a file nor a folder.", "Name a folder of rules or a rule file.")
        elif path.suffix not in ENDINGS:
            self._note("CDS021", name, "This is no rule file by its name.", "Rule files end in `.yaml` or `.yml`.")
        else:
            self._file(path, name, path.name, status)

    def take_one(self, path: Path, name: str) -> None:
        """Take in a file, whatever it is called."""
        status = self._status(path, name)
        if status is not None and stat.S_ISREG(status.st_mode):
            self._file(path, name, path.name, status)
        elif status is not None:
            self._note("CDS019", name, "This is no file.", "Name the file itself.")

    def take_beside(self, path: Path, name: str) -> None:
        """Take in what is wanted in a folder, or beside a file."""
        status = self._status(path, name)
        if status is None:
            return
        if stat.S_ISDIR(status.st_mode):
            self._folder(path, name, "", frozenset({_identity(status)}))
            return
        try:
            beside = [path] if self.wanted(path) else sorted(filter(self.wanted, path.parent.iterdir()))
        except OSError as error:
            self._failed(error, name)
            return
        for one in beside:
            found = self._status(one, _shown(one))
            if found is not None and stat.S_ISREG(found.st_mode):
                self._file(one, _shown(one), one.name, found)

    def _take_folder(self, path: Path, name: str, status: os.stat_result) -> None:
        before = len(self.problems.found)
        try:
            met = self._folder(path, name, "", frozenset({_identity(status)}))
        except _EnoughError:
            return
        if not met and len(self.problems.found) == before:
            advice = "Name a folder with rule files; `cdsrules init` makes one."
            self._note("CDS021", name, "This folder holds no rule file.", advice)

    def _folder(self, path: Path, name: str, key: str, above: frozenset[_Identity]) -> int:
        try:
            inside = sorted(one.name for one in path.iterdir())
        except OSError as error:
            self._failed(error, name)
            return 0
        return sum(
            self._entry(path / one, f"{name.rstrip('/')}/{_shown(one)}", key + _shown(one), above)
            for one in inside
            if not one.startswith(".")
        )

    def _entry(self, path: Path, name: str, key: str, above: frozenset[_Identity]) -> int:
        self._count(name)
        status = self._status(path, name)
        if status is None:
            return 0
        if stat.S_ISDIR(status.st_mode):
            if _identity(status) in above:
                self._note("CDS020", name, "This link leads back to a folder it stands in.", _ADVICE["CDS020"])
                return 0
            return self._folder(path, name, f"{key}/", above | {_identity(status)})
        if not self.wanted(path):
            return 0
        if not stat.S_ISREG(status.st_mode):
            self._note("CDS019", name, "This is neither a file nor a folder.", "Take it out of the folder of rules.")
            return 0
        self._file(path, name, key, status)
        return 1

    def _count(self, name: str) -> None:
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            message = f"There are more than {MAX_ENTRIES:,} files and folders here; that is no folder of rules."
            self._note("CDS021", name, message, "Name the folder that holds the rules.")
            raise _EnoughError

    def _file(self, path: Path, name: str, key: str, status: os.stat_result) -> None:
        if _identity(status) in self.seen:
            return
        self.seen.add(_identity(status))
        try:
            with path.open("rb") as file:
                text = file.read(MAX_BYTES + 1)
        except OSError as error:
            self._failed(error, name)
            return
        self.files.append(SourceFile(name, text, self.origin, key))

    def _status(self, path: Path, name: str) -> os.stat_result | None:
        try:
            return path.stat()
        except OSError as error:
            self._failed(error, name)
        except ValueError:
            self._note("CDS018", name, "No file can have this name.", _ADVICE["CDS018"])
        return None

    def _failed(self, error: OSError, name: str) -> None:
        match error.errno:
            case errno.ENOENT | errno.ENOTDIR | errno.ENAMETOOLONG:
                self._note("CDS018", name, "There is no such file or folder.", _ADVICE["CDS018"])
            case errno.ELOOP:
                self._note("CDS020", name, "This link leads to itself.", _ADVICE["CDS020"])
            case _:
                self._note("CDS019", name, f"This cannot be read: {_reason(error)}.", _ADVICE["CDS019"])

    def _note(self, code: str, name: str, message: str, advice: str) -> None:
        self.problems.add(code, Position.whole(name), message, advice)


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino


def _shown(name: str | Path) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _reason(error: OSError) -> str:
    return (error.strerror or "the system gave no reason").lower()
