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
        ("expected = 3", "settings:1:1: CDS025 `expected` has to be a table, but here stands the number 3. Write "),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(text, {})
    assert said in str(refused.value)


EXAMPLE = "Write it like `reassess = {at_least = 2, at_most = 30}`."


@pytest.mark.parametrize(
    ("band", "said"),
    [
        ("{at_least = 20, at_most = 2}", f"`at_least` 20, which is above `at_most` 2. {EXAMPLE}"),
        ("{}", f"CDS031 The band of `reassess` is empty. {EXAMPLE}"),
        ("3", "CDS025 The band of `reassess` has to be a table with `at_least`, `at_most` or both, but here stands "),
        ("{at_least = true}", "CDS025 `at_least` has to be a number, but here stands `true`."),
        ("{least = 3}", "CDS024 `least` is not a key of the band of `reassess`. Did you mean `at_least`?"),
        ("{at_most = 101}", "CDS033 `at_most` of the band of `reassess` is 101; it is a number from 0 to 100, of a "),
        ("{at_least = -1}", "CDS033 `at_least` of the band of `reassess` is -1; it is a number from 0 to 100, of a "),
        ("{at_least = nan}", "CDS033 `at_least` of the band of `reassess` is nan; it is a number from 0 to 100, of a "),
    ],
)
def test_a_band_that_is_none_is_told_by_its_line_its_rule_and_what_is_wrong(band: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(f"[expected]\nconsult-colleague = {{at_least = 1}}\nreassess = {band}", {}, "service.toml")
    (line,) = str(refused.value).splitlines()
    assert line.startswith("service.toml:3:1: ")
    assert said in line


def test_a_band_may_have_one_end() -> None:
    text = "[expected]\nreassess = {at_least = 2}\nconsult-colleague = {at_most = 30}"

    assert read_settings(text, {}).expected == {"reassess": Band(2, 100), "consult-colleague": Band(0, 30)}
