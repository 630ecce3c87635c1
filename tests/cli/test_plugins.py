"""The commands with plugins that are installed: what `check` says, commands of plugins, and which ones take part."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.cli.program import DEMO, program
from tests.plugins.installing import PLACES_RULES, install

Run = Callable[..., "CompletedProcess[bytes]"]

PRACTICE = """
from cdsrules import Diagnostic

@hookimpl
def cdsrules_measures():
    return [measure("practice.places", "number", lambda client, day: 0, words="the free places",
                    meaning="How many are free.", ask="the free places", unit="places", low=0,
                    clause="{value} {unit} are free")]

def owners(library):
    yield Diagnostic("PRACTICE001", "A rulebook has no owner here.", "Name one.")

@hookimpl
def cdsrules_checks():
    return [owners]

@hookimpl
def cdsrules_feedback(feedback):
    raise LookupError(feedback.client)

@hookimpl
def cdsrules_commands(cli):
    import click

    @cli.command("places")
    @click.option("--fail", is_flag=True)
    def places(fail):
        'Say how many places are free.'
        if fail:
            raise LookupError("secret")
        click.echo("0 places")

    @cli.command("check")
    def check():
        'Take the place of another.'
"""
CASES = """
rulebook: practice-places
as_of: 2026-06-15
clients:
  anna:
    story: Anna has come weekly since November.
    state: {treatment: {started_on: 2025-11-10}}
cases:
  - case: no place is free
    client: anna
    expect: {findings: {no_places_left: true}}
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command where the plugin `practice` is installed."""
    install(tmp_path, "practice", PRACTICE, "1.4.0")

    def runs(*arguments: str | Path, **env: str) -> CompletedProcess[bytes]:
        return program(*arguments, env={"PYTHONPATH": str(tmp_path), "COLUMNS": "200", **env})

    return runs


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "rules.yaml").write_text(PLACES_RULES, encoding="utf-8")
    (folder / "cases.yaml").write_text(CASES, encoding="utf-8")
    return folder


def test_check_knows_the_facts_of_plugins_and_shows_what_their_checks_find(run: Run, rules: Path) -> None:
    told = run("check", rules)

    assert told.returncode == 1
    assert told.stdout.decode().splitlines()[:2] == [
        "plugin practice: error PRACTICE001: A rulebook has no owner here.",
        "  Name one.",
    ]
    for form in ("json", "sarif", "github"):
        assert b"PRACTICE001" in run("check", rules, "--format", form).stdout


def test_without_the_plugin_its_fact_is_one_that_nobody_knows(run: Run, rules: Path) -> None:
    told = run("check", rules, "--plugins", "off")

    assert told.returncode == 1
    assert b"CDS040: There is no fact `practice.places`." in told.stdout
    assert b"PRACTICE001" not in told.stdout


def test_a_plugin_that_is_not_installed_is_a_mistake_of_who_names_it(run: Run) -> None:
    told = run("facts", CDSRULES_PLUGINS="practise")

    assert told.returncode == 2
    assert told.stderr.decode() == (
        "CDSRULES_PLUGINS names the plugin practise, and there is none of that name. "
        "Installed: practice. Did you mean practice?\n"
    )


def test_facts_and_cases_of_plugins(run: Run, rules: Path) -> None:
    listed = json.loads(run("facts", "practice.", "--client", DEMO, "--rules", rules, "--format", "json").stdout)
    tested = run("test", rules)

    assert [(one["name"], one["value"]) for one in listed] == [("practice.places", 0)]
    assert (tested.returncode, tested.stderr) == (0, b"")
    assert run("test", rules, "--plugins", "off").returncode == 1


def test_evaluate_says_which_plugins_took_part(run: Run, rules: Path) -> None:
    told = json.loads(run("evaluate", DEMO, "--rules", rules, "--format", "json").stdout)
    off = json.loads(run("evaluate", DEMO, "--plugins", "off", "--format", "json").stdout)

    assert told["plugins"] == [{"name": "practice", "version": "1.4.0"}]
    assert [item["rule"] for item in told["speaking"] if item["rulebook"] == "practice-places"] == ["no-places-left"]
    assert off["plugins"] == []
    assert "rules_hash" not in off


def test_a_command_of_a_plugin_is_called_and_listed_and_takes_no_others_place(run: Run) -> None:
    called, listed = run("places"), run("--help")

    assert (called.returncode, called.stdout) == (0, b"0 places\n")
    assert b"places    Say how many places are free." in listed.stdout
    assert b"Take the place of another" not in listed.stdout
    assert b"Plugin practice may not add the command check: there is one of that name." in listed.stderr
    assert b"Did you mean 'places'?" in run("place").stderr


def test_a_command_of_a_plugin_that_breaks_is_said_to_be_the_plugins(run: Run) -> None:
    told = run("places", "--fail")

    assert told.returncode == 3
    assert told.stderr.endswith(b"The command places of the plugin practice failed (LookupError).\n")


def test_a_plugin_that_fails_to_hear_feedback_is_named_once_it_is_recorded(run: Run, tmp_path: Path) -> None:
    records = ("records", "--db", tmp_path / "records.db")
    added = run(*records, "add", DEMO).stdout.decode()
    item = next(line.split()[0] for line in added.splitlines() if "Look afresh" in line)
    told = run(*records, "feedback", "c-4711", item, "accepted")

    assert (told.returncode, told.stdout) == (0, b"Recorded as entry 2.\n")
    assert told.stderr == b"Plugin practice failed. It did not take note of this feedback. It raised LookupError.\n"
