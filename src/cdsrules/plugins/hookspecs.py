"""The hooks, in one page. Mark an implementation with `cdsrules.plugins.hookimpl`.

A plugin is a module or an object with functions of these names, which take any of the
arguments by name. Installed packages are found by the entry-point group `cdsrules`. What
plugins are given cannot be changed; one that fails is named in the guidance, and changes
nothing else. See docs/plugins.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pluggy

from cdsrules.measures.declare import Fact
from cdsrules.model.client import Client
from cdsrules.model.guidance import Guidance
from cdsrules.model.records import Proposal
from cdsrules.model.vocabulary import Vocabulary
from cdsrules.plugins.given import GivenFacts
from cdsrules.plugins.offers import Caution, Check, Document, FeedbackGiven, FromRecord, Store

PROJECT = "cdsrules"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def cdsrules_rulebooks() -> Iterable[str | Path] | None:
    """Return folders of rulebooks to load beside the shipped ones."""


@hookspec
def cdsrules_measures(vocabulary: Vocabulary) -> Iterable[Fact] | None:
    """Return facts that rules may ask about, made with `cdsrules.plugins.measure`."""


@hookspec
def cdsrules_checks() -> Iterable[Check] | None:
    """Return functions that `cdsrules check` asks what is wrong with the rulebooks."""


@hookspec(firstresult=True)
def cdsrules_client_from_record(record: object) -> Client | Document | FromRecord | None:
    """Return the client that a record of the host describes, or None for a record of another kind.

    Raise `NotRead` for a record of this kind that gives no client; its text says why.
    """


@hookspec
def cdsrules_facts_ready(client: Client, facts: GivenFacts) -> None:
    """Hear of a client and their facts before the rules are asked."""


@hookspec
def cdsrules_cautions(client: Client, facts: GivenFacts, proposed: Mapping[str, Proposal]) -> Iterable[Caution] | None:
    """Return further cautions against what is proposed; those of rules stay whatever is returned."""


@hookspec
def cdsrules_guidance_ready(guidance: Guidance) -> None:
    """Hear of guidance that was made."""


@hookspec
def cdsrules_feedback(feedback: FeedbackGiven) -> None:
    """Hear of what a clinician did with an item, once it is recorded."""


@hookspec(firstresult=True)
def cdsrules_store() -> Store | None:
    """Return where the service records, instead of the database of its settings."""


@hookspec
def cdsrules_commands(cli: object) -> None:
    """Add commands to `cli`, a `click.Group`: they are called as `cdsrules NAME`."""


@hookspec
def cdsrules_routes(app: object) -> None:
    """Add routes to `app`, a `starlette.applications.Starlette`: the service answers them beside its own."""
