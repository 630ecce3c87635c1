"""What is proved to change nothing changes nothing for clients that nobody thought of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cdsrules.advisor import Advisor
from cdsrules.errors import ClientError
from cdsrules.guidance.lexicon import program_lexicon
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known
from cdsrules.model.records import Homework, Openness
from cdsrules.model.time import Duration
from cdsrules.testing import Case, Expectation
from cdsrules.testing.mutation.drawing import drawn
from cdsrules.testing.mutation.equivalence import (
    ALWAYS_NOW,
    SAME_OUTCOME,
    SAME_SHARES,
    why_equivalent,
)
from cdsrules.testing.mutation.judging import decided_by, guidance_of
from cdsrules.testing.mutation.mutants import Mutant, mutants
from cdsrules.testing.mutation.same_order import NEVER_BOTH, SAME_ORDER
from cdsrules.testing.mutation.shares import COUNTED_IN, shares
from cdsrules.testing.mutation.slips import COMPARISON, LEFT_OUT, ORDER, PRIORITY, THRESHOLD
from cdsrules.testing.mutation.variants import Variants
from cdsrules.testing.specimens import specimens
from tests.client_documents import client_documents, document, weekly
from tests.rules.shipped import library

PROVED = (ALWAYS_NOW, NEVER_BOTH, SAME_ORDER, SAME_OUTCOME, SAME_SHARES)
KINDS = (COMPARISON, ORDER, PRIORITY, THRESHOLD)
"""The kinds of slip among which there are some that change nothing."""


@cache
def advisor() -> Advisor:
    return Advisor(library(), engine="reference")


@cache
def equivalents() -> tuple[tuple[Mutant, str], ...]:
    every = mutants(library(), program_lexicon(advisor().program))
    made = (one for one in every if one.kind in KINDS or (one.kind == LEFT_OUT and "unasked" in one.about))
    proofs = ((one, why_equivalent(one, advisor().program)) for one in made)
    return tuple((one, why) for one, why in proofs if why is not None)


@cache
def variants() -> Variants:
    return Variants(advisor().program)


@pytest.mark.parametrize("proof", PROVED)
def test_every_proof_is_needed(proof: str) -> None:
    assert any(why == proof for _, why in equivalents())


@given(st.data(), client_documents(library().vocabulary))
@settings(max_examples=25)
def test_what_is_proved_equivalent_draws_the_same_guidance(data: st.DataObject, client: dict[str, object]) -> None:
    case = Case(
        "made up", "c", "A client who is made up.", client, date.fromisoformat(str(client["as_of"])), Expectation()
    )
    try:
        (specimen,) = specimens([case], advisor())
    except ClientError:
        assume(False)
    before = specimen.decide_all(advisor().program)
    plain = drawn(guidance_of(specimen, before, variants().unchanged))
    for proof in PROVED:
        mutant, _ = data.draw(st.sampled_from([pair for pair in equivalents() if pair[1] == proof]))
        changed = variants().variant(mutant)
        assert drawn(guidance_of(specimen, decided_by(specimen, before, changed), changed)) == plain, mutant.words


@given(
    st.sampled_from(sorted(COUNTED_IN)),
    st.integers(1, 9),
    st.text("aaanlcx", min_size=1, max_size=12),
    st.lists(st.sampled_from([*get_args(Homework), None]), min_size=12, max_size=12),
    st.lists(st.sampled_from([*get_args(Openness), None]), min_size=12, max_size=12),
)
def test_a_share_of_the_last_sessions_is_one_of_those_that_can_be(
    fact: str, amount: int, came: str, homework: Sequence[str | None], openness: Sequence[str | None]
) -> None:
    held: list[dict[str, object]] = [dict(one) for one in weekly(came)]
    for one, work, mood in zip(held, homework, openness, strict=False):
        if one["status"] in ("attended", "late"):
            one |= {key: value for key, value in (("homework", work), ("openness", mood)) if value is not None}
    key = FactKey(fact, Duration(amount, "sessions"))
    measured = advisor().facts(document(sessions=held)).get(key)
    assume(isinstance(measured, Known))
    assert isinstance(measured, Known)
    possible = shares(key)
    assert possible is not None
    assert measured.value in possible


def test_what_is_no_share_of_sessions_can_be_anything() -> None:
    assert shares(FactKey("attendance.rate", Duration(60, "days"))) is None
    assert shares(FactKey("client.age")) is None
