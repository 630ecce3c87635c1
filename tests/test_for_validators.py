"""Every command of the guide for validators runs, in its order, and answers what the guide shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.shown import CHECKOUT, follow, shown_commands

PAGE = CHECKOUT / "docs" / "for-validators.md"
GUIDE = PAGE.read_text(encoding="utf-8")
TRIED = ("check", "test", "laws", "analyse", "impact", "evaluate")


def test_every_command_answers_what_the_guide_shows(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "examples", tmp_path / "examples")
    follow(GUIDE, tmp_path)


def test_every_tool_of_the_bench_is_shown() -> None:
    commands = " ".join(shown.command for shown in shown_commands(GUIDE))
    assert [name for name in TRIED if f"cdsrules {name} " not in commands] == []
    for option in ("--coverage", "--html", "--mutate", "--matrix", "--propose", "--watch", "--fail-under", "--shadow"):
        assert option in commands


def test_links_of_the_guide_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", GUIDE)
    assert [target for target in targets if not (PAGE.parent / target).exists()] == []
