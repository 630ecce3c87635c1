from __future__ import annotations

import re
from importlib.metadata import EntryPoint, version
from pathlib import Path

import click
import pytest

from cdsrules.cli import app
from cdsrules.cli.app import run
from cdsrules.cli.exits import Exit
from cdsrules.cli.offered import COMMANDS
from cdsrules.errors import EngineFailure, ExtraMissing
from cdsrules.loading.shipped import shipped_rules
from tests.cli.program import DEMO

Captured = pytest.CaptureFixture[str]


def test_exit_codes_are_as_documented() -> None:
    assert {one.name: one.value for one in Exit} == {
        "OK": 0,
        "FINDINGS": 1,
        "USAGE": 2,
        "INTERNAL": 3,
        "STOPPED": 130,
        "UNREAD": 141,
    }


def test_the_commands_and_their_options() -> None:
    """They are part of the public interface; a change here is a change for everybody's scripts."""
    context = click.Context(app.cdsrules)
    found = {}
    for name in app.cdsrules.list_commands(context):
        command = app.cdsrules.get_command(context, name)
        assert command is not None
        found[name] = sorted(opt for one in command.params if isinstance(one, click.Option) for opt in one.opts)

    assert found == {
        "evaluate": [
            *("--all", "--as-of", "--engine", "--format", "--output", "--plugins", "--records", "--rules"),
            *("--shadow", "--site"),
        ],
        "check": ["--format", "--plugins", "--site"],
        "test": [
            *("--coverage", "--fail-under", "--format", "--html", "--jobs", "--matrix", "--mutate", "--plugins"),
            *("--propose", "--watch", "--write", "-k"),
        ],
        "laws": ["--examples", "--format", "--save", "--seconds", "--seed", "-k"],
        "analyse": ["--format", "--save"],
        "impact": ["--as-of", "--clients", "--format", "--jobs", "--output"],
        "records": ["--db", "--settings"],
        "replay": [],
        "serve": ["--settings", "--workers"],
        "explain": ["--as-of", "--client", "--engine", "--plugins", "--rules"],
        "facts": ["--as-of", "--client", "--format", "--plugins", "--rules"],
        "sources": ["--all", "--format"],
        "book": ["--output", "--pdf"],
        "dossier": ["--output"],
        "doctor": ["--plugins", "--rules", "--site"],
        "init": [],
        "new": [],
    }


def test_every_command_explains_itself(capsys: Captured) -> None:
    for name in COMMANDS:
        assert run([name, "--help"]) == 0
        assert f"Usage: cdsrules {name}" in capsys.readouterr().out


def test_without_a_command_the_help_and_a_usage_error(capsys: Captured) -> None:
    assert run([]) == 2
    assert "evaluate  Answer with guidance for one client or many." in capsys.readouterr().err


def test_the_version(capsys: Captured) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"cdsrules {version('cdsrules')}\n"


def test_a_command_that_does_not_exist(capsys: Captured) -> None:
    assert run(["evalute"]) == 2
    told = capsys.readouterr().err
    assert "No such command 'evalute'" in told
    assert told.count("Did you mean 'evaluate'?") == 1
    assert run(["quite-another-thing"]) == 2
    assert "Did you mean" not in capsys.readouterr().err


