"""Whatever plugins answer, for whatever client: nothing on safety goes or changes, and no answer gets milder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules import Advisor, Guidance, Verdict
from cdsrules.inference.engine import EngineName
from cdsrules.model.client import Client
from cdsrules.model.guidance import ProposalAnswer
from cdsrules.model.records import Proposal
from cdsrules.model.source import Grade, Source
from cdsrules.plugins import Caution, hookimpl, measure
from cdsrules.plugins.given import GivenFacts
from tests.client_documents import Document, client_documents
from tests.rules.shipped import library

LIST = Source("list", "The list", Grade.LOCAL)
STRICTER = (
    Verdict.NOT_COVERED,
    Verdict.NOTHING_AGAINST,
    Verdict.CHECK_FIRST,
    Verdict.FIRST_DO,
    Verdict.RECONSIDER,
)


class Anything:
    """Does in every hook what it is told to."""

    plugin_name = "anything"

    def __init__(self) -> None:
        self.cautions: Callable[[Mapping[str, Proposal]], object] = lambda proposed: None
        self.meddle: Callable[[object], object] = lambda given: None
        self.value: object = 3

    @hookimpl
    def cdsrules_measures(self) -> object:
        said = {"words": "it", "meaning": "It.", "ask": "it"}
        yield measure("anything.it", "number", lambda client, day: self.value, **said)  # type: ignore[arg-type, return-value]

    @hookimpl
    def cdsrules_facts_ready(self, client: Client, facts: GivenFacts) -> object:
        return self.meddle(client)

    @hookimpl
    def cdsrules_cautions(self, client: Client, facts: GivenFacts, proposed: Mapping[str, Proposal]) -> object:
        facts.value("anything.it")
        self.meddle(client)
        return self.cautions(proposed)

    @hookimpl
    def cdsrules_guidance_ready(self, guidance: Guidance) -> object:
        return self.meddle(guidance)


PLUGIN = Anything()


@cache
def advisors(engine: EngineName) -> tuple[Advisor, Advisor]:
    """One without the plugin, and one with it; both engines have to agree."""
    alone = Advisor.load(plugins=[], engine=engine, on_disagreement="raise")
    return alone, Advisor.load(plugins=[PLUGIN], engine=engine, on_disagreement="raise")


def against(name: str, first_do: str | None, text: str) -> Callable[[Mapping[str, Proposal]], object]:
    return lambda proposed: [Caution(one, name, text, text, text, LIST, first_do) for one in proposed]


def raising(given: object) -> object:
    raise LookupError(given)


def emptied(given: object) -> None:
    for name in ("safety", "proposals", "risk", "scores", "notices", "actions"):
        if hasattr(given, name):
            object.__setattr__(given, name, ())


TEXTS = st.sampled_from(["A word.", "The client is at low risk.", "", "You must stop.", "Nothing to do.\n"])
CAUTIONS: st.SearchStrategy[Callable[[Mapping[str, Proposal]], object]] = st.one_of(
    st.builds(against, st.sampled_from(["full", "No", "late"]), st.none() | TEXTS, TEXTS),
    st.sampled_from(
        [raising, lambda _: None, lambda _: 7, lambda _: [None], lambda proposed: proposed, lambda _: "no"]
    ),
)
MEDDLING: st.SearchStrategy[Callable[[object], object]] = st.sampled_from(
    [raising, emptied, lambda _: None, lambda given: given, lambda given: setattr(given, "safety", ())]
)
VALUES = st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=3), st.booleans())


@pytest.mark.parametrize("engine", ["durable", "reference"])
@settings(max_examples=40)
@given(document=client_documents(library().vocabulary), cautions=CAUTIONS, meddle=MEDDLING, value=VALUES)
def test_no_plugin_removes_or_changes_what_is_there(
    engine: EngineName,
    document: Document,
    cautions: Callable[[Mapping[str, Proposal]], object],
    meddle: Callable[[object], object],
    value: object,
) -> None:
    alone, together = advisors(engine)
    PLUGIN.cautions, PLUGIN.meddle, PLUGIN.value = cautions, meddle, value

    before, after = alone.evaluate(document), together.evaluate(document)

    assert after.notices[: len(before.notices)] == before.notices
    assert [item.id for item in after.safety] == [item.id for item in before.safety]
    assert [item.text for item in after.safety] == [item.text for item in before.safety]
    assert after.risk_line == before.risk_line
    unchanged = replace(
        after, proposals=before.proposals, notices=before.notices, plugins=(), content_hash=after.rules_hash
    )
    assert replace(unchanged, rules_alone=None) == before
    assert len(after.proposals) == len(before.proposals)
    for then, now in zip(before.proposals, after.proposals, strict=True):
        assert is_as_strict(then, now)


def is_as_strict(then: ProposalAnswer, now: ProposalAnswer) -> bool:
    """Whether an answer has everything that it had, and is not milder."""
    assert now.cautions[: len(then.cautions)] == then.cautions
    assert (now.open, now.supported_by, now.to_check) == (then.open, then.supported_by, then.to_check)
    assert set(then.first_do) <= set(now.first_do)
    assert {item.rule.rulebook for item in now.cautions[len(then.cautions) :]} <= {"plugin:anything"}
    if then.verdict is Verdict.RECONSIDER:
        assert now.words == then.words
    return STRICTER.index(now.verdict) >= STRICTER.index(then.verdict)
