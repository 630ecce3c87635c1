"""The plugins of one advisor: found, named, asked one by one, and reported when they fail.

A plugin that fails never takes the guidance with it: what it would have added is named
as missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

from cdsrules.errors import CdsrulesError
from cdsrules.frozen import frozen
from cdsrules.model.guidance import Guidance
from cdsrules.model.saying import say_list
from cdsrules.plugins import hookspecs
from cdsrules.plugins.installed import installed

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class PluginMisfit(CdsrulesError):
    """A plugin cannot be registered; the text names plugin, hook and argument."""


@frozen
class Failure:
    """A plugin that failed in a hook, and what its absence means in a sentence."""

    plugin: str
    words: str


@frozen
class PluginSession:
    """The plugins that take part, with name and version, and those that could not start."""

    manager: pluggy.PluginManager
    members: tuple[tuple[str, str], ...] = ()
    failures: tuple[Failure, ...] = field(default=())

    def rulebooks(self) -> tuple[tuple[Path, ...], tuple[Failure, ...]]:
        """Return the folders that plugins add, and the plugins that failed to say."""
        folders: list[Path] = []
        failures: list[Failure] = []
        consequence = "its rulebooks are not included"
        for name, result in self._ask("cdsrules_rulebooks", failures, consequence):
            try:
                folders += [Path(folder) for folder in _folders(result)]
            except TypeError:
                words = f"Plugin {name} named no list of folders in cdsrules_rulebooks, {consequence}."
                failures.append(Failure(name, words))
            except (Exception, SystemExit) as problem:  # noqa: BLE001 - what a plugin yields may raise anything at all
                failures.append(Failure(name, f"Plugin {name} failed ({type(problem).__name__}), {consequence}."))
        return tuple(folders), tuple(failures)

    def guidance_ready(self, guidance: Guidance) -> tuple[Failure, ...]:
        """Let every plugin hear of the guidance; return those that failed."""
        failures: list[Failure] = []
        hook = "cdsrules_guidance_ready"
        for _ in self._ask(hook, failures, "it did not take note of this guidance", guidance=guidance):
            pass
        return tuple(failures)

    def _ask(
        self, hook: str, failures: list[Failure], consequence: str, **arguments: object
    ) -> Iterator[tuple[str, object]]:
        """Yield what each plugin returns, first registered first; note those that fail."""
        for implementation in getattr(self.manager.hook, hook).get_hookimpls():
            name = str(implementation.plugin_name)
            wanted = {key: arguments[key] for key in implementation.argnames}
            try:
                yield name, implementation.function(**wanted)
            except (Exception, SystemExit) as problem:  # noqa: BLE001 - a plugin may raise anything at all
                kind = type(problem).__name__
                failures.append(Failure(name, f"Plugin {name} failed ({kind}), {consequence}."))


def _folders(result: object) -> Iterable[str | Path]:
    if isinstance(result, (str, bytes)) or not isinstance(result, Iterable):
        raise TypeError
    return result


def _name_of(plugin: object) -> str:
    name = getattr(plugin, "__name__", None)
    return name if isinstance(name, str) else type(plugin).__name__


def _version_of(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # half of what it loads is about mail

    try:
        return version(name.partition(".")[0])
    except PackageNotFoundError:
        return "not packaged"


def _register(manager: pluggy.PluginManager, plugin: object, name: str) -> None:
    try:
        manager.register(plugin, name)
        manager.check_pending()
        _refuse_wrappers(manager, plugin)
        _refuse_what_is_never_called(manager, plugin)
    except (pluggy.PluginValidationError, ValueError) as problem:
        if manager.is_registered(plugin):
            manager.unregister(plugin)  # or it would be found fault with again when the next one is registered
        said = str(problem).partition(" in plugin <")[0].rstrip(".")
        message = f"Plugin {name} does not fit: {said}."
        raise PluginMisfit(message) from problem


def _refuse_wrappers(manager: pluggy.PluginManager, plugin: object) -> None:
    """Plugins are asked one by one, so a wrapper around the others would never run: better said than silent."""
    for caller in manager.get_hookcallers(plugin) or ():
        for one in caller.get_hookimpls():
            if one.plugin is plugin and (one.wrapper or one.hookwrapper):
                message = f"its hook {caller.name} is a wrapper, and hooks of cdsrules are not wrapped"
                raise ValueError(message)


def _refuse_what_is_never_called(manager: pluggy.PluginManager, plugin: object) -> None:
    """A hook without its mark is passed over in silence, and its author believes that it is heard."""
    marked = {caller.name for caller in manager.get_hookcallers(plugin) or ()}
    hooks = [name for name in vars(hookspecs) if name.startswith(f"{hookspecs.PROJECT}_")]
    for name in hooks:
        if name not in marked and callable(getattr(plugin, name, None)):
            message = f"its function {name} would never be called: write `@hookimpl` above it, from cdsrules.plugins"
            raise ValueError(message)
    if not marked:
        message = f"it has none of the hooks of cdsrules, which are {say_list(hooks)}"
        raise ValueError(message)


def _loaded(entry: EntryPoint) -> tuple[object | None, Failure | None]:
    try:
        return entry.load(), None
    except (Exception, SystemExit) as problem:  # noqa: BLE001 - importing a plugin may raise anything at all
        kind = type(problem).__name__
        words = f"Plugin {entry.name} could not be started ({kind}), what it adds is not included."
        return None, Failure(entry.name, words)


def start_plugins(plugins: Iterable[object] | None = None) -> PluginSession:
    """Return a session with these plugins, or with all that are installed when None.

    Raises `PluginMisfit` when a plugin given by hand does not fit the hooks; an installed
    one that does not fit or cannot be imported is named in `failures` instead.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    members: list[tuple[str, str]] = []
    failures: list[Failure] = []
    if plugins is not None:
        for plugin in plugins:
            name = _name_of(plugin)
            _register(manager, plugin, name)
            members.append((name, _version_of(name)))
        return PluginSession(manager, tuple(members))
    for entry in installed(hookspecs.PROJECT):
        loaded, failure = _loaded(entry)
        if failure is None and loaded is not None:
            try:
                _register(manager, loaded, entry.name)
            except PluginMisfit as misfit:
                failure = Failure(entry.name, f"{misfit} What it adds is not included.")
        if failure is not None:
            failures.append(failure)
        else:
            members.append((entry.name, entry.dist.version if entry.dist else "not packaged"))
    return PluginSession(manager, tuple(members), tuple(failures))
