"""`cdsrules facts`: what rules may ask about, and what is known of it for one client."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cdsrules.cli import options, screen
from cdsrules.cli.documents import read_one
from cdsrules.cli.exits import Exit
from cdsrules.loading.meant import nearest
from cdsrules.model.condition import FactKey, facts_read
from cdsrules.model.facts import FactSpec
from cdsrules.model.rulebook import Rule
from cdsrules.model.text import FactSlot
from cdsrules.rendering.fact_list import (
    FactNow,
    declared_document,
    declared_lines,
    measured_document,
    measured_lines,
)

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor


@click.command("facts", short_help="List what rules may ask about, or what is known for a client.")
@click.argument("names", nargs=-1, metavar="[NAME…]")
@options.client_file
@options.rules
@options.plugins
@options.as_of
@options.reported_as("json")
def command(
    names: tuple[str, ...],
    client: str | None,
    rules: tuple[Path, ...],
    as_of: date | None,
    form: Literal["text", "json"],
) -> int:
    """List the facts that rules may ask about, or those whose names hold a NAME.

    With --client: what each is for the client, or why it is not known; facts over a
    window are shown for the windows that the rules name.
    """
    with options.advisor(rules, "reference") as advisor:
        specs = [spec for name, spec in advisor.catalogue.items() if not names or any(one in name for one in names)]
        if not specs:
            raise click.UsageError(_no_fact(names[0], list(advisor.catalogue)))
        if client is None:
            _show_declared(specs, form)
        else:
            _show_measured(list(_measured(advisor, specs, client, as_of)), form)
    return Exit.OK


def _no_fact(text: str, names: Sequence[str]) -> str:
    near = nearest(text, names) or nearest(text, sorted({part for name in names for part in name.split(".")}))
    meant = "" if near is None else f" Did you mean “{near}”?"
    return f"No fact has “{text}” in its name.{meant}"


def _show_declared(specs: list[FactSpec], form: str) -> None:
    if form == "json":
        screen.put(json.dumps([declared_document(spec) for spec in specs], indent=2) + "\n")
    else:
        screen.show(declared_lines(specs, width=screen.width()))


def _show_measured(facts: list[FactNow], form: str) -> None:
    if form == "json":
        screen.put(json.dumps([measured_document(fact) for fact in facts], indent=2) + "\n")
    else:
        screen.show(measured_lines(facts, width=screen.width()))


def _measured(advisor: Advisor, specs: list[FactSpec], path: str, as_of: date | None) -> Iterator[FactNow]:
    facts = advisor.facts(read_one(path), as_of=as_of)
    asked = _windows(advisor.library.rules)
    for spec in specs:
        keys = [] if spec.over == "required" else [FactKey(spec.name)]
        for key in (*keys, *(key for key in asked if key.name == spec.name)):
            yield FactNow(key, spec, facts.get(key))


def _windows(rules: tuple[Rule, ...]) -> tuple[FactKey, ...]:
    """Return the facts over windows that the rules ask about or print, each once."""
    asked: dict[FactKey, None] = {}
    for rule in rules:
        for condition in (rule.when, *((rule.unless,) if rule.unless else ()), *rule.until):
            asked.update(dict.fromkeys(facts_read(condition)))
        for text in rule.say.texts:
            slots = (slot for slot in text.slots if isinstance(slot, FactSlot))
            asked.update(dict.fromkeys(FactKey(slot.fact, slot.over) for slot in slots))
    return tuple(key for key in asked if key.over is not None)
