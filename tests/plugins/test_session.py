"""Plugins are asked one by one; one that fails is named and changes nothing else."""

from collections.abc import Generator, Iterable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from cdsrules.model.guidance import Guidance
from cdsrules.plugins import hookimpl, registering
from cdsrules.plugins.session import PluginMisfit, start_plugins
from tests.rendering.sample import FULL


class Adds:
    @hookimpl
    def cdsrules_rulebooks(self) -> Iterable[str]:
        return ["somewhere"]


class Hears:
    def __init__(self) -> None:
        self.heard: list[str] = []

    @hookimpl
    def cdsrules_guidance_ready(self, guidance: Guidance) -> None:
        self.heard.append(guidance.client_id)


class Raises:
    @hookimpl
    def cdsrules_rulebooks(self) -> Iterable[str]:
        message = "no disk"
        raise OSError(message)

    @hookimpl
    def cdsrules_guidance_ready(self, guidance: Guidance) -> None:
        raise KeyError(guidance.client_id)


class Mistakes:
    @hookimpl
    def cdsrules_rulebooks(self) -> object:
        return "one folder as text"


class WrongArgument:
    @hookimpl
    def cdsrules_guidance_ready(self, guidence: Guidance) -> None:
        """Spell the argument wrongly."""


class NoSuchHook:
    @hookimpl
    def cdsrules_rulebook(self) -> None:
        """Spell the hook wrongly."""


class Wraps:
    @hookimpl(wrapper=True)
    def cdsrules_guidance_ready(self, guidance: Guidance) -> Generator[None, None, None]:
        yield


class WrapsAsOfOld:
    @hookimpl(hookwrapper=True)
    def cdsrules_guidance_ready(self, guidance: Guidance) -> Generator[None, None, None]:
        yield


class Unmarked:
    def cdsrules_guidance_ready(self, guidance: Guidance) -> None:
        """Leave out the mark."""


class HalfMarked(Adds):
    def cdsrules_guidance_ready(self, guidance: Guidance) -> None:
        """Leave out one mark of two."""


class Empty:
    """Have no hook at all."""


@pytest.mark.parametrize("plugin", [Unmarked(), HalfMarked()])
def test_a_function_without_its_mark_would_never_be_called_and_is_refused(plugin: object) -> None:
    with pytest.raises(
        PluginMisfit, match="its function cdsrules_guidance_ready would never be called: write `@hookim"
    ):
        start_plugins([plugin])


def test_a_plugin_without_any_hook_is_refused_with_the_hooks_there_are() -> None:
    with pytest.raises(PluginMisfit, match=r"Empty does not fit: it has none .*cdsrules_rulebooks"):
        start_plugins([Empty()])


@pytest.mark.parametrize("plugin", [Wraps(), WrapsAsOfOld()])
def test_a_wrapper_would_never_run_and_is_refused(plugin: object) -> None:
    with pytest.raises(PluginMisfit, match="does not fit: its hook cdsrules_guidance_ready is a wrapper"):
        start_plugins([plugin])


def test_a_plugin_adds_folders_and_one_that_fails_is_named() -> None:
    folders, failures = start_plugins([Adds(), Raises()]).rulebooks()
    assert folders == (Path("somewhere"),)
    assert [one.words for one in failures] == ["Plugin Raises failed. Its rulebooks are not included."]


def test_a_plugin_that_returns_something_else_is_named() -> None:
    folders, failures = start_plugins([Mistakes()]).rulebooks()
    assert folders == ()
    assert [one.plugin for one in failures] == ["Mistakes"]


def test_every_plugin_hears_of_the_guidance_although_one_fails() -> None:
    hears = Hears()
    failures = start_plugins([Raises(), hears]).guidance_ready(FULL)
    assert hears.heard == [FULL.client_id]
    assert [one.words for one in failures] == ["Plugin Raises failed. It did not take note of this guidance."]


@pytest.mark.parametrize(("plugin", "named"), [(WrongArgument(), "guidence"), (NoSuchHook(), "cdsrules_rulebook")])
def test_a_plugin_that_does_not_fit_is_refused_with_plugin_hook_and_argument(plugin: object, named: str) -> None:
    with pytest.raises(PluginMisfit, match=named) as refused:
        start_plugins([plugin])
    assert type(plugin).__name__ in str(refused.value)


def test_installed_plugins_that_cannot_start_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        EntryPoint("good", "tests.plugins.test_session:Adds", "cdsrules"),
        EntryPoint("misfit", "tests.plugins.test_session:NoSuchHook", "cdsrules"),
        EntryPoint("missing", "no_such_module_at_all", "cdsrules"),
    ]
    monkeypatch.setattr(registering, "installed", lambda group: entries)
    started = start_plugins()
    assert started.members == (("good", "not packaged"),)
    assert [one.plugin for one in started.failures] == ["misfit", "missing"]


def test_without_plugins_there_is_nothing_to_ask() -> None:
    none = start_plugins([])
    assert (none.members, none.failures, none.rulebooks()) == ((), (), ((), ()))
