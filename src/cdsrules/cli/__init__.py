"""The command line: one module a command, each of which parses, calls and prints."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code: 0 ok, 1 findings, 2 usage, 3 internal, 130 stopped."""
    try:
        import click
        import jinja2
        import rich
    except ImportError as missing:
        sys.stderr.write(f"The command line needs {missing.name}, which is not installed: pip install cdsrules[cli]\n")
        sys.exit(2)
    del click, jinja2, rich
    from cdsrules.cli.app import run

    sys.exit(run(sys.argv[1:]))