def test_an_option_that_does_not_exist_shows_the_usage(capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO), "--colour"]) == 2

    told = capsys.readouterr().err
    assert "Usage: cdsrules evaluate" in told
    assert "--colour" in told


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["test", "--fail-under", "abc"], "“abc” cannot be taken. Write a number from 0 to 100."),
        (["test", "--fail-under", "200"], "“200” cannot be taken. Write a number from 0 to 100."),
        (["test", "--jobs", "0"], "Write a whole number of at least 1."),
        (["laws", "--examples", "1.5"], "“1.5” cannot be taken. Write a whole number of at least 1."),
        (["laws", "--seed", "-1"], "Write a whole number of at least 0."),
        (["serve", "--workers", "65"], "Write a whole number from 1 to 64."),
    ],
)
def test_a_number_that_cannot_be_taken_is_told_with_what_to_write(
    arguments: list[str], wanted: str, capsys: Captured
) -> None:
    assert run(arguments) == 2
    assert wanted in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ExtraMissing("This needs: pip install 'cdsrules[all]'"), 2, "This needs: pip install 'cdsrules[all]'\n"),
        (EngineFailure("the engine said 303"), 3, "the engine said 303\n"),
        (PermissionError(13, "Permission denied", "/x"), 2, "/x: Permission denied\n"),
        (OSError(28, "No space left on device"), 2, "No space left on device\n"),
        (KeyboardInterrupt(), 130, "\nStopped.\n"),
    ],
)
def test_whatever_ends_a_command_is_a_sentence_and_a_code(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def fails() -> Path:
        raise error

    monkeypatch.setattr("cdsrules.cli.init.shipped_rules", fails)

    assert run(["init", "unused"]) == code
    assert capsys.readouterr().err == said


def test_an_internal_error_names_its_file_and_shows_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def fails() -> Path:
        raise LookupError("inside")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("cdsrules.cli.init.shipped_rules", fails)

    assert run(["init", "unused"]) == 3

    [file] = tmp_path.iterdir()
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert str(file) in told
    assert "Traceback" not in told


# The commands that look at rules


def test_check_finds_nothing_in_what_is_shipped(capsys: Captured) -> None:
    assert run(["check"]) == 0
    assert capsys.readouterr().out == "No problems found.\n"
    assert run(["check", str(shipped_rules())]) == 0


@pytest.mark.parametrize(
    ("form", "sign"),
    [("text", "rules.yaml:1:11: error CDS"), ("json", '"line": 1'), ("sarif", '"2.1.0"'), ("github", "::error file=")],
)
def test_check_tells_findings_in_every_form(form: str, sign: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "rules.yaml").write_text("rulebook: Not An Id\n", encoding="utf-8")

    assert run(["check", str(tmp_path), "--format", form]) == 1
    assert sign in capsys.readouterr().out


def test_check_of_a_folder_that_is_not_there(tmp_path: Path, capsys: Captured) -> None:
    assert run(["check", str(tmp_path / "missing")]) == 1
    assert "CDS018" in capsys.readouterr().out


def test_explain_a_rule(capsys: Captured) -> None:
    assert run(["explain", "consult-colleague"]) == 0

    told = capsys.readouterr().out
    assert told.startswith(
        "Talk the case through with a colleague\nconsult-colleague, rulebook stalled-progress, active\n"
    )
    assert "Recommends: consultation.\nHolds when progress has stalled" in told
    assert "FOR THIS CLIENT" not in told


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("input-wanted", "no consultation is on file for the last 60 days."),
        ("repeat-after-lost-gain", "({outcome.primary.latest} on {outcome.primary.latest:date})"),
        ("ask-about-missed-sessions", "On file: {attendance.no_shows over 60 days} in the last 60 days"),
    ],
)
def test_explain_a_rule_with_the_numbers_of_its_rulebook(rule: str, said: str, capsys: Captured) -> None:
    """What a client's record fills in stays open; what the rulebook says is said."""
    assert run(["explain", rule]) == 0

    told = " ".join(capsys.readouterr().out.split())
    assert said in told
    assert "$" not in told


