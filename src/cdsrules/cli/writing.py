"""Files written as a whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

FOR_ALL: Final = 0o666
FOR_OWNER_ALONE: Final = 0o600
"""How a file is made that tells of clients."""


def create_all(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write each file where nothing may stand; all of them or, whatever happens, none.

    Raises FileExistsError, naming the place, where something is already.
    """
    made: list[Path] = []
    try:
        for target, text in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.append(create(target, text))
    except BaseException:
        for target in made:
            target.unlink(missing_ok=True)
        raise


def create(file: Path, text: bytes, mode: int = FOR_ALL) -> Path:
    """Write a file, whole or not at all, where nothing may stand, in a folder that is there; return it.

    `mode` is who may read it, less what the system takes away from everybody's files.
    Raises FileExistsError and FileNotFoundError, naming the place.
    """
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        try:
            stream.write(text)
        except BaseException:
            file.unlink(missing_ok=True)
            raise
    return file


def replace(file: Path, text: bytes) -> None:
    """Give a file that is there another text; whoever reads it meanwhile sees the old one or the new one, whole."""
    target = file.resolve()  # a link stays a link
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text)
        shutil.copymode(target, name)
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
