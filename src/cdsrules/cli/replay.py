"""`cdsrules replay`: run a receipt again, and say whether everything came out as it was recorded."""

from __future__ import annotations

from pathlib import Path

import click

import cdsrules
from cdsrules.cli import screen
from cdsrules.cli.exits import Exit
from cdsrules.errors import ExtraMissing
from cdsrules.rendering.text import Line, Role


@click.command("replay", short_help="Run a receipt again and compare byte for byte.")
@click.argument("receipt", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="RECEIPT")
def command(receipt: Path) -> int:
    """Run RECEIPT again: the same client document on the same rules.

    Ends with 1 when the guidance comes out otherwise, or the receipt was changed.
    """
    try:
        from cdsrules.records.receipt import Receipt, replay
    except ModuleNotFoundError as missing:
        message = "Receipts need a part that is not installed: pip install 'cdsrules[records]'."
        raise ExtraMissing(message) from missing
    from cdsrules.loading.json_text import read_json

    held = Receipt.parse(read_json(receipt.read_bytes(), str(receipt)))
    replayed = replay(held)
    if replayed.same:
        plugins = replayed.guidance.plugins if replayed.guidance is not None else ()
        screen.show([Line("The same, byte for byte, and every part of the receipt agrees with its digests.")])
        screen.show(Line(f"The plugin {name} {version} took part, as it did then.") for name, version in plugins)
    screen.show(Line(f"Not the same: {what}.", Role.URGENT) for what in replayed.differs)
    if held.is_carried_over:
        screen.show([Line("What of the record was not understood is as it was told: the record itself is not in it.")])
    if held.made_by != cdsrules.__version__:
        screen.show([Line(f"The receipt says it was made by cdsrules {held.made_by}; this is {cdsrules.__version__}.")])
    return Exit.OK if replayed.same else Exit.FINDINGS