def test_explain_says_whose_file_a_rule_stands_in(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path within cdsrules leads nowhere from the folder of somebody else."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "ours"]) == 0
    edited = tmp_path / "ours" / "rules" / "stalled-progress" / "rules.yaml"
    edited.write_text(f"{edited.read_text(encoding='utf-8')}# Ours.\n", encoding="utf-8")
    capsys.readouterr()

    assert run(["explain", "consult-colleague"]) == 0
    assert re.search(r"\(rules/stalled-progress/rules\.yaml:\d+:\d+, shipped\)", capsys.readouterr().out)
    assert run(["explain", "consult-colleague", "--rules", "ours/rules"]) == 0
    assert re.search(r"\(ours/rules/stalled-progress/rules\.yaml:\d+:\d+\)", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("rule", "said"),
    [("consult-colleague", "It holds for this client."), ("input-wanted", "It does not hold for this client.")],
)
def test_explain_a_rule_for_a_client(rule: str, said: str, capsys: Captured) -> None:
    assert run(["explain", rule, "--client", str(DEMO)]) == 0

    told = capsys.readouterr().out
    assert said in told
    assert "Rests on:" in told


def test_explain_what_cannot_be_decided(capsys: Captured) -> None:
    assert run(["explain", "stalled", "--client", str(DEMO), "--as-of", "2026-12-24"]) == 0

    told = capsys.readouterr().out
    assert "It cannot be decided for this client." in told
    assert "Not known:" in told


def test_explain_a_code_in_capitals_or_not(capsys: Captured) -> None:
    assert run(["explain", "CDS012"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("CDS012  ")
    assert run(["explain", "cds012"]) == 0
    assert capsys.readouterr().out == page


@pytest.mark.parametrize(
    ("name", "said"),
    [("consult-coleague", "Did you mean “consult-colleague”?"), ("CDS999", "There is no diagnostic code CDS999")],
)
def test_explain_what_does_not_exist_offers_the_nearest(name: str, said: str, capsys: Captured) -> None:
    assert run(["explain", name]) == 2
    assert said in capsys.readouterr().err


def test_doctor_tells_versions_engine_and_rulebooks(capsys: Captured) -> None:
    assert run(["doctor"]) == 0

    told = capsys.readouterr().out
    assert f"cdsrules {version('cdsrules')}\n" in told
    assert f"durable-rules {version('durable-rules')}\n" in told
    assert "durable-rules, each answer verified by the reference engine" in told
    assert re.search(r"^  safety \d+\.\d+\.\d+, active, \d+ rules, ", told, re.MULTILINE)
    assert told.endswith("All is well.\n")


def test_doctor_tells_what_deserves_a_look(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr("cdsrules.inference.engine.Engine.unavailable", "durable-rules cannot be imported here")

    assert run(["doctor"]) == 1
    assert "DESERVES A LOOK\n  durable-rules cannot be imported here\n" in capsys.readouterr().out


MANY_WAYS = """\
rulebook: ours
version: 1.0.0
status: active
title: Of our own
owner: Somebody
review_by: 2099-01-01
rules:
  - id: a
    finds: a
    when: {fact: plan.reviewed_on, older_than: 90 days}
  - id: b
    finds: b
    when: {fact: plan.reviewed_on, older_than: 30 days}
  - id: many-ways
    finds: many_ways
    when:
      all:
"""
ONE_OF_TWO = """\
        - any: [{{all: [{{finding: a}}, {{fact: attendance.no_shows, over: {0} days, at_least: 1}}]}},
                {{all: [{{finding: b}}, {{fact: attendance.no_shows, over: {0} days, at_least: 2}}]}}]
"""


def test_doctor_names_the_rules_that_the_engine_is_only_told_of(tmp_path: Path, capsys: Captured) -> None:
    ways = "".join(ONE_OF_TWO.format(days) for days in range(30, 40))
    (tmp_path / "rules.yaml").write_text(MANY_WAYS + ways, encoding="utf-8")
    assert run(["doctor", "--rules", str(tmp_path)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    named = told.partition("an exception that reads findings: ")[2].partition(" RULEBOOKS")[0]
    assert "many-ways" in named.split(", ")


def test_doctor_names_a_plugin_that_could_not_start(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    broken = EntryPoint("broken", "no_such_module", "cdsrules")
    monkeypatch.setattr("cdsrules.plugins.registering.installed", lambda _: [broken])
    assert run(["doctor"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    why = "could not be started. What it adds is not included. It raised ModuleNotFoundError."
    assert f"DESERVES A LOOK Plugin broken {why}" in told


RULEBOOK = """\
rulebook: ours
version: 1.0.0
status: {status}
title: Of our own
owner: Somebody
review_by: {review_by}
rules:
  - id: review-due
    finds: review_due
    when: {{fact: plan.reviewed_on, older_than: 90 days}}
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    (tmp_path / "rules.yaml").write_text(RULEBOOK.format(status="draft", review_by="2999-01-01"), encoding="utf-8")
    return tmp_path


def test_explain_a_draft_says_that_it_takes_no_part(ours: Path, capsys: Captured) -> None:
    assert run(["explain", "review-due", "--rules", str(ours), "--client", str(DEMO)]) == 0

    told = capsys.readouterr().out
    assert "Finds: review due." in told
    assert "SOURCES" not in told
    assert told.endswith("It takes no part in guidance: its status is draft.\n")


def test_explain_a_rule_in_shadow_says_that_guidance_never_shows_it(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "rules.yaml").write_text(RULEBOOK.format(status="shadow", review_by="2099-01-01"), encoding="utf-8")
    assert run(["explain", "review-due", "--rules", str(tmp_path), "--client", str(DEMO)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "FOR THIS CLIENT It is in shadow: it is evaluated, and guidance never shows it." in told


def test_explain_prints_the_evidence(capsys: Captured) -> None:
    assert run(["explain", "change-abruptly"]) == 0
    assert "EVIDENCE\n  There is little direct evidence" in capsys.readouterr().out


def test_warnings_about_rulebooks_are_counted_beside_the_answer_and_told_by_doctor(
    tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "rules.yaml").write_text(RULEBOOK.format(status="active", review_by="2020-01-01"), encoding="utf-8")
    arguments = ["--rules", str(tmp_path)]

    assert run(["evaluate", str(DEMO), *arguments]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("Client c-4711")
    assert "about the rulebooks; `cdsrules check` shows" in shown.err

    assert run(["doctor", *arguments]) == 1
    assert f"{tmp_path / 'rules.yaml'}:6:12: warning CDS" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["new", "records"])
def test_a_command_of_several_that_is_given_none_shows_its_help_line_by_line(command: str, capsys: Captured) -> None:
    assert run([command]) in {Exit.OK, Exit.USAGE}
    shown = capsys.readouterr()
    lines = (shown.out + shown.err).splitlines()

    assert lines[0].startswith(f"Usage: cdsrules {command} ")
    assert "Commands:" in lines
    assert "Error" not in shown.out + shown.err
