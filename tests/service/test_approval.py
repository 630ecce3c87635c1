"""Rules that nobody is on record as having approved: their evaluations have no receipt, and the service says so."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.cli.program import PROGRAM, environment
from tests.service.calls import write_rules
from tests.service.processes import Serving, serving


def ready(service: Serving) -> dict[str, Any]:
    document: dict[str, Any] = httpx.get(f"{service.base}/ready", timeout=60, trust_env=False).json()
    return document


def words_of(service: Serving) -> str:
    return "".join(str(line["said"]) for line in service.logged if line["event"] == "words")


def test_that_nobody_approved_the_rules_is_said_at_the_start_when_they_change_and_by_ready(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    write_rules(rules, 2)
    database = tmp_path / "records.db"
    settings = f'rules = ["{rules}"]\nrecords = "{database}"\n'
    words = "Nobody is on record as having approved the rules in force"
    activate = [*PROGRAM, "records", "--db", str(database), "activate", "--rules", str(rules), "--approved-by", "x"]
    with serving(tmp_path, settings=settings) as service:
        assert words in words_of(service)
        first = service.until("rules not approved")["rules"]
        assert words in ready(service)["notes"][0]
        subprocess.run(activate, check=True, env={**os.environ, **environment()})
        assert "notes" not in ready(service)
        write_rules(rules, 3)
        service.tell(signal.SIGHUP)
        again = service.until("rules not approved")
        assert "cdsrules records --db RECORDS activate" in again["to_do"]
        assert again["rules"] != first
    subprocess.run(activate, check=True, env={**os.environ, **environment()})
    with serving(tmp_path, settings=settings) as service:
        assert words not in words_of(service)
