"""The report as text, JSON and page: what was lost of safety first, everything counted."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import jsonschema
import pytest

from cdsrules.documents.impact_page import impact_page
from cdsrules.impact.comparing import Comparison, Given
from cdsrules.impact.imagined import NotFound, Specimen, imagine
from cdsrules.impact.report_document import impact_document
from cdsrules.impact.report_text import impact_lines
from cdsrules.impact.result import Impact
from cdsrules.loading.files import read_schemas
from cdsrules.rendering.text import joined
from tests.impact import made
from tests.impact.made import AT_RISK, SHIPPED, STALLED, edited, impact_of, without

ALARM = next(item.rule.id for item in Comparison(SHIPPED, SHIPPED).advisors[0].evaluate(AT_RISK).safety)
AFTER = edited("consult-colleague", without(ALARM), title="<b>Another</b> title")


@pytest.fixture(scope="module")
def impact() -> Impact:
    clients = (
        made.given(STALLED),
        made.given(AT_RISK, "risk.json"),
        made.given(STALLED, "elsewhere.jsonl, line 3", as_of="2026-02-01"),
        Given("broken.json", b"{"),
    )
    found = impact_of(SHIPPED, AFTER, *clients)
    imagined = imagine(Comparison(SHIPPED, AFTER), [Specimen("a client of the caseload", STALLED)], ())
    return replace(found, imagined=imagined)


def text(impact: Impact) -> str:
    return joined(impact_lines(impact, width=100))


def test_a_lost_safety_item_heads_the_report(impact: Impact) -> None:
    lines = [line for line in text(impact).splitlines() if line]
    assert lines[0] == "Impact of going from before to after"
    assert lines[1] == "A safety item was lost, for 1 client of 3."
    assert "risk.json" in lines[2]


def test_without_one_it_begins_with_the_count() -> None:
    lines = text(impact_of(SHIPPED, SHIPPED, made.given(STALLED))).splitlines()
    assert lines[2] == "1 client compared: 0 with other guidance, 1 with the same."
    assert "The rules are the same on both sides." in "\n".join(lines)


def test_every_part_is_there(impact: Impact) -> None:
    headings = re.findall(r"^[A-Z][A-Z ,0-9]+$", text(impact), re.MULTILINE)
    assert headings == [
        "WHAT CHANGES",
        "WHY",
        "HOW MUCH IS SAID, FOR 100 SESSIONS",
        "TYPICAL CLIENTS",
        "THE SMALLEST IMAGINED CLIENT WHOSE GUIDANCE CHANGES",
        "CLIENTS WITH OTHER GUIDANCE",
        "NOT COMPARED",
    ]


def test_the_document_keeps_to_its_schema_and_counts_everything(impact: Impact) -> None:
    (schema,) = read_schemas(["impact"]).values()
    document = json.loads(json.dumps(impact_document(impact)))
    jsonschema.validate(document, dict(schema))
    assert document["counted"] == {
        "compared": 3,
        "changed": len(impact.touched),
        "same": 3 - len(impact.touched),
        "not_compared": 1,
    }
    assert [one["name"] for one in document["safety_lost"]] == ["risk.json"]
    assert len(document["clients"]) == len(impact.touched)
    assert document["imagined"]["document"]["client"]["id"] == "imagined"


def test_so_does_one_in_which_nobody_was_found() -> None:
    (schema,) = read_schemas(["impact"]).values()
    document = json.loads(json.dumps(impact_document(impact_of(SHIPPED, SHIPPED, made.given(STALLED)))))
    jsonschema.validate(document, dict(schema))
    assert document["imagined"] == {"found": False, "tried": 0, "said": "None can be: the rules are the same."}


def test_the_page_says_the_same_and_escapes_what_others_wrote(impact: Impact) -> None:
    page = impact_page(impact, "1.0")
    assert 'role="alert"' in page
    assert page.index("A safety item was lost") < page.index("What changes")
    assert "&lt;b&gt;Another&lt;/b&gt; title" in page
    assert "<b>" not in page
    assert "<script" not in page
    for name in ("c.json", "risk.json", "broken.json"):
        assert name in page


def test_a_page_without_anything_to_tell() -> None:
    page = impact_page(impact_of(SHIPPED, SHIPPED, made.given(STALLED)), "1.0")
    assert "Every client that was compared is told the same." in page
    assert 'role="alert"' not in page


def test_how_far_was_searched_is_said() -> None:
    assert "None found among 7 clients tried" in text(
        replace(impact_of(SHIPPED, without("stalled"), made.given(AT_RISK)), imagined=NotFound(7))
    )
