"""The plugins of a recorded evaluation, found again by name and version, and what became of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cdsrules.plugins.session import PluginSession, start_plugins


def plugins_again(
    guidance: Mapping[str, object], plugins: Iterable[object] | None
) -> tuple[PluginSession, tuple[str, ...]]:
    """Return the plugins that took part in recorded guidance, and a clause for each that is not as it was.

    They are looked for among `plugins`, or among those installed when None. A plugin of another
    version does not take part: what it would say is not what was said.
    """
    named = _named(guidance.get("plugins"))
    noticed = guidance.get("notices")
    session = start_plugins(plugins if named else ())
    here = dict(session.members)
    same = tuple((name, version) for name, version in named if here.get(name) == version)
    told = noticed if isinstance(noticed, list) else []
    again = session.only(same, [one for one in session.failures if one.words in told])
    return again, tuple(_missing(*one, here.get(one[0])) for one in named if one not in same)


def _missing(name: str, version: str, now: str | None) -> str:
    if now is None:
        return f"the plugin {name} {version} took part then, and is not there now"
    return f"the plugin {name} took part as {version}, and is there as {now}"


def _named(plugins: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(plugins, list):
        return ()
    return tuple((str(one.get("name")), str(one.get("version"))) for one in plugins if isinstance(one, Mapping))
