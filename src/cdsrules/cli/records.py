"""`cdsrules records`: what was shown, what was done with it, and the proof that nobody changed it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.cli.recording import Asked, ledger_of, settings_of
from cdsrules.cli.records_over_time import retain, stats
from cdsrules.rendering.text import Line, Role

if TYPE_CHECKING:
    from cdsrules.records.chain import Fault
    from cdsrules.records.sealing import Seal
    from cdsrules.records.store import Records

_KEPT = ("nothing", "sealed", "plain")
_NOT_JUDGED: Final = (
    "What was drawn from the entries to be looked up is not judged: it is held to the entries, and these do not verify."
)
_AN_ENTRY: Final = "the number of an entry, as `cdsrules records list` has it"


@click.group("records", short_help="Keep what was shown and done, prove it, count it, and forget a client.")
@click.option(
    "--db",
    "address",
    envvar="CDSRULES_RECORDS",
    metavar="DATABASE",
    help="A file of SQLite, or an address like postgresql://user@host/name. Also read from CDSRULES_RECORDS and, as "
    "`records`, from the settings.",
)
@options.settings
@click.pass_context
def command(ctx: click.Context, address: str | None, settings_file: Path | None) -> None:
    """Keep what was shown to whom and what was done with it, in a chain that shows any change.

    The database is made when something is first recorded, and brought up to date when it is used.
    """
    ctx.obj = Asked(address, settings_file)


def _sealing(ctx: click.Context, keys: str | None) -> Seal | None:
    """What seals client documents, by the keys given or those of the settings; None where there are none."""
    given = keys.split() if keys else settings_of(ctx).record_keys
    if not given:
        return None
    from cdsrules.records.sealing import KeySeal

    return KeySeal(given)


def _records(ctx: click.Context, keep: str | None = None, keys: str | None = None) -> Records:
    """The records, keeping client documents as is asked for, or else as the settings say."""
    ledger = ledger_of(ctx, make=True)
    from cdsrules.records.store import Keep, Records

    wanted = settings_of(ctx).keep if keep is None else Keep(keep)
    return Records(ledger, keep=wanted, seal=_sealing(ctx, keys))


key = click.option(
    "--key",
    "keys",
    envvar="CDSRULES_RECORD_KEYS",
    metavar="KEYS",
    help="Keys for sealed client documents, the newest first, blanks between. Better given in CDSRULES_RECORD_KEYS or, "
    "as `record_keys`, in the settings.",
)


@command.command("add")
@click.argument("client", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="CLIENT")
@click.option("--keep", type=click.Choice(_KEPT), help="The client document; nothing, where the settings say no more.")
@key
@options.rules
@options.site
@options.as_of
@click.pass_context
def add(
    ctx: click.Context,
    client: str,
    keep: str | None,
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
        when = f"shown since {known[item.id].first}" if item.id in known else "new"
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
    """Record that the shipped rulebooks, those of plugins and those under --rules came into force, with their text."""
    from cdsrules.loading.files import read_rule_files

    records = _records(ctx)
    with options.advisor(rules) as advisor:  # rules that cannot be used do not come into force
        added, _ = advisor.plugin_session.rulebooks()
        seq = records.activation(read_rule_files([*added, *rules]), approved_by=approved_by, note=note)
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
    records = _records(ctx)
    from cdsrules.plugins.session import start_plugins
    from cdsrules.records.feedback import Feedback, Outcome

    answer = Feedback(client=client_id, item=item, outcome=Outcome(outcome), **more)  # type: ignore[arg-type]
    screen.show([Line(f"Recorded as entry {records.feedback(answer)}.")])
    for failure in start_plugins().feedback(answer):
        screen.complain(failure.in_full)
    return Exit.OK


@command.command("head")
@click.pass_context
def head(ctx: click.Context) -> int:
    """Print the last entry's place and digest; keep it where the database is not."""
    found = ledger_of(ctx).head()
    screen.put(f"{found}\n" if found else "")
    return Exit.OK


