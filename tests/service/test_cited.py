"""Sources on cards lead somewhere: to their own address, or to the page of the service that names them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.measures.catalogue import catalogue
from cdsrules.service.cited import Sources
from cdsrules.service.rules import Rules
from tests.service.calls import REFERRAL, ROOT, call, signing
from tests.service.conftest import Start

BASE = "https://cds.example"
DEMO = json.loads(Path(ROOT, "examples", "stalled.json").read_text(encoding="utf-8"))


def test_every_source_leads_to_its_place_on_the_page(start: Start, client: httpx.Client) -> None:
    base = start(base_url=BASE)
    page = client.get(f"{base}/sources")
    viewed = client.post(f"{base}/cds-services/stalled-therapy", json=call()).json()["cards"]
    signed = client.post(f"{base}/cds-services/before-signing", json=signing(REFERRAL)).json()["cards"]
    sources = [card["source"] for card in viewed + signed]

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert len({source["url"] for source in sources}) > 2
    for source in sources:
        assert source["url"].startswith(f"{BASE}/sources")
        place = urlsplit(source["url"]).fragment
        assert not place or f'<tr id="{place}">' in page.text


def test_every_source_of_every_rulebook_is_on_the_page(rules: Rules) -> None:
    library = rules.ready.answering.advisor.library
    page = Sources(library, BASE).page()

    assert library.rulebooks
    for book in library.rulebooks:
        for source in book.sources.values():
            assert f'<tr id="{book.id}-{source.id}">' in page
    assert "<script" not in page
    assert "href" not in page


def test_a_source_with_an_address_of_its_own_is_cited_by_that(rules: Rules) -> None:
    advisor = rules.ready.answering.advisor
    library = load_library(read_rule_files(), catalogue)
    books = tuple(
        replace(
            book, sources={name: replace(one, url=f"https://{name}.example/") for name, one in book.sources.items()}
        )
        for book in library.rulebooks
    )
    (first, *_) = advisor.evaluate(DEMO).steps
    cited = Sources(replace(library, rulebooks=books), BASE).of(first)

    assert cited["url"] == f"https://{first.rule.sources[0]}.example/"
