"""`cdsrules records`: what was shown, what was done with it, and the proof that nobody changed it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.errors import ExtraMissing
from cdsrules.rendering.text import Line, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cdsrules.records.ledger import Ledger
    from cdsrules.records.sealing import Seal
    from cdsrules.records.store import Records

_KEPT = ("nothing", "sealed", "plain")


@click.group("records", short_help="Keep what was shown and done, prove it, and forget a client.")
@click.option(
    "--db",
    "address",
    required=True,
    envvar="CDSRULES_RECORDS",
    metavar="DATABASE",
    help="A file of SQLite, or an address like postgresql://user@host/name. Also read from CDSRULES_RECORDS.",
)
@click.pass_context
def command(ctx: click.Context, address: str) -> None:
    """Keep what was shown to whom and what was done with it, in a chain that shows any change.

    The database is made, and brought up to date, when it is first used.
    """
    ctx.obj = address


def _ledger(ctx: click.Context) -> Ledger:
    """The ledger of the group's database, closed when the command ends."""
    try:
        from cdsrules.records.ledger import Ledger
    except ModuleNotFoundError as missing:
        raise ExtraMissing(options.NO_RECORDS) from missing
    return ctx.with_resource(Ledger.open(ctx.obj))


def _seal(keys: str | None) -> Seal | None:
    if not keys:
        return None
    from cdsrules.records.sealing import KeySeal

    return KeySeal(keys.split())


def _records(ctx: click.Context, keep: str, keys: str | None) -> Records:
    ledger = _ledger(ctx)
    from cdsrules.records.store import Keep, Records

    return Records(ledger, keep=Keep(keep), seal=_seal(keys))


key = click.option(
    "--key",
    "keys",
    envvar="CDSRULES_RECORDS_KEY",
    metavar="KEYS",
    help="Keys for sealed client documents, the newest first, blanks between. Better given in CDSRULES_RECORDS_KEY.",
)


@command.command("add")
@click.argument("client", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="CLIENT")
@click.option("--keep", type=click.Choice(_KEPT), default="nothing", show_default=True, help="The client document.")
@key
@options.rules
@options.site
@options.as_of
@click.pass_context
def add(
    ctx: click.Context,
    client: str,
    keep: str,
    keys: str | None,
    rules: tuple[Path, ...],
    site: Path | None,
    as_of: date | None,
) -> int:
    """Evaluate CLIENT, record the guidance, and print which of its items are new to this client."""
    from cdsrules.cli.documents import read_one
    from cdsrules.guidance.attention import items_of

    records = _records(ctx, keep, keys)
    document = read_one(client)
    with options.advisor(rules, site=site) as advisor:
        guidance = records.attended(advisor.evaluate(document, as_of=as_of))
    seq = records.evaluation(guidance, document)
    screen.show([Line(f"Recorded as entry {seq}.", Role.TITLE)])
    attention = guidance.attention
    known = attention.known if attention else {}
    for item in items_of(guidance):
        when = f"known since {known[item.id].first}" if item.id in known else "new"
        screen.show([Line(f"{item.id}  {item.title} ({when})")])
    for rests in attention.put_off if attention else ():
        screen.show([Line(f"{rests.item.id}  {rests.item.title} (put off until {rests.until})", Role.QUIET)])
    return Exit.OK


@command.command("activate")
@options.rules
@click.option("--approved-by", required=True, metavar="WHO", help="Who approved these rules.")
@click.option("--note", default="", help="What was decided, in a sentence.")
@click.pass_context
def activate(ctx: click.Context, rules: tuple[Path, ...], approved_by: str, note: str) -> int:
    """Record that the shipped rulebooks, and those under --rules, came into force, with their text."""
    from cdsrules.loading.files import read_rule_files

    records = _records(ctx, "nothing", None)
    with options.advisor(rules):  # rules that cannot be used do not come into force
        seq = records.activation(read_rule_files(rules), approved_by=approved_by, note=note)
    screen.show([Line(f"Recorded as entry {seq}.")])
    return Exit.OK


