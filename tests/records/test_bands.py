"""Bands of rules that are none, and what is said of them; the rest counts all the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cdsrules.cli.app import run
from cdsrules.loading.codes import registry
from cdsrules.loading.codes.record import Code, Within
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.report import as_text
from cdsrules.measures.catalogue import catalogue
from cdsrules.records.adding import New
from cdsrules.records.bands import bands_of_none
from cdsrules.records.counting import rules_on_record
from cdsrules.records.drawn import Drawn
from cdsrules.records.ledger import Ledger
from cdsrules.records.tables import answers, sightings
from cdsrules.service.settings import read_settings

GOLDEN = sorted(Path(__file__).with_name("golden_bands").glob("*.toml"))
CODES = [code for code in registry().values() if code.within is Within.SETTINGS]
RULES = load_library(read_rule_files(), catalogue).by_id
DAY = "2026-08-03"
SHOWN = Drawn(sightings, {"item": "a", "rule": "once-there", "tier": "review", "shown_on": DAY})
ANSWERED = Drawn(answers, {"item": "b", "rule": "answered-once", "outcome": "accepted", "shown_on": DAY})
Said = pytest.CaptureFixture[str]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_says_exactly_this(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wrong = bands_of_none(read_settings(text, {}, path.name).expected, RULES)

    assert as_text(wrong.values(), {path.name: text.encode()}) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_code_of_settings_is_worded_in_some_golden_file() -> None:
    worded = "".join(path.with_suffix(".txt").read_text(encoding="utf-8") for path in GOLDEN)

    assert {code.code for code in CODES} == set(re.findall(r"CDS\d{3}", worded))


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_the_examples_of_a_code_bring_it_up_and_do_not(code: Code) -> None:
    (wrong,) = bands_of_none(read_settings(code.bad, {}).expected, RULES).values()

    assert (wrong.code, wrong.severity) == (code.code, code.severity)
    assert bands_of_none(read_settings(code.good, {}).expected, RULES) == {}


@pytest.fixture
def ledger(address: str) -> Ledger:
    ledger = Ledger.open(address)
    ledger.add([New("evaluation", {"client": "c-1"}, "c-1", (SHOWN,)), New("feedback", {}, "c-1", (ANSWERED,))])
    return ledger


def test_a_rule_that_spoke_or_was_answered_once_is_on_record(ledger: Ledger) -> None:
    names = ["once-there", "answered-once", "never-there"]

    assert rules_on_record(ledger, names) == {"once-there", "answered-once"}
    ledger.close()


def test_statistics_name_the_band_of_no_rule_and_count_the_rest(
    ledger: Ledger, address: str, tmp_path: Path, capsys: Said
) -> None:
    ledger.close()
    settings = tmp_path / "service.toml"
    bands = ("reassess", "once-there", "answered-once", '"practice:over-capacity"', "reasess")
    lines = "".join(f"{name} = {{at_most = 30}}\n" for name in bands)
    settings.write_text(f'records = "{address}"\n[expected]\n{lines}', encoding="utf-8")

    assert run(["records", "--settings", str(settings), "stats", "--until", DAY]) == 1
    said = capsys.readouterr()
    assert " ".join(said.err.split()) == (
        f"{settings}:7:1: error CDS330 There is no rule `reasess`, so nothing is held to this band. "
        "Did you mean `reassess`?"
    )
    assert "once-there" in said.out
    settings.write_text(settings.read_text("utf-8").replace("reasess = ", "# "), encoding="utf-8")
    assert run(["records", "--settings", str(settings), "stats", "--until", DAY]) == 0
    assert capsys.readouterr().err == ""


def test_rules_that_cannot_be_read_are_said_and_nothing_is_refused(
    ledger: Ledger, address: str, tmp_path: Path, capsys: Said
) -> None:
    ledger.close()
    settings = tmp_path / "service.toml"
    text = f'records = "{address}"\nrules = ["{tmp_path}/nowhere"]\n[expected]\nreasess = {{at_most = 30}}\n'
    settings.write_text(text, encoding="utf-8")

    assert run(["records", "--settings", str(settings), "stats", "--until", DAY]) == 1
    said = capsys.readouterr()
    assert "CDS018" in said.err
    assert "once-there" in said.out
