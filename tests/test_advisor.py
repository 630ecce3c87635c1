"""The advisor as a host uses it: the demo client, many evaluations, many threads, reloads, forks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cdsrules import Advisor, ClientError, Guidance, UnknownName, Verdict
from cdsrules.inference.engine import EngineName
from tests.memory import can_be_counted, held

ROOT = Path(__file__).parent.parent
STALLED: Mapping[str, object] = json.loads((ROOT / "examples" / "stalled.json").read_text(encoding="utf-8"))
ENGINES: tuple[EngineName, ...] = ("durable", "reference")


@pytest.fixture(scope="module", params=ENGINES)
def advisor(request: pytest.FixtureRequest) -> Iterator[Advisor]:
    with Advisor.load(plugins=[], engine=request.param, on_disagreement="raise") as made:
        yield made


def as_bytes(guidance: Guidance) -> bytes:
    return json.dumps(guidance.to_dict(), ensure_ascii=False).encode()


def test_the_demo_client_is_advised_as_the_sources_say(advisor: Advisor) -> None:
    guidance = advisor.evaluate(STALLED)
    assert guidance.safety == ()
    assert guidance.risk_line is None
    assert [item.action for item in guidance.pathway.now] == ["reassessment", "progress_talk", "consultation"]
    assert guidance.pathway.then[0].action == "plan_adjustment"
    assert [wait.action for wait in guidance.pathway.then[0].waits_for] == ["reassessment", "progress_talk"]
    verdicts = {answer.action: answer.verdict for answer in guidance.proposals}
    assert verdicts == {"referral": Verdict.FIRST_DO, "change_approach": Verdict.FIRST_DO}


def test_what_is_not_known_is_given_as_plain_values(advisor: Advisor) -> None:
    """A host writes `if guidance.risk_line:`; a wrapper there would always be true."""
    bare = {name: STALLED[name] for name in ("schema_version", "client", "as_of", "treatment")}
    told, silent = advisor.evaluate(bare), advisor.evaluate(STALLED)

    assert not silent.risk_line
    assert told.risk_line is not None
    assert told.risk_line.startswith("Risk is not recorded")
    assert [one.rule for one in told.undecided]
    assert told.cannot_rule_out == ()
    assert told.ask_next.questions


@pytest.mark.parametrize("kind", [str, Path])
def test_a_single_path_is_one_path(tmp_path: Path, kind: type) -> None:
    book = tmp_path / "extra" / "rules.yaml"
    book.parent.mkdir()
    book.write_text(EXTRA, encoding="utf-8")

    with Advisor.load(kind(tmp_path), plugins=[]) as one, Advisor.load([tmp_path], plugins=[]) as listed:
        assert [book.id for book in one.library.rulebooks] == [book.id for book in listed.library.rulebooks]
        assert "extra-support" in one.library.by_id


def test_both_engines_give_the_same_guidance_but_for_their_name() -> None:
    documents = []
    for engine in ENGINES:
        with Advisor.load(plugins=[], engine=engine) as advisor:
            document = dict(advisor.evaluate(STALLED).to_dict())
        assert document.pop("engine") == {"name": engine, "verified": engine == "durable", "notice": None}
        documents.append(document)
    assert documents[0] == documents[1]


def test_the_same_inputs_give_the_same_bytes(advisor: Advisor) -> None:
    assert as_bytes(advisor.evaluate(STALLED)) == as_bytes(advisor.evaluate(STALLED))


SURROUNDINGS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4711", "TZ": "Pacific/Pago_Pago", "LC_ALL": "POSIX"},
]
ASKS = """
import json, sys
from cdsrules import Advisor
document = json.loads(sys.stdin.buffer.read())
with Advisor.load(plugins=[]) as advisor:
    sys.stdout.write(json.dumps(advisor.evaluate(document).to_dict()))
