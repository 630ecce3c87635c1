"""The page behind a card's link: there for who has the link, for as long as it is said, and nowhere else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from cdsrules.adapters.fhir import FhirSettings
from cdsrules.service.rules import Rules
from cdsrules.service.settings import ServiceSettings
from cdsrules.service.web import Service
from tests.adapters.fhir.records import Resource, coded
from tests.service.calls import NOON, call, prefetch, search, write_rules
from tests.service.conftest import Shared, Start, listening

VIEW = "/cds-services/stalled-therapy"
BASE = "https://cds.example"


def cards_of(client: httpx.Client, base: str) -> list[dict[str, Any]]:
    cards: list[dict[str, Any]] = client.post(f"{base}{VIEW}", json=call()).json()["cards"]
    return cards


def page(client: httpx.Client, base: str, link: str) -> httpx.Response:
    return client.get(f"{base}{urlsplit(link).path}")


class Words(HTMLParser):
    """Notes what a page says to who reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def visible(shown: str) -> str:
    parser = Words()
    parser.feed(shown)
    return " ".join("".join(parser.found).split())


class Fetches(HTMLParser):
    """Notes what a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag in ("script", "link", "iframe", "img", "object", "form") else []
        self.found += [name for name, _ in attrs if name in ("src", "href") or name.startswith("on")]


def test_every_card_links_to_one_page_with_everything_behind_it(start: Start, client: httpx.Client) -> None:
    base = start(base_url=BASE)
    cards = cards_of(client, base)
    links = [link for card in cards for link in card["links"]]

    assert len(links) == len(cards) > 1
    assert len({link["url"] for link in links}) == 1
    for link in links:
        assert set(link) == {"label", "url", "type"}
        assert link["type"] == "absolute"
        assert re.fullmatch(rf"{BASE}/explanations/[\w-]{{32}}", link["url"])
    answer = page(client, base, links[0]["url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Client 4711" in answer.text
    for card in cards[:-1]:
        assert card["summary"].partition(":")[0] in answer.text
    assert "Would change if" in answer.text


def test_the_page_stands_by_itself_and_is_kept_by_nobody(start: Start, client: httpx.Client) -> None:
    base = start()
    answer = page(client, base, cards_of(client, base)[0]["links"][0]["url"])
    parser = Fetches()
    parser.feed(answer.text)

    assert parser.found == []
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_what_was_not_understood_stands_on_the_page_in_the_words_of_the_cards(
    start: Start, client: httpx.Client
) -> None:
    words = "<script>alert(1)</script> & \u202ekcatta"
    flag: Resource = {"resourceType": "Flag", "id": "f<b>", "status": "active", "code": {"text": words}}
    odd: Resource = {"resourceType": "Immunization", "id": "i"}
    base = start()
    document = call(prefetch=prefetch() | {"flags": search(flag, odd)})
    cards = client.post(f"{base}{VIEW}", json=document).json()["cards"]
    shown = page(client, base, cards[0]["links"][0]["url"]).text
    said = visible(shown)

    assert cards[0]["indicator"] == "warning"
    for words in (
        "Look in the record at the flag “<script>alert(1)</script> & kcatta”: it is not understood here",
        " (active; without a code; Flag/f<b>).",
        "Immunization: this type of resource is not read.",
        "Not sent: risk assessments, answered questionnaires, ",
    ):
        assert said.count(words) == 1
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert said.index("Look at this in the record") < said.index("What we see") < said.index("Please note")


def test_what_is_alike_is_one_line_on_the_page_and_each_is_told_behind_it(start: Start, client: httpx.Client) -> None:
    many: list[Resource] = [
        {"resourceType": "Condition", "id": f"o{number}", "code": coded("https://clinic.example", str(number))}
        for number in range(40)
    ]
    base = start()
    document = call(prefetch=prefetch() | {"conditions": search(*many)})
    cards = client.post(f"{base}{VIEW}", json=document).json()["cards"]
    said = visible(page(client, base, cards[0]["links"][0]["url"]).text)

    gathered = said.index("Condition/o0 and 39 more: it is no presenting problem that is known here.")
    assert said.index("Please note") < gathered
    assert gathered < said.index("Condition/o7: it is no presenting problem that is known here")
    assert said.count("Condition/o7:") == 1


def test_a_page_of_which_everything_was_understood_has_nothing_to_look_at(start: Start, client: httpx.Client) -> None:
    base = start()
    shown = visible(page(client, base, cards_of(client, base)[0]["links"][0]["url"]).text)

    assert "Look at this in the record" not in shown


def test_a_page_says_of_what_was_shown_before_what_its_cards_say(
    start: Start, client: httpx.Client, database: str
) -> None:
    """The page of the very first card is opened when that card is on record already."""
    base = start(records=database)
    calls = [cards_of(client, base) for _ in range(2)]
    pages = [visible(page(client, base, cards[0]["links"][0]["url"]).text) for cards in calls]

    assert ["Shown since" in str(cards) for cards in calls] == [False, True]
    assert ["Shown since" in shown for shown in pages] == [False, True]


def test_each_call_has_a_link_of_its_own_that_tells_nothing(start: Start, client: httpx.Client) -> None:
    base = start()
    first, again = (cards_of(client, base)[0]["links"][0]["url"] for _ in range(2))

    assert first != again
    assert "4711" not in first + again


def test_a_link_runs_out(start: Start, client: httpx.Client) -> None:
    now = [NOON]
    base = start(clock=lambda: now[0], explanation_seconds=60.0)
    link = cards_of(client, base)[0]["links"][0]["url"]
    now[0] += 59
    assert page(client, base, link).status_code == 200
    now[0] += 1
    refused = page(client, base, link)
    assert refused.status_code == 404
    assert_page_says(refused, "This page is not there, or not any more. Open the client again in your software.")


def assert_page_says(answer: httpx.Response, sentence: str) -> None:
    """Whoever opens an old link is a person: what they get is a page that asks nothing of other servers."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("<!doctype html>")
    assert f"<p>{sentence}</p>" in answer.text
    assert "<script" not in answer.text


