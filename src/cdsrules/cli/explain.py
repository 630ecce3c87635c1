"""`cdsrules explain`: one rule in plain words and for one client, or the help page of a code."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from cdsrules.cli import options, screen
from cdsrules.cli.documents import read_one
from cdsrules.cli.exits import Exit
from cdsrules.errors import UnknownName
from cdsrules.model.rulebook import Rule, Verb
from cdsrules.model.saying import say_word
from cdsrules.model.vocabulary import Vocabulary
from cdsrules.rendering.account import rule_lines, verdict_lines
from cdsrules.rendering.text import Line

_CODE = re.compile(r"CDS\d{3}", re.IGNORECASE)


@click.command("explain", short_help="Explain a rule, for a client if you like, or a diagnostic code.")
@click.argument("name", metavar="RULE|CODE")
@options.client_file
@options.rules
@options.plugins
@options.as_of
@options.engine
def command(
    name: str, client: str | None, rules: tuple[Path, ...], as_of: date | None, engine: options.EngineName
) -> int:
    """Explain a RULE by its id, or a diagnostic CODE such as CDS012.

    With --client: whether the rule holds for the client, on which facts, and what would
    change that.
    """
    if _CODE.fullmatch(name):
        from cdsrules.loading.codes.page import page

        screen.put(f"{page(name).rstrip()}\n")
        return Exit.OK
    with options.advisor(rules, engine) as advisor:
        document = None if client is None else read_one(client)
        try:
            account = advisor.explain(name, document, as_of=as_of)
        except UnknownName as error:
            if rules or name in advisor.library.by_id:
                raise
            message = f"{error} Only the shipped rules were looked at: name yours with `--rules`."
            raise UnknownName(message) from error
    target = _target(account.rule, advisor.library.vocabulary)
    shipped = account.rule.at is not None and not Path(account.rule.at.file).exists()
    parameters = advisor.library.rulebook(account.rule).parameters
    told = rule_lines(
        account.rule, target, account.in_words, account.sources, parameters, shipped=shipped, width=screen.width()
    )
    screen.show(told)
    if account.explanation is not None:
        told = verdict_lines(account.rule, account.explanation, truth=account.truth, width=screen.width())
        screen.show(told)
    elif document is not None:
        screen.show((Line(""), Line(f"It takes no part in guidance: its status is {account.rule.status.value}.")))
    return Exit.OK


def _target(rule: Rule, vocabulary: Vocabulary) -> str:
    action = vocabulary.actions.get(rule.target)
    return say_word(rule.target) if rule.verb is Verb.FINDS or action is None else action.name
