"""Every command of the page on records runs, in its order, and answers what the page shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from cryptography.fernet import Fernet

from cdsrules.service.settings import read_settings
from tests.shown import CHECKOUT, follow

PAGE = CHECKOUT / "docs" / "records.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_command_answers_what_the_page_shows(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "examples", tmp_path / "examples")
    follow(TEXT, tmp_path)


def test_the_settings_it_shows_can_be_read() -> None:
    shown = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    key = Fernet.generate_key().decode()  # the page has no key that somebody could take over
    bands, records = (read_settings(text.replace('["..."]', f'["{key}"]'), {}) for text in shown)

    assert set(bands.expected) == {"reassess", "consult-colleague"}
    assert str(records.retention) == "10 years"


def test_links_of_the_page_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert [target for target in targets if not (PAGE.parent / target).exists()] == []
