"""The schemas and the reader take the same files; what a schema refuses is said in plain words at its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cdsrules.loading import (
    actions_file,
    citations,
    definitions,
    instruments_file,
    requirements_file,
    rulebook_file,
    rules,
)
from cdsrules.loading.codes import registry
from cdsrules.loading.codes.frame import ACTIONS, INSTRUMENTS, RULEBOOK, framed
from cdsrules.loading.conditions import KEYS
from cdsrules.loading.files import read_rule_files, read_schemas
from cdsrules.loading.library import check_files
from cdsrules.loading.problems import Problems
from cdsrules.loading.report import as_text
from cdsrules.loading.rulebook_schema import with_operators
from cdsrules.loading.schema_check import check_schema
from cdsrules.loading.section import Keys
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.tree import Plain, plain
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.logic.operators import OPERATORS
from cdsrules.measures.catalogue import catalogue
from cdsrules.model.rulebook import Priority, Status, Tier
from cdsrules.model.source import Grade
from tests.loading.golden_cases import CASES, TODAY
from tests.loading.rule_files import SHIPPED, VOCABULARY

SCHEMAS: Mapping[str, Any] = read_schemas()
RULEBOOKS = Draft202012Validator(SCHEMAS["rulebook"])
VOCABULARIES = Draft202012Validator(SCHEMAS["vocabulary"])
GOOD = [
    code
    for code in registry().values()
    if code.within.name in {"RULES", "RULEBOOK", "SAFETY", "ACTIONS", "INSTRUMENTS", "REQUIREMENTS"}
]


def document(text: bytes | str) -> Plain:
    root = parse_yaml(text if isinstance(text, bytes) else text.encode(), "a.yaml", Problems())
    assert root is not None
    return plain(root)


def accepts(read: Plain) -> bool:
    assert isinstance(read, dict)
    return bool((RULEBOOKS if "rulebook" in read else VOCABULARIES).is_valid(read))


def accepted_by_the_reader(text: str) -> bool:
    found = check_files([*SHIPPED, SourceFile("a.yaml", text.encode())], catalogue, TODAY)
    return not any(one.severity.value == "error" for one in found)


@pytest.mark.parametrize("sort", ["rulebook", "vocabulary"])
def test_a_schema_is_one(sort: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[sort])


def test_the_operators_in_the_schema_are_those_of_the_registry() -> None:
    """`python scripts/make_schemas.py` brings the file up to date."""
    assert with_operators(SCHEMAS["rulebook"]) == SCHEMAS["rulebook"]


def test_an_operator_that_is_added_is_in_the_schema() -> None:
    longer = with_operators(SCHEMAS["rulebook"], {**OPERATORS, "resembles": OPERATORS["is"]})
    assert with_operators(longer) == SCHEMAS["rulebook"]
    condition: Plain = {"fact": "treatment.paused", "resembles": True}
    rulebook = document(RULEBOOK)
    assert isinstance(rulebook, dict)
    rule: Plain = {"id": "a", "finds": "a", "when": condition}
    changed = {**rulebook, "rules": [rule]}
    assert not Draft202012Validator(SCHEMAS["rulebook"]).is_valid(changed)
    assert "is" in with_operators(longer, {"is": OPERATORS["is"]})["$defs"]["fact_test"]["properties"]  # type: ignore[index]


def test_the_schema_and_the_reader_know_the_same_keys() -> None:
    rulebook, vocabulary = SCHEMAS["rulebook"], SCHEMAS["vocabulary"]
    instrument = vocabulary["$defs"]["instrument"]["properties"]
    pairs: list[tuple[Mapping[str, Any], Keys]] = [
        (rulebook, rulebook_file.RULEBOOK_KEYS),
        (rulebook["$defs"]["parameter"], rulebook_file.PARAMETER_KEYS),
        (rulebook["$defs"]["rule"], rulebook_file.RULE_KEYS),
        (rulebook["$defs"]["say"], rules.SAY_KEYS),
        (rulebook["$defs"]["hazard"], rules.HAZARD_KEYS),
        (rulebook["$defs"]["source"], citations.SOURCE_KEYS),
        (vocabulary["$defs"]["source"], citations.SOURCE_KEYS),
        (vocabulary["$defs"]["actions_file"], actions_file.FILE_KEYS),
        (vocabulary["$defs"]["action"], actions_file.ACTION_KEYS),
        (vocabulary["$defs"]["requirements_file"], requirements_file.FILE_KEYS),
        (vocabulary["$defs"]["requirement"], requirements_file.REQUIREMENT_KEYS),
        (vocabulary["$defs"]["instruments_file"], instruments_file.FILE_KEYS),
        (vocabulary["$defs"]["instrument"], instruments_file.INSTRUMENT_KEYS),
        (vocabulary["$defs"]["primary_measure"], instruments_file.PRIMARY_KEYS),
        (instrument["items"], instruments_file.ITEMS_KEYS),
        (instrument["bands"]["items"], instruments_file.BAND_KEYS),
        (instrument["loinc"], instruments_file.LOINC_KEYS),
        (vocabulary["$defs"]["definition"], definitions.DEFINITION_KEYS),
        (vocabulary["$defs"]["definition"]["properties"]["ages"], definitions.AGES_KEYS),
        (vocabulary["$defs"]["definition"]["properties"]["companion"], definitions.COMPANION_KEYS),
        (vocabulary["$defs"]["definition"]["properties"]["clinical"], definitions.CLINICAL_KEYS),
        (vocabulary["$defs"]["definition"]["properties"]["reliable_change"], definitions.CHANGE_KEYS),
    ]
    for schema, keys in pairs:
        assert list(schema["properties"]) == list(keys)
        assert schema.get("required", []) == [name for name, key in keys.items() if key.required]


def test_the_schema_and_the_reader_know_the_same_words() -> None:
    rule = SCHEMAS["rulebook"]["$defs"]["rule"]["properties"]
    for name, words in (("status", Status), ("tier", Tier), ("priority", Priority)):
        assert rule[name]["enum"] == [word.value for word in words]
    assert SCHEMAS["rulebook"]["$defs"]["source"]["properties"]["grade"]["enum"] == [grade.value for grade in Grade]
    instrument = SCHEMAS["vocabulary"]["$defs"]["instrument"]["properties"]
    assert instrument["role"]["enum"] == [role.value for role in instruments_file.Role]
    tests = [branch["$ref"].split("/")[-1] for branch in SCHEMAS["rulebook"]["$defs"]["condition"]["anyOf"]]
    heads = {SCHEMAS["rulebook"]["$defs"][name]["required"][0]: name for name in tests}
    assert set(heads) == set(KEYS)
    for head, name in heads.items():
        assert {head, *KEYS[head]} <= set(SCHEMAS["rulebook"]["$defs"][name]["properties"])


@pytest.mark.parametrize("file", read_rule_files(), ids=lambda file: file.key)
def test_every_shipped_file_is_accepted(file: SourceFile) -> None:
    assert accepts(document(file.text))


@pytest.mark.parametrize("code", GOOD, ids=lambda code: code.code)
def test_every_good_example_is_accepted(code: Any) -> None:
    for file in framed(code.good, code.within):
        assert accepts(document(file.text))


def test_everything_at_once_agrees_on_the_shipped_files() -> None:
    assert check_files(read_rule_files(), catalogue, TODAY, SCHEMAS) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_what_the_schema_refuses_the_reader_refuses_too(case: Any) -> None:
    problems = Problems()
    root = parse_yaml(case.path.read_bytes(), "a.yaml", problems)
    if root is None or problems.found or not isinstance(plain(root), dict):
        return
    if not accepts(plain(root)):
        assert "error CDS" in case.expected.read_text()


_ids = st.sampled_from(["stalled", "consultation", "progress_talk", "change_approach", "nothing"])
_durations = st.builds("{} {}".format, st.integers(0, 40), st.sampled_from(["days", "weeks", "months", "sessions"]))
_literals = st.one_of(
    st.integers(-2, 30),
    st.booleans(),
    _durations,
    st.sampled_from(["worse", "never", "2026-01-05", "$recent", "$stall_after"]),
)
_facts = st.sampled_from(
    [
        *("treatment.duration", "measure.phq-9.latest", "ratings.client.latest", "plan.reviewed_on"),
        *("treatment.paused", "attendance.no_shows", "obstacles.kinds"),
    ]
)
_operands = _literals | st.lists(_literals, max_size=2) | st.fixed_dictionaries({"declined": _ids})
_fitting = st.sampled_from(
    [
        {"fact": "treatment.duration", "at_least": "6 months"},
        {"fact": "measure.phq-9.latest", "between": [5, 9]},
        {"fact": "ratings.client.latest", "one_of": ["same", "worse"]},
        {"fact": "plan.reviewed_on", "older_than": "$recent"},
        {"fact": "plan.reviewed_on", "after": {"declined": "consultation"}},
        {"fact": "attendance.no_shows", "over": "60 days", "more_than": 1},
        {"fact": "obstacles.kinds", "includes": "work"},
        {"finding": "stalled"},
        {"done": "consultation", "within": "$recent", "after": "reassessment"},
        {"proposed": "change_approach", "with": {"discussed": True}},
        {"known": "attendance.no_shows", "over": "3 sessions"},
    ]
)
_any_leaf = st.builds(
    lambda fact, operator, operand: {"fact": fact, operator: operand}, _facts, st.sampled_from([*OPERATORS]), _operands
)
_conditions = st.recursive(
    _fitting | _fitting | _any_leaf,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries(
            {"at_least": st.fixed_dictionaries({"count": st.integers(0, 2), "of": st.lists(inner, max_size=3)})}
        ),
    ),
    max_leaves=6,
)
_texts = st.sampled_from(["Consider it.", "In treatment for {treatment.duration}.", "Since {$recent}", "", "6", "{x}"])
_rules = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b-c", "No"]), "when": _conditions},
    optional={
        "finds": st.sampled_from(["a", "b_c"]),
        "recommends": _ids,
        "title": _texts,
        "status": st.sampled_from(["active", "draft", "x"]),
        "tier": st.sampled_from(["review", "safety", "y"]),
        "unless": _conditions,
        "until": st.lists(_ids | _conditions, max_size=2),
        "say": st.dictionaries(st.sampled_from(["clinician", "why", "other"]), _texts),
        "sources": st.lists(st.sampled_from(["guide", "other"]), max_size=2),
        "priority": st.sampled_from(["now", "z"]),
        "requirement": st.lists(st.sampled_from(["G07", "G08", ""])) | st.just("G07"),
    },
)
_simple_rules = st.builds(lambda when: {"id": "a", "finds": "a", "when": when, "sources": ["guide"]}, _conditions)


def rulebook(rule: Mapping[str, object]) -> str:
    """A rulebook of one rule; JSON is YAML."""
    head = document(RULEBOOK)
    assert isinstance(head, dict)
    return json.dumps({**head, "rulebook": "generated", "rules": [rule]})


@given(_simple_rules | _rules)
def test_what_the_reader_accepts_the_schema_accepts(rule: Mapping[str, object]) -> None:
    text = rulebook(rule)
    if accepted_by_the_reader(text):
        assert accepts(document(text))


@given(
    st.builds(
        lambda parts: {"id": "a", "finds": "a", "when": {"any": parts}}, st.lists(_fitting, min_size=1, max_size=3)
    )
)
def test_conditions_that_fit_are_accepted_by_both(rule: Mapping[str, object]) -> None:
    text = rulebook(rule)
    assert accepted_by_the_reader(text)
    assert accepts(document(text))


def said(text: str, schema: Mapping[str, Any]) -> str:
    """What is said of a file under a schema."""
    problems = Problems()
    root = parse_yaml(text.encode(), "a.yaml", problems)
    assert root is not None
    check_schema(root, schema, problems)
    return as_text(problems.found)


def _narrowed(**rule: object) -> Mapping[str, Any]:
    """The rulebook schema of a clinic that asks for more of every rule."""
    schema: dict[str, Any] = json.loads(json.dumps(SCHEMAS["rulebook"]))
    schema["$defs"]["rule"].update(rule)
    return schema


def test_a_narrower_schema_is_kept_to_at_the_place_of_the_rule() -> None:
    schemas = {"rulebook": _narrowed(required=["id", "when", "evidence"]), "vocabulary": SCHEMAS["vocabulary"]}
    with_evidence = RULEBOOK.replace("when:", "evidence: A trial.\n    when:", 1)
    found = check_files([*VOCABULARY, SourceFile("a.yaml", with_evidence.encode())], catalogue, TODAY, schemas)
    message = "The schema does not allow this: Item 2 of `rules` has no `evidence`."
    assert as_text(found) == f"a.yaml:17:5: error CDS051: {message}\n  Add `evidence`.\n"


ONE_VERB = "Write exactly one of `finds`, `recommends` and `cautions`."
OF_A_RULEBOOK = {
    ("owner: Clinical lead\n", ""): ("1:1", "The file has no `owner`.", "Add `owner`."),
    ("owner:", "owners:"): ("5:1", "The file has no key `owners`.", "Did you mean `owner`?"),
    ("status: active", "status: live"): (
        "3:9", "`status` has to be `retired`, `draft`, `shadow` or `active`.", "Did you mean `active`?",
    ),
    ("title: An example", "title: 12"): ("4:8", "`title` has to be a text.", "Write it so."),
    ("2027-11-01", "soon"): (
        "6:12", "`review_by` is not of the form that is asked for.", "What is asked for: A day, year first.",
    ),
    ("at_least: $stall_after", "at_leest: 5"): ("15:38", "`when` has no key `at_leest`.", "Did you mean `at_least`?"),
    ("finds: stalled\n", "finds: stalled\n    cautions: consultation\n"): (
        "13:5", "Item 1 of `rules` is not of the form that is asked for.", ONE_VERB,
    ),
    ("{finding: stalled},", "{finding: stalled, done: x},"): (
        "18:18", "Item 1 of `all` is not of the form that is asked for.", "What is asked for: When something holds.",
    ),
}  # fmt: skip
OF_INSTRUMENTS = {
    ("step: 1", "step: 0"): ("11:11", "`step` has to be more than 0.", "Write it so."),
    ("range: [0, 27]", "range: [0]"): ("10:12", "`range` has to have 2 items or more.", "Write it so."),
    ("  phq-9:", "  PHQ 9:"): (
        "6:3", "The key `PHQ 9` is not of the form that is asked for.",
        "What is asked for: Lower-case letters and digits, joined by hyphens, underscores or dots.",
    ),
    ("vocabulary: instruments", "vocabulary: actions"): ("1:1", "The file has no `actions`.", "Add `actions`."),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), OF_A_RULEBOOK.items())
def test_schema_errors_are_said_in_plain_words(change: tuple[str, str], words: tuple[str, str, str]) -> None:
    assert _worded(*words) in said(RULEBOOK.replace(*change, 1), SCHEMAS["rulebook"])


@pytest.mark.parametrize(("change", "words"), OF_INSTRUMENTS.items())
def test_schema_errors_of_the_vocabulary_too(change: tuple[str, str], words: tuple[str, str, str]) -> None:
    assert _worded(*words) in said(INSTRUMENTS.replace(*change, 1), SCHEMAS["vocabulary"])


def _worded(place: str, message: str, advice: str) -> str:
    return f"a.yaml:{place}: error CDS051: The schema does not allow this: {message}\n  {advice}\n"


def test_without_the_fast_validator_the_words_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = said(RULEBOOK.replace("owner:", "owners:"), SCHEMAS["rulebook"])
    monkeypatch.setitem(__import__("sys").modules, "jsonschema_rs", None)
    assert said(RULEBOOK.replace("owner:", "owners:"), SCHEMAS["rulebook"]) == with_it
    assert said(ACTIONS, SCHEMAS["vocabulary"]) == ""
