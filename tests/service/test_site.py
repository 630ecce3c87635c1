"""The site of a service: on the cards of what must not wait, loaded anew with the rules, refused when it is wrong."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.errors import SiteError
from cdsrules.service.rules import Rules
from tests.service.conftest import Start
from tests.service.test_answering import at_risk

SITE = """
name = "North Street"
tell = ["the *lead* on duty"]
[[crisis_lines]]
name = "Night line"
contact = "the number on the card"
[steps.risk_assessment]
protocol = "The form in the second drawer."
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    file = tmp_path / "site.toml"
    file.write_text(SITE, encoding="utf-8")
    return file


def details(base: str, client: httpx.Client) -> dict[str, str]:
    """What each card says at length, by how pressing it is."""
    cards = client.post(f"{base}/cds-services/stalled-therapy", json=at_risk()).json()["cards"]
    return {card["indicator"]: card["detail"] for card in reversed(cards)}


def test_the_cards_of_what_must_not_wait_hold_what_the_site_has(start: Start, client: httpx.Client, site: Path) -> None:
    said = details(start(Rules((), FhirSettings(), str(site))), client)

    assert "* Your protocol for this: The form in the second drawer.\n" in said["critical"]
    assert "* Crisis lines here: Night line, the number on the card.\n" in said["critical"]
    assert r"* Tell: the \*lead\* on duty." in said["critical"]
    assert all("Night line" not in detail for indicator, detail in said.items() if indicator != "critical")


def test_without_a_site_the_cards_say_that_there_is_none(start: Start, client: httpx.Client) -> None:
    assert "* No local crisis line is configured." in details(start(), client)["critical"]


def test_a_site_is_loaded_anew_and_a_wrong_one_is_refused(
    start: Start, client: httpx.Client, site: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rules = Rules((), FhirSettings(), str(site))
    base = start(rules)
    site.write_text(SITE.replace("Night line", "Day line"), encoding="utf-8")
    assert rules.reload()
    assert "Day line" in details(base, client)["critical"]

    site.write_text(SITE.replace("contact", "kontact"), encoding="utf-8")
    assert not rules.reload()
    assert "Day line" in details(base, client)["critical"]
    (refused,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert refused.message == "site refused"
    assert client.get(f"{base}/ready").json()["reload"] == (
        "The rules, or the site, on the disk were refused; those before them are in force. The log says why."
    )


def test_a_service_does_not_start_with_a_wrong_site(site: Path) -> None:
    site.write_text("name = ", encoding="utf-8")

    with pytest.raises(SiteError, match="CDS380"):
        Rules((), FhirSettings(), str(site))
