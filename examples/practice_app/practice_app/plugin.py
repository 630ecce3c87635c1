"""What the practice adds to cdsrules, and what it hears from it: every hook there is, each doing something small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse

from cdsrules import Advisor, Client, Diagnostic, Guidance, Library
from cdsrules.model.saying import say_date
from cdsrules.model.source import Grade, Source
from cdsrules.plugins import Caution, NotRead, hookimpl, measure
from cdsrules.records.ledger import Ledger
from cdsrules.records.store import Keep, Records
from cdsrules.rendering.text import render
from practice_app import database

# Called as where it is installed (pyproject.toml), so that a receipt finds it again from the command line.
plugin_name, plugin_version = "practice", "1.0.0"

STATUSES = {"came": "attended", "did not come": "no_show", "cancelled": "cancelled"}
HOUSE_RULE = Source("practice", "How this practice works", Grade.LOCAL)


@dataclass(frozen=True)
class Record:
    """A client as the practice knows them: a number."""

    number: int


def client_id(number: int) -> str:
    """Return the pseudonym that cdsrules knows a client by."""
    return f"practice-{number}"


# ---- clients from the practice's own database


def document(number: int) -> Mapping[str, object]:
    """Return the client document of one of the practice's clients."""
    found = database.rows("SELECT * FROM clients WHERE number = ?", number)
    if not found:
        raise NotRead("No client of the practice has this number.")
    (client,) = found
    letters = database.rows("SELECT * FROM letters WHERE client = ? AND sent_on IS NULL", number)
    return {
        "schema_version": "1.0",
        "as_of": database.today().isoformat(),
        "client": {"id": client_id(number), "birth_date": client["born"]},
        "treatment": {
            "started_on": client["began"],
            "primary_measure": {"instrument": "phq-9", "definition": "nhs-talking-therapies"},
        },
        "sessions": [
            {"date": row["day"], "status": STATUSES[row["what"]]}
            for row in database.rows("SELECT day, what FROM sessions WHERE client = ? ORDER BY day", number)
        ],
        "measures": [
            {"instrument": "phq-9", "date": row["day"], "score": row["total"], "items": {"9": row["item_9"]}}
            for row in database.rows("SELECT * FROM scores WHERE client = ? ORDER BY day", number)
        ],
        "actions": [
            {"action": row["step"], "status": "done", "date": row["day"]}
            for row in database.rows("SELECT * FROM steps WHERE client = ? ORDER BY day", number)
        ],
        "proposed_actions": [{"action": letter["sort"]} for letter in letters],
    }


@hookimpl
def cdsrules_client_from_record(record: object) -> Mapping[str, object] | None:
    """Return the client document of a record of the practice's own, so that cdsrules takes it wherever it runs."""
    return document(record.number) if isinstance(record, Record) else None


# ---- rulebooks, facts and checks of the practice


@hookimpl
def cdsrules_rulebooks() -> Iterable[Path]:
    """Return the folder with the practice's own rules."""
    return [Path(__file__).with_name("rules")]


def _consent(client: Client, as_of: date) -> bool | None:
    found = database.rows("SELECT consent_on FROM clients WHERE 'practice-' || number = ?", client.id)
    return found[0]["consent_on"] is not None and found[0]["consent_on"] <= as_of.isoformat() if found else None


@hookimpl
def cdsrules_measures() -> Iterable[object]:
    """Return a fact that only the practice has: whether the form on measuring is signed."""
    return [
        measure(
            "practice.consent_on_file",
            "yes or no",
            _consent,
            words="consent to regular measurement is on file",
            negation="consent to regular measurement is not on file",
            meaning="Whether the client signed the form on regular measurement.",
            ask="see whether the form on regular measurement is signed",
        )
    ]


def _plainly_named(library: Library) -> Iterator[Diagnostic]:
    for rule in library.rules:
        if rule.rulebook == "practice" and len(rule.title) > 60:
            advice = "Shorten it: our screens cut titles after sixty letters."
            yield Diagnostic("PRACTICE001", f"The title of {rule.id} is too long.", advice, rule.at)


@hookimpl
def cdsrules_checks() -> Iterable[object]:
    """Return what `cdsrules check` looks for besides."""
    return [_plainly_named]


# ---- while a client is looked at


@hookimpl
def cdsrules_facts_ready(client: Client) -> None:
    """Write down who was looked at, as the practice owes its clients."""
    database.rows("INSERT INTO looked_at VALUES (?, ?)", client.id, client.as_of.isoformat() if client.as_of else "")


@hookimpl
def cdsrules_cautions(client: Client, proposed: Mapping[str, object]) -> Iterable[Caution]:
    """Return a caution where two letters would cross."""
    query = "SELECT sort, written_on FROM letters WHERE 'practice-' || client = ? AND sent_on IS NULL"
    return [
        Caution(
            action=letter["sort"],
            name=f"{letter['sort']}-letter-waiting",
            title="A letter is waiting already",
            clinician=f"A letter of {say_date(date.fromisoformat(letter['written_on']))} has not been sent yet.",
            why="Two letters that cross are answered twice, or by nobody.",
            source=HOUSE_RULE,
            first_do="send the letter that is waiting, or throw it away",
        )
        for letter in database.rows(query, client.id)
        if letter["sort"] in proposed
    ]


@hookimpl
def cdsrules_guidance_ready(guidance: Guidance) -> None:
    """Keep for the list of clients how much is open."""
    counts = len(guidance.safety), len(guidance.steps)
    database.rows("INSERT OR REPLACE INTO open_items VALUES (?, ?, ?)", guidance.client_id, *counts)


# ---- afterwards


@hookimpl
def cdsrules_feedback(feedback: object) -> None:
    """Write what was done with an item into the practice's journal."""
    said = (getattr(feedback, name) for name in ("client", "item", "outcome", "reason", "by"))
    database.rows("INSERT INTO journal VALUES (?, ?, ?, ?, ?)", *said)


@hookimpl
def cdsrules_store() -> Records:
    """Return the records, beside the practice's own database, with the documents, so that receipts can be made."""
    return Records(Ledger.open(str(Path(database.FILE).with_suffix(".records.db"))), keep=Keep.PLAIN)


# ---- on the command line, and in the service


@hookimpl
def cdsrules_commands(cli: click.Group) -> None:
    """Add `cdsrules practice NUMBER`, which prints the guidance for one of our clients."""

    @cli.command()
    @click.argument("number", type=int)
    def practice(number: int) -> None:
        """Print the guidance for the practice's client NUMBER."""
        with Advisor.load() as advisor:
            click.echo(render(advisor.evaluate(Record(number))), nl=False)


@hookimpl
def cdsrules_routes(app: Starlette) -> None:
    """Add to the service a list of who has something open, for the screen at the desk."""

    def open_items(_: Request) -> JSONResponse:
        found = database.rows("SELECT client, safety, advised FROM open_items ORDER BY safety DESC, client")
        return JSONResponse({"clients": [dict(row) for row in found]})

    app.add_route("/practice/open", open_items)
