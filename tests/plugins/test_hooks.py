"""Each hook, with a plugin that is installed and found by its entry point."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cdsrules import Advisor, ClientError, Verdict
from cdsrules.adapters.fhir.hooks import FhirRecord
from cdsrules.inference.engine import EngineName
from cdsrules.loading.files import read_schemas
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known
from cdsrules.model.unread import Alike, Unread
from cdsrules.plugins.checking import what_checks_say
from tests.client_documents import document
from tests.plugins.installing import PLACES_RULES, Install

BUNDLE = json.loads((Path(__file__).parents[2] / "examples" / "fhir" / "bundle.json").read_text(encoding="utf-8"))
PROPOSING = document(proposed_actions=[{"action": "referral"}])
ENGINES: tuple[EngineName, ...] = ("durable", "reference")

PLACES = """
@hookimpl
def cdsrules_measures(vocabulary):
    assert "referral" in vocabulary.actions
    return [
        measure(
            "practice.places", "number", lambda client, day: 0, words="the free places", meaning="How many are free.",
            ask="the free places", unit="places", low=0, clause="{value} {unit} are free",
        )
    ]
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_rulebooks_and_measures_of_a_plugin_make_findings(
    engine: EngineName, installed: Install, tmp_path: Path
) -> None:
    (tmp_path / "rules.yaml").write_text(PLACES_RULES, encoding="utf-8")
    adds = f"@hookimpl\ndef cdsrules_rulebooks():\n    yield {str(tmp_path / 'rules.yaml')!r}\n"
    installed("practice", PLACES + adds, "2.1")

    with Advisor.load(engine=engine, on_disagreement="raise") as advisor:
        guidance = advisor.evaluate(document())
        facts = advisor.facts(document())

    (said,) = [item for item in guidance.speaking if item.rule.id == "no-places-left"]
    assert said.text == "Of the places for a referral, only 0 places."
    assert [fact.value for fact in said.explanation.facts] == ["0 places"]
    assert guidance.plugins == (("practice", "2.1"),)
    assert guidance.notices == ()
    assert facts.get(FactKey("practice.places")) == Known(0)


