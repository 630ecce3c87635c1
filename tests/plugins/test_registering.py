"""A plugin that does not fit is refused when it is registered, with plugin, hook and argument; which ones take part."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cdsrules import Advisor, PluginMisfit, UnknownName
from cdsrules.cli.offered import cdsrules_commands
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.client import Client
from cdsrules.model.guidance import Guidance
from cdsrules.plugins import hookimpl, own
from cdsrules.plugins.given import GivenFacts
from cdsrules.plugins.registering import HOOKS, Register
from cdsrules.plugins.session import start_plugins
from tests.client_documents import document
from tests.plugins.installing import Install


class Misspelt:
    plugin_name = "practice"

    @hookimpl
    def cdsrules_cautions(self, client: Client, facts: GivenFacts, propsed: object) -> None:
        """Spell an argument wrongly."""


class Foreign:
    plugin_name = "practice"

    @hookimpl
    def cdsrules_store(self, address: str) -> None:
        """Ask for what no hook has."""


class Everything:
    plugin_name = "practice"

    @hookimpl
    def cdsrules_guidance_ready(self, *everything: object) -> None:
        """Take whatever comes."""


class Named:
    plugin_name = "practice"

    @hookimpl
    def cdsrules_guidance_ready(self, **everything: object) -> None:
        """Take whatever comes."""


class ByPlace:
    plugin_name = "practice"

    @hookimpl
    def cdsrules_guidance_ready(self, guidance: Guidance, /) -> None:
        """Take it by its place."""


class Waits:
    plugin_name = "practice"

    @hookimpl
    async def cdsrules_guidance_ready(self, guidance: Guidance) -> None:
        """Wait for nobody."""


class WaitsAndYields:
    plugin_name = "practice"

    @hookimpl
    async def cdsrules_rulebooks(self) -> AsyncIterator[str]:
        yield "somewhere"


class Nearly:
    plugin_name = "practice"

    @hookimpl
    def cdsrules_caution(self, client: Client) -> None:
        """Leave out a letter."""


@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        (
            Misspelt(),
            (
                "its hook cdsrules_cautions asks for an argument propsed that is not one of the hook, "
                "which has client, facts and proposed; did you mean proposed"
            ),
        ),
        (Foreign(), "its hook cdsrules_store asks for an argument address that is not one of the hook, which has none"),
        (Everything(), "its hook cdsrules_guidance_ready takes *everything by place or all at once; name those"),
        (Named(), "its hook cdsrules_guidance_ready takes **everything by place or all at once"),
        (ByPlace(), "its hook cdsrules_guidance_ready takes guidance by place or all at once"),
        (Waits(), "its hook cdsrules_guidance_ready is asynchronous, and hooks are called without waiting"),
        (WaitsAndYields(), "its hook cdsrules_rulebooks is asynchronous"),
        (Nearly(), "there is no hook cdsrules_caution; did you mean cdsrules_cautions"),
        (Misspelt, "it is a class; name an object that was made of it"),
    ],
)
def test_what_does_not_fit_is_refused_with_plugin_hook_and_argument(plugin: object, said: str) -> None:
    with pytest.raises(PluginMisfit) as refused:
        start_plugins([plugin])
    assert str(refused.value).startswith(f"Plugin practice does not fit: {said}")


class Sparing:
    """Asks for less than there is, in another order, and one thing more that it has itself."""

    plugin_name = "sparing"
    plugin_version = "7"

    @hookimpl
    def cdsrules_cautions(self, facts: GivenFacts, client: Client, times: int = 2) -> None:
        assert (client.id, facts.value("client.id") if times == 0 else times) == ("c-1", 2)


def test_a_plugin_takes_those_arguments_that_it_needs() -> None:
    with Advisor.load(plugins=[Sparing()], engine="reference") as advisor:
        guidance = advisor.evaluate(document(proposed_actions=[{"action": "referral"}]))

    assert guidance.notices == ()
    assert guidance.plugins == (("sparing", "7"),)


def test_two_plugins_of_one_name_are_one_too_many() -> None:
    with pytest.raises(PluginMisfit, match="Plugin sparing does not fit: another plugin has this name"):
        start_plugins([Sparing(), Sparing()])


@pytest.mark.parametrize("name", ["", " ", "\x1b[31mred", "one\ntwo", "x" * 61])
def test_a_name_or_version_that_cannot_be_printed_is_refused_and_not_repeated(name: str) -> None:
    for what, fields in (("name", {"plugin_name": name}), ("version", {"plugin_version": name})):
        plugin = type("Practice", (Sparing,), fields)()
        with pytest.raises(PluginMisfit) as refused:
            start_plugins([plugin])
        assert str(refused.value) == (
            f"A plugin does not fit: its {what} is to be a text on one line, of at most 60 characters."
        )


class First:
    plugin_name = "first"

    @hookimpl(trylast=True)
    def cdsrules_rulebooks(self) -> list[str]:
        return ["1"]


class Second:
    plugin_name = "second"

    @hookimpl
    def cdsrules_rulebooks(self) -> list[str]:
        return ["2"]


class Third:
    plugin_name = "third"

    @hookimpl(tryfirst=True)
    def cdsrules_rulebooks(self) -> list[str]:
        return ["3"]


def test_plugins_are_asked_as_they_were_registered_but_who_wants_to_be_first_or_last() -> None:
    session = start_plugins([First(), Second(), Third()])
    assert [str(folder) for folder in session.rulebooks()[0]] == ["3", "2", "1"]


HEARS = "@hookimpl\ndef cdsrules_guidance_ready(guidance):\n    pass\n"


def test_the_environment_chooses_among_those_that_are_installed(
    installed: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("practice", "audit", "waiting"):
        installed(name, HEARS, "1.1")

    def started(chosen: str) -> list[str]:
        monkeypatch.setenv("CDSRULES_PLUGINS", chosen)
        return [name for name, _ in start_plugins().members]

    assert started("") == ["audit", "practice", "waiting"]
    assert started("off") == []
    assert started("waiting, audit") == ["waiting", "audit"]
    with pytest.raises(UnknownName) as refused:
        started("audit,practise")
    assert str(refused.value) == (
        "CDSRULES_PLUGINS names the plugin practise, and there is none of that name. "
        "Installed: audit, practice and waiting. Did you mean practice?"
    )


def test_an_installed_plugin_can_be_named_beside_others(installed: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    installed("practice", HEARS, "1.1")
    monkeypatch.setenv("CDSRULES_PLUGINS", "off")

    assert start_plugins([Sparing(), "practice"]).members == (("sparing", "7"), ("practice", "1.1"))
    with pytest.raises(UnknownName, match=r"`plugins` names the plugin audit.* Installed: practice\."):
        start_plugins(["audit"])


def test_an_entry_point_may_name_a_class(installed: Install, tmp_path: Path) -> None:
    installed("practice", "class Hooks:\n    @hookimpl\n    def cdsrules_rulebooks(self):\n        return ['here']\n")
    (tmp_path / "practice-1.0.dist-info" / "entry_points.txt").write_text("[cdsrules]\npractice = practice:Hooks\n")

    assert [str(folder) for folder in start_plugins().rulebooks()[0]] == ["here"]


def test_what_cdsrules_offers_itself_fits_its_hooks() -> None:
    with Advisor.load(plugins=[]) as advisor:
        vocabulary = advisor.library.vocabulary
    register = Register()
    register.take(own, "own", "1")
    assert list(register.answering()) == ["cdsrules_measures"]
    assert {one.spec.name for one in own.cdsrules_measures(vocabulary)} == set(catalogue(vocabulary))

    assert HOOKS["cdsrules_commands"] == ("cli",)
    assert cdsrules_commands.__name__ in HOOKS


def test_every_call_is_traced_in_a_word_and_without_a_client(
    installed: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed(
        "practice",
        """
