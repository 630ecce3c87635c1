"""Proposals as a file of cases, to be read by somebody who decides about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from cdsrules.testing.proposals.proposing import Proposal
from cdsrules.testing.states import WIDTH, inline, state_of, yaml_lines

_HEAD = """\
# yaml-language-server: $schema=../../schemas/cases.schema.json
#
# Cases that are proposed. Each closes a gap: it says under `because` what no case has seen, or which slip in a rule
# none would notice. What it expects is what the rules do now.
#
# Read the client's story, then what is expected, and ask: is that right?
#   Yes: write `reviewed_by` and `reviewed_on` below `proposed`, and it is a case like any other.
#   No: then the rule is wrong. Change the rule, write what should come out, and sign that.
"""


def proposals_file(proposals: Iterable[Proposal], rulebook: str) -> str:
    """Return the proposals for one rulebook as the text of a file of cases."""
    mine = [one for one in proposals if one.rulebook == rulebook]
    lines = [_HEAD + f"rulebook: {rulebook}", "", "clients:"]
    for one in mine:
        lines += _client(one)
    lines += ["", "cases:"]
    for one in mine:
        lines += _case(one)
    return "\n".join(lines) + "\n"


def _client(one: Proposal) -> Iterator[str]:
    yield f"  {one.client}:"
    yield from _said("story", one.story, "    ")
    yield "    state:"
    for key, value in state_of(one.document).items():
        yield from yaml_lines(key, value, "      ")


def _case(one: Proposal) -> Iterator[str]:
    yield f"  - case: {inline(one.name)}"
    yield "    proposed: true"
    yield from _said("because", one.because, "    ")
    yield f"    client: {one.client}"
    yield f"    as_of: {one.as_of}"
    yield from yaml_lines("expect", one.expect, "    ")
    yield ""


def _said(key: str, text: str, indent: str) -> Iterator[str]:
    """Yield a key with a text that may be long, folded over several lines."""
    yield f"{indent}{key}: >-"
    for line in wrap(" ".join(text.split()), WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False):
        yield f"{indent}  {line}"