def test_a_link_that_was_guessed_is_not_there(start: Start, client: httpx.Client) -> None:
    base = start()
    link = cards_of(client, base)[0]["links"][0]["url"]
    wrong = link[:-1] + ("A" if link[-1] != "A" else "B")

    for guessed in (
        wrong,
        link[:-1],
        link + "/",
        link.upper(),
        f"{BASE}/explanations/%00",
        f"{BASE}/explanations/' OR 1",
    ):
        answer = page(client, base, guessed)
        assert answer.status_code == 404
        if "/explanations/" in guessed:
            assert_page_says(answer, "This page is not there, or not any more. Open the client again in your software.")


def test_where_no_pages_are_wanted_there_are_no_links(start: Start, client: httpx.Client) -> None:
    assert not any("links" in card for card in cards_of(client, start(explanation_seconds=0.0)))


def test_rules_that_changed_since_do_not_explain_what_others_said(
    start: Start, client: httpx.Client, tmp_path: Path
) -> None:
    write_rules(tmp_path, months=6)
    rules = Rules((str(tmp_path),), FhirSettings())
    base = start(rules)
    link = cards_of(client, base)[0]["links"][0]["url"]
    write_rules(tmp_path, months=7)
    assert rules.reload()

    answer = page(client, base, link)
    assert answer.status_code == 410
    assert_page_says(answer, "The rules were changed since. Open the client again in your software.")


def test_neither_link_nor_client_stands_in_the_log(
    rules: Rules, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(ServiceSettings(), Shared(rules), clock=lambda: NOON)
    with caplog.at_level("INFO", "cdsrules.service"), listening(service) as base:
        link = cards_of(client, base)[0]["links"][0]["url"]
        page(client, base, link)
    said = [getattr(record, "said", {}) for record in caplog.records if record.message == "request"]

    assert [one["route"] for one in said] == ["/cds-services/{service}", "/explanations/{secret}"]
    assert link.rpartition("/")[2] not in caplog.text + repr(said)
    assert "4711" not in caplog.text + repr(said)


def test_what_is_kept_for_a_link_cannot_be_read_without_it(start: Start, client: httpx.Client, tmp_path: Path) -> None:
    base = start(state=str(tmp_path / "state"))
    link = cards_of(client, base)[0]["links"][0]["url"]
    written = b"".join(one.read_bytes() for one in tmp_path.iterdir())

    assert page(client, base, link).status_code == 200
    for readable in (b"4711", b"phq-9", b"sessions", link.rpartition("/")[2].encode()):
        assert readable not in written
