"""`make load`: the service under load, the table, and 1 where a goal is missed."""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.load.measuring import Measured, Wanted, measure
from benchmarks.part import goals_table
from benchmarks.tables import placed

MARKS = "<!-- load: begin -->", "<!-- load: end -->"


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say by the status whether the goals were met."""
    asked = _parsed(arguments)
    wanted = Wanted(asked.rate, asked.seconds, asked.workers)
    today = date.today()  # noqa: DTZ011 (the day on the wall, as the service reads it)
    with TemporaryDirectory() as folder:
        measured = measure(wanted, asked.records or str(Path(folder, "records.db")), today, say=_say)
    if asked.json is not None:
        asked.json.write_text(json.dumps(measured.document, indent=2) + "\n", encoding="utf-8")
    if asked.write is None:
        print(_page(measured, today))
    else:
        _write(asked.write, _page(measured, today))
    return 0 if all(goal.met for goal in measured.goals) else 1


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--rate", type=float, default=Wanted.rate, help="calls a second")
    parser.add_argument("--seconds", type=float, default=Wanted.seconds, help="for how long")
    parser.add_argument("--workers", type=int, default=Wanted.workers, help="how many processes answer")
    parser.add_argument("--records", help="the address of an empty database; a new file of SQLite where none is named")
    parser.add_argument("--write", type=Path, help="put the tables between the marks of this page")
    parser.add_argument("--json", type=Path, help="write everything that was measured into this file")
    return parser.parse_args(arguments)


def _page(measured: Measured, day: date) -> str:
    setting = (
        f"Measured on {day.day} {day:%B %Y}: Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {measured.processors} processors that the client shares, "
        f"with a load of {measured.load:.1f} before."
    )
    return "\n\n".join((setting, goals_table([measured.part]), measured.part.markdown))


def _write(page: Path, measured: str) -> None:
    text = placed(page.read_text(encoding="utf-8"), measured, MARKS)
    if text is None:
        sys.exit(f"{page} has no place for the tables: {' … '.join(MARKS)}")
    page.write_text(text, encoding="utf-8")


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
