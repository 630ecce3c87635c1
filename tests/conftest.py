"""How hard Hypothesis looks: `default` on a desk, `ci` the same examples every time, `fuzz` for minutes on end.

`pytest --hypothesis-profile=NAME` overrules the choice made here. And Ctrl-C counts, whoever started the tests.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.plugins.installing import Install, install

# What holds is what a law says, not how fast it says so on a busy machine: hence neither deadlines
# nor complaints about slow generation.
settings.register_profile("default", deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.register_profile("fuzz", settings.get_profile("default"), max_examples=5_000)

settings.load_profile("ci" if os.environ.get("CI") else "default")

# A job started in the background ignores Ctrl-C and hands that on; the tests of Ctrl-C, and what they start, need it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
