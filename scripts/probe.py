"""Prints the version and path of the Python that runs this, then a line for each thing it lacks to build cdsrules.

`scripts/pythons` asks every Python it meets: one too old to understand this file is too old for cdsrules as well.
"""

import importlib.util
import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

HEADERS = Path(sysconfig.get_path("include"))


def lacks() -> Iterator[str]:
    """What is missing, in words; nothing when cdsrules can be built and installed with this Python."""
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        yield "it cannot make virtual environments"
    if not (HEADERS / "Python.h").is_file():
        yield "its C headers (Python.h) are not there"
    elif not compiles():
        yield "there is no C compiler that works"


def compiles() -> bool:
    """Whether the compiler that pip would call gets through the headers: to have a compiler alone is not enough."""
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "probe.c")
        source.write_text("#include <stdlib.h>\n#include <Python.h>\n", encoding="utf-8")
        command = [*compiler, f"-I{HEADERS}", "-c", str(source), "-o", str(source.with_suffix(".o"))]
        try:
            return subprocess.run(command, capture_output=True, check=False).returncode == 0
        except OSError:
            return False


def outside() -> str:
    """This Python as it is outside of any virtual environment: one that is active does not count as another Python."""
    base: str | None = getattr(sys, "_base_executable", None)  # what `venv` itself goes by
    return base if base and sys.prefix != sys.base_prefix else sys.executable


if __name__ == "__main__":
    print(f"{sys.version_info.major}.{sys.version_info.minor}\t{outside()}")
    for missing in lacks():
        print(missing)
