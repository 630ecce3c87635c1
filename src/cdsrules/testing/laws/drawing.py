"""Which edits the change of a law can be for one client, for Hypothesis to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

from hypothesis import strategies as st

from cdsrules.loading.client_records import HOMEWORK, OPENNESS
from cdsrules.model.risk import RISK_KINDS
from cdsrules.model.time import Duration, before
from cdsrules.model.vocabulary import Vocabulary
from cdsrules.testing.laws.clients import Imagination
from cdsrules.testing.laws.edits import (
    AddFlag,
    Document,
    Edit,
    FillIn,
    Later,
    OtherEngine,
    OtherScore,
    Propose,
    RecordAction,
    Reorder,
    records,
)
from cdsrules.testing.laws.law import PARTS, Change

Strategy = st.SearchStrategy
Path: TypeAlias = tuple[str | int, ...]

_RECENT: Final = 90
"""How many days back a record is that a law adds."""
_SYMPTOMS: Final = ("outcome", "screening")


def edits(change: Change, document: Document, as_of: date, imagination: Imagination) -> Strategy[Edit]:
    """Return the edits that a law's change can be for a client; nothing to choose from where it cannot be made."""
    terms, vocabulary = change.terms, imagination.vocabulary
    match change.kind:
        case "worsen_latest_score" | "improve_latest_score":
            better = change.kind == "improve_latest_score"
            scored = _measured(document, terms, vocabulary)
            return st.builds(OtherScore, _one_of(scored), st.integers(1, 27), st.just(better), st.just(vocabulary))
        case "add_risk_flag":
            return st.builds(AddFlag, _one_of(terms or RISK_KINDS), st.integers(0, _RECENT))
        case "record_done" | "record_declined":
            status = "done" if change.kind == "record_done" else "declined"
            action = _one_of(terms or tuple(vocabulary.actions))
            return st.builds(
                RecordAction, action, st.sampled_from([status]), st.integers(0, _RECENT), st.just(vocabulary)
            )
        case "propose":
            return st.builds(Propose, _one_of(terms or tuple(vocabulary.actions)), st.just(vocabulary))
        case "fill_in":
            return _filling(document, as_of, terms or PARTS, imagination)
        case "ask_later":
            return st.builds(Later, st.integers(1, _days(change.up_to, as_of)))
        case "shuffle_records":
            return st.builds(Reorder, st.integers(0, 9))
        case _:
            return st.just(OtherEngine())


def _one_of(terms: Sequence[str]) -> Strategy[str]:
    return st.sampled_from(terms) if terms else st.nothing()


def _days(up_to: Duration | None, as_of: date) -> int:
    return 1 if up_to is None else max(1, (as_of - before(as_of, up_to)).days)


def _measured(document: Document, terms: Sequence[str], vocabulary: Vocabulary) -> Sequence[str]:
    """Return the symptom measures that a client has scores of."""
    there = {str(one.get("instrument")) for one in records(document, "measures") if "score" in one}
    meant = terms or [one.id for one in vocabulary.instruments.values() if one.role in _SYMPTOMS]
    return [name for name in meant if name in there]


# ---- What is not recorded, and what could be


def _filling(document: Document, as_of: date, parts: Sequence[str], imagination: Imagination) -> Strategy[Edit]:
    others = imagination.around(document, as_of).documents
    whole = others.flatmap(lambda other: _from(other, document, parts))
    entries = [
        FillIn(path, value) for path, values in _entries(document, parts, imagination.vocabulary) for value in values
    ]
    return st.one_of(st.sampled_from(entries), whole) if entries else whole


def _from(other: Document, document: Document, parts: Sequence[str]) -> Strategy[Edit]:
    """Return what another client has on record in these parts and this one has not, one thing at a time."""
    missing: list[Edit] = []
    for part in parts:
        if part not in other:
            continue
        inside, there = other[part], document.get(part)
        if part not in document:
            missing.append(FillIn((part,), inside))
        elif isinstance(inside, Mapping) and isinstance(there, Mapping):
            missing += [FillIn((part, key), value) for key, value in inside.items() if key not in there]
    return st.sampled_from(missing) if missing else st.nothing()


def _entries(
    document: Document, parts: Sequence[str], vocabulary: Vocabulary
) -> Iterator[tuple[Path, Sequence[object]]]:
    """Yield what single records do not say, and what they could."""
    for part, key, values in (("sessions", "homework", HOMEWORK), ("sessions", "openness", OPENNESS)):
        for place, record in enumerate(records(document, part)) if part in parts else ():
            if key not in record:
                yield (part, place, key), values
    for place, record in enumerate(records(document, "measures")) if "measures" in parts else ():
        instrument = vocabulary.instruments.get(str(record.get("instrument")))
        if instrument is not None and instrument.risk_items and not {"items", "risk_items"} & record.keys():
            low, high = instrument.item_low or 0, instrument.item_high or 0
            answers = [{str(item): answer for item in instrument.risk_items} for answer in range(low, high + 1)]
            yield ("measures", place, "risk_items"), answers
    treatment = document.get("treatment")
    goals = records(treatment, "goals") if isinstance(treatment, Mapping) and "treatment" in parts else []
    for place, goal in enumerate(goals):
        for key in ("agreed", "understood"):
            if key not in goal:
                yield ("treatment", "goals", place, key), (True, False)
