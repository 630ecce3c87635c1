"""`cdsrules explain`: a rule that is not there is looked for where it was said to be, and that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdsrules.cli.app import run

Captured = pytest.CaptureFixture[str]
ONLY = "Only the shipped rules were looked at: name yours with `--rules`."


def test_it_says_that_only_shipped_rules_were_looked_at(capsys: Captured) -> None:
    assert run(["explain", "offer-light"]) == 2
    assert capsys.readouterr().err == f"No rule is called “offer-light”. {ONLY}\n"


def test_a_name_that_is_near_comes_before_it(capsys: Captured) -> None:
    assert run(["explain", "consult-coleague"]) == 2
    assert capsys.readouterr().err.endswith(f"Did you mean “consult-colleague”? {ONLY}\n")


def test_where_rules_were_named_it_does_not_say_so(tmp_path: Path, capsys: Captured) -> None:
    run(["new", "rulebook", "winter-clinic", "--in", str(tmp_path)])

    assert run(["explain", "offer-light", "--rules", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "No rule is called “offer-light”.\n"
