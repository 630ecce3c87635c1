"""The tree of an actions file -> the actions it declares, and whether their order holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cdsrules.loading.cycles import cycles
from cdsrules.loading.problems import Problems, did_you_mean
from cdsrules.loading.section import Declared, Key, Keys, open_section, section_of
from cdsrules.loading.tree import Entries, Entry
from cdsrules.loading.values import read_word
from cdsrules.loading.wordings import check_wording
from cdsrules.model.vocabulary import Action

ATTRIBUTES: Final = ("discussed", "gradual")
"""What a proposal may say of itself; the client document has a place for these."""

FILE_KEYS: Final[Keys] = {
    "vocabulary": Key("vocabulary: actions", required=True),
    "version": Key("version: 1.0.0", required=True),
    "actions": Key("actions: {consultation: {name: consultation}}", required=True),
}
ACTION_KEYS: Final[Keys] = {
    "name": Key("name: consultation", required=True),
    "do": Key("do: talk the case through with an experienced colleague", required=True),
    "done": Key("done: a colleague was consulted", required=True),
    "proposed": Key("proposed: a consultation is planned", required=True),
    "declined": Key("declined: the client declined a consultation", required=True),
    "also_called": Key("also_called: [advice of a colleague]"),
    "requires": Key("requires: [reassessment]"),
    "listed_after": Key("listed_after: [reassessment]"),
    "beside": Key("beside: true"),
    "not_while_at_risk": Key("not_while_at_risk: true"),
    "attributes": Key("attributes: [discussed, gradual]"),
}


def read_actions(root: Entries, problems: Problems, *, is_shipped: bool) -> Mapping[str, Declared[Action]]:
    """Return the actions of a file by id, in the order written."""
    file = section_of(root, "an actions file", FILE_KEYS, problems)
    file.version("version")
    named = file.named("actions", "action")
    read = ((id_, _action(id_, entry, problems, is_shipped=is_shipped)) for id_, entry in named.items())
    return {id_: action for id_, action in read if action is not None}


def _action(id_: str, entry: Entry, problems: Problems, *, is_shipped: bool) -> Declared[Action] | None:
    section = open_section(entry.node, f"action `{id_}`", ACTION_KEYS, problems)
    if section is None:
        return None
    words = {key: section.said(key) for key in ("name", "do", "done", "proposed", "declined")}
    also_called = section.texts("also_called")
    for name in also_called:
        check_wording(name, "`also_called`", section.value_place("also_called"), problems)
    attributes = (
        read_word(item, "An item of `attributes`", ATTRIBUTES, problems) for item in section.items("attributes")
    )
    action = Action(
        id=id_,
        **words,
        also_called=also_called,
        requires=section.texts("requires"),
        listed_after=section.texts("listed_after"),
        beside=section.flag("beside", default=False),
        attributes=tuple(word for word in attributes if word is not None),
        not_while_at_risk=section.flag("not_while_at_risk", default=False),
    )
    return Declared(action, section, entry.key_at, is_shipped)


def check_order(actions: Mapping[str, Declared[Action]], problems: Problems) -> None:
    """Note predecessors that no action bears, and actions that would wait for themselves."""
    for declared in actions.values():
        for key in ("requires", "listed_after"):
            _check_predecessors(declared, key, actions, problems)
    hard = {id_: one.value.requires for id_, one in actions.items()}
    waiting = cycles(hard)
    for circle in waiting:
        at = actions[circle[0]].section.place("requires")
        message = f"`{circle[0]}` would wait for itself: {' requires '.join(f'`{one}`' for one in circle)}."
        problems.add("CDS150", at, message, "Take one of these out of `requires`.")
    if waiting:
        return
    for circle in cycles({id_: (*hard[id_], *one.value.listed_after) for id_, one in actions.items()}):
        first = actions[circle[0]].section
        at = first.place("listed_after" if first.has("listed_after") else "requires")
        message = f"`{circle[0]}` would be listed after itself: {' after '.join(f'`{one}`' for one in circle)}."
        problems.add("CDS151", at, message, "Take one of these out of `listed_after`.")


def _check_predecessors(
    declared: Declared[Action], key: str, actions: Mapping[str, Declared[Action]], problems: Problems
) -> None:
    for node in declared.section.items(key):
        name = getattr(node, "value", None)
        if isinstance(name, str) and name and name not in actions:
            advice = did_you_mean(name, actions, otherwise="Declare it in vocabulary/actions.yaml or leave it out.")
            problems.add("CDS042", node.at, f"There is no action `{name}`.", advice)
