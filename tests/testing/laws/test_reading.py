"""Files of laws: what is read, what is refused and where, and that the schema says the same."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from referencing import Registry, Resource

from cdsrules.errors import LawsError
from cdsrules.loading.client_document import PARTS
from cdsrules.loading.codes import registry
from cdsrules.loading.codes.record import Within
from cdsrules.loading.files import find_law_files
from cdsrules.loading.problems import Problems
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.loading.sources import SourceFile
from cdsrules.loading.tree import plain
from cdsrules.loading.yaml_text import parse_yaml
from cdsrules.model.condition import FindingTest
from cdsrules.model.risk import RISK_KINDS
from cdsrules.model.time import Duration
from cdsrules.testing.laws.law import CHANGES, SUBJECTS, Change, Promise, Word
from cdsrules.testing.laws.reading import check_laws, read_laws
from tests.rules.shipped import library

CODES = [code for code in registry().values() if code.within is Within.LAWS]
LAW = """\
laws:
  - law: no-gains-at-risk
    title: A sign of risk never brings praise
    where: {finding: stalled}
    change: {add_risk_flag: [ideation, plan]}
    then:
      recommendations: {notice_gains: never_added}
      urgency: never_falls
    source: S01
    why: It is not the moment.
"""


def source(text: str) -> SourceFile:
    return SourceFile("laws.yaml", text.encode())


def said(text: str) -> list[str]:
    return [str(one) for one in check_laws([source(text)], library())]


def test_a_law_is_read_as_it_is_written() -> None:
    (law,) = read_laws([source(LAW)], library())

    assert (law.id, law.title, law.source) == ("no-gains-at-risk", "A sign of risk never brings praise", "S01")
    assert law.where == FindingTest("stalled")
    assert law.change == Change("add_risk_flag", ("ideation", "plan"))
    assert law.then == (
        Promise("recommendations", Word.NEVER_ADDED, "notice_gains"),
        Promise("urgency", Word.NEVER_FALLS),
    )


@pytest.mark.parametrize(
    ("written", "change"),
    [
        ("shuffle_records", Change("shuffle_records")),
        ("{worsen_latest_score: phq-9}", Change("worsen_latest_score", ("phq-9",))),
        ("{worsen_latest_score: [phq-9, any]}", Change("worsen_latest_score")),
        ("{ask_later: 3 months}", Change("ask_later", up_to=Duration(3, "months"))),
        ("{record_done: [consultation]}", Change("record_done", ("consultation",))),
        ("{fill_in: sessions}", Change("fill_in", ("sessions",))),
    ],
)
def test_each_change_takes_its_terms(written: str, change: Change) -> None:
    (law,) = read_laws([source(LAW.replace("{add_risk_flag: [ideation, plan]}", written))], library())
    assert law.change == change


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_the_bad_example_brings_up_exactly_its_code(code: object) -> None:
    assert {one.code for one in check_laws([source(code.bad)], library())} == {code.code}  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_the_good_example_brings_up_nothing(code: object) -> None:
    assert check_laws([source(code.good)], library()) == ()  # type: ignore[attr-defined]


GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_says_exactly_this(path: Path) -> None:
    found = [str(one) for one in check_laws([SourceFile(path.name, path.read_bytes())], library())]
    assert found == path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()


def test_every_code_of_laws_is_worded_in_some_golden_file() -> None:
    worded = "".join(path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt"))
    assert [code.code for code in CODES if code.code not in worded] == []


def test_everything_wrong_is_raised_at_once() -> None:
    with pytest.raises(LawsError) as raised:
        read_laws([source(LAW.replace("stalled", "staled").replace("urgency", "urgence"))], library())
    assert [one.code for one in raised.value.diagnostics] == ["CDS041", "CDS024"]


def test_a_law_that_comes_with_cdsrules_is_not_replaced() -> None:
    shipped = find_law_files().files
    mine = source(LAW.replace("no-gains-at-risk", "engines-agree"))
    (problem,) = check_laws([mine, *shipped], library())
    assert "is a law that comes with cdsrules and is always looked into" in problem.message


def test_the_shipped_laws_are_in_order_and_say_what_the_guidance_asks_of_all_rules() -> None:
    laws = read_laws(find_law_files().files, library())
    assert all(law.is_shipped for law in laws)
    assert [law.change.kind for law in laws] == [
        "worsen_latest_score",
        "add_risk_flag",
        "shuffle_records",
        "fill_in",
        "ask_later",
        "ask_both_engines",
    ]


# ---- The schema says the same as the reader


def schema() -> dict[str, object]:
    return dict(json.loads((shipped_schemas() / "laws.schema.json").read_text(encoding="utf-8")))


def validator() -> jsonschema.protocols.Validator:
    rulebook = json.loads((shipped_schemas() / "rulebook.schema.json").read_text(encoding="utf-8"))
    known = Registry().with_resource(
        "https://cdsrules.example/schemas/rulebook.schema.json", Resource.from_contents(rulebook)
    )
    return jsonschema.Draft202012Validator(schema(), registry=known)


def test_the_schema_knows_what_the_reader_knows() -> None:
    defs = schema()["$defs"]
    change, then = defs["change"]["anyOf"], defs["then"]["properties"]  # type: ignore[index]
    bare = {name for name, kind in CHANGES.items() if kind.takes == "nothing"}
    assert set(change[0]["enum"]) == bare
    assert set(change[1]["properties"]) == CHANGES.keys() - bare
    assert set(then) == SUBJECTS.keys()
    for name, subject in SUBJECTS.items():
        if subject.each is None and "enum" in then[name]:
            assert then[name]["enum"] == [word.value for word in subject.words]


@pytest.mark.parametrize("file", find_law_files().files, ids=lambda file: file.key)
def test_the_shipped_laws_fit_their_schema(file: SourceFile) -> None:
    root = parse_yaml(file.text, file.name, Problems())
    assert root is not None
    validator().validate(plain(root))


@pytest.mark.parametrize("code", [code for code in CODES if code.code in {"CDS221", "CDS222", "CDS225"}])
def test_what_the_schema_can_tell_it_tells(code: object) -> None:
    good, bad = (parse_yaml(text.encode(), "", Problems()) for text in (code.good, code.bad))  # type: ignore[attr-defined]
    assert good is not None
    assert bad is not None
    assert validator().is_valid(plain(good))
    assert not validator().is_valid(plain(bad))


def test_parts_and_kinds_are_the_client_documents_own() -> None:
    client = json.loads((shipped_schemas() / "client-state.schema.json").read_text(encoding="utf-8"))
    assert set(PARTS) < set(client["properties"])
    assert list(RISK_KINDS) == client["$defs"]["risk_kind"]["enum"]
