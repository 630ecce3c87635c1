"""Every command of the guide for clinical leads runs, in its order, and answers what the guide shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cdsrules.loading.shipped import shipped_rules
from tests.shown import CHECKOUT, FENCE, follow

PAGE = CHECKOUT / "docs" / "for-clinical-leads.md"
GUIDE = PAGE.read_text(encoding="utf-8")


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    shutil.copytree(CHECKOUT / "examples", tmp_path / "examples")
    return tmp_path


def test_every_command_answers_what_the_guide_shows(scratch: Path) -> None:
    follow(GUIDE, scratch)


def test_rules_are_shown_as_they_are() -> None:
    """What a box of YAML shows stands so in the shipped file, lines that are left out aside."""
    shipped = "".join(file.read_text(encoding="utf-8") for file in shipped_rules().glob("*/rules.yaml"))
    boxes = [fence["body"] for fence in FENCE.finditer(GUIDE) if fence["language"] == "yaml"]

    assert boxes
    for box in boxes:
        pattern = r"\n(?:.*\n)*?".join(re.escape(line) for line in box.splitlines())
        assert re.search(pattern, shipped), box


def test_links_of_the_guide_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", GUIDE)

    assert [target for target in targets if not (PAGE.parent / target).exists()] == []
