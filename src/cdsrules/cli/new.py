"""`cdsrules new`: rulebooks, rules and cases to fill in, valid from the start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from cdsrules import clock
from cdsrules.advisor import Advisor
from cdsrules.authoring import skeletons
from cdsrules.authoring.adding import CannotAdd, with_item
from cdsrules.authoring.names import is_id
from cdsrules.cli import options, screen
from cdsrules.cli.exits import Exit
from cdsrules.cli.writing import create_all, replace
from cdsrules.diagnostics import Severity
from cdsrules.errors import CasesError, RulebookError
from cdsrules.loading.files import read_rule_files
from cdsrules.loading.library import check_files, load_library
from cdsrules.loading.problems import Problems, did_you_mean
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.tree import Entries
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.model.rulebook import SAFETY_RULEBOOK, Library, Rule, Verb
from cdsrules.rendering.text import Line, wrapped
from cdsrules.testing import check_cases, read_cases, run_case

folder_argument = click.argument("path", type=click.Path(exists=True, path_type=Path), metavar="FOLDER")


@click.group("new", short_help="Write a rulebook, a rule or a case to fill in.")
def command() -> None:
    """Write a rulebook, a rule or a case to fill in.

    What is written is valid as it is, with notes on what to write where, and in shadow: it is
    shown to nobody until you say so. What stands in a file already is not touched.
    """


@command.command("rulebook", short_help="Write a folder with rules.yaml and cases.yaml.")
@click.argument("name", metavar="NAME")
@click.option(
    "--in",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Where the folder is to stand; here when left out.",
)
def rulebook(name: str, folder: Path) -> int:
    """Write the folder NAME with rules.yaml and cases.yaml.

    NAME is the id of the rulebook, such as winter-clinic.
    """
    _check_id(name, "winter-clinic", further=len(skeletons.EXAMPLE))
    target, today = folder / name, clock.today()
    if name == SAFETY_RULEBOOK:
        _refuse("The rulebook `safety` always loads as it is shipped; nothing can be laid over it.")
    if name in {book.id for book in load_library(read_rule_files(), options.known_facts()).rulebooks}:
        _refuse(f"A rulebook `{name}` comes with cdsrules; `cdsrules init` copies it for editing.")
    if os.path.lexists(target):
        _refuse(f"{target} is there already. Nothing was written.")
    rules = skeletons.rulebook_skeleton(name, today, _schema(target, "rulebook"))
    tried = skeletons.example_cases(name, today)
    cases = skeletons.cases_skeleton(name, tried, today, _schema(target, "cases"))
    create_all([(target / "rules.yaml", rules.encode()), (target / "cases.yaml", cases.encode())])
    _tell(f"The rulebook {name} is in {target}. Then:", f"cdsrules check {target}", f"cdsrules test {target}")
    return Exit.OK


@command.command("rule", short_help="Add a rule to a rulebook.")
@folder_argument
@click.argument("name", metavar="ID")
@click.option("--finds", metavar="FINDING", help="What it finds, such as out_of_season.")
@click.option("--recommends", metavar="ACTION", help="What it recommends, such as consultation.")
@click.option("--cautions", metavar="ACTION", help="What it cautions against, such as referral.")
@options.rules
def rule(
    path: Path, name: str, finds: str | None, recommends: str | None, cautions: str | None, rules: tuple[Path, ...]
) -> int:
    """Add a rule to the end of rules.yaml in FOLDER.

    ID is its name, such as ask-about-light. One of --finds, --recommends and --cautions says
    what it does.
    """
    _check_id(name, "ask-about-light")
    verb, target = _purpose(finds, recommends, cautions)
    file = _file(path, "rules.yaml")
    files, library = _loaded(file, rules)
    if name in library.by_id:
        _refuse(f"There is a rule `{name}` already, at {library.by_id[name].at}. Nothing was added.")
    old = file.read_bytes()
    skeleton = skeletons.rule_skeleton(_new_rule(name, verb, target, library, _keys(old, file, "sources")))
    new = _added(old, file, "rules", skeleton)
    others = [one for one in files if one.name != str(file)]
    wrong = check_files([*others, SourceFile(str(file), new, "given", file.name)], options.known_facts())
    if any(one.severity is Severity.ERROR for one in wrong):
        raise RulebookError(wrong)
    replace(file, new)
    _tell(
        f"The rule {name} is at the end of {file}. It is in shadow, shown to nobody, and holds for everybody after "
        "three months of therapy: make it yours, then write `status: active`. Next:",
        f"cdsrules new case {file.parent} {name}",
        f"cdsrules check {file.parent}",
    )
    return Exit.OK


@command.command("case", short_help="Add a case for a rule.")
@folder_argument
@click.argument("name", metavar="RULE")
@click.option("--client", metavar="CLIENT", help="A client of the file; the first one when left out.")
@options.rules
def case(path: Path, name: str, client: str | None, rules: tuple[Path, ...]) -> int:
    """Add a case for a RULE to the end of cases.yaml in FOLDER.

    It expects that the rule holds for the client; say under `with` what makes it so.
    """
    rule_file = _file(path, "rules.yaml")
    _, library = _loaded(rule_file, rules)
    if name not in library.by_id:
        _refuse(f"There is no rule `{name}`. {did_you_mean(name, library.by_id)}".rstrip())
    file = rule_file.with_name("cases.yaml")
    if file.exists():
        old = file.read_bytes()
        new = _added(old, file, "cases", _case(library.by_id[name], client, old, file, library))
        _checked(new, file, library)
        replace(file, new)
    else:
        new = _first_case(library.by_id[name], client, file)
        _checked(new, file, library)
        create_all([(file, new)])
    _tell_outcome(new, file, library)
    return Exit.OK


# ---------------------------------------------------------------- what was asked for


def _refuse(message: str) -> NoReturn:
    raise click.UsageError(message)


def _check_id(name: str, such_as: str, further: int = 0) -> None:
    if not is_id(name, further):
        _refuse(f"“{name}” cannot be an id. Write a short one in small letters, digits and dashes, such as {such_as}.")


def _purpose(finds: str | None, recommends: str | None, cautions: str | None) -> tuple[Verb, str]:
    wanted = {Verb.FINDS: finds, Verb.RECOMMENDS: recommends, Verb.CAUTIONS: cautions}
    given = [(verb, target) for verb, target in wanted.items() if target is not None]
    if len(given) != 1:
        _refuse("Say what the rule does: one of --finds, --recommends and --cautions.")
    return given[0]


def _file(path: Path, name: str) -> Path:
    file = path / name if path.is_dir() else path
    if not file.is_file():
        _refuse(f"There is no {name} in {path}: `cdsrules new rulebook` writes one.")
    return file


def _schema(folder: Path, sort: str) -> str | None:
    """Return where the schema of a file is, as seen from its folder, where `cdsrules init` put one."""
    there = folder.parent.parent / "schemas" / f"{sort}.schema.json"
    return f"../../schemas/{there.name}" if there.is_file() else None


# ---------------------------------------------------------------- rules


def _loaded(file: Path, rules: Sequence[Path]) -> tuple[tuple[SourceFile, ...], Library]:
    """Return the rule files with the one that is added to, and what they hold. Raises `RulebookError`."""
    try:
        files = read_rule_files([file, *rules])
        return files, load_library(files, options.known_facts())
    except RulebookError:
        screen.complain("Nothing was added: this has to be corrected first.")
        raise


def _keys(text: bytes, file: Path, group: str) -> list[str]:
    """Return the keys of one group of a file, as they are written."""
    root = parse_yaml(text, str(file), Problems())
    node = root.node(group) if isinstance(root, Entries) else None
    return list(node.entries) if isinstance(node, Entries) else []


def _new_rule(name: str, verb: Verb, target: str, library: Library, sources: Sequence[str]) -> skeletons.NewRule:
    actions = library.vocabulary.actions
    cites = next(iter(sources), None)
    if verb is Verb.FINDS:
        _check_id(target, "out_of_season")
        return skeletons.NewRule(name, verb, target, cites=cites)
    if target not in actions:
        _refuse(f"There is no action `{target}`. {did_you_mean(target, actions)}".rstrip())
    if cites is None:
        _refuse("The rulebook names no source, and a rule that advises has to rest on one: write it under `sources`.")
    lifts = actions["progress_talk" if target == "consultation" else "consultation"]
    return skeletons.NewRule(name, verb, target, actions[target], lifts, cites)


def _added(old: bytes, file: Path, key: str, item: str) -> bytes:
    try:
        return with_item(old, str(file), key, item)
    except CannotAdd as error:
        _refuse(str(error))


# ---------------------------------------------------------------- cases


def _case(rule: Rule, client: str | None, old: bytes, file: Path, library: Library) -> str:
    """Return a further case for a file; raises `CasesError` when the file is not in order."""
    _checked(old, file, library)
    clients = _keys(old, file, "clients")
    name = clients[0] if client is None else client
    if name not in clients:
        _refuse(f"There is no client `{name}` in {file}. {did_you_mean(name, clients)}".rstrip())
    taken = [one.name for one in read_cases(old, str(file), library).cases]
    return skeletons.case_skeleton(rule.id, _proposed(rule), name, taken)


def _first_case(rule: Rule, client: str | None, file: Path) -> bytes:
    if client not in {None, skeletons.CLIENT}:
        _refuse(f"{file} is not there yet. Leave --client out: a client `{skeletons.CLIENT}` is written with it.")
    text = skeletons.case_skeleton(rule.id, _proposed(rule), skeletons.CLIENT, ())
    return skeletons.cases_skeleton(rule.rulebook, text, clock.today(), _schema(file.parent, "cases")).encode()


def _proposed(rule: Rule) -> str | None:
    return rule.target if rule.verb is Verb.CAUTIONS else None


def _checked(text: bytes, file: Path, library: Library) -> None:
    problems = check_cases([SourceFile(str(file), text)], library)
    if problems:
        screen.complain("Nothing was added: this has to be corrected first.")
        raise CasesError(problems)


def _tell_outcome(text: bytes, file: Path, library: Library) -> None:
    added = read_cases(text, str(file), library).cases[-1]
    with Advisor(library, engine="reference") as advisor:
        as_expected = run_case(added, advisor).as_expected
    now = (
        "It comes out as expected now."
        if as_expected
        else "It does not come out yet: say under `with` what makes the rule hold, or what else to expect."
    )
    _tell(f"The case “{added.name}” is at the end of {file}. {now} Then:", f"cdsrules test {file.parent}")


def _tell(what: str, *commands: str) -> None:
    screen.show([*wrapped(what, width=screen.width()), Line(""), *(Line(f"  {one}") for one in commands)])
