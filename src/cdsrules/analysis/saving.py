"""A remark's client as files: the client-state document, and a case that expects what comes out now."""

from __future__ import annotations

import json
from collections.abc import Iterator

from cdsrules.advisor import Advisor
from cdsrules.analysis.answers import Shown
from cdsrules.analysis.remarks import Remark
from cdsrules.analysis.report import document_of_client
from cdsrules.loading.tree import Plain
from cdsrules.model.rulebook import Library
from cdsrules.testing.states import state_of, yaml_lines
from cdsrules.testing.stories import story


def files_of(remark: Remark, advisor: Advisor) -> Iterator[tuple[str, str]]:
    """Yield the files of a remark by name: its client as JSON, and as a case where there is something to expect.

    A remark without a client has none.
    """
    if remark.client is None:
        return
    document = json.dumps(document_of_client(remark.client), indent=2, ensure_ascii=False)
    yield f"{remark.name}.json", f"{document}\n"
    if remark.expect:
        yield f"{remark.name}.cases.yaml", case_of(remark, remark.client, advisor)


def case_of(remark: Remark, client: Shown, advisor: Advisor) -> str:
    """Return a file of cases with the remark's client, which expects what comes out now."""
    state: dict[str, Plain] = state_of(client.document)
    told = story(advisor.read(client.document, as_of=client.as_of))
    lines = [
        f"# Found by `cdsrules analyse`: {remark.says}",
        "# It expects what comes out now. Once the rules are mended, write here what should come out, and move it",
        "# beside the rules.",
        f"rulebook: {_rulebook(remark, advisor.library)}",
        f"as_of: {client.as_of.isoformat()}",
        "clients:",
        "  imagined:",
        *yaml_lines("story", told, "    "),
        *yaml_lines("state", state, "    "),
        "cases:",
        f"  - case: {remark.name}",
        "    client: imagined",
        *yaml_lines("expect", dict(remark.expect), "    "),
    ]
    return "\n".join(lines) + "\n"


def _rulebook(remark: Remark, library: Library) -> str:
    known = [library.by_id[name].rulebook for name in remark.about if name in library.by_id]
    return known[0] if known else library.rulebooks[0].id
