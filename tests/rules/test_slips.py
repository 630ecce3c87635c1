"""Slips made in the shipped rules, one kind at a time in every rule it can be made in: each is caught by its code.

A rule file is JSON as well as YAML, so the slipped rules are written one a line, and the line tells the rule.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias, cast

import pytest

from cdsrules.loading.actions_file import ATTRIBUTES
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.ground import Ground, grounds
from cdsrules.loading.library import check_files
from cdsrules.loading.narrative import ATTRIBUTE_WORDS
from cdsrules.loading.problems import Problems
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.steps import Steps, steps_of
from cdsrules.loading.tree import Plain, plain
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.condition import Declined, Done, FactKey, Proposed, facts_read, walk
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Rule, Verb
from cdsrules.model.text import FactSlot
from tests.rules.shipped import library

Written: TypeAlias = dict[str, Plain]
Caught: TypeAlias = Mapping[str, frozenset[tuple[str, str]]]
SAID: Final = ("clinician", "supervisor", "client", "why")
PLACEHOLDER: Final = re.compile(r"(\{[^{}]*\})")
LOW_RISK: Final = "The client is at low risk."
NO_FACT_OF_ANY_TEXT: Final = "client.age"


@cache
def files() -> Mapping[str, Written]:
    """The shipped files as they are read, by name."""
    read = {file.name: parse_yaml(file.text, file.name, Problems()) for file in read_rule_files()}
    return {name: cast("Written", plain(root)) for name, root in read.items() if root is not None}


def shipped(name: str, text: str) -> SourceFile:
    return SourceFile(name, text.encode(), "shipped", name)


def one_a_line(file: Written, key: str) -> str:
    """A file as JSON; what stands in the list or group of a key gets a line each, from the second line on."""
    rows = file[key]
    if isinstance(rows, dict):
        inner, ends = [f"{json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()], "{}"
    else:
        inner, ends = [json.dumps(row) for row in cast("list[Plain]", rows)], "[]"
    head = json.dumps({name: value for name, value in file.items() if name != key})[:-1]
    return f"{head}, {json.dumps(key)}: {ends[0]}\n" + ",\n".join(inner) + f"\n{ends[1]}}}"


# ---------------------------------------------------------------- the slips


def steps() -> Steps:
    return steps_of(library().vocabulary.actions)


@cache
def ground(rule_id: str) -> Ground:
    return grounds(library().rules)(library().by_id[rule_id])


def say(written: Written) -> dict[str, str]:
    return cast("dict[str, str]", written.get("say", {}))


def saying(written: Written, label: str, change: Callable[[str], str]) -> Written | None:
    """The rule with one of its texts changed, or None when it has no such text or the change makes no difference."""
    before = say(written).get(label)
    after = None if before is None else change(before)
    return None if after is None or after == before else {**written, "say": {**say(written), label: after}}


def outside_placeholders(pattern: re.Pattern[str], instead: str, text: str) -> str:
    pieces = PLACEHOLDER.split(text)
    return "".join(piece if place % 2 else pattern.sub(instead, piece) for place, piece in enumerate(pieces))


def names_of(action: str) -> re.Pattern[str]:
    """Every name of an action, the longest first."""
    known = library().vocabulary.actions[action]
    names = sorted((known.name, *known.also_called), key=len, reverse=True)
    spelt = "|".join(r"[\s-]+".join(map(re.escape, one.split())) for one in names)
    return re.compile(rf"\b(?:{spelt})s?\b", re.IGNORECASE)


def stranger(rule: Rule) -> str:
    """The name of an action that has nothing to do with a rule."""
    near = steps().ordered[rule.target] | ground(rule.id).actions
    return next(one.name for one in library().vocabulary.actions.values() if one.id not in near)


def another_step_instead(rule: Rule, written: Written) -> Written | None:
    return saying(written, "clinician", lambda text: outside_placeholders(names_of(rule.target), stranger(rule), text))


def another_step_too(rule: Rule, written: Written) -> Written | None:
    return saying(written, "clinician", lambda text: f"{text} Or consider {stranger(rule)}.")


def what_is_lifting_left_out(rule: Rule, written: Written) -> Written | None:
    nodes = [node for condition in rule.until for node in walk(condition)]
    asked = {node.action for node in nodes if isinstance(node, (Done, Declined))}
    words = [names_of(action) for action in asked]
    if any(isinstance(node, Proposed) and any(wanted for _, wanted in node.attributes) for node in nodes):
        words += [pattern for _, pattern in ATTRIBUTE_WORDS.values()]

    def without(text: str) -> str:
        for one in words:
            text = outside_placeholders(one, "something", text)
        return text

    return saying(written, "clinician", without)


def a_fact_of_no_condition(rule: Rule, written: Written) -> Written | None:
    return saying(written, "clinician", lambda text: f"{text} They are {{{NO_FACT_OF_ANY_TEXT}}}.")


def a_parameter_of_no_condition(rule: Rule, written: Written) -> Written | None:
    parameters = library().rulebook(rule).parameters
    used = {name for book, name in ground(rule.id).parameters if book == rule.rulebook}
    unused = [name for name, one in parameters.items() if name not in used and one.value not in ground(rule.id).windows]
    return saying(written, "clinician", lambda text: f"{text} About {{${unused[0]}}}.") if unused else None


def the_facts_out_of_the_condition(rule: Rule, written: Written) -> Written | None:
    """Only where a text prints a fact of which no other condition of the rule reads."""
    printed = [
        FactKey(slot.fact, slot.over)
        for text in rule.say.texts
        for slot in text.slots
        if isinstance(slot, FactSlot) and not re.fullmatch(r"measure\..+\.name", slot.fact)
    ]
    left = Ground(frozenset(key for condition in rule.until for key in facts_read(condition)), frozenset())
    if not printed or all(left.names(key) for key in printed):
        return None
    return {**written, "when": {"known": "client.pregnant"}}


def putting(label: str, further: str) -> Callable[[Rule, Written], Written | None]:
    """A slip that adds to a text of `say`, to a text of `hazard`, or to one that stands by itself."""

    def slip(rule: Rule, written: Written) -> Written | None:
        if label in SAID:
            return saying(written, label, lambda text: f"{text} {further}")
        group = cast("Written | None", written.get("hazard"))
        if label in {"fires_wrongly", "fails_to_fire"}:
            return None if group is None else {**written, "hazard": {**group, label: f"{group[label]} {further}"}}
        return {**written, label: f"{written[label]} {further}"} if label in written else None

    return slip


@dataclass(frozen=True)
class Slip:
    """One kind of slip: the code that catches it, what the message begins with, and how it is made."""

    name: str
    code: str
    label: str
    make: Callable[[Rule, Written], Written | None]
    verbs: tuple[Verb, ...] = tuple(Verb)


SLIPS: Final = (
    Slip("a digit in what is said", "CDS080", "clinician", putting("clinician", "About 7.")),
    *(Slip(f"a digit in {label}", "CDS080", label, putting(label, "In 7 weeks.")) for label in ("title", *SAID[1:])),
    *(
        Slip(f"a forbidden wording in {label}", "CDS083", label, putting(label, LOW_RISK))
        for label in ("title", "evidence", "fires_wrongly", "fails_to_fire", *SAID)
    ),
    *(
        Slip(f"{name} in {label}", code, label, putting(label, said))
        for name, code, said in (
            ("an order", "CDS129", "You must do it today."),
            ("blame", "CDS129", "It should have been seen."),
            ("a diagnosis", "CDS130", "The client has a personality disorder."),
            ("a drug", "CDS131", "Ask about lithium."),
        )
        for label in ("clinician", "client", "fails_to_fire")
    ),
    Slip("a fact of no condition", "CDS084", "clinician", a_fact_of_no_condition),
    Slip("a parameter of no condition", "CDS084", "clinician", a_parameter_of_no_condition),
    Slip("the facts out of the condition", "CDS084", "", the_facts_out_of_the_condition),
    Slip("another step instead", "CDS085", "clinician", another_step_instead, (Verb.RECOMMENDS,)),
    Slip("another step instead, and named", "CDS086", "clinician", another_step_instead, (Verb.RECOMMENDS,)),
    Slip("another step too", "CDS086", "clinician", another_step_too, (Verb.RECOMMENDS,)),
    Slip("another proposal instead", "CDS087", "clinician", another_step_instead, (Verb.CAUTIONS,)),
    Slip("what would lift it left out", "CDS088", "clinician", what_is_lifting_left_out, (Verb.CAUTIONS,)),
)


@cache
def made(slip: Slip) -> tuple[frozenset[str], Caught]:
    """The rules in which a slip was made, and what was found on the line of each: the code and what it speaks of."""
    slipped: set[str] = set()
    places: dict[tuple[str, int], str] = {}
    sources = []
    for name, file in files().items():
        if "rulebook" not in file:
            sources.append(shipped(name, json.dumps(file)))
            continue
        rows = []
        for line, row in enumerate(cast("list[Written]", file["rules"]), start=2):
            rule = library().by_id[str(row["id"])]
            changed = slip.make(rule, row) if rule.verb in slip.verbs else None
            if changed is not None:
                slipped.add(rule.id)
            rows.append(row if changed is None else changed)
            places[name, line] = rule.id
        sources.append(shipped(name, one_a_line({**file, "rules": cast("list[Plain]", rows)}, "rules")))
    caught: dict[str, set[tuple[str, str]]] = {}
    for one in check_files(sources, catalogue):
        assert one.where is not None
        found = caught.setdefault(places.get((one.where.file, one.where.line), ""), set())
        label = re.match(r"`(\w+)`", one.message)
        found.add((one.code, "" if label is None else label[1]))
    return frozenset(slipped), {rule: frozenset(found) for rule, found in caught.items()}


def test_written_otherwise_the_shipped_rules_have_no_problem() -> None:
    sources = [
        shipped(name, one_a_line(file, "rules") if "rulebook" in file else json.dumps(file))
        for name, file in files().items()
    ]
    assert check_files(sources, catalogue) == ()


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_is_caught_in_every_rule_it_is_made_in(slip: Slip) -> None:
    slipped, caught = made(slip)
    assert slipped
    found = {rule: caught.get(rule, frozenset()) for rule in slipped}
    assert {
        rule: codes
        for rule, codes in found.items()
        if not any(code == slip.code and slip.label in {"", label} for code, label in codes)
    } == {}


def test_every_kind_of_slip_can_be_made_in_most_rules_it_is_about() -> None:
    """So that no slip passes because it is made nowhere."""
    advice = [rule.id for rule in library().rules if rule.verb is not Verb.FINDS]
    for slip in SLIPS:
        slipped = made(slip)[0]
        if slip.label == "clinician" and slip.code != "CDS088":
            about = [one for one in advice if library().by_id[one].verb in slip.verbs]
            if slip.make is a_parameter_of_no_condition:
                about = [one for one in about if library().by_id[one].rulebook != SAFETY_RULEBOOK]
            assert slipped.issuperset(about), (slip.name, sorted(set(about) - slipped))
        else:
            assert len(slipped) >= 10, slip.name


def test_every_caution_that_something_lifts_says_so() -> None:
    slip = next(one for one in SLIPS if one.code == "CDS088")
    liftable = {
        rule.id
        for rule in library().rules
        for condition in rule.until
        if any(isinstance(node, (Done, Declined, Proposed)) for node in walk(condition))
    }
    assert made(slip)[0] == liftable


def test_every_attribute_of_a_proposal_has_words() -> None:
    assert set(ATTRIBUTE_WORDS) == set(ATTRIBUTES)
    for words, pattern in ATTRIBUTE_WORDS.values():
        assert pattern.search(words)


WORDS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "actions": ("name", "do", "done", "proposed", "declined"),
    "instruments": ("name", "title", "licence", "notes"),
    "requirements": ("guidance", "closed_by"),
}


@pytest.mark.parametrize("sort", WORDS_OF)
def test_a_forbidden_wording_is_caught_in_every_text_of_the_vocabulary(sort: str) -> None:
    expected: set[tuple[int, str]] = set()
    sources = []
    for name, file in files().items():
        if file.get("vocabulary") != sort:
            sources.append(shipped(name, json.dumps(file)))
            continue
        rows = cast("dict[str, Written]", file[sort])
        changed = {
            id_: {key: f"{value} {LOW_RISK}" if key in WORDS_OF[sort] else value for key, value in row.items()}
            for id_, row in rows.items()
        }
        for line, row in enumerate(changed.values(), start=2):
            expected |= {(line, key) for key in row if key in WORDS_OF[sort]}
        sources.append(shipped(name, one_a_line({**file, sort: cast("Written", changed)}, sort)))
    found = {
        (one.where.line, one.message.split("`")[1])
        for one in check_files(sources, catalogue)
        if one.code == "CDS083" and one.where is not None
    }
    assert expected
    assert found == expected
