"""`cdsrules test` and what `cdsrules check` says of cases."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cdsrules.cli.app import run
from cdsrules.errors import EngineDisagreement, EngineUnavailable
from cdsrules.loading.shipped import shipped_rules
from tests.anna import CASES
from tests.cli.program import program
from tests.cli.small import RULES

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A folder of rules with a copy of one rulebook and two cases of its own."""
    book = tmp_path / "ours" / "stalled-progress"
    book.mkdir(parents=True)
    shutil.copy(shipped_rules() / "stalled-progress" / "rules.yaml", book)
    (book / "cases.yaml").write_text(CASES, encoding="utf-8")
    return book.parent


def test_all_shipped_cases_are_run_when_no_path_is_named(capsys: Captured) -> None:
    assert run(["test"]) == 0

    files = [*shipped_rules().glob("*/cases.yaml"), *shipped_rules().glob("*/stories.yaml")]
    assert f" cases in {len(files)} files, all as expected.\n" in capsys.readouterr().out


def test_cases_that_come_out_as_expected(ours: Path, capsys: Captured) -> None:
    assert run(["test", str(ours)]) == 0
    assert capsys.readouterr().out == "2 cases in 1 file, all as expected.\n"


def test_a_difference_is_told_with_its_client_and_place_and_why(ours: Path, capsys: Captured) -> None:
    file = ours / "stalled-progress" / "cases.yaml"
    file.write_text(CASES.replace("silent", "fires"), encoding="utf-8")

    assert run(["test", str(ours)]) == 1
    told = capsys.readouterr().out
    assert told.startswith(
        f"{file}\n"
        "  FAILED  just begun, line 11\n"
        "    anna, 20 November 2025: Anna has come weekly since November.\n"
        "    - Rule `stalled`\n"
        "      expected: that it holds\n"
        "      got: it does not hold\n"
        "      why: `stalled` does not hold\n"
        "        false: all of these\n"
        "          false: treatment has lasted at least 6 months\n"
    )
    assert "        on record: the time in treatment: 10 days\n" in told
    assert told.endswith("2 cases in 1 file, 1 not as expected.\n")


def test_the_run_as_junit(ours: Path, capsys: Captured) -> None:
    file = ours / "stalled-progress" / "cases.yaml"
    file.write_text(CASES.replace("silent", "fires"), encoding="utf-8")

    assert run(["test", str(ours), "--format", "junit"]) == 1

    (suite,) = ET.fromstring(capsys.readouterr().out)
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == (str(file), "2", "1")
    passed, failed = suite
    assert (passed.get("classname"), passed.get("name"), len(passed)) == ("stalled-progress", "long enough", 0)
    assert (failed.get("line"), failed[0].get("message")) == (
        "11",
        "Rule `stalled`: expected that it holds, but it does not hold.",
    )
    assert "          false: treatment has lasted at least 6 months\n" in (failed[0].text or "")


def test_stories_are_run_too(ours: Path, capsys: Captured) -> None:
    (ours / "stalled-progress" / "stories.yaml").write_text(CASES, encoding="utf-8")

    assert run(["test", str(ours)]) == 0
    assert capsys.readouterr().out == "4 cases in 2 files, all as expected.\n"


def test_edited_rules_are_what_the_cases_are_held_against(ours: Path, capsys: Captured) -> None:
    rules = ours / "stalled-progress" / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("value: 6 months", "value: 8 months"), encoding="utf-8")

    assert run(["test", str(ours)]) == 1
    told = capsys.readouterr().out
    assert "    - Rule `stalled`\n      expected: that it cannot be decided\n      got: it does not hold\n" in told


@pytest.mark.parametrize("text", ["BEGUN", "just"])
def test_only_some_cases(text: str, ours: Path, capsys: Captured) -> None:
    assert run(["test", str(ours), "-k", text]) == 0
    assert capsys.readouterr().out == "1 case in 1 file, all as expected.\n"


@pytest.mark.parametrize("place", ["stalled-progress", "stalled-progress/cases.yaml", "stalled-progress/rules.yaml"])
def test_a_rulebook_is_named_by_its_folder_or_by_one_of_its_files(place: str, ours: Path, capsys: Captured) -> None:
    assert run(["test", str(ours / place)]) == 0
    assert capsys.readouterr().out == "2 cases in 1 file, all as expected.\n"
    assert run(["check", str(ours / place)]) == 0