@command.command("feedback")
@click.argument("client_id", metavar="CLIENT_ID")
@click.argument("item", metavar="ITEM")
@click.argument("outcome", type=click.Choice(["accepted", "overridden", "snoozed"]))
@click.option("--reason", metavar="CODE", help="Why it is passed over or put off.")
@click.option("--comment", help="In your own words.")
@click.option("--until", type=options.Day(), metavar="DATE", help="The last day on which it rests.")
@click.option("--by", metavar="WHO", help="A pseudonym of the clinician.")
@click.option("--location", help="Where, such as the clinic's name.")
@click.pass_context
def feedback(ctx: click.Context, /, client_id: str, item: str, outcome: str, **more: str | date | None) -> int:
    """Record what was done with ITEM, an id from the guidance of a client."""
    records = _records(ctx, "nothing", None)
    from cdsrules.records.feedback import Feedback, Outcome

    answer = Feedback(client=client_id, item=item, outcome=Outcome(outcome), **more)  # type: ignore[arg-type]
    screen.show([Line(f"Recorded as entry {records.feedback(answer)}.")])
    return Exit.OK


@command.command("head")
@click.pass_context
def head(ctx: click.Context) -> int:
    """Print the last entry's place and digest; keep it where the database is not."""
    found = _ledger(ctx).head()
    screen.put(f"{found}\n" if found else "")
    return Exit.OK


@command.command("verify")
@click.option("--head", "anchor", metavar="HEAD", help="A head that was kept elsewhere: the chain must hold it.")
@click.pass_context
def verify(ctx: click.Context, anchor: str | None) -> int:
    """Check the whole chain; end with 1 when an entry was changed, moved or lost, and name it."""
    from cdsrules.records.chain import Head

    try:
        kept = Head.parse(anchor) if anchor is not None else None
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--head") from problem
    ledger = _ledger(ctx)
    faults = ledger.verify(kept)
    if faults:
        screen.show(Line(f"{fault.words[0].upper()}{fault.words[1:]}.", Role.URGENT) for fault in faults)
        return Exit.FINDINGS
    last = ledger.head()
    entries = f"{last.seq} entries" if last else "No entry yet"
    screen.show([Line(f"{entries}: every one is as it was written." if last else f"{entries}.")])
    return Exit.OK


@command.command("receipt")
@click.argument("entry", type=click.IntRange(min=1))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it here.")
@key
@click.pass_context
def receipt(ctx: click.Context, entry: int, output: Path | None, keys: str | None) -> int:
    """Write everything about one evaluation into one file, which `cdsrules replay` runs again."""
    from cdsrules.cli.writing import create_all
    from cdsrules.records.receipt import make_receipt

    made = make_receipt(_ledger(ctx), entry, _seal(keys))
    text = json.dumps(made.document(), indent=1, ensure_ascii=False) + "\n"
    if output is None:
        screen.put(text)
    else:
        create_all([(output, text.encode())])
    return Exit.OK


@command.command("erase")
@click.option("--client", "client_id", metavar="CLIENT_ID", help="Whose records go.")
@click.option("--before", type=options.Day(), metavar="DATE", help="Everything of any client from before this day.")
@click.option("--reason", required=True, help="Why; it stays on record.")
@click.pass_context
def erase(ctx: click.Context, client_id: str | None, before: date | None, reason: str) -> int:
    """Erase what is recorded of a client, or of all clients before a day. The chain still verifies."""
    if (client_id is None) == (before is None):
        message = "Say whose records go: --client CLIENT_ID, or --before DATE for what is old."
        raise click.UsageError(message)
    ledger = _ledger(ctx)
    if client_id is not None:
        gone = ledger.erase(client_id, reason)
    else:
        gone = ledger.erase_before(datetime.combine(before or date.max, time(), UTC), reason)
    screen.show([Line(f"{gone} {'entry was' if gone == 1 else 'entries were'} erased.")])
    return Exit.OK


Form = Literal["text", "json"]


@command.command("list")
@click.option("--client", "client_id", metavar="CLIENT_ID", help="Only what is of this client.")
@click.option("--kind", type=click.Choice(["evaluation", "feedback", "activation", "erasure"]), help="Only this kind.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def listing(ctx: click.Context, client_id: str | None, kind: str | None, form: Form) -> int:
    """List the entries: a line each, or with their content as JSON Lines, such as all feedback for a report."""
    for row in _ledger(ctx).rows(kind=kind, client=client_id):
        if form == "json":
            content: Mapping[str, object] | None = json.loads(row.payload) if row.payload is not None else None
            entry = {"seq": row.seq, "at": row.at, "kind": row.kind, "content": content}
            screen.put(json.dumps(entry, ensure_ascii=False) + "\n")
        else:
            of = row.client or ("erased" if row.payload is None else "")
            screen.show([Line(f"{row.seq:>6}  {row.at[:19]}  {row.kind:<10}  {of}".rstrip())])
    return Exit.OK