"""


def test_neither_hash_seed_nor_time_zone_nor_language_changes_a_byte() -> None:
    # Without its actions, and at risk: then every part of the guidance has something to say.
    document = {key: value for key, value in STALLED.items() if key != "actions"}
    document["risk"] = {"flags": [{"kind": "intent", "date": "2026-07-27"}, {"kind": "ideation", "date": "2026-07-27"}]}
    document["obstacles"] = [{"kind": kind, "date": "2026-07-06"} for kind in ("work", "money", "health", "family")]
    given = json.dumps(document).encode()
    answers = [
        subprocess.run(
            [sys.executable, "-c", ASKS], input=given, env={**os.environ, **one}, capture_output=True, check=True
        ).stdout
        for one in SURROUNDINGS
    ]
    assert len(answers[0]) > 10_000
    assert set(answers) == {answers[0]}


def test_a_client_that_was_read_is_evaluated_like_its_document(advisor: Advisor) -> None:
    assert as_bytes(advisor.evaluate(advisor.read(STALLED))) == as_bytes(advisor.evaluate(STALLED))


def test_the_argument_wins_over_the_day_in_the_document(advisor: Advisor) -> None:
    early = advisor.evaluate(STALLED, as_of=date(2026, 3, 2))
    assert early.as_of == date(2026, 3, 2)
    assert "stalled" not in [state.finding for state in early.findings if state.truth is True]


def test_without_a_day_there_is_an_error_that_says_so(advisor: Advisor) -> None:
    undated = {key: value for key, value in STALLED.items() if key != "as_of"}
    with pytest.raises(ClientError, match="as_of"):
        advisor.evaluate(undated)


@pytest.mark.parametrize("moment", ["2026-08-03", datetime(2026, 8, 3, 19, tzinfo=UTC)])
def test_a_day_as_text_or_with_a_time_is_refused_with_what_to_give_instead(advisor: Advisor, moment: date) -> None:
    for client in (STALLED, advisor.read(STALLED)):
        with pytest.raises(TypeError, match=r"as_of is a day, such as datetime\.date\(2026, 8, 3\), not "):
            advisor.evaluate(client, as_of=moment)


MISTAKEN: list[tuple[str, object, type[Exception], str]] = [
    ("engine", "Reference", ValueError,
     "engine is 'durable' or 'reference', not 'Reference'. Did you mean 'reference'?"),
    ("engine", "durabel", ValueError, "engine is 'durable' or 'reference', not 'durabel'. Did you mean 'durable'?"),
    ("engine", "foo", ValueError, "engine is 'durable' or 'reference', not 'foo'"),
    ("engine", None, TypeError, "engine is 'durable' or 'reference', not None"),
    ("engine", ["durable"], TypeError, "engine is 'durable' or 'reference', not ['durable']"),
    ("on_disagreement", "rasie", ValueError,
     "on_disagreement is 'reference' or 'raise', not 'rasie'. Did you mean 'raise'?"),
    ("on_disagreement", True, TypeError, "on_disagreement is 'reference' or 'raise', not True"),
    ("verify", "no", TypeError, "verify is True or False, not 'no'"),
    ("verify", None, TypeError, "verify is True or False, not None"),
]  # fmt: skip


@pytest.mark.parametrize(("argument", "given", "error", "said"), MISTAKEN)
def test_a_slip_in_how_to_conclude_is_refused_with_what_to_give_instead(
    advisor: Advisor, argument: str, given: Any, error: type[Exception], said: str
) -> None:
    for make in (partial(Advisor, advisor.library), partial(Advisor.load, "not/there", plugins=[])):
        with pytest.raises(error) as refused:
            make(**{argument: given})
        assert str(refused.value) == said


def test_a_day_before_the_treatment_is_refused_for_documents_and_clients_alike(advisor: Advisor) -> None:
    before = date(2025, 12, 28)
    for client in (STALLED, advisor.read(STALLED)):
        with pytest.raises(ClientError, match="CDS738"):
            advisor.evaluate(client, as_of=before)


def test_a_rule_is_explained_in_words_and_for_a_client(advisor: Advisor) -> None:
    account = advisor.explain("consult-colleague", STALLED)
    assert account.truth is True
    assert account.explanation is not None
    assert account.explanation.facts
    assert account.in_words.startswith("Holds when ")


def test_an_unknown_rule_offers_the_nearest(advisor: Advisor) -> None:
    with pytest.raises(UnknownName, match="consult-colleague"):
        advisor.explain("consult-coleague")


def test_eight_threads_share_an_advisor(advisor: Advisor) -> None:
    expected = as_bytes(advisor.evaluate(STALLED))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: as_bytes(advisor.evaluate(STALLED)), range(64)))
    assert set(answers) == {expected}


def test_two_advisors_with_different_rulebooks_do_not_mix(tmp_path: Path) -> None:
    book = tmp_path / "extra" / "rules.yaml"
    book.parent.mkdir()
    book.write_text(EXTRA, encoding="utf-8")
    with Advisor.load(plugins=[]) as plain, Advisor.load([tmp_path], plugins=[]) as extended:
        for _ in range(3):
            assert "extra-support" not in rules_of(plain.evaluate(STALLED))
            assert "extra-support" in rules_of(extended.evaluate(STALLED))


EXTRA = """
rulebook: extra
version: 1.0.0
status: active
title: Extra support
owner: Lead for a test
review_by: 2027-11-01
sources:
  made: {title: Made for a test, grade: consensus}
rules:
  - id: extra-support
    recommends: resources
    title: Offer further support
    when: {finding: stalled}
    sources: [made]
    say: {clinician: Consider an offer of further support.}
"""


def rules_of(guidance: Guidance) -> list[str]:
    return [item.rule.id for item in guidance.pathway.now + guidance.pathway.then]


# Of 20,000 runs of the engine by themselves: tests/inference/test_durable_stress.py.
EVALUATIONS = 2_500


@pytest.mark.skipif(not can_be_counted(), reason="needs a C library that counts what it gives out (glibc 2.33)")
def test_an_evaluation_leaves_nothing_behind_in_memory() -> None:
    advisor = Advisor.load(plugins=[], on_disagreement="raise")
    assert advisor.engine.name == "durable"
    client = advisor.read(STALLED)
    for _ in range(EVALUATIONS // 5):
        advisor.evaluate(client)
    before = held()
    for _ in range(EVALUATIONS):
        advisor.evaluate(client)
    more = held().more_than(before)
    # Not a block for every tenth evaluation, and no more than 25 bytes for each: whatever is kept of one shows.
    assert more.blocks < EVALUATIONS // 10
    assert more.bytes < EVALUATIONS * 25
    advisor.close()
