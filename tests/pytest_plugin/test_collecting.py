"""Cases in a host's own suite: what is collected, how it is told, and that nobody else notices."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cdsrules import Advisor
from cdsrules.cli.app import run
from cdsrules.loading.file_names import is_case_file
from cdsrules.loading.shipped import shipped_rules
from cdsrules.pytest_plugin import is_named_so
from cdsrules.pytest_plugin.collecting import CasesFile
from cdsrules.testing import read_cases
from tests.anna import CASES

pytest_plugins = ["pytester"]


class Host:
    """A project that uses cdsrules: rules and cases of its own, and a test of its own."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.book = pytester.mkdir("rules") / "stalled-progress"
        self.book.mkdir()
        shutil.copy(shipped_rules() / "stalled-progress" / "rules.yaml", self.book)
        self.cases = self.book / "cases.yaml"
        self.write(CASES)
        pytester.makepyfile(test_own="def test_own():\n    assert True\n")

    def write(self, cases: str) -> None:
        self.cases.write_text(cases, encoding="utf-8")

    def run(self, *arguments: str) -> pytest.RunResult:
        return self._pytester.runpytest_inprocess("-p", "cdsrules.pytest_plugin", "-p", "no:randomly", *arguments)

    def set(self, *lines: str) -> None:
        self._pytester.makeini("\n".join(["[pytest]", *lines]))


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Everything is imported before a suite runs inside this one, which forgets what was imported in it."""
    assert CasesFile.__module__ in sys.modules
    with Advisor.load(plugins=[]) as advisor:
        read_cases(CASES.encode(), "cases.yaml", advisor.library)


@pytest.fixture
def host(loaded: None, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Host:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return Host(pytester)


def test_cases_are_tests_beside_the_others(host: Host) -> None:
    result = host.run("-v")

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["rules/stalled-progress/cases.yaml::long enough PASSED*", "test_own.py::*PASSED*"])


def test_a_failure_has_the_text_of_cdsrules_test(host: Host, capsys: pytest.CaptureFixture[str]) -> None:
    host.write(CASES.replace("silent", "fires"))

    result = host.run()

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["FAILED rules/stalled-progress/cases.yaml::just begun - Rule `stalled`: *"])
    printed = result.stdout.str()
    capsys.readouterr()
    assert run(["test", str(host.book)]) == 1
    _, *told = capsys.readouterr().out.splitlines()[:-2]
    assert "      why: `stalled` does not hold" in told
    assert "\n".join(told) in printed


def test_cases_that_are_left_alone_are_skipped_or_expected_to_fail(host: Host) -> None:
    until = "{reason: Not yet., until: 2099-01-01}\n    expect: {fires"
    host.write(CASES.replace("expect: {silent", f"skip: {until}").replace("expect: {unknown", f"known_gap: {until}"))

    result = host.run("-rsx")

    result.assert_outcomes(passed=1, skipped=1, xfailed=1)
    result.stdout.fnmatch_lines(["*skipped until 1 January 2099: Not yet.*", "*known gap until 1 January 2099: Not*"])


def test_a_case_that_nobody_has_reviewed_is_skipped(host: Host) -> None:
    host.write(CASES.replace("expect: {silent", "proposed: true\n    expect: {fires"))

    result = host.run("-rs")

    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["*proposed, and not reviewed yet: the rules no longer do what it expects*"])


def test_a_known_gap_that_is_closed_fails(host: Host) -> None:
    host.write(CASES.replace("expect: {silent", "known_gap: {reason: R., until: 2099-01-01}\n    expect: {silent"))

    result = host.run()

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*It comes out as expected: take `known_gap` away.*"])


def test_what_is_wrong_with_cases_is_told_with_its_place(host: Host) -> None:
    host.write(CASES.replace("[stalled]", "[staled]"))

    result = host.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["rules/stalled-progress/cases.yaml:10:24: error CDS203", "  There is no rule `staled`. Did you mean *"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_what_is_wrong_with_rules_is_told(host: Host) -> None:
    (host.book / "rules.yaml").write_text("rulebook: Not An Id\n", encoding="utf-8")

    result = host.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*rules.yaml:1:11: error CDS*"])


def test_one_case_is_chosen_by_its_name_its_client_or_its_rulebook(host: Host) -> None:
    host.run("-k", "begun").assert_outcomes(passed=1, deselected=2)
    host.run("-k", "anna").assert_outcomes(passed=2, deselected=1)
    host.run("-m", "not cdsrules", "--strict-markers").assert_outcomes(passed=1, deselected=2)
    host.run("rules/stalled-progress/cases.yaml::just begun").assert_outcomes(passed=1)


def test_cases_for_the_shipped_rules_need_no_rules_beside_them(host: Host) -> None:
    (host.book / "rules.yaml").unlink()

    host.run().assert_outcomes(passed=3)


def test_the_settings_turn_it_off(host: Host) -> None:
    host.set("cdsrules_cases = false")

    host.run().assert_outcomes(passed=1)


def test_the_settings_name_the_rules(host: Host) -> None:
    (host.book / "rules.yaml").rename(host.book.parent / "rules.yaml")
    host.write(CASES.replace("rulebook: ", "rulebok: "))
    host.run().assert_outcomes(passed=1)

    host.set("cdsrules_rules = rules")
    result = host.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*`rulebok` is not a key of a cases file.*"])


def test_files_of_others_are_left_alone(pytester: pytest.Pytester, host: Host) -> None:
    host.cases.unlink()
    for name in ("cases.yaml", "stories.yml", "my.cases.yaml"):
        (pytester.path / name).write_text("cases: [{a: rulebook}]\n# rulebook: none\n", encoding="utf-8")

    host.run().assert_outcomes(passed=1)


@pytest.mark.parametrize("written", [CASES.replace("\n", "\r\n"), "\ufeff" + CASES, CASES.replace("anna", "zoe-1")])
def test_line_ends_and_marks_of_other_systems(written: str, host: Host) -> None:
    host.cases.write_bytes(written.encode())

    host.run().assert_outcomes(passed=3)


def test_names_in_any_script(host: Host) -> None:
    host.write(CASES.replace("just begun", "gerade begonnen, Größe, 始まり, 🙂"))

    result = host.run("-v", "-k", "Größe")

    result.assert_outcomes(passed=1, deselected=2)


def test_a_suite_without_cases_loads_nothing_of_cdsrules(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_own="import sys\n\n\ndef test_own():\n"
        "    print('LOADED', sorted(name for name in sys.modules if name.partition('.')[0] == 'cdsrules'))\n"
    )
    (pytester.path / "settings.yaml").write_text("a: 1\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "cdsrules.pytest_plugin", "-s", "-q"],
        cwd=pytester.path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "LOADED ['cdsrules', 'cdsrules.pytest_plugin', 'cdsrules.pytest_plugin.settings']" in done.stdout


@pytest.mark.parametrize(
    "name", ["cases.yaml", "stories.yml", "a.cases.yaml", "rules.yaml", "cases.txt", "cases", "my-cases.yaml"]
)
def test_files_are_named_as_the_command_line_has_them(name: str) -> None:
    assert is_named_so(Path(name)) == is_case_file(Path(name))


def test_our_own_suite_collects_none() -> None:
    """tests/test_cases.py runs the shipped ones; nothing in `tests` and `src` is taken for a file of cases."""
    checkout = Path(__file__).parents[2]
    found = [file for folder in ("tests", "src") for file in (checkout / folder).rglob("*.y*ml") if is_named_so(file)]
    assert found == []
