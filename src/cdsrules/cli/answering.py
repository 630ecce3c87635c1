"""From a client document to the answer that was asked for: text, JSON or a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from cdsrules.cli.answers import Answer
from cdsrules.frozen import frozen
from cdsrules.model.attention import Attended, as_it_is
from cdsrules.rendering.text import Line, Role, lines

if TYPE_CHECKING:
    from cdsrules.advisor import Advisor
    from cdsrules.model.client import Client

Format: TypeAlias = Literal["text", "json", "html"]
Document: TypeAlias = Mapping[str, object]
Answerer: TypeAlias = Callable[[Document], Answer]
ENDINGS: Mapping[Format, str] = {"text": "txt", "json": "json", "html": "html"}


@frozen
class Wanted:
    """How to answer: for which day, in which form, how wide; `many` when more than one client is asked about.

    `shadow` adds to text what rules in shadow would change; `attended` returns guidance as it is to be shown by
    what is remembered of the client.
    """

    as_of: date | None
    form: Format
    everything: bool
    width: int
    many: bool
    shadow: bool = False
    attended: Attended = as_it_is


def answerer(advisor: Advisor, wanted: Wanted) -> Answerer:
    """Return what answers a client document in the form that is wanted; it raises `ClientError` as the advisor does."""
    match wanted.form:
        case "text":
            return partial(_text, advisor, wanted)
        case "json":
            return partial(_json, advisor, wanted)
        case "html":
            return partial(_page, advisor, _without_hearers(advisor), wanted)
        case _:
            assert_never(wanted.form)


def _text(advisor: Advisor, wanted: Wanted, document: Document) -> Answer:
    guidance = wanted.attended(advisor.evaluate(document, as_of=wanted.as_of))
    written = lines(guidance, everything=wanted.everything, width=wanted.width)
    if wanted.shadow:
        from cdsrules.rendering.shadow import shadow_lines

        written = (*written, Line(""), *shadow_lines(guidance, width=wanted.width))
    return (*written, Line(""), Line("-" * wanted.width, Role.QUIET), Line("")) if wanted.many else written


def _json(advisor: Advisor, wanted: Wanted, document: Document) -> Answer:
    """Return the guidance document, for many clients on one line; in ASCII, so that no terminal minds it."""
    said = wanted.attended(advisor.evaluate(document, as_of=wanted.as_of)).to_dict()
    return json.dumps(said, indent=None if wanted.many else 2) + "\n"


def _without_hearers(advisor: Advisor) -> Advisor:
    from cdsrules.advisor import Advisor

    return Advisor(advisor.library, engine="reference", plugins=advisor.plugin_session.measuring())


def _page(advisor: Advisor, silent: Advisor, wanted: Wanted, document: Document) -> Answer:
    """Return the page; of earlier days no plugin hears, though their facts are measured."""
    from cdsrules.measures.history import History
    from cdsrules.rendering.course import score_chart
    from cdsrules.rendering.html import render
    from cdsrules.rendering.timeline import first_applied

    client = advisor.client(document, as_of=wanted.as_of)
    guidance = wanted.attended(advisor.evaluate(document, as_of=wanted.as_of))
    history = History(client, advisor.library.vocabulary, guidance.as_of)
    applied = first_applied(
        lambda day: silent.evaluate(client, as_of=day),
        (day for day in _days(client) if day >= history.start),
        guidance.as_of,
    )
    return render(guidance, score_chart(history, applied))


def _days(client: Client) -> Iterator[date]:
    """Yield every day on which something is on record."""
    yield client.treatment.on
    for records in client.dated_lists():
        yield from (record.on for record in records)
