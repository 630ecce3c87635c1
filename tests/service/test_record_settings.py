"""What a site sets about its records: how long they are kept, and how often rules are expected to speak."""

from __future__ import annotations

import pytest

from cdsrules.adapters.fhir import SettingsError
from cdsrules.model.time import Duration
from cdsrules.records.bands import Band
from cdsrules.service.settings import read_settings


def test_they_stand_in_the_file_or_retention_in_the_environment() -> None:
    bands = "reassess = {at_least = 2, at_most = 30}\nconsult-colleague = {at_least = 1}\n"
    text = f'retention = "10 years"\n[expected]\n{bands}'
    settings = read_settings(text, {})

    assert settings.retention == Duration(10, "years")
    assert settings.expected == {"reassess": Band(2, 30), "consult-colleague": Band(1, 100)}
    assert read_settings(text, {"CDSRULES_RETENTION": "400 days"}).retention == Duration(400, "days")
    assert (read_settings("", {}).retention, dict(read_settings("", {}).expected)) == (None, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('retention = "for ever"', "settings:1: retention: write a length of time, such as 10 years"),
        ('retention = "3 sessions"', "settings:1: retention: write a length of time"),
        ("retention = 10", "settings:1: retention: write a length of time"),
        ("[expected]\nreassess = 3", "settings:1: expected: write reassess = {at_least = 2, at_most = 30}"),
        ("expected = 3", "settings:1: expected: write a table [expected]"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(text, {})
    assert said in str(refused.value)