def test_what_nobody_meant_is_a_usage_error(ours: Path, capsys: Captured) -> None:
    assert run(["test", str(ours), "-k", "nobody"]) == 2
    assert "No case has “nobody” in its name, client or rulebook." in capsys.readouterr().err
    assert run(["test", str(ours), str(ours.parent)]) == 0
    (ours / "bare").mkdir()
    (ours / "bare" / "rules.yaml").write_text(RULES, encoding="utf-8")
    capsys.readouterr()
    assert run(["test", str(ours), str(ours / "bare")]) == 2
    assert "There is no cases.yaml in" in capsys.readouterr().err
    (ours / "stalled-progress" / "cases.yaml").unlink()
    assert run(["test", str(ours)]) == 2
    assert "There is no cases.yaml here" in capsys.readouterr().err


def test_cases_that_cannot_be_read_are_told_and_not_run(ours: Path, capsys: Captured) -> None:
    file = ours / "stalled-progress" / "cases.yaml"
    file.write_text(CASES.replace("[stalled]", "[staled]"), encoding="utf-8")

    assert run(["test", str(ours)]) == 1
    assert "There is no rule `staled`. Did you mean `stalled`?" in capsys.readouterr().err


def test_rules_that_cannot_be_used_are_told(ours: Path, capsys: Captured) -> None:
    (ours / "more.yaml").write_text("rulebook: Not An Id\n", encoding="utf-8")

    assert run(["test", str(ours)]) == 1
    assert "more.yaml:1:11: error CDS" in capsys.readouterr().err


