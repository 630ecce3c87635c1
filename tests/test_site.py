"""What a site has for when something must not wait: shown beside it in every medium, and changing nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules import Advisor, SiteError
from cdsrules.adapters.fhir import guidance_to_fhir
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import load_library
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.guidance import Guidance
from cdsrules.model.site import NO_LINE, AtStep, CrisisLine, Site
from cdsrules.rendering import html, text
from tests.client_documents import client_documents, document, measure

SITE = Site(
    name="North Street <b>",
    jurisdiction="England",
    crisis_lines=(CrisisLine("Night line", "the number on the card at the desk", "day and night"),),
    protocol="Page 3 of the crisis folder",
    tell=("the lead on duty", "the practice manager"),
    steps={
        "risk_assessment": AtStep("The form <script>alert(1)</script> in the second drawer.", ("the supervisor",)),
        "local_duty": AtStep(tell=("the lead for safeguarding",)),
    },
)
WORDS = (
    "Crisis lines here (England): Night line, the number on the card at the desk (day and night).",
    "Your protocol: Page 3 of the crisis folder.",
    "Tell: the lead on duty; the practice manager.",
)
AT_RISK = document(measures=[measure("phq-9", "2026-07-27", 12, risk_items={"9": 2})])
CALM = document(measures=[measure("phq-9", "2026-07-27", 12, risk_items={"9": 0})])
ADDED = {"local", "site"}


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(plugins=[], engine="reference") as loaded:
        yield loaded


@pytest.fixture(scope="module")
def at_risk(advisor: Advisor) -> Guidance:
    return advisor.evaluate(AT_RISK, site=SITE)


def without_site(guidance: Guidance) -> object:
    """The guidance as JSON without what a site adds."""

    def bare(value: object) -> object:
        if isinstance(value, Mapping):
            return {key: bare(one) for key, one in value.items() if key not in ADDED}
        return [bare(one) for one in value] if isinstance(value, list) else value

    return bare(guidance.to_dict())


def test_beside_what_must_not_wait_stands_what_the_site_has(at_risk: Guidance) -> None:
    (assess,) = (item for item in at_risk.safety if item.action == "risk_assessment")

    assert at_risk.local == WORDS
    assert at_risk.local_for(assess) == (
        "Your protocol for this: The form <script>alert(1)</script> in the second drawer.",
        "Tell about this: the supervisor.",
    )
    assert all(not at_risk.local_for(item) for item in at_risk.safety if item.action != "risk_assessment")


def test_where_no_site_is_configured_that_is_said_and_only_then(advisor: Advisor) -> None:
    assert advisor.evaluate(AT_RISK).local == (NO_LINE,)
    assert advisor.evaluate(CALM).local == ()
    assert advisor.evaluate(CALM, site=SITE).local == ()


def test_a_site_without_a_crisis_line_says_so(advisor: Advisor) -> None:
    assert advisor.evaluate(AT_RISK, site=Site("Ward", tell=("the lead",))).local == (NO_LINE, "Tell: the lead.")


def test_the_site_of_a_call_comes_before_that_of_the_advisor() -> None:
    with Advisor.load(plugins=[], engine="reference", site=SITE) as loaded:
        elsewhere = Site("Elsewhere", tell=("the nurse in charge",))

        assert loaded.evaluate(AT_RISK).site == SITE
        assert loaded.evaluate(AT_RISK, site=elsewhere).site == elsewhere


def test_an_advisor_reads_the_file_of_its_site(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('name = "Ward"\ntell = ["the nurse in charge"]\n')
    with Advisor.load(plugins=[], engine="reference", site=file) as loaded:
        assert loaded.evaluate(AT_RISK).local == (NO_LINE, "Tell: the nurse in charge.")

    file.write_text('name = "Ward"\ntel = ["the nurse in charge"]\n')
    with pytest.raises(SiteError, match=r"site\.toml:2:1: CDS024 `tel` is not a key of a site\. Did you mean `tell`"):
        Advisor.load(plugins=[], engine="reference", site=file)


TEXTS = st.text(min_size=1, max_size=20).filter(str.strip)
SITES = st.builds(
    Site,
    name=TEXTS,
    jurisdiction=st.none() | TEXTS,
    crisis_lines=st.lists(st.builds(CrisisLine, TEXTS, TEXTS, st.none() | TEXTS), max_size=2).map(tuple),
    protocol=st.none() | TEXTS,
    tell=st.lists(TEXTS, max_size=2).map(tuple),
    steps=st.dictionaries(
        st.sampled_from(["risk_assessment", "local_duty", "reach_out", "pause"]),
        st.builds(AtStep, st.none() | TEXTS, st.lists(TEXTS, max_size=2).map(tuple)),
        max_size=2,
    ),
)


@given(SITES, client_documents(load_library(read_rule_files(), catalogue).vocabulary) | st.just(AT_RISK))
def test_a_site_adds_and_changes_nothing(advisor: Advisor, site: Site, client: dict[str, object]) -> None:
    """Whatever a site says, every item, word and id of the rules stands as it stood."""
    plain, local = advisor.evaluate(client), advisor.evaluate(client, site=site)

    assert without_site(local) == without_site(plain)
    assert [item.id for item in local.safety] == [item.id for item in plain.safety]
    assert bool(local.local) == bool(plain.safety)


def test_guidance_with_a_site_keeps_to_its_schema(at_risk: Guidance) -> None:
    schema = json.loads((shipped_schemas() / "guidance.schema.json").read_text(encoding="utf-8"))
    held = json.loads(json.dumps(at_risk.to_dict()))

    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(held)] == []
    assert tuple(held["local"]) == WORDS
    assert held["site"]["crisis_lines"] == [
        {"name": "Night line", "contact": "the number on the card at the desk", "hours": "day and night"}
    ]


def test_text_shows_it_between_what_must_not_wait_and_the_rest(at_risk: Guidance) -> None:
    shown = " ".join(text.render(at_risk, width=400).split())

    places = [shown.index(one) for one in ("THIS MUST NOT WAIT", "The form <script>", *WORDS, "WHAT WE SEE")]
    assert places == sorted(places)
    assert "site North Street <b>" in shown


def test_a_page_shows_it_and_nothing_in_it_is_markup(at_risk: Guidance) -> None:
    page = html.render(at_risk)

    assert all(words in page for words in WORDS)
    assert "<script" not in page
    assert "North Street &lt;b&gt;" in page


def test_what_several_items_on_one_step_share_is_said_once(advisor: Advisor) -> None:
    flags = [{"kind": "ideation", "date": "2026-08-01"}, {"kind": "plan", "date": "2026-08-01"}]
    several = advisor.evaluate({**AT_RISK, "risk": {"flags": flags}}, site=SITE)

    assert sum(item.action == "risk_assessment" for item in several.safety) > 1
    assert text.render(several, width=400).count("Tell about this: the supervisor.") == 1


def test_fhir_carries_it(at_risk: Guidance) -> None:
    response, *_ = guidance_to_fhir(at_risk, patient="Patient/1")
    notes = json.dumps(response["note"])

    assert all(words in notes for words in (*WORDS, "Tell about this: the supervisor."))
