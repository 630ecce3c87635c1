"""How `cdsrules test` runs: what it counts, how it ends, what it watches, and files of every sort."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import IO
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from cdsrules.cli import screen
from cdsrules.cli.app import run
from cdsrules.loading.decoding import MAX_BYTES
from cdsrules.loading.problems import MOST
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.testing.ran import Ran
from cdsrules.testing.suite import Suite, run_suite
from tests.cli.program import PROGRAM, environment
from tests.cli.small import CASES

Captured = pytest.CaptureFixture[str]


def write(book: Path, cases: str) -> None:
    (book / "cases.yaml").write_text(cases, encoding="utf-8")


# The matrix


def test_the_matrix_says_what_cases_expect_of_each_rule(small: Path, capsys: Captured) -> None:
    assert run(["test", str(small), "--matrix"]) == 0

    told = capsys.readouterr().out
    assert "RULES AND WHAT THE CASES EXPECT OF THEM\n" in told
    assert "    long-enough  1     ·      ·     1      ·     ·\n" in told
    assert "safety" not in told


def test_the_matrix_in_json_and_as_properties_of_the_build_server(small: Path, capsys: Captured) -> None:
    write(small, CASES.replace("fires: [long-enough]", "silent: [long-enough]"))
    counts = {
        "fired_expected": 0,
        "silent_unexpected": 0,
        "fired_unexpected": 1,
        "silent_expected": 1,
        "fired_unsaid": 0,
        "silent_unsaid": 0,
    }

    assert run(["test", str(small), "--matrix", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["matrix"] == [{"rulebook": "small", "rule": "long-enough", **counts}]

    assert run(["test", str(small), "--matrix", "--format", "junit"]) == 1
    (told,) = ET.fromstring(capsys.readouterr().out).iter("property")
    assert told.attrib == {
        "name": "rule.long-enough",
        "value": " ".join(f"{name}={count}" for name, count in counts.items()),
    }


# The documents


@pytest.mark.parametrize("further", [(), ("--matrix", "--coverage", "--mutate", "--jobs", "1", "--fail-under", "50")])
@pytest.mark.parametrize("changed", [("", ""), ("fires", "silent"), ("as_of: 2025-11-20", "")])
def test_the_json_fits_its_schema(
    further: tuple[str, ...], changed: tuple[str, str], small: Path, capsys: Captured
) -> None:
    write(small, CASES.replace(*changed))
    run(["test", str(small), "--format", "json", *further])

    schema = json.loads((shipped_schemas() / "test-run.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    told = json.loads(capsys.readouterr().out)
    assert [one.message for one in validator.iter_errors(told)] == []
    assert told["cases"]["chosen"] == told["cases"]["run"] == 2


# How it ends


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody presses Ctrl-C after the first case."""

    def run_some(suite: Suite, processes: int) -> Iterator[Ran]:
        yield next(run_suite(suite, processes))
        raise KeyboardInterrupt

    monkeypatch.setattr("cdsrules.cli.bench.run_suite", run_some)


def test_ctrl_c_reports_on_what_was_run(small: Path, stopped: None, capsys: Captured) -> None:
    write(small, CASES.replace("fires: [long-enough]", "silent: [long-enough]"))

    assert run(["test", str(small), "--coverage", "--matrix"]) == 130

    told = capsys.readouterr()
    assert "  FAILED  long enough, line 8\n" in told.out
    assert "Stopped: 1 of 2 cases were run.\n1 case in 1 file, 1 not as expected.\n" in told.out
    assert "COVERAGE" not in told.out
    assert told.err == "Stopped.\n"


def test_ctrl_c_leaves_whole_documents(small: Path, stopped: None, capsys: Captured) -> None:
    assert run(["test", str(small), "--format", "json"]) == 130
    told = json.loads(capsys.readouterr().out)["cases"]
    assert (told["chosen"], told["run"], told["failed"]) == (2, 1, [])

    assert run(["test", str(small), "--format", "junit"]) == 130
    assert ET.fromstring(capsys.readouterr().out).get("tests") == "1"


