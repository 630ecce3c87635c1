"""`make bench`: measure, and print the table or write it into the page that quotes it."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.part import goals_table
from benchmarks.parts import PARTS, Measuring, measured_alone
from benchmarks.tables import BEGIN, END, placed
from cdsrules.inference.program import compile_program
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.measures.catalogue import catalogue

PACKAGES = ("zen-engine", "cel-expr-python", "clipspy", "durable-rules", "jsonschema", "jsonschema-rs")


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for."""
    asked = _parsed(arguments)
    if asked.write is not None and set(asked.only) != set(PARTS):
        sys.exit("--write puts every table of one run into the page, so that --only does not go with it")
    setting = _setting(asked.date)
    chosen = Measuring(asked.rounds, asked.evaluations)
    measured = {PARTS[name][0]: measured_alone(name, chosen) for name in PARTS if name in asked.only}
    sections = [f"### {title}\n\n{part.markdown}" for title, part in measured.items()]
    page = "\n\n".join([setting, goals_table(measured.values()), *sections])
    if asked.write is None:
        print(page)
    else:
        _write(asked.write, page)
    return 0


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", type=Path, help="put the tables between the marks of this page")
    today = date.today()  # noqa: DTZ011 (the day on the wall where it is measured)
    parser.add_argument("--date", type=date.fromisoformat, default=today, help="the day to print")
    parser.add_argument("--rounds", type=int, default=15, help="how often every candidate has its turn")
    parser.add_argument("--evaluations", type=int, default=100_000, help="how many the memory is watched over")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=tuple(PARTS), help="measure these alone")
    return parser.parse_args(arguments)


def _setting(day: date) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    library = load_library(read_rule_files([]), catalogue)
    read = {key.name for key in compile_program(library, catalogue(library.vocabulary)).plan.slots}
    return (
        f"Measured on {day.day} {day:%B %Y}: Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} processors with a load of {os.getloadavg()[0]:.1f}; {packages}. "
        f"The shipped rulebooks hold {len(library.rules)} rules, which read {len(read)} facts."
    )


def _write(page: Path, measured: str) -> None:
    text = placed(page.read_text(encoding="utf-8"), measured)
    if text is None:
        sys.exit(f"{page} has no place for the tables: {BEGIN} … {END}")
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
