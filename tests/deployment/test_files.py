"""The files for deployment: settings that load, a compose file and a Dockerfile that keep their promises."""

from __future__ import annotations

import re
import subprocess
import sysconfig
from pathlib import Path

import yaml

from cdsrules.adapters.fhir import check_settings
from cdsrules.service.settings import read_settings
from tests.adapters.fhir.records import shipped

ROOT = Path(__file__).parents[2]
FOLDER = Path(ROOT, "examples", "deployment")
DOCKERFILE = Path(ROOT, "Dockerfile").read_text(encoding="utf-8")
LAST = DOCKERFILE.rpartition("\nFROM ")[2]


def test_the_settings_of_the_example_are_taken() -> None:
    settings = read_settings(Path(FOLDER, "site.toml").read_text(encoding="utf-8"), {"CDSRULES_HOST": "0.0.0.0"})

    assert not settings.is_open
    check_settings(settings.fhir, shipped())


def test_the_composed_service_is_given_no_more_than_it_needs() -> None:
    composed = yaml.safe_load(Path(FOLDER, "compose.yaml").read_text(encoding="utf-8"))
    service = composed["services"]["cdsrules"]
    read_settings(Path(FOLDER, "site.toml").read_text(encoding="utf-8"), service["environment"])

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_the_image_runs_as_nobody_in_particular_and_keeps_no_compiler() -> None:
    assert re.search(r"^USER [1-9]\d+$", LAST, re.MULTILINE)
    assert "apt-get" not in LAST
    assert LAST.rstrip().endswith('ENTRYPOINT ["cdsrules"]\nCMD ["serve"]')


def test_the_linter_of_dockerfiles_has_nothing_to_say() -> None:
    linter = Path(sysconfig.get_path("scripts"), "hadolint")
    linted = subprocess.run([linter, Path(ROOT, "Dockerfile")], capture_output=True, text=True, check=False)

    assert (linted.stdout, linted.returncode) == ("", 0)


def test_what_is_copied_into_the_image_is_there_and_is_let_in() -> None:
    let_in = {line.removeprefix("!") for line in Path(ROOT, ".dockerignore").read_text().splitlines() if line[0] == "!"}
    copied = {name for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()}

    assert copied
    assert copied <= let_in
    assert all(Path(ROOT, name).exists() for name in copied)


def test_the_extras_that_the_image_installs_are_there() -> None:
    (extras,) = re.findall(r'"\.\[([a-z,]+)\]"', DOCKERFILE)
    project = Path(ROOT, "pyproject.toml").read_text(encoding="utf-8")

    assert all(re.search(rf"^{extra} = \[", project, re.MULTILINE) for extra in extras.split(","))
