"""`cdsrules init`: the shipped rulebooks, copied for editing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from cdsrules.cli.exits import Exit
from cdsrules.cli.screen import complain, show
from cdsrules.cli.writing import create_all
from cdsrules.loading.shipped import shipped_rules, shipped_schemas
from cdsrules.rendering.text import Line

# What always counts as it is shipped, so that a copy could only mislead.
NOT_COPIED = frozenset({"safety", "laws.yaml", "obligations.yaml"})


@click.command("init", short_help="Copy the shipped rulebooks for editing.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
def command(folder: Path) -> int:
    """Copy the shipped rulebooks into DIR for editing.

    What stands in DIR/rules adds to the shipped rules and replaces them by rule id.
    The rulebook `safety`, the laws and the obligations are not copied: they always count as they
    are shipped.
    """
    copies = list(_copies(folder))
    there = [str(target) for _, target in copies if os.path.lexists(target)]
    if not there:
        try:
            create_all([(target, source.read_bytes()) for source, target in copies])
        except FileExistsError as error:  # somebody else was faster, or a file stands where a folder belongs
            there = [str(error.filename)]
    if there:
        complain(*(f"{one} is there already." for one in there), "Nothing was copied: name another folder.")
        return Exit.USAGE
    rules = folder / "rules"
    told = (
        f"{len(copies)} files are in {folder}. Edit those in {rules}, then:",
        "",
        f"  cdsrules check {rules}",
        f"  cdsrules evaluate CLIENT.json --rules {rules}",
    )
    show(map(Line, told))
    return Exit.OK


def _copies(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file to copy and its place; the schemas stand where the first line of a rule file looks for them."""
    for name, origin in (("rules", shipped_rules()), ("schemas", shipped_schemas())):
        for file in sorted(origin.rglob("*")):
            inside = file.relative_to(origin)
            if file.is_file() and inside.parts[0] not in NOT_COPIED:
                yield file, folder / name / inside
