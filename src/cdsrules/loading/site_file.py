"""The file of a site -> its crisis lines, its protocol and who is told, or what is wrong with the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Final

from cdsrules.diagnostics import Diagnostic, Position, in_order
from cdsrules.errors import SiteError
from cdsrules.loading.local_words import judge_words
from cdsrules.loading.problems import EnoughProblems, Problems, did_you_mean, listed
from cdsrules.loading.section import Key, Keys, Section, open_section
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.toml_text import parse_toml, tree_of
from cdsrules.loading.tree import Node
from cdsrules.loading.values import read_text
from cdsrules.model.rulebook import Library, Status, Tier, Verb
from cdsrules.model.site import AtStep, CrisisLine, Site

_PROTOCOL: Final = Key('protocol = "Page 3 of the crisis folder at the desk."')
_TELL: Final = Key('tell = ["the lead on duty"]')
_SAYS: Final = ("crisis_lines", "protocol", "tell", "steps")
SITE_KEYS: Final[Keys] = {
    "name": Key('name = "North Street Practice"', required=True),
    "jurisdiction": Key('jurisdiction = "England"'),
    "crisis_lines": Key('crisis_lines = [{name = "Night line", contact = "…"}]'),
    "protocol": _PROTOCOL,
    "tell": _TELL,
    "steps": Key('steps = {local_duty = {tell = ["the lead for safeguarding"]}}'),
}
LINE_KEYS: Final[Keys] = {
    "name": Key('name = "Night line"', required=True),
    "contact": Key('contact = "the number on the card at the desk"', required=True),
    "hours": Key('hours = "day and night"'),
}
STEP_KEYS: Final[Keys] = {"protocol": _PROTOCOL, "tell": _TELL}


def read_site(file: SourceFile, library: Library) -> Site:
    """Return the site that a TOML file describes, to be shown with the safety items of these rulebooks.

    Raises `SiteError` with everything that is wrong, each with its place.
    """
    site, problems = _read(file, library)
    if site is None or problems:
        raise SiteError(problems)
    return site


def check_site(file: SourceFile, library: Library) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong with the file of a site, sorted by place."""
    return _read(file, library)[1]


def _read(file: SourceFile, library: Library) -> tuple[Site | None, tuple[Diagnostic, ...]]:
    problems = Problems()
    site: Site | None = None
    with suppress(EnoughProblems):
        root = parse_toml(file.text, file.name, problems)
        site = None if root is None else _Reader(problems, _safety_steps(library)).site(root)
    return site, in_order(problems.found)


def recalled_site(document: Mapping[str, object]) -> Site:
    """Return the site of which `Site.document` was made, as guidance and receipts hold it.

    Raises `SiteError` when the document is none.
    """
    problems = Problems()
    site = _Reader(problems, None).site(tree_of(_without_nothing(document), Position.whole("site")))
    if site is None or problems.found:
        raise SiteError(in_order(problems.found))
    return site


def _without_nothing(document: Mapping[str, object]) -> dict[str, object]:
    """Return a document without what is null in it: TOML has no such value, and so the file of a site has none."""
    return {key: _told(value) for key, value in document.items() if value is not None}


def _told(value: object) -> object:
    if isinstance(value, Mapping):
        return _without_nothing(value)
    return [_told(one) for one in value] if isinstance(value, list) else value


def _safety_steps(library: Library) -> frozenset[str]:
    """The actions that an open safety item may be about."""
    return frozenset(
        rule.target
        for rule in library.rules
        if rule.tier is Tier.SAFETY and rule.status is Status.ACTIVE and rule.verb is not Verb.FINDS
    )


class _Reader:
    """Reads a site; `steps` are the actions it may add to. With None it was judged before, by what held then."""

    def __init__(self, problems: Problems, steps: Collection[str] | None) -> None:
        self._problems = problems
        self._steps = steps

    def site(self, root: Node) -> Site | None:
        """Return the site, or None when no group of keys stands here."""
        section = open_section(root, "a site", SITE_KEYS, self._problems)
        if section is None:
            return None
        if not any(section.has(key) for key in _SAYS):
            advice = f"Write a crisis line, `{_PROTOCOL.example}` or `{_TELL.example}`; or leave the file out."
            self._problems.add(
                "CDS383", section.at, "This site has nothing to say when something must not wait.", advice
            )
        lines = (self._line(node) for node in section.items("crisis_lines"))
        return Site(
            name=self._text(section, "name") or "",
            jurisdiction=self._text(section, "jurisdiction"),
            crisis_lines=tuple(line for line in lines if line is not None),
            protocol=self._text(section, "protocol"),
            tell=self._texts(section, "tell"),
            steps=self._at_steps(section),
        )

    def _line(self, node: Node) -> CrisisLine | None:
        section = open_section(node, "a crisis line", LINE_KEYS, self._problems)
        if section is None:
            return None
        name, contact = self._text(section, "name"), self._text(section, "contact")
        return CrisisLine(name or "", contact or "", self._text(section, "hours"))

    def _at_steps(self, section: Section) -> Mapping[str, AtStep]:
        found: dict[str, AtStep] = {}
        for action, entry in section.named("steps", "step").items():
            if self._steps is not None and action not in self._steps:
                otherwise = f"They speak of {listed(sorted(self._steps), 'and')}."
                advice = did_you_mean(action, self._steps, otherwise=otherwise)
                message = f"No safety rule speaks of `{action}`, so this would never be shown."
                self._problems.add("CDS382", entry.key_at, message, advice)
            step = open_section(entry.node, f"step `{action}`", STEP_KEYS, self._problems)
            if step is not None:
                found[action] = AtStep(self._text(step, "protocol"), self._texts(step, "tell"))
        return found

    def _text(self, section: Section, key: str) -> str | None:
        node = section.node(key)
        return None if node is None else self._said(node, f"`{key}`")

    def _texts(self, section: Section, key: str) -> tuple[str, ...]:
        read = (self._said(node, f"An item of `{key}`") for node in section.items(key))
        return tuple(text for text in read if text is not None)

    def _said(self, node: Node, label: str) -> str | None:
        """Return a text on one line."""
        text = read_text(node, label, self._problems)
        if text is not None and self._steps is not None:
            judge_words(text, label, node.at, self._problems)
        return None if text is None else " ".join(text.split())
