"""What docs/fhir.md says, holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle

from cdsrules.adapters.fhir.resources import READ

ROOT = Path(__file__).parents[3]
PAGE = Path(ROOT, "docs", "fhir.md").read_text(encoding="utf-8")


def test_the_example_runs_and_advises(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    exec(example, {})

    assert capsys.readouterr().out.startswith("Consider a reassessment")


def test_the_bundle_of_the_example_is_valid_r4() -> None:
    Bundle.model_validate(json.loads(Path(ROOT, "examples", "fhir", "bundle.json").read_text(encoding="utf-8")))


def test_every_type_that_is_read_stands_in_the_table() -> None:
    rows = re.findall(r"^\| ([A-Z][\w, ]+) \|", PAGE, re.MULTILINE)

    assert {name for row in rows for name in row.split(", ")} == READ