def test_rules_that_ask_a_plugin_load_without_it_and_do_not_know(installed: Install, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(PLACES_RULES, encoding="utf-8")
    installed("practice", PLACES)
    with Advisor.load([tmp_path / "rules.yaml"]) as advisor:
        library = advisor.library

    with Advisor(library, engine="reference") as alone:
        guidance = alone.evaluate(document())

    missing = [one.missing for one in guidance.undecided if one.rule == "no-places-left"]
    assert missing == [("the plugin that measures it does not take part",)]


def test_checks_of_a_plugin_say_what_they_find_under_their_own_codes(installed: Install) -> None:
    installed(
        "practice",
        """
from cdsrules import Diagnostic, Position

def owners(library):
    yield Diagnostic("PRACTICE001", f"{len(library.rulebooks)} rulebooks.", "Nothing to do.")
    yield Diagnostic("PRACTICE002", "This one.", "Look.", Position("rules.yaml", 3, 1))

@hookimpl
def cdsrules_checks():
    return [owners]
""",
    )
    with Advisor.load() as advisor:
        found = what_checks_say(advisor.plugin_session, advisor.library)

    assert [(one.code, one.place) for one in found] == [
        ("PRACTICE001", "plugin practice"),
        ("PRACTICE002", "rules.yaml:3:1"),
    ]


@pytest.mark.parametrize(
    "meddles",
    [
        "library.vocabulary.actions.clear()",
        "library.facts.clear()",
        "library.by_id.clear()",
        "[one.loinc_items.clear() for one in library.vocabulary.instruments.values() if one.loinc_items]",
    ],
)
def test_a_check_that_empties_what_it_looks_through_empties_nothing(meddles: str, installed: Install) -> None:
    installed("practice", f"@hookimpl\ndef cdsrules_checks():\n    return [lambda library: {meddles}]\n")
    with Advisor.load() as advisor:
        what_checks_say(advisor.plugin_session, advisor.library)
        vocabulary = advisor.library.vocabulary

        assert vocabulary.actions
        assert advisor.library.facts
        assert advisor.library.by_id
        assert vocabulary.instruments["phq-9"].loinc_items


CLIENT = """
@hookimpl
def cdsrules_client_from_record(record):
    if isinstance(record, int):
        return FromRecord({**DOCUMENT, "client": {"id": f"c-{record}"}}, ("The file has a page missing.",))
    return DOCUMENT if record == "a document" else None
"""


def test_a_record_of_the_host_becomes_a_client_and_what_was_not_understood_a_notice(installed: Install) -> None:
    installed("practice", f"DOCUMENT = {PROPOSING!r}\n{CLIENT}")

    with Advisor.load() as advisor:
        guidance = advisor.evaluate(4711)
        plain = advisor.client("a document")
        with pytest.raises(ClientError, match="CDS301 This is no client document, and no plugin reads"):
            advisor.evaluate("something else")

    assert guidance.client_id == "c-4711"
    assert guidance.notices == ("The file has a page missing.",)
    assert plain.id == "c-1"


READS = f"@hookimpl\ndef cdsrules_client_from_record(record):\n    return FromRecord({document()!r}, notices="
NOT_SHOWN = "Plugin practice said something about this record that cannot be shown: it "
NO_LINE = f"{NOT_SHOWN}is to be a text on one line, of at most 2000 characters."


@pytest.mark.parametrize(
    ("notices", "said"),
    [
        ("'Page 1 is missing.'", ["Page 1 is missing."]),
        ("['Page 1 is missing.', 'Page 1 is missing.']", ["Page 1 is missing."]),
        ("['This client is low risk.', 'Page 1 is missing.']", [f"{NOT_SHOWN}says “low risk”.", "Page 1 is missing."]),
        ("[None]", [NO_LINE]),
        ("['x' * 100_000]", [NO_LINE]),
        ("['red: \\x1b[31m']", [NO_LINE]),
        ("['one\\ntwo', '']", [NO_LINE]),
    ],
)
def test_notices_of_a_record_are_held_to_what_may_be_printed(notices: str, said: list[str], installed: Install) -> None:
    installed("practice", f"{READS}{notices})\n")
    with Advisor.load(engine="reference") as advisor:
        shown = advisor.evaluate(4711).notices

    assert len(shown) == len(said)
    assert all(one.startswith(start) for one, start in zip(shown, said, strict=True))


def test_what_somebody_has_to_look_at_comes_first_and_is_held_to_the_same(installed: Install) -> None:
    installed("practice", f"{READS}['Page 1 is missing.'], pressing=['There is a red mark.', 'one\\ntwo'])\n")
    with Advisor.load(engine="reference") as advisor:
        guidance = advisor.evaluate(4711)

    assert guidance.notices == ("There is a red mark.", NO_LINE, "Page 1 is missing.")
    assert guidance.unread == Unread(guidance.notices[:2], guidance.notices[2:])


def test_what_a_plugin_gathers_is_what_is_read_and_held_to_the_same(installed: Install) -> None:
    notices = "['Page 1: missing.', 'Page 2: missing.']"
    gathered = "[Alike('Page 1 and 1 more: missing.', 2), Alike('This client is low risk.')]"
    reads = f"{READS}{notices}, gathered={gathered})\n"
    installed("practice", f"from cdsrules.plugins import Alike\n{reads}")
    with Advisor.load(engine="reference") as advisor:
        guidance = advisor.evaluate(4711)

    assert guidance.notices == ("Page 1: missing.", "Page 2: missing.")
    said, unsaid = guidance.unread.in_short
    assert said == Alike("Page 1 and 1 more: missing.", 2)
    assert unsaid.words.startswith(f"{NOT_SHOWN}says “low risk”.")


def test_gathered_notices_that_are_none_are_no_answer(installed: Install) -> None:
    installed("practice", f"{READS}['Page 1: missing.'], gathered=['Page 1'])\n")
    with (
        Advisor.load(engine="reference") as advisor,
        pytest.raises(ClientError, match="It returned gathered notices that are no list of `Alike`"),
    ):
        advisor.evaluate(4711)


def test_notices_that_are_none_are_no_answer(installed: Install) -> None:
    installed("practice", f"{READS}7)\n")
    with (
        Advisor.load(engine="reference") as advisor,
        pytest.raises(ClientError, match="It returned notices that are no list of texts"),
    ):
        advisor.evaluate(4711)


def test_a_plugin_that_fails_to_read_a_row_is_named_before_what_the_row_lacks(installed: Install) -> None:
    installed("practice", "@hookimpl\ndef cdsrules_client_from_record(record):\n    return record['y']\n")
    with Advisor.load(engine="reference") as advisor, pytest.raises(ClientError) as refused:
        advisor.evaluate({"x": 1})

    first, *others = refused.value.diagnostics
    assert (first.code, first.advice) == (
        "CDS301",
        "Plugin practice failed. It did not read this record. It raised KeyError.",
    )
    assert {one.code for one in others} >= {"CDS710"}


UNKNOWN = """from cdsrules.plugins import NotRead

@hookimpl
def cdsrules_client_from_record(record):
    raise NotRead("No client of ours has this number.")
"""


@pytest.mark.parametrize("record", [99, {"number": 99}])
def test_a_plugin_says_itself_in_a_sentence_that_a_record_of_its_kind_cannot_be_read(
    record: object, installed: Install
) -> None:
    installed("practice", UNKNOWN)
    with Advisor.load(engine="reference") as advisor, pytest.raises(ClientError) as refused:
        advisor.evaluate(record)

    assert str(refused.value) == "plugin practice: CDS301 No client of ours has this number."


def test_what_a_plugin_says_of_a_record_that_it_cannot_read_is_held_to_what_may_be_printed(installed: Install) -> None:
    installed("practice", UNKNOWN.replace("has", "is low risk or has"))
    with Advisor.load(engine="reference") as advisor, pytest.raises(ClientError, match="it says “low risk”"):
        advisor.evaluate(99)


def test_a_record_that_one_plugin_cannot_read_is_still_what_another_makes_of_it(installed: Install) -> None:
    installed("practice", UNKNOWN)
    installed("others", f"{READS}())\n")
    with Advisor.load(engine="reference") as advisor:
        guidance = advisor.evaluate(99)

    assert guidance.client_id == "c-1"


def test_a_record_that_no_plugin_could_read_is_not_said_to_be_of_no_plugins_kind(installed: Install) -> None:
    installed("practice", "@hookimpl\ndef cdsrules_client_from_record(record):\n    return record['y']\n")
    with Advisor.load(engine="reference") as advisor, pytest.raises(ClientError) as refused:
        advisor.evaluate(99)

    assert str(refused.value) == (
        "$: CDS301 This is no client document, and it was not read as a record either. Plugin practice failed. It did "
        "not read this record. It raised TypeError."
    )


def test_a_document_of_a_plugin_that_cannot_be_read_is_said_to_be_the_plugins(installed: Install) -> None:
    reads = "@hookimpl\ndef cdsrules_client_from_record(record):\n    return "
    installed("practice", f"{reads}{document() | {'nonsense': 1}!r}\n")
    with Advisor.load(engine="reference") as advisor, pytest.raises(ClientError) as refused:
        advisor.evaluate(4711)

    assert [one.place for one in refused.value.diagnostics] == ["plugin practice: $"]


def test_a_fhir_bundle_is_read_over_the_same_hook_and_a_plugin_may_read_it_otherwise(installed: Install) -> None:
    stamped = {**BUNDLE, "timestamp": "2026-08-03T09:00:00Z"}
    with Advisor.load(plugins=[]) as advisor:
        by_timestamp = advisor.evaluate(stamped)
        by_day = advisor.evaluate(BUNDLE, as_of=by_timestamp.as_of)
        by_record = advisor.evaluate(FhirRecord(BUNDLE, by_timestamp.as_of, complete=("Observation",)))
        with pytest.raises(ClientError, match="CDS300 The Bundle has no `timestamp`"):
            advisor.evaluate(BUNDLE)
        with pytest.raises(ClientError, match="CDS300"):
            advisor.evaluate({**stamped, "entry": []})
    reads = "@hookimpl\ndef cdsrules_client_from_record(record):\n    return DOCUMENT if 'entry' in record else None\n"
    installed("practice", f"DOCUMENT = {document()!r}\n{reads}")
    with Advisor.load() as advisor:
        otherwise = advisor.evaluate(stamped)

    assert by_timestamp.to_dict() == by_day.to_dict()
    assert by_record.client_id == by_day.client_id != "c-1"
    assert otherwise.client_id == "c-1"


HEARS = """
HEARD = []

@hookimpl
def cdsrules_facts_ready(client, facts):
    HEARD.append((client.id, facts.value("treatment.duration").until.isoformat()))

@hookimpl
def cdsrules_guidance_ready(guidance):
    HEARD.append((guidance.client_id, guidance.plugins))

@hookimpl
def cdsrules_feedback(feedback):
    HEARD.append((feedback.client, feedback.outcome))
"""


def test_plugins_hear_of_facts_guidance_and_feedback(installed: Install) -> None:
    installed("practice", HEARS)
    import importlib

    from cdsrules.records.feedback import Feedback, Outcome

    with Advisor.load() as advisor:
        guidance = advisor.evaluate(document())
        failures = advisor.plugin_session.feedback(Feedback(client="c-1", item="0" * 16, outcome=Outcome.ACCEPTED))

    assert failures == ()
    assert importlib.import_module("practice").HEARD == [
        ("c-1", "2026-08-03"),
        ("c-1", (("practice", "1.0"),)),
        ("c-1", "accepted"),
    ]
    assert guidance.notices == ()


CAUTIONS = """
from cdsrules.model.source import Grade, Source

@hookimpl
def cdsrules_cautions(client, facts, proposed):
    for action in proposed:
        yield Caution(action, "full", "No place is free", "The practice has no free place.", "The list says so.",
                      Source("list", "The waiting list", Grade.LOCAL), first_do="ask for the next free place")
"""


def test_a_caution_of_a_plugin_is_an_item_that_says_whose_it_is(installed: Install) -> None:
    with Advisor.load(plugins=[]) as advisor:
        before = advisor.evaluate(PROPOSING).proposals[0]
    installed("practice", CAUTIONS, "3.0")
    with Advisor.load() as advisor:
        guidance = advisor.evaluate(PROPOSING)

    (answer,) = guidance.proposals
    assert answer.cautions[:-1] == before.cautions
    item = answer.cautions[-1]
    assert (item.rule.id, item.rule.rulebook, item.tier) == ("practice:full", "plugin:practice", "review")
    assert item.explanation.rule_in_words == "Said by the plugin practice 3.0, not by a rule."
    assert [source.title for source in item.explanation.sources] == ["The waiting list"]
    assert answer.verdict is (Verdict.RECONSIDER if before.verdict is Verdict.RECONSIDER else Verdict.FIRST_DO)
    assert answer.first_do == (*before.first_do, "ask for the next free place")
    assert answer.checked == (*before.checked, "practice:full")
    Draft202012Validator(read_schemas(["guidance"])["guidance"]).validate(guidance.to_dict())


def test_a_caution_stays_the_same_item_as_long_as_the_plugin_says_the_same(installed: Install) -> None:
    installed("practice", CAUTIONS)
    with Advisor.load() as advisor:
        first, again = (advisor.evaluate(PROPOSING).proposals[0].cautions[-1].id for _ in range(2))
        of_another = advisor.evaluate({**PROPOSING, "client": {"id": "c-2"}}).proposals[0].cautions[-1].id

    assert first == again != of_another


def test_plugins_that_took_part_are_in_the_hash_and_the_rules_have_one_of_their_own(installed: Install) -> None:
    with Advisor.load(plugins=[]) as advisor:
        alone = advisor.evaluate(document())
    installed("practice", HEARS, "1.0")
    with Advisor.load() as advisor:
        first = advisor.evaluate(document())
    installed("other", "@hookimpl\ndef cdsrules_commands(cli):\n    pass\n", "5.0")
    with Advisor.load() as advisor:
        both = advisor.evaluate(document())

    assert alone.content_hash == alone.rules_hash == first.rules_hash
    assert first.content_hash != alone.content_hash
    assert first.to_dict()["rules_hash"] == alone.to_dict()["content_hash"]
    assert "rules_hash" not in alone.to_dict()
    assert (both.plugins, both.content_hash) == (first.plugins, first.content_hash)  # commands make no guidance
