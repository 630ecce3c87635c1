"""Client documents nobody should send, through the command line and `Advisor.evaluate`: refused with a place, soon."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdsrules import Advisor
from cdsrules.cli.app import run
from cdsrules.errors import ClientError
from cdsrules.loading.client_schema import ClientSchema
from cdsrules.loading.files import read_schemas
from tests.bad_input.bounded import bounded
from tests.cli.program import DEMO
from tests.client_documents import client_documents

Write = Callable[..., Path]
Captured = pytest.CaptureFixture[str]


def document(**changes: object) -> dict[str, Any]:
    """The demo client with some sections replaced."""
    return {**json.loads(DEMO.read_text(encoding="utf-8")), **changes}


DEMO_TEXT = json.dumps(document())


def scored(number: str) -> bytes:
    """The demo client with its first score written like this."""
    return DEMO_TEXT.replace('"score": 17', f'"score": {number}', 1).encode()


@pytest.fixture(scope="module")
def advisor() -> Iterator[Advisor]:
    with Advisor.load(engine="reference") as loaded:
        yield loaded


def refused(advisor: Advisor, sent: object, **asked: Any) -> list[tuple[str, str | None]]:
    """The codes and paths of everything that is wrong with a document."""
    with pytest.raises(ClientError) as raised:
        advisor.evaluate(sent, **asked)
    return [(one.code, one.path) for one in raised.value.diagnostics]


# Texts that are no document


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(b"", "CDS782", id="empty"),
        pytest.param(b" \n\n", "CDS782", id="blank"),
        pytest.param(bytes(range(256)), "CDS781", id="binary"),
        pytest.param(DEMO_TEXT.encode("utf-16"), "CDS781", id="utf-16"),
        pytest.param(DEMO_TEXT[:2_000].encode(), "CDS782", id="half written"),
        pytest.param((DEMO_TEXT + DEMO_TEXT).encode(), "CDS782", id="written twice"),
        pytest.param(scored("NaN"), "CDS784", id="NaN"),
        pytest.param(scored("-Infinity"), "CDS784", id="infinity"),
        pytest.param(
            DEMO_TEXT.replace('"score": 17', '"score": 1e999', 1).encode(), "CDS784", id="a number beyond all"
        ),
        pytest.param(
            DEMO_TEXT.replace('"score": 17', f'"score": {"9" * 100_000}', 1).encode(),
            "CDS784",
            id="a number of 100,000 digits",
        ),
        pytest.param(DEMO_TEXT.replace("{", '{"as_of": "2026-01-01", ', 1).encode(), "CDS783", id="a key twice"),
        pytest.param(b'{"a": "' + b"x" * 10_000_000 + b'"}', "CDS780", id="10 MB"),
        pytest.param(b"[" * 10_000 + b"]" * 10_000, "CDS785", id="10,000 brackets"),
        pytest.param(b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "CDS785", id="10,000 objects"),
        pytest.param(b"[" * 3_000_000, "CDS785", id="brackets without end"),
        pytest.param(b"null", "CDS786", id="null"),
        pytest.param(b'"text"', "CDS786", id="a text"),
        pytest.param(b'{"schema_version": "1.0"}', "CDS713", id="an object without a client"),
    ],
)
def test_what_is_no_document_is_refused(text: bytes, code: str, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "c-1.json"
    file.write_bytes(text)

    piped = bounded("evaluate", "-", stdin=text)
    status, named = run(["evaluate", str(file)]), capsys.readouterr()

    for code_, out, err in ((piped.returncode, piped.stdout.decode(), piped.stderr.decode()), (status, *named)):
        assert (code_, out) == (1, "")
        assert f"error {code}\n" in err
        assert len(err) < 2_000


@pytest.mark.parametrize("version", ["2.0", "1", "1.0.0", "", 1.0, 1, None, True, ["1.0"]])
def test_a_version_that_is_not_known_ends_it(version: object, advisor: Advisor) -> None:
    assert refused(advisor, document(schema_version=version, sessions="wrong")) == [("CDS710", "$.schema_version")]


@pytest.mark.parametrize("sent", [None, [], "text", 12, b"{}", [("schema_version", "1.0")]])
def test_what_is_no_object_is_refused_in_the_api(sent: object, advisor: Advisor) -> None:
    assert refused(advisor, sent) == [("CDS301", "$")]


def test_an_object_with_other_keys_is_refused_in_the_api(advisor: Advisor) -> None:
    assert refused(advisor, {1: 2})[0][0] == "CDS710"


# Too much of it


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps(document(sessions="@")).replace('"@"', f"[{'1,' * 1_500_000}1]"), id="sessions"),
        pytest.param(DEMO_TEXT[:-1] + "".join(f', "sesions{n}": 1' for n in range(150_000)) + "}", id="unknown fields"),
        pytest.param(DEMO_TEXT[:-1] + "".join(f', "s{n // 2}": 1' for n in range(200_000)) + "}", id="keys twice"),
        pytest.param(
            json.dumps(document(client={"id": "c", "pregnancy": [{"date": "x"}] * 60_000})), id="days that are none"
        ),
    ],
)
def test_of_a_document_full_of_mistakes_a_thousand_are_listed_soon(text: str, tmp_path: Path) -> None:
    file = tmp_path / "c-1.json"
    file.write_text(text, encoding="utf-8")

    shown = bounded("evaluate", file)

    told = shown.stderr.decode()
    assert shown.returncode == 1
    assert told.count("error CDS") == 1_001
    assert told.startswith(
        f"No answer for {file}:\n$: error CDS700\n"
        "  There are more than 1,000 problems; the others are not listed. Make sure that"
    )


def test_problems_are_listed_in_the_order_of_the_document(advisor: Advisor) -> None:
    sessions = [{"date": "2026-01-05", "status": "came"}] * 12

    assert refused(advisor, document(sessions=sessions)) == [
        ("CDS714", f"$.sessions[{number}].status") for number in range(12)
    ]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (None, "Empty (null) is no day."),
        ("2026-13-01", '"2026-13-01" is no day.'),
        ("2026-02-30", '"2026-02-30" is no day.'),
        ("0026-02-03", '"0026-02-03" is no day in these centuries.'),
        ("3.2.2026", '"3.2.2026" is no day.'),
        (20260203, "20260203 is no day."),
    ],
)
def test_what_is_no_day_is_said_as_it_is(day: object, said: str, advisor: Advisor) -> None:
    with pytest.raises(ClientError) as raised:
        advisor.evaluate(document(overwhelm=[{"date": day}]))
    assert [one.message for one in raised.value.diagnostics] == [said]


def test_what_is_listed_does_not_depend_on_chance(advisor: Advisor) -> None:
    many = document(**{f"field_{number}": 1 for number in range(3_000)})

    assert refused(advisor, many) == refused(advisor, dict(reversed(many.items())))


def test_a_very_long_treatment_is_answered(write: Write) -> None:
    start = date(2006, 1, 2)
    statuses = ("attended", "attended", "no_show", "cancelled_by_client")
    sessions = [{"date": str(start + timedelta(days=n * 3 // 2)), "status": statuses[n % 4]} for n in range(5_000)]
    scores = [
        {"instrument": "phq-9", "date": str(start + timedelta(days=3 * n)), "score": n % 28, "items": {"9": n % 4}}
        for n in range(2_000)
    ]
    long = write("long.json", document(treatment={"started_on": str(start)}, sessions=sessions, measures=scores))

    for form in ("text", "json", "html"):
        shown = bounded("evaluate", long, "--as-of", "2026-08-03", "--format", form)

        assert (shown.returncode, shown.stderr) == (0, b""), form
        assert len(shown.stdout) < 2_000_000


# Days


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "2199-12-31", "9999-12-31", "2028-02-29"])
def test_the_ends_of_the_calendar_are_answered_or_refused(day: str, capsys: Captured) -> None:
    for form in ("text", "html"):
        status = run(["evaluate", str(DEMO), "--as-of", day, "--format", form])

        shown = capsys.readouterr()
        assert status in {0, 1}, shown.err
        assert (status == 0) == (shown.err == "")


def test_a_day_in_no_century_of_ours_is_refused_with_the_way_out(capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO), "--as-of", "9999-12-31"]) == 1

    told = " ".join(capsys.readouterr().err.split())
    assert "31 December 9999 is no day in these centuries." in told
    assert "Ask about a day up to 31 December 2199." in told


def test_a_day_in_no_century_of_ours_is_refused_in_the_api(advisor: Advisor) -> None:
    for client in (document(), advisor.read(document())):
        assert refused(advisor, client, as_of=date.max) == [("CDS715", "$.as_of")]
        assert refused(advisor, client, as_of=date.min) == [("CDS738", "$.treatment.started_on")]


def test_a_day_that_cannot_be_read_is_the_one_thing_that_is_said(advisor: Advisor) -> None:
    assert refused(advisor, document(as_of=None)) == [("CDS715", "$.as_of")]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            {"client": {"id": "c"}, "treatment": {"started_on": "1900-01-01"}, "as_of": "2199-12-31"},
            id="three centuries",
        ),
        pytest.param({"treatment": {"started_on": "2024-02-29"}, "as_of": "2025-02-28"}, id="a leap day, a year on"),
        pytest.param({"treatment": {"started_on": "2026-08-03"}, "as_of": "2026-08-03"}, id="the first day"),
        pytest.param({"client": {"id": "c", "birth_date": "2024-02-29"}}, id="born on a leap day"),
        pytest.param({"client": {"id": "c", "age_band": {"from": 0, "to": 0}}}, id="a band of one year"),
        pytest.param({"client": {"id": "c", "age_band": {"from": 17, "to": 18}}}, id="a band across eighteen"),
        pytest.param({"client": {"id": "c", "age_band": {"from": 0, "to": 120}}}, id="a band of everybody"),
        pytest.param(
            {
                "sessions": [],
                "measures": [],
                "ratings": [],
                "actions": [],
                "obstacles": [],
                "overwhelm": [],
                "reservations": [],
                "client_contacts": [],
                "resources_offered": [],
                "proposed_actions": [],
                "presenting_problems": [],
                "risk": {"flags": [], "assessments": [], "responses": []},
                "medication": {"events": []},
                "clinician": {},
            },
            id="nothing but empty lists",
        ),
    ],
)
def test_odd_but_possible_clients_are_answered(changes: dict[str, object], write: Write) -> None:
    file = write("c.json", document(**changes))

    for form in ("text", "html"):
        assert bounded("evaluate", file, "--format", form).stderr == b"", form


def test_a_document_of_last_year_is_answered_for_last_year_and_says_what_is_too_old(capsys: Captured) -> None:
    assert run(["evaluate", str(DEMO)]) == 0
    then = capsys.readouterr().out
    assert run(["evaluate", str(DEMO), "--as-of", "2027-08-03", "--all"]) == 0
    now = capsys.readouterr().out

    assert then.startswith("Client c-4711, 3 August 2026\n")
    assert now.startswith("Client c-4711, 3 August 2027\n")
    assert "stalled" in then
    assert "stalled" not in now.partition("\n\n")[0]
    assert "a score counts as current for 6 weeks" in " ".join(now.split())


# Any wrong type anywhere

Path_ = tuple[str | int, ...]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**45), 10**45)
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["2026-02-30", "12", "1.0", "\x1b[31m", "\u202e", "\ud800", "<b>", "phq-9", "attended"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)


def places(value: object, path: Path_ = ()) -> Iterator[Path_]:
    """Every place in a document, the host's own extensions left out."""
    yield path
    if isinstance(value, dict):
        for key, part in value.items():
            if (*path, key) != ("extensions",):
                yield from places(part, (*path, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from places(part, (*path, number))


def changed(value: Any, path: Path_, new: object) -> Any:
    """A document with something else in one place."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@settings(max_examples=300)
@given(data=st.data(), before=client_documents())
def test_whatever_stands_in_a_place_it_is_answered_or_refused_there(
    data: st.DataObject, before: dict[str, Any], advisor: Advisor, schema: ClientSchema
) -> None:
    path = data.draw(st.sampled_from(list(places(before))), label="place")
    sent = changed(before, path, data.draw(ANYTHING, label="value"))

    try:
        guidance = advisor.evaluate(sent)
    except ClientError as error:
        for one in error.diagnostics:
            assert one.path is not None
            assert one.message.endswith((".", "…")), one.message
            assert one.advice.endswith((".", "?")), one.advice
            assert all(character.isprintable() for character in f"{one.message}{one.advice}")
    else:
        assert guidance.to_dict()
        assert schema.accepts(sent)


@pytest.fixture(scope="module")
def schema() -> ClientSchema:
    return ClientSchema(read_schemas(["client-state"])["client-state"])
