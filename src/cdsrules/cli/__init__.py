"""The command line: one module a command, each of which parses, calls and prints."""

from __future__ import annotations

import gc
import sys
from importlib.util import find_spec

NEEDED = ("click", "jinja2", "rich")
RARELY = 50_000
"""New objects before the garbage collector looks; by Python's own figure it looks 200 times while rules load."""


def main() -> None:
    """Run the command line and leave with its exit code, one of `cdsrules.cli.exits`."""
    missing = next((name for name in NEEDED if find_spec(name) is None), None)
    if missing is not None:
        sys.stderr.write(f"The command line needs {missing}, which is not installed: pip install 'cdsrules[cli]'\n")
        sys.exit(2)
    gc.set_threshold(RARELY)
    try:
        from cdsrules.cli.app import run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:  # while the modules load, or while the last answer is put away
        sys.stderr.write("\nStopped.\n")
        status = 130
    sys.exit(status)
