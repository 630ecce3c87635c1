"""Whatever a plugin does, it is named in the guidance, and nothing else is otherwise than without it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cdsrules import Advisor, Guidance
from cdsrules.model.client import Client
from cdsrules.plugins import Caution, hookimpl
from cdsrules.plugins.asking import Failure
from cdsrules.plugins.given import GivenFacts
from tests.client_documents import document, measure
from tests.plugins.installing import Install

AT_RISK = document(
    measures=[measure("phq-9", "2026-07-27", 12, risk_items={"9": 2})],
    proposed_actions=[{"action": "referral"}],
)
CAUTION = """
from cdsrules.model.source import Grade, Source

def caution(**changed):
    fields = {"action": "referral", "name": "full", "title": "No place is free", "clinician": "No place is free.",
              "why": "The list says so.", "source": Source("list", "The waiting list", Grade.LOCAL)}
    return Caution(**{**fields, **changed})

@hookimpl
def cdsrules_cautions(client, facts, proposed):
    yield """


@pytest.fixture(scope="module")
def alone() -> Guidance:
    with Advisor.load(plugins=[], engine="reference") as advisor:
        return advisor.evaluate(AT_RISK)


def told(
    alone: Guidance,
    *,
    plugins: list[object] | None = None,
    seconds: float | None = None,
    heard: list[Failure] | None = None,
) -> tuple[str, ...]:
    """What guidance says of plugins, when everything else is as it is without them; `heard` is what hosts hear."""
    with Advisor.load(plugins=plugins, engine="reference", plugin_seconds=seconds) as advisor:
        advisor.plugin_session.caller.listeners.append(([] if heard is None else heard).append)
        guidance = advisor.evaluate(AT_RISK)
    assert alone.safety
    assert guidance.notices[: len(alone.notices)] == alone.notices
    as_without = replace(
        guidance, notices=alone.notices, plugins=(), content_hash=guidance.rules_hash, rules_alone=None
    )
    assert as_without == alone
    assert as_without.to_dict() == alone.to_dict()
    return guidance.notices[len(alone.notices) :]


CAUTIONS = "@hookimpl\ndef cdsrules_cautions(client, facts, proposed):\n    "
FACTS = "@hookimpl\ndef cdsrules_facts_ready(client, facts):\n    "
READY = "@hookimpl\ndef cdsrules_guidance_ready(guidance):\n    "
UNUSABLE = "Plugin practice gave no answer that can be used."
NOT_INCLUDED = "Its cautions are not included."


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"{CAUTIONS}raise OSError(client.id)", f"Plugin practice failed. {NOT_INCLUDED} It raised OSError."),
        (f"{CAUTIONS}raise SystemExit", f"Plugin practice failed. {NOT_INCLUDED} It raised SystemExit."),
        (f"{CAUTIONS}raise GeneratorExit", f"Plugin practice failed. {NOT_INCLUDED} It raised GeneratorExit."),
        (f"{CAUTIONS}import asyncio; raise asyncio.CancelledError", "It raised CancelledError."),
        (f"{CAUTIONS}yield 1 / 0", f"Plugin practice failed. {NOT_INCLUDED} It raised ZeroDivisionError."),
        (f"{CAUTIONS}return 7", f"{UNUSABLE} {NOT_INCLUDED} It returned no list of cautions in cdsrules_cautions."),
        (f"{CAUTIONS}return 'no'", "returned no list of cautions"),
        (f"{CAUTIONS}return {{}}", "returned no list of cautions"),
        (f"{CAUTIONS}yield 'no'", "returned no list of cautions"),
        (f"{CAUTIONS}import itertools; return itertools.repeat('no')", "It gave more than 10,000 things at once."),
        (f"{CAUTIONS}client.scores = ()", f"Plugin practice tried to change what it was given. {NOT_INCLUDED}"),
        (f"{CAUTIONS}object.__setattr__(client, 'scores', ())", "Plugin practice changed what it was given"),
        (f"{CAUTIONS}proposed.clear()", "It raised AttributeError."),
        (f"{CAUTIONS}client.proposals['referral'] = None", "It raised TypeError."),
        (f"{CAUTIONS}facts.get('risk.acut')", "It raised UnknownName."),
        (f"{CAUTIONS}facts.get = None", "It raised AttributeError."),
        (
            f"{FACTS}raise KeyError(client.id)",
            "Plugin practice failed. It did not take note of these facts. It raised KeyError.",
        ),
        (f"{FACTS}return facts", "It returned something where nothing is asked for"),
        (f"{FACTS}object.__setattr__(client, 'risk', None)", "Plugin practice changed what it was given"),
        (f"{READY}guidance.safety = ()", "Plugin practice tried to change what it was given"),
        (f"{READY}object.__setattr__(guidance, 'safety', ())", "Plugin practice changed what it was given"),
        (f"{READY}guidance.safety.clear()", "It raised AttributeError."),
        (f"{READY}guidance.to_dict()['safety'].clear(); return 1", "It returned something where nothing is asked for."),
        (f"{READY}return guidance", "It returned something where nothing is asked for"),
    ],
)
def test_a_plugin_that_fails_in_an_evaluation_is_named(
    code: str, said: str, alone: Guidance, installed: Install
) -> None:
    installed("practice", code)
    heard: list[Failure] = []
    assert told(alone, heard=heard) == tuple(one.words for one in heard)
    (failure,) = heard
    assert said in failure.in_full
    assert "cdsrules_" not in failure.words
    assert "Error" not in failure.words


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("caution(action='discharge')", "it is against something that is not proposed"),
        ("caution(action=['referral'])", "it is against something that is not proposed"),
        ("caution(name='No Name')", "its `name` is to be small letters and figures, with hyphens between words"),
        ("caution(name=None)", "its `name` is to be small letters"),
        ("caution(name='x' * 61)", "with hyphens between words, of at most 60 characters"),
        ("caution(source='the list')", "its `source` is to be a Source"),
        ("caution(title=' ')", "its `title` is to be a text on one line, of at most 2000 characters"),
        ("caution(clinician='x' * 3000)", "its `clinician` is to be a text on one line"),
        ("caution(why='one\\ntwo')", "its `why` is to be a text on one line"),
        ("caution(why=7)", "its `why` is to be a text on one line"),
        ("caution(first_do='')", "its `first_do` is to be a text on one line"),
        ("caution(clinician='The client is at low risk.')", "its `clinician` says “low risk”."),
        ("caution(title='You must refer now')", "its `title` says “You must”."),
        ("caution(why='A non-compliant client.')", "its `why` says “non-compliant”."),
    ],
)
def test_a_caution_that_cannot_be_shown_is_left_out_and_said(
    given: str, said: str, alone: Guidance, installed: Install
) -> None:
    installed("practice", CAUTION + given)
    (sentence,) = told(alone)
    assert sentence.startswith("A caution of the plugin practice is left out: ")
    assert said in sentence


def test_one_caution_that_cannot_be_shown_leaves_the_others(installed: Install) -> None:
    installed("practice", f"{CAUTION}caution(why='')\n    yield caution()\n    yield caution()")
    with Advisor.load(engine="reference") as advisor:
        guidance = advisor.evaluate(AT_RISK)

    assert [item.rule.id for item in guidance.proposals[0].cautions if item.rule.id.startswith("practice")] == [
        "practice:full"
    ]
    assert [sentence.partition(": ")[2] for sentence in guidance.notices[-2:]] == [
        "its `why` is to be a text on one line, of at most 2000 characters.",
        "it says so twice.",
    ]


class Meddles:
    """Changes what it is given, and shows what the next plugin is given."""

    plugin_name = "meddles"

    @hookimpl
    def cdsrules_cautions(self, client: Client, facts: GivenFacts) -> list[Caution]:
        object.__setattr__(client, "id", "somebody else")
        object.__setattr__(facts, "_facts", None)
        return []


class Looks:
    plugin_name = "looks"

    def __init__(self) -> None:
        self.seen: list[object] = []

    @hookimpl
    def cdsrules_cautions(self, client: Client, facts: GivenFacts) -> None:
        self.seen += [client.id, facts.value("client.age") is not None]


def test_what_one_plugin_changes_the_next_does_not_see(alone: Guidance) -> None:
    looks = Looks()
    assert told(alone, plugins=[Meddles(), looks]) == (f"Plugin meddles changed what it was given. {NOT_INCLUDED}",)
    assert looks.seen == ["c-1", True]


class Hangs:
    """Does not answer before it is let go."""

    plugin_name = "hangs"

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.asked = 0

    @hookimpl
    def cdsrules_cautions(self) -> Iterator[Caution]:
        self.asked += 1
        self.let_go.wait()
        yield from ()


def test_a_plugin_that_hangs_is_named_and_not_asked_again_until_it_is_through(alone: Guidance) -> None:
    hangs, looks = Hangs(), Looks()
    late = "Plugin hangs did not answer within 0.05 seconds. Its cautions are not included."
    busy = "Plugin hangs is still busy with an earlier call. Its cautions are not included."
    with Advisor.load(plugins=[hangs, looks], engine="reference", plugin_seconds=0.05) as advisor:
        first, second = (advisor.evaluate(AT_RISK) for _ in range(2))
        hangs.let_go.set()
        advisor.plugin_session.caller.overdue["hangs"].join()
        third = advisor.evaluate(AT_RISK)

    assert [guidance.notices[-1:] for guidance in (first, second)] == [(late,), (busy,)]
    assert first.safety == second.safety == alone.safety
    assert third.notices == alone.notices
    assert hangs.asked == 2
    assert looks.seen == ["c-1", True] * 3


def test_a_limit_of_one_second_is_said_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "join", lambda _, __: None)
    hangs = Hangs()
    with Advisor.load(plugins=[hangs], engine="reference", plugin_seconds=1) as advisor:
        guidance = advisor.evaluate(AT_RISK)
    hangs.let_go.set()

    assert guidance.notices[-1].startswith("Plugin hangs did not answer within 1 second. ")


def test_ctrl_c_is_no_plugins(installed: Install) -> None:
    installed("practice", f"{CAUTIONS}raise KeyboardInterrupt")
    with Advisor.load(engine="reference") as advisor, pytest.raises(KeyboardInterrupt):
        advisor.evaluate(AT_RISK)


def test_a_plugin_in_time_is_as_good_as_one_without_a_limit(alone: Guidance, installed: Install) -> None:
    installed("practice", f"{CAUTIONS}raise LookupError")
    assert told(alone, seconds=60) == (f"Plugin practice failed. {NOT_INCLUDED}",)