def test_engines_that_differ_are_a_difference(ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def differ(*_: object) -> None:
        raise EngineDisagreement("only the reference holds stalled")

    monkeypatch.setattr("cdsrules.testing.runner.run_case", differ)

    assert run(["test", str(ours)]) == 1
    assert "- The two engines did not agree: only the reference holds stalled." in capsys.readouterr().out


def test_one_engine_alone_is_said(ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    def missing(_: object) -> None:
        raise EngineUnavailable("durable-rules is not installed")

    monkeypatch.setattr("cdsrules.inference.durable.DurableChainer", missing)

    assert run(["test", str(ours)]) == 0
    assert capsys.readouterr().out == (
        "2 cases in 1 file, all as expected.\n"
        "Only the reference engine concluded them: durable-rules is not installed\n"
    )


def test_coverage_is_of_the_rulebooks_that_were_given(ours: Path, capsys: Captured) -> None:
    assert run(["test", str(ours), "--coverage"]) == 0

    told = capsys.readouterr().out
    assert told.startswith("2 cases in 1 file, all as expected.\n\nCOVERAGE\n")
    assert "\n  stalled-progress  " in told
    assert "safety" not in told
    assert "  Seen in no case of stalled-progress\n" in told
    assert "    stalled, line " in told
    assert "      - in no case it holds\n" in told


def test_a_share_below_what_is_asked_for_ends_with_findings(ours: Path, capsys: Captured) -> None:
    assert run(["test", str(ours), "--coverage", "--fail-under", "0"]) == 0
    capsys.readouterr()
    assert run(["test", str(ours), "--coverage", "--fail-under", "95"]) == 1
    assert "Below 95 %: stalled-progress, rules that held: " in capsys.readouterr().out
    assert run(["test", str(ours), "--fail-under", "95"]) == 2
    assert "add --coverage" in capsys.readouterr().err


def test_the_run_as_json(ours: Path, capsys: Captured) -> None:
    file = ours / "stalled-progress" / "cases.yaml"
    file.write_text(CASES.replace("silent", "fires"), encoding="utf-8")

    assert run(["test", str(ours), "--coverage", "--fail-under", "95", "--format", "json"]) == 1

    told = json.loads(capsys.readouterr().out)
    (failed,) = told["cases"]["failed"]
    assert told["cases"]["run"] == 2
    (difference,) = failed["differences"]
    assert (difference["expected"], difference["got"]) == ("that it holds", "it does not hold")
    assert difference["why"][0]["rule"] == "stalled"
    assert (failed["file"], failed["line"], failed["case"]) == (str(file), 11, "just begun")
    assert [one["rulebook"] for one in told["coverage"]] == ["stalled-progress"]
    assert told["fail_under"]["percent"] == 95
    below = told["fail_under"]["below"]
    named = ["rules that held", "truths of conditions seen", "parameters with clients on both sides", "wordings seen"]
    assert [clause.split(": ")[0] for clause in below] == [f"stalled-progress, {name}" for name in named]


@pytest.mark.parametrize("key", ["skip", "known_gap"])
def test_a_case_that_is_left_alone_is_told_and_does_not_fail(key: str, ours: Path, capsys: Captured) -> None:
    file = ours / "stalled-progress" / "cases.yaml"
    wrong = CASES.replace("expect: {silent", f"{key}: {{reason: Not yet., until: 2099-01-01}}\n    expect: {{fires")
    file.write_text(wrong, encoding="utf-8")

    assert run(["test", str(ours)]) == 0
    told = capsys.readouterr().out
    assert f"just begun: {key.replace('_', ' ').replace('skip', 'skipped')} until 1 January 2099: Not yet.\n" in told
    assert told.endswith("2 cases in 1 file, 1 left alone, all others as expected.\n")
    assert run(["test", str(ours), "--format", "junit"]) == 0
    assert 'message="' in capsys.readouterr().out

    file.write_text(wrong.replace("2099", "2020"), encoding="utf-8")
    assert run(["test", str(ours)]) == 1
    assert "That day is over" in capsys.readouterr().out


def test_slips_that_no_case_notices_are_told_in_the_words_of_the_rule(small: Path, capsys: Captured) -> None:
    assert run(["test", str(small), "--mutate"]) == 0

    told = capsys.readouterr().out
    assert "SLIPS MADE ON PURPOSE\n" in told
    assert "  No case of small notices\n    long-enough, line 9\n" in told
    assert "  No case of safety" not in told
    assert (
        "      - changing “treatment has lasted at least 6 months” to “treatment has\n"
        "        lasted at least 7 months” breaks no case; it would show for "
    ) in told


def test_the_report_is_the_same_with_one_process_and_with_two(small: Path) -> None:
    asked = ("test", small, "--mutate", "--format", "json", "--jobs")
    one, two = program(*asked, "1"), program(*asked, "2")
    assert one.returncode == two.returncode == 0
    assert one.stdout == two.stdout
    assert json.loads(one.stdout)["mutation"][0]["survivors"]


def test_a_score_below_what_is_asked_for_ends_with_findings(small: Path, capsys: Captured) -> None:
    assert run(["test", str(small), "--mutate", "--fail-under", "90", "--format", "json"]) == 1

    told = json.loads(capsys.readouterr().out)
    (book,) = told["mutation"]
    assert book["rulebook"] == "small"
    assert book["noticed"] + len(book["survivors"]) == book["of"]
    first, *kinds = told["fail_under"]["below"]
    assert first.startswith("small, slips noticed: ")
    assert "a number moved by a step, slips noticed: 0 %" in kinds
    assert "coverage" not in told


def test_survivors_stand_on_the_page_too(small: Path, tmp_path: Path) -> None:
    page = tmp_path / "coverage.html"

    assert run(["test", str(small), "--mutate", "--jobs", "1", "--html", str(page)]) == 0

    assert "Slips that no case notices" in page.read_text(encoding="utf-8")


def test_the_page_is_written(ours: Path, tmp_path: Path, capsys: Captured) -> None:
    page = tmp_path / "coverage.html"

    assert run(["test", str(ours), "--html", str(page)]) == 0

    assert f"Written: {page}\n" in capsys.readouterr().out
    assert "<h1>Coverage of the rules</h1>" in page.read_text(encoding="utf-8")


def test_check_tells_what_is_wrong_with_cases(ours: Path, capsys: Captured) -> None:
    file = ours / "stalled-progress" / "cases.yaml"
    file.write_text(CASES.replace("[stalled]", "[staled]"), encoding="utf-8")

    assert run(["check", str(ours)]) == 1

    told = capsys.readouterr().out
    assert (
        f"{file}:10:24: error CDS203: There is no rule `staled`.\n     10 |     expect: {{unknown: [staled]}}" in told
    )
    assert told.endswith("2 errors.\n")


def test_check_says_that_cases_need_rules_without_errors(ours: Path, capsys: Captured) -> None:
    file = ours / "stalled-progress" / "cases.yaml"
    file.write_text(CASES.replace("[stalled]", "[staled]"), encoding="utf-8")
    (ours / "more.yaml").write_text("rulebook: Not An Id\n", encoding="utf-8")

    assert run(["check", str(ours)]) == 1

    told = capsys.readouterr()
    assert "CDS203" not in told.out
    assert told.err == "The cases were not checked: that needs rules without errors.\n"