from cdsrules.model.source import Grade, Source

@hookimpl
def cdsrules_measures():
    return [measure("practice.places", "number", lambda client, day: 3, words="places", meaning="How many.", ask="it")]

@hookimpl
def cdsrules_client_from_record(record):
    return None

@hookimpl
def cdsrules_facts_ready(client, facts):
    assert facts.value("practice.places") == 3

@hookimpl
def cdsrules_cautions(client):
    yield Caution("referral", "full", "Full", "Full.", client.id, Source("list", "The list", Grade.LOCAL))

@hookimpl
def cdsrules_guidance_ready(guidance):
    raise KeyError(guidance.client_id)
""",
    )
    monkeypatch.setenv("CDSRULES_TRACE_PLUGINS", "1")
    with Advisor.load(engine="reference") as advisor:
        advisor.evaluate(document(client={"id": "secret"}, proposed_actions=[{"action": "referral"}]))

    said = capsys.readouterr().err
    assert "secret" not in said
    assert said.splitlines() == [
        "cdsrules plugins: practice: cdsrules_measures: 1 measure",
        "cdsrules plugins: practice: practice.places: an answer",
        "cdsrules plugins: practice: cdsrules_facts_ready: nothing",
        "cdsrules plugins: practice: cdsrules_cautions: 1 caution",
        "cdsrules plugins: practice: cdsrules_guidance_ready: raised KeyError",
    ]


def test_nothing_is_traced_unless_that_is_asked(
    installed: Install, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed("practice", HEARS)
    monkeypatch.setenv("CDSRULES_TRACE_PLUGINS", "0")
    with Advisor.load(engine="reference") as advisor:
        advisor.evaluate(document())

    assert capsys.readouterr().err == ""
