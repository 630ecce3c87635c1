"""The files for deployment: settings that load, a compose file and a Dockerfile that keep their promises."""

from __future__ import annotations

import re
import subprocess
import sysconfig
from pathlib import Path

import yaml

from cdsrules.adapters.fhir import check_settings
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.site_file import check_site, read_site
from cdsrules.loading.sources import SourceFile
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Tier, Verb
from cdsrules.service.settings import read_settings
from tests.adapters.fhir.records import shipped

ROOT = Path(__file__).parents[2]
FOLDER = Path(ROOT, "examples", "deployment")
DOCKERFILE = Path(ROOT, "Dockerfile").read_text(encoding="utf-8")
LIBRARY = load_library(read_rule_files(), catalogue)
LAST = DOCKERFILE.rpartition("\nFROM ")[2]


def test_the_settings_of_the_example_are_taken() -> None:
    settings = read_settings(Path(FOLDER, "service.toml").read_text(encoding="utf-8"), {"CDSRULES_HOST": "0.0.0.0"})

    assert not settings.is_open
    check_settings(settings.fhir, shipped())


def test_the_site_of_the_example_is_taken_when_its_blanks_are_filled_in() -> None:
    file = SourceFile("site.toml", Path(FOLDER, "site.toml").read_bytes())
    wrong = check_site(file, LIBRARY)
    text = file.text.decode()

    assert {one.code for one in wrong} == {"CDS381"}
    assert len(wrong) == len(re.findall("<[^<>]+>", text)) - 1, "the remark at the top names them"
    filled = read_site(SourceFile("site.toml", re.sub("<([^<>]+)>", r"\1", text).encode()), LIBRARY)
    assert filled.crisis_lines
    assert filled.protocol
    assert filled.tell
    assert filled.steps


def test_the_site_of_the_example_names_every_step_that_can_be_added_to() -> None:
    text = Path(FOLDER, "site.toml").read_text(encoding="utf-8")
    steps = {rule.target for rule in LIBRARY.rules if rule.tier is Tier.SAFETY and rule.verb is Verb.RECOMMENDS}

    assert steps
    assert all(step in text for step in steps)


def test_the_composed_service_is_given_no_more_than_it_needs() -> None:
    composed = yaml.safe_load(Path(FOLDER, "compose.yaml").read_text(encoding="utf-8"))
    service = composed["services"]["cdsrules"]
    settings = read_settings(Path(FOLDER, "service.toml").read_text(encoding="utf-8"), service["environment"])

    given = [volume.split(":") for volume in service["volumes"]]
    assert all(Path(FOLDER, here).exists() and how == "ro" for here, _, how in given)
    assert {settings.site, "/etc/cdsrules/service.toml"} == {there for _, there, _ in given}
    assert "CDSRULES_SETTINGS=/etc/cdsrules/service.toml" in LAST
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
