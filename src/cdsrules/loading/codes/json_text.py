"""Codes for the text of a client document: what is wrong before anything in it can be looked at."""

from __future__ import annotations

from cdsrules.loading.codes.record import Code, Within

_GOOD = '{"schema_version": "1.0", "client": {"id": "c-1"}, "treatment": {"started_on": "2026-01-05"}}'
_LOST = "What is dropped or overwritten in a record without a word may be what mattered most."

CODES = (
    Code(
        "CDS780",
        "The client document is too large",
        means="The document is larger than four million bytes.",
        matters="No record of one client comes near it, so something else was sent.",
        write="One document for each client; many clients as JSON Lines, one document on each line.",
        bad='{"schema_version": "1.0", "extensions": {"scan": "' + "0" * 4_000_000 + '"}}',
        good=_GOOD,
        within=Within.CLIENT,
    ),
    Code(
        "CDS781",
        "The client document is not stored as UTF-8",
        means="A byte in it is not UTF-8, the one encoding of JSON.",
        matters="Read in another encoding, names and words would change.",
        write="Store it as UTF-8.",
        bad='{"schema_version": "1.0", "extensions": {"clinic": "Zoë"}}',
        good=_GOOD,
        within=Within.CLIENT,
        stored_as="latin-1",
    ),
    Code(
        "CDS782",
        "The client document is not JSON",
        means="At this place the text breaks the rules of JSON.",
        matters="From there on nothing can be read with certainty, so nothing is.",
        write="Let a JSON encoder write it. Often it is a missing comma or bracket, or a document that was cut off.",
        bad='{"schema_version": "1.0" "client": {"id": "c-1"}}',
        good=_GOOD,
        within=Within.CLIENT,
    ),
    Code(
        "CDS783",
        "A key stands twice",
        means="One object has the same key more than once.",
        matters=_LOST,
        write="Keep the one that holds.",
        bad='{"schema_version": "1.0", "client": {"id": "c-1", "id": "c-2"}}',
        good=_GOOD,
        within=Within.CLIENT,
    ),
    Code(
        "CDS784",
        "A number is none",
        means="NaN, an infinity, or a number beyond all measure.",
        matters="Compared with a threshold it gives an answer that means nothing.",
        write="Leave the entry out where there is no value.",
        bad='{"schema_version": "1.0", "measures": [{"instrument": "phq-9", "date": "2026-01-05", "score": NaN}]}',
        good=_GOOD,
        within=Within.CLIENT,
    ),
    Code(
        "CDS785",
        "The client document is nested too deeply",
        means="Objects and lists stand inside one another thousands of times over.",
        matters="A client document needs five levels; this was made by mistake or to do harm.",
        write="Leave out what is not in the schema.",
        bad='{"schema_version": "1.0", "extensions": ' + "[" * 10_000 + "]" * 10_000 + "}",
        good=_GOOD,
        within=Within.CLIENT,
    ),
    Code(
        "CDS786",
        "The client document is no object",
        means="The document is a list, a text, a number or null.",
        matters="One document describes one client.",
        write="One object: { … } around everything. Many clients go as JSON Lines, one object on each line.",
        bad='["c-1", "c-2"]',
        good=_GOOD,
        within=Within.CLIENT,
    ),
)
