"""Where the product meets the criteria of FD&C Act 520(o)(1)(E), and what stays with whoever deploys it.

Text and places, nothing else: a test looks every place up, so that none is named that is
not there.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Sort(StrEnum):
    """What a place is: a command, a place in a schema (`file#/pointer`), a page (`file#heading`), or a part of this."""

    COMMAND = "command"
    SCHEMA = "schema"
    PAGE = "page"
    DOSSIER = "dossier"


class Place(NamedTuple):
    """A place in the product, and what is to be found there."""

    sort: Sort
    name: str
    shows: str


class Criterion(NamedTuple):
    """A criterion in our own words, how it is met, where that can be seen, and what is left to the deployer."""

    id: str
    asks: str
    met: str
    places: tuple[Place, ...]
    left_open: str


CRITERIA: Final = (
    Criterion(
        "no-images-or-signals",
        "It is not meant to acquire, process or analyse a medical image, a signal from an in vitro diagnostic device, "
        "or a pattern or signal from a signal acquisition system.",
        "A client document holds dated records that people made: scores, sessions, goals, steps, flags. It has no "
        "place for an image, a waveform or a stream of measurements, and a key that is not in its schema is refused.",
        (
            Place(Sort.SCHEMA, "client-state.schema.json#/properties", "everything that a client document can hold"),
            Place(Sort.COMMAND, "facts", "every fact that a rule can ask about, and what it is derived from"),
        ),
        "What a host derives scores or flags from before it hands them over.",
    ),
    Criterion(
        "medical-information",
        "It is meant to display, analyse or print medical information about a patient, or other medical information "
        "such as studies and practice guidelines.",
        "It reads what is on record about a client against rules whose sources are popular texts, guidelines and "
        "studies, each with its grade, and prints both.",
        (
            Place(Sort.COMMAND, "evaluate", "guidance for a client, with the facts and sources behind it"),
            Place(Sort.COMMAND, "book", "every rule with its sources and their grade"),
            Place(Sort.DOSSIER, "attributes", "the source attributes of every rule"),
        ),
        "Whether what the host records is right and complete.",
    ),
    Criterion(
        "recommendations-to-a-professional",
        "It supports or gives recommendations to a health care professional about prevention, diagnosis or treatment; "
        "it does not replace or direct their judgement, and is not meant for decisions within minutes.",
        "Texts are written to the clinician as options; several steps are offered, in an order, with what speaks "
        "against what the clinician plans. It makes no diagnosis, prints no risk score and no risk class, and is no "
        "alarm service: it speaks when it is asked.",
        (
            Place(Sort.PAGE, "docs/intended-use.md#what-it-is-for", "who it is for"),
            Place(Sort.PAGE, "docs/intended-use.md#what-it-is-not", "what it must not be used for"),
            Place(
                Sort.SCHEMA,
                "guidance.schema.json#/properties/pathway",
                "steps for now, steps for later, what is settled",
            ),
            Place(Sort.SCHEMA, "guidance.schema.json#/properties/frame", "the sentence that the clinician decides"),
        ),
        "That guidance reaches health professionals only, and nobody waits for it in an emergency. Whether the safety "
        "items, which ask for contact or an assessment on the same day, are time-critical where it is used.",
    ),
    Criterion(
        "basis-can-be-reviewed",
        "The professional can review the basis of every recommendation independently, so that they need not rely "
        "primarily on it: inputs, logic in plain words, sources and their strength, limits and gaps.",
        "Every item names the facts it rests on with value, day and record, the rule in plain words, its sources with "
        "grade and what was not verified, numbers that no source gives, what is not known, and what single change "
        "would turn it. Conclusions come from written rules; nothing is learned from data.",
        (
            Place(
                Sort.SCHEMA,
                "guidance.schema.json#/$defs/explanation/properties/facts",
                "the inputs, with their records",
            ),
            Place(
                Sort.SCHEMA, "guidance.schema.json#/$defs/explanation/properties/rule_in_words", "the logic in words"
            ),
            Place(Sort.SCHEMA, "guidance.schema.json#/$defs/explanation/properties/sources", "sources and their grade"),
            Place(Sort.SCHEMA, "guidance.schema.json#/$defs/explanation/properties/missing", "what is not known"),
            Place(Sort.SCHEMA, "guidance.schema.json#/$defs/explanation/properties/would_change", "what would turn it"),
            Place(Sort.COMMAND, "explain", "one rule in plain words, for a client if wanted"),
            Place(Sort.COMMAND, "book", "all rules in plain words, with cases"),
            Place(Sort.PAGE, "docs/intended-use.md#limits", "limits and gaps"),
        ),
        "That the host shows the explanation within reach of the recommendation, and that clinicians have the time "
        "and the training to read it.",
    ),
)
