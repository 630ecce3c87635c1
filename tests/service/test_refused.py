"""Rules that cannot be used: the log and the screen say why, whatever else there is to be said of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.service.rules import Rules
from tests.service.processes import serving

SHIPPED = Path(__file__).parents[2] / "rules" / "engagement" / "rules.yaml"
TITLE = re.compile(r"^( +title: [\"']?)(?=[A-Z])", re.MULTILINE)


def write_retitled(folder: Path, *, mistaken: bool = False) -> None:
    """Write shipped rules with other titles, which is worth a note for each, and perhaps a mistake at the end."""
    text = TITLE.sub(r"\1Now ", SHIPPED.read_text(encoding="utf-8"))
    if mistaken:
        before, fact, after = text.rpartition("fact: ")
        text = f"{before}{fact}no_such.{after}"
    (folder / "rules.yaml").write_text(text, encoding="utf-8")


def test_the_log_names_the_error_and_how_many_notes_there_are(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_retitled(tmp_path)
    rules = Rules((str(tmp_path),), FhirSettings())
    write_retitled(tmp_path, mistaken=True)
    assert not rules.reload()
    rules.ready.answering.advisor.close()

    (refused,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert refused.message == "rules refused"
    said = vars(refused)["said"]
    (problem,) = said["problems"]
    assert "CDS040" in problem
    assert said["more"] > 20


def test_of_many_errors_the_log_names_twenty_and_counts_the_rest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_retitled(tmp_path)
    rules = Rules((str(tmp_path),), FhirSettings())
    text = (tmp_path / "rules.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(text.replace("fact: ", "fact: no_such."), encoding="utf-8")
    assert not rules.reload()
    rules.ready.answering.advisor.close()

    (refused,) = (record for record in caplog.records if record.levelname == "ERROR")
    said = vars(refused)["said"]
    assert len(said["problems"]) == 20
    assert not any("CDS133" in one for one in said["problems"])
    assert said["more"] > 20


def test_at_the_start_the_error_stands_alone_with_the_number_of_notes(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    write_retitled(rules, mistaken=True)
    with pytest.raises(AssertionError) as ended, serving(tmp_path, settings=f'rules = ["{rules}"]'):
        pass

    said = str(ended.value)
    assert said.count(" error CDS") == 1
    assert "error CDS040" in said
    assert "CDS133" not in said
    assert re.search(r"And \d+ warnings and notes, which refuse nothing: `cdsrules check` names all\.", said)