@command.command("verify")
@click.option("--head", "anchor", metavar="HEAD", help="A head that was kept elsewhere: the chain must hold it.")
@click.pass_context
def verify(ctx: click.Context, anchor: str | None) -> int:
    """Check the whole chain, and what was drawn from it to be looked up; end with 1 and name what is not so.

    That is an entry that was changed, moved or lost, and a row of a table that is not as the entries have it.
    """
    from cdsrules.records.chain import Head

    try:
        kept = Head.parse(anchor) if anchor is not None else None
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="--head") from problem
    ledger = ledger_of(ctx)
    is_wrong = _named(ledger.verify(kept))
    if is_wrong and (kept is None or ledger.verify()):  # a head that does not fit says nothing against the entries
        screen.show([Line(_NOT_JUDGED)])
        return Exit.FINDINGS
    if _named(ledger.misdrawn()) or is_wrong:
        return Exit.FINDINGS
    last = ledger.head()
    if last is None:
        screen.show([Line("There is no entry, and nothing shows whether there was one.", Role.URGENT)])
        return Exit.FINDINGS
    entries, them = (f"{last.seq:,} entries: every one is", "them") if last.seq > 1 else ("1 entry: it is", "it")
    screen.show([Line(f"{entries} as it was written, and what was drawn from {them} agrees.")])
    return Exit.OK


def _named(faults: Iterable[Fault]) -> bool:
    """Say each fault as it is found, and return whether there was one."""
    found = False
    for fault in faults:
        screen.show([Line(f"{fault.words[0].upper()}{fault.words[1:]}.", Role.URGENT)])
        found = True
    return found


@command.command("redraw")
@click.pass_context
def redraw(ctx: click.Context) -> int:
    """Draw anew from the entries what is looked up: what was shown, answered and has arrived, and when.

    For when `verify` names rows of these tables. Nothing is drawn from entries that do not verify, and nothing of
    whom was erased. Nobody else can record meanwhile.
    """
    drawn = ledger_of(ctx).redraw()
    told = ", ".join(f"{rows:,} in {table}" for table, rows in drawn.items())
    screen.show([Line(f"Drawn anew from the entries: {told}.")])
    return Exit.OK


@command.command("receipt")
@click.argument("entry", type=options.Whole(1, write=_AN_ENTRY))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it here.")
@key
@click.pass_context
def receipt(ctx: click.Context, entry: int, output: Path | None, keys: str | None) -> int:
    """Write everything about one evaluation into one file, which `cdsrules replay` runs again.

    That takes the client document, which is recorded where `keep` is sealed or plain.
    """
    from cdsrules.cli.writing import FOR_OWNER_ALONE, create
    from cdsrules.records.receipt import make_receipt

    made = make_receipt(ledger_of(ctx), entry, _sealing(ctx, keys))
    text = json.dumps(made.document(), indent=1, ensure_ascii=False) + "\n"
    if output is None:
        screen.put(text)
    else:
        create(output, text.encode(), FOR_OWNER_ALONE)
    return Exit.OK


def _nobody(client: str) -> str:
    """That nothing was erased: what was asked for may be on record by another name."""
    gone = f"Nobody called {client} is on record, or no longer: nothing was erased."
    digest = "of a FHIR record whose id does not fit is called by a digest of it (docs/fhir.md)."
    if ":" in client:
        return f"{gone} A patient {digest}"
    return f"{gone} A patient of a register has its word before the id, such as north:{client}, and one {digest}"


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
    ledger = ledger_of(ctx)
    if client_id is not None:
        gone = ledger.erase(client_id, reason)
        if not gone:
            screen.show([Line(_nobody(client_id))])
            return Exit.FINDINGS
    else:
        gone = ledger.erase_before(datetime.combine(before or date.max, time(), UTC), reason)
    screen.show([Line(f"{gone} {'entry was' if gone == 1 else 'entries were'} erased.")])
    return Exit.OK


Form = Literal["text", "json"]


@command.command("list")
@click.option("--client", "client_id", metavar="CLIENT_ID", help="Only what is of this client.")
@click.option("--kind", type=click.Choice(["evaluation", "feedback", "activation", "erasure"]), help="Only this kind.")
@options.reported_as("json")
@click.pass_context
def listing(ctx: click.Context, client_id: str | None, kind: str | None, form: Form) -> int:
    """List the entries: a line each, or with their content as JSON Lines, such as all feedback for a report."""
    for row in ledger_of(ctx).rows(kind=kind, client=client_id):
        if form == "json":
            entry = {"seq": row.seq, "at": row.at, "kind": row.kind, "content": row.content()}
            screen.put(json.dumps(entry, ensure_ascii=False) + "\n")
        else:
            of = row.client or ("erased" if row.payload is None else "")
            screen.show([Line(f"{row.seq:>6}  {row.at[:19]}  {row.kind:<10}  {of}".rstrip())])
    return Exit.OK


command.add_command(stats)
command.add_command(retain)