def test_ctrl_c_while_rules_are_looked_into_reports_on_the_cases(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cdsrules.cli.test.make_slips", interrupt)
    page = tmp_path / "page.html"

    assert run(["test", str(small), "--mutate", "--html", str(page)]) == 130

    told = capsys.readouterr()
    assert told.out.startswith("2 cases in 1 file, all as expected.\n\nCOVERAGE\n")
    assert "Written" not in told.out
    assert not page.exists()
    assert told.err == "Stopped.\n"


def test_a_bar_counts_the_cases_on_a_terminal_and_leaves_the_report_alone(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    totals: list[int] = []

    def counted(things: Iterator[Ran], total: int) -> Iterator[Ran]:
        totals.append(total)
        return things

    monkeypatch.setattr(screen, "is_terminal", lambda stream: stream is sys.stderr)
    monkeypatch.setattr("cdsrules.cli.progress.counted", counted)

    assert run(["test", str(small)]) == 0
    assert totals == [2]
    assert capsys.readouterr().out == "2 cases in 1 file, all as expected.\n"


def test_a_name_that_nobody_has_is_answered_with_the_nearest(small: Path, capsys: Captured) -> None:
    assert run(["test", str(small), "-k", "long enouhg"]) == 2
    assert "No case has “long enouhg” in its name, client or rulebook. Did you mean “long enough”?" in (
        " ".join(capsys.readouterr().err.split())
    )


# Watching


def test_it_runs_again_when_something_is_changed_and_ends_politely(small: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "test", str(small), "--watch"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        give_up = Timer(60, process.kill)
        give_up.start()
        first = process.stdout.readline()
        _until(process.stderr, "Waiting")
        write(small, CASES.replace("[long-enough]", "[long-enouhg]"))
        again = _until(process.stderr, "Waiting")
        process.send_signal(signal.SIGINT)
        rest, told = process.communicate()
        give_up.cancel()

    assert first == "2 cases in 1 file, all as expected.\n"
    assert any(line.startswith("Changed: small/cases.yaml") for line in again)
    assert any("There is no rule `long-enouhg`" in line for line in again)
    assert rest == ""
    assert told.splitlines()[-1] == "Ended."
    assert process.returncode == 1
    assert "Traceback" not in told


def _until(stream: IO[str], word: str) -> list[str]:
    """What is told until a word comes."""
    lines = [stream.readline()]
    while lines[-1] and word not in lines[-1]:
        lines.append(stream.readline())
    return lines


def test_watching_is_for_people(small: Path, capsys: Captured) -> None:
    assert run(["test", str(small), "--watch", "--format", "json"]) == 2
    assert "--watch is for people: leave --format out." in capsys.readouterr().err


def test_watching_without_its_package_says_what_to_install(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)

    assert run(["test", str(small), "--watch"]) == 2
    assert "pip install 'cdsrules[watch]'" in capsys.readouterr().err


# Files of every sort


def test_line_ends_of_windows(small: Path, capsys: Captured) -> None:
    (small / "cases.yaml").write_bytes(CASES.replace("\n", "\r\n").encode())
    assert run(["test", str(small)]) == 0

    (small / "cases.yaml").write_bytes(CASES.replace("[long-enough]", "[long-enouhg]").replace("\n", "\r\n").encode())
    assert run(["test", str(small)]) == 1
    assert "cases.yaml:10:22: error CDS203" in capsys.readouterr().err


def test_names_in_any_script(small: Path, capsys: Captured) -> None:
    named = CASES.replace("just begun", "Größe, 始まり und 🙂").replace("silent", "fires")
    write(small, named.replace("Anna has come", "Анна, كل أسبوع, has come"))

    assert run(["test", str(small), "-k", "GRÖSSE"]) == 1
    told = capsys.readouterr().out
    assert "FAILED  Größe, 始まり und 🙂, line 11" in told
    assert "Анна, كل أسبوع, has come weekly" in told
    assert run(["test", str(small), "--format", "junit"]) == 1
    names = [one.get("name") for one in ET.fromstring(capsys.readouterr().out).iter("testcase")]
    assert names == ["long enough", "Größe, 始まり und 🙂"]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "---\n"])
def test_an_empty_file_is_told(text: str, small: Path, capsys: Captured) -> None:
    write(small, text)

    assert run(["test", str(small)]) == 1
    assert "cases.yaml:1:1: error CDS002\n  The file is empty. " in capsys.readouterr().err
    assert run(["check", str(small)]) == 1


def test_a_file_that_is_far_too_large_is_told(small: Path, capsys: Captured) -> None:
    write(small, CASES + "# far too much\n" * (MAX_BYTES // 10))

    assert run(["test", str(small)]) == 1
    told = capsys.readouterr().err
    assert told.count("error CDS") == 1
    assert "cases.yaml:1:1: error CDS" in told


def test_a_file_of_many_cases_is_run(small: Path, capsys: Captured) -> None:
    rows = "".join(
        f"  - {{case: number {number}, client: anna, expect: {{fires: [long-enough]}}}}\n" for number in range(700)
    )
    write(small, CASES + rows)

    assert run(["test", str(small), "--jobs", "2"]) == 0
    assert capsys.readouterr().out == "702 cases in 1 file, all as expected.\n"


def test_a_typo_on_every_line_is_a_problem_on_every_line(small: Path, capsys: Captured) -> None:
    """What can be told apart is told at once; nothing stops at the first."""
    slips = {
        "rulebook: small": "rulebook: smal",
        "as_of: 2026-06-15": "as_of: 2026-06-51",
        "story: Anna": "stroy: Anna",
        "started_on: 2025-11-10}": "started_on: 2025-11-10}, sessions: wekly from 2025-11-10",
        "case: long enough": "cas: long enough",
        "client: anna\n    expect: {fires": "client: ana\n    expct: {fires",
        "case: just begun\n    client: anna": "case: just begun\n    cleint: anna",
        "as_of: 2025-11-20": "as_of: soon",
        "{silent: [long-enough]}": "{silent: [long-enouhg]}",
    }
    cases = CASES
    for right, wrong in slips.items():
        assert right in cases
        cases = cases.replace(right, wrong)
    write(small, cases)

    assert run(["check", str(small)]) == 1
    told = capsys.readouterr().out
    lines = {int(line.split("cases.yaml:")[1].split(":")[0]) for line in told.splitlines() if "cases.yaml:" in line}
    assert lines >= {1, 2, 5, 6, 8, 9, 10, 12, 13, 14}
    assert "Traceback" not in told


def test_thousands_of_typos_are_told_up_to_a_bound(small: Path, capsys: Captured) -> None:
    rows = "".join(
        f"  - {{case: number {number}, client: ana, expect: {{fires: [long-enouhg]}}}}\n" for number in range(MOST)
    )
    write(small, CASES + rows)

    assert run(["check", str(small), "--format", "json"]) == 1
    assert len(json.loads(capsys.readouterr().out)) == MOST + 1
