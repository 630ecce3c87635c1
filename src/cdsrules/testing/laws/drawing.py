"""Which edits the change of a law can be for one client, for Hypothesis to choose from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

from hypothesis import strategies as st

from cdsrules.loading.client_document import PARTS
from cdsrules.loading.client_records import HOMEWORK, OPENNESS
from cdsrules.model.risk import RISK_KINDS
from cdsrules.model.time import Duration, before
from cdsrules.model.vocabulary import Vocabulary
from cdsrules.testing.laws.asking import Document
from cdsrules.testing.laws.clients import Imagined
from cdsrules.testing.laws.edits import (
    AddFlag,
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
from cdsrules.testing.laws.imagination import Imagination
from cdsrules.testing.laws.law import Change

Strategy = st.SearchStrategy
Path: TypeAlias = tuple[str | int, ...]

_RECENT: Final = 90
"""How many days back a record is that a law adds."""
_SYMPTOMS: Final = ("outcome", "screening")


def edits(change: Change, document: Document, as_of: date, imagination: Imagination) -> Strategy[Edit]:
    """Return the edits that a law's change can be for a client; nothing to choose from where it cannot be made."""
    vocabulary = st.just(imagination.vocabulary)
    actions = _one_of(change.terms or tuple(imagination.vocabulary.actions))
    back = st.integers(0, _RECENT)
    made: Mapping[str, Callable[[], Strategy[Edit]]] = {
        "worsen_latest_score": lambda: _other_score(change, document, imagination, better=False),
        "improve_latest_score": lambda: _other_score(change, document, imagination, better=True),
        "add_risk_flag": lambda: st.builds(AddFlag, _one_of(change.terms or RISK_KINDS), back),
        "record_done": lambda: st.builds(RecordAction, actions, st.just("done"), back, vocabulary),
        "record_declined": lambda: st.builds(RecordAction, actions, st.just("declined"), back, vocabulary),
        "propose": lambda: st.builds(Propose, actions, vocabulary),
        "fill_in": lambda: _filling(document, as_of, change.terms or PARTS, imagination),
        "ask_later": lambda: st.builds(Later, st.integers(1, _days(change.up_to, as_of))),
        "shuffle_records": lambda: st.builds(Reorder, st.integers(0, 9)),
        "ask_both_engines": lambda: st.just(OtherEngine()),
    }
    return made[change.kind]()


def _other_score(change: Change, document: Document, imagination: Imagination, *, better: bool) -> Strategy[Edit]:
    scored = _one_of(_measured(document, change.terms, imagination.vocabulary))
    return st.builds(OtherScore, scored, st.integers(1, 27), st.just(better), st.just(imagination.vocabulary))


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
    """Return what could be recorded of what is not: one place, then something for it."""
    made = imagination.around(document, as_of)
    places = [*_missing(document, parts, made), *_unsaid(document, parts, imagination.vocabulary)]
    return st.one_of(places) if places else st.nothing()


def _missing(document: Document, parts: Sequence[str], made: Imagined) -> Iterator[Strategy[Edit]]:
    """Yield the sections, and what groups do not say."""
    for part in parts:
        group = document.get(part)
        if part not in made.fields:
            if part not in document:
                yield st.builds(FillIn, st.just((part,)), made.lists[part])
            continue
        for key, values in made.fields[part].items():
            if part not in document:
                yield st.builds(FillIn, st.just((part,)), st.fixed_dictionaries({key: values}))
            elif isinstance(group, Mapping) and key not in group:
                yield st.builds(FillIn, st.just((part, key)), values)


def _unsaid(document: Document, parts: Sequence[str], vocabulary: Vocabulary) -> Iterator[Strategy[Edit]]:
    """Yield what single records do not say and could."""
    treatment = document.get("treatment")
    goals = records(treatment, "goals") if isinstance(treatment, Mapping) else []
    said: tuple[tuple[Path, Sequence[Mapping[str, object]], str, Sequence[object]], ...] = (
        (("sessions",), records(document, "sessions"), "homework", HOMEWORK),
        (("sessions",), records(document, "sessions"), "openness", OPENNESS),
        (("treatment", "goals"), goals, "agreed", (True, False)),
        (("treatment", "goals"), goals, "understood", (True, False)),
    )
    for path, listed, key, values in said:
        places = [place for place, one in enumerate(listed) if key not in one] if path[0] in parts else []
        if places:
            yield st.sampled_from([FillIn((*path, place, key), value) for place in places for value in values])
    unasked = [
        FillIn(("measures", place, "risk_items"), {str(item): answer for item in instrument.risk_items})
        for place, one in enumerate(records(document, "measures") if "measures" in parts else [])
        if not {"items", "risk_items"} & one.keys()
        and (instrument := vocabulary.instruments[str(one["instrument"])]).risk_items
        for answer in range(instrument.item_low or 0, (instrument.item_high or 0) + 1)
    ]
    if unasked:
        yield st.sampled_from(unasked)
