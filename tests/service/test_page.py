"""The page on the service says what there is: every setting with its default, every event of the log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from cdsrules.service.settings import ServiceSettings

ROOT = Path(__file__).parents[2]
PAGE = Path(ROOT, "docs", "service.md").read_text(encoding="utf-8")


def shown(value: object) -> str:
    """A default as the page writes it; nothing where nothing is set."""
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None or isinstance(value, tuple | Mapping) or value == "" else str(value)


def test_every_setting_is_there_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) ?\| (.+) \|$", PAGE, re.MULTILINE)
    defaults = ServiceSettings()

    assert [name for name, _, _ in rows] == [one.name for one in fields(ServiceSettings)]
    for name, default, said in rows:
        assert said
        assert name == "fhir" or default == shown(getattr(defaults, name)), name


def test_every_event_of_the_log_is_there_and_no_other() -> None:
    texts = [file.read_text(encoding="utf-8") for file in Path(ROOT, "src/cdsrules/service").glob("*.py")]
    logged = {event for text in texts for event in re.findall(r'LOG\.\w+\(\s*"([^"]+)"', text)}
    table = PAGE.partition("| event |")[2]

    assert set(re.findall(r"^\| ([a-z ]+) \|", table, re.MULTILINE)) == logged
