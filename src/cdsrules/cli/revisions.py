"""Rulebooks as they stand in a folder or stood in a revision of git, read into memory."""

from __future__ import annotations

import io
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import which
from subprocess import CalledProcessError
from typing import Final, NamedTuple

import click

from cdsrules import clock
from cdsrules.cli import options
from cdsrules.cli.programs import called
from cdsrules.diagnostics import Diagnostic, Position
from cdsrules.errors import RulebookError
from cdsrules.loading.files import find_case_files, read_rule_files, read_whole_set
from cdsrules.loading.library import load_library
from cdsrules.loading.sources import SourceFile
from cdsrules.model.rulebook import Library

SHIPPED: Final = "shipped"
RULES: Final = "rules"
"""The folder that is meant where a revision is named without one."""

_OWN_SAFETY: Final = re.compile(rb"(?m)^rulebook:[ \t]*[\"']?safety[\"']?[ \t]*(#.*)?\r?$")


class Edition(NamedTuple):
    """Rulebooks under the name they were asked for by, and the files of cases that stand beside them."""

    name: str
    library: Library
    cases: tuple[SourceFile, ...]


def edition(named: str, other: str) -> Edition:
    """Return the rulebooks that a folder, `shipped`, or a revision such as `HEAD~1` or `v1.2:rules` names.

    A revision without a folder means the folder that `other` names in the same checkout, else
    `rules`. Raises `RulebookError` with places as they were named, and a usage error where
    git, the revision or the folder is not there.
    """
    if named == SHIPPED:
        return Edition(named, _loaded(read_rule_files()), find_case_files().files)
    if Path(named).exists():
        return _in_folder(named, Path(named))
    with _checked_out(named, other) as folder, _named_as(folder, named):
        return _in_folder(named, folder)


def _in_folder(name: str, folder: Path) -> Edition:
    """Return the rulebooks of a folder; with a `safety` of its own it is a whole set, and nothing shipped loads."""
    whole = read_whole_set(folder)
    files = whole if any(_OWN_SAFETY.search(file.text) for file in whole) else read_rule_files([folder])
    return Edition(name, _loaded(files), find_case_files([folder]).files)


def _loaded(files: tuple[SourceFile, ...]) -> Library:
    return load_library(files, options.known_facts(), clock.today())


# Revisions


@dataclass(frozen=True, slots=True)
class _Revision:
    """A commit and a folder in it, both as git knows them, and the checkout they are in."""

    checkout: Path
    commit: str
    folder: str


@contextmanager
def _checked_out(named: str, other: str) -> Iterator[Path]:
    """Yield a temporary folder with the rules of a revision."""
    revision = _revision(named, other)
    with tempfile.TemporaryDirectory(prefix="cdsrules-") as temporary:
        packed = _git(revision.checkout, "archive", "--format=tar", revision.commit, "--", revision.folder)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(temporary, filter="data")
        yield Path(temporary, revision.folder)


def _revision(named: str, other: str) -> _Revision:
    said, _, folder = named.partition(":")
    if which("git") is None:
        message = f"There is no folder {named}, and no git to look for a revision of that name."
        raise click.UsageError(message)
    beside = Path(other) if Path(other).exists() else Path()
    start = beside if beside.is_dir() else beside.parent
    try:
        checkout = Path(_git(start, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    except CalledProcessError:
        where = f"{start.resolve()} is in no checkout of git that could have such a revision"
        message = f"There is no folder {named}, and {where}."
        raise click.UsageError(message) from None
    try:
        commit = (
            _git(checkout, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{said}^{{commit}}")
            .decode()
            .strip()
        )
    except CalledProcessError:
        message = f"There is no folder {named}, and git knows no revision {said} in {checkout}."
        raise click.UsageError(message) from None
    inside = folder.strip("/") or _beside(beside, checkout)
    if not _git(checkout, "ls-tree", "-r", "--name-only", commit, "--", inside):
        message = f"In the revision {said} there is no folder {inside}. Name it after a colon: {said}:rules."
        raise click.UsageError(message)
    return _Revision(checkout, commit, inside)


def _beside(other: Path, checkout: Path) -> str:
    """Return the folder of the checkout that the other side names, else `rules`."""
    try:
        inside = other.resolve().relative_to(checkout.resolve()).as_posix()
    except ValueError:
        return RULES
    return RULES if inside == "." else inside


def _git(folder: Path, *arguments: str) -> bytes:
    """Return what git says; what the reader named has to stand after `--end-of-options` or `--`."""
    done = called(["git", "-C", str(folder), *arguments])
    done.check_returncode()
    return done.stdout


@contextmanager
def _named_as(folder: Path, name: str) -> Iterator[None]:
    """Let problems name the files of a revision by the revision, not by the temporary folder."""

    def place(where: Position | None) -> Position | None:
        return None if where is None else where._replace(file=where.file.replace(str(folder), name.rstrip("/")))

    def told(problem: Diagnostic) -> Diagnostic:
        related = tuple(one for one in map(place, problem.related) if one is not None)
        return replace(problem, where=place(problem.where), related=related)

    try:
        yield
    except RulebookError as error:
        raise RulebookError([told(problem) for problem in error.diagnostics]) from None
