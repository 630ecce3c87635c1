from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.plugins.installing import install

Install = Callable[..., None]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs plugins, by name and code, for this process; afterwards none of them is imported any more."""
    monkeypatch.syspath_prepend(str(tmp_path))
    names: list[str] = []

    def put(name: str, code: str, version: str = "1.0") -> None:
        install(tmp_path, name, code, version)
        names.append(name)
        importlib.invalidate_caches()

    yield put
    for name in names:
        sys.modules.pop(name, None)
