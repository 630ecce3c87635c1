"""The example host runs for real: its application, the command line and the service, asked over HTTP.

It is installed in a folder of its own, as `pip install` would, so that its plugin is found by its entry point.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from cdsrules.plugins import hookspecs

FOLDER = Path(__file__).parents[2] / "examples" / "practice_app"
PLUGIN = FOLDER / "practice_app" / "plugin.py"
CDSRULES = ("-c", "from cdsrules.cli import main; main()")
SITE = """
name = "The practice"
tell = ["the lead on duty"]
[[crisis_lines]]
name = "Night line"
contact = "the number on the card at the desk"
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(folder), str(FOLDER)], check=True)
    return folder


@pytest.fixture
def practice(installed: Path, tmp_path: Path) -> Mapping[str, str]:
    """The environment of a practice with a database of its own."""
    site = tmp_path / "site.toml"
    site.write_text(SITE)
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "PRACTICE_DB": str(tmp_path / "practice.db"),
        "CDSRULES_SITE": str(site),
    }
    subprocess.run([sys.executable, "-m", "practice_app.database"], env=environment, check=True)
    return environment


@contextmanager
def serving(command: Sequence[str], environment: Mapping[str, str], port: int) -> Iterator[httpx.Client]:
    """A client of a program that listens on a port of this machine."""
    program = subprocess.Popen([sys.executable, *command], env=environment, stderr=subprocess.PIPE)
    assert program.stderr is not None
    try:
        said = b""
        while b"startup complete" not in said:
            line = program.stderr.readline()
            assert line, said.decode()
            said += line
        transport = httpx.HTTPTransport(retries=50)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, transport=transport) as client:
            yield client
    finally:
        program.terminate()
        program.communicate()


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def app(practice: Mapping[str, str], port: int) -> Iterator[httpx.Client]:
    command = ["-m", "uvicorn", "practice_app.app:app", "--port", str(port)]
    with serving(command, practice, port) as client:
        yield client


def rows(practice: Mapping[str, str], query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(practice["PRACTICE_DB"])) as database:
        return list(database.execute(query))


def item_titled(page: str, title: str) -> str:
    (found,) = re.findall(rf'<article class="[^"]*" id="([0-9a-f]+)">\s*<h3>{title}</h3>', page)
    return str(found)


def text_of(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def test_the_readme_says_how_long_each_module_is() -> None:
    told = re.findall(r"`practice_app/(\w+\.py)` \((\d+) lines\)", (FOLDER / "README.md").read_text(encoding="utf-8"))

    assert {module for module, _ in told} == {"app.py", "database.py", "plugin.py"}
    assert int(dict(told)["app.py"]) < 80
    for module, lines in told:
        assert len((FOLDER / "practice_app" / module).read_text(encoding="utf-8").splitlines()) == int(lines), module


def test_every_hook_is_used() -> None:
    tree = ast.parse(PLUGIN.read_text(encoding="utf-8"))
    marked = {
        one.name
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and any(ast.unparse(mark) == "hookimpl" for mark in one.decorator_list)
    }

    assert marked == {name for name in vars(hookspecs) if name.startswith("cdsrules_")}
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in told for name in marked)


def test_guidance_is_shown_on_the_practices_own_page(app: httpx.Client, practice: Mapping[str, str]) -> None:
    assert "4711" in app.get("/").text
    stalled = text_of(app.get("/clients/4711").text)

    assert "Look afresh" in stalled
    assert "Talk the case through with a colleague" in stalled
    assert "A letter is waiting already" in stalled
    assert stalled.count("A referral is planned.") == 1
    assert "3 August 2026 ·" in stalled
    assert "A letter of 31 July 2026 has not been sent yet." in stalled
    assert not re.search(r"\d{4}-\d\d-\d\d", stalled)
    assert "This must not wait" not in stalled
    assert "No advice" not in stalled
    assert app.get("/clients/4713").status_code == 200
    whole = app.get("/clients/4711/whole").text
    assert "Facts, sources and what would change it" in whole
    assert "practice 1.0.0" in whole


def test_a_sign_of_risk_stands_first_with_what_the_site_has(app: httpx.Client, practice: Mapping[str, str]) -> None:
    page = text_of(app.get("/clients/4712").text)

    places = [page.index(one) for one in ("This must not wait", "A risk item was endorsed", "Crisis lines here: Night")]
    assert places == sorted(places)
    assert "Tell: the lead on duty." in page
    assert "The form on regular measurement is not signed yet." in page
    row = re.search(r"4712 2026-05-04 (\d) ", text_of(app.get("/").text))
    assert row is not None
    assert int(row[1]) > 0
    assert ("practice-4712", "2026-08-03") in rows(practice, "SELECT client, day FROM looked_at")


def test_what_a_clinician_does_is_recorded(app: httpx.Client, practice: Mapping[str, str]) -> None:
    page = app.get("/clients/4711").text
    look, talk, consult = (
        item_titled(page, one)
        for one in ("Look afresh", "Talk again about how it is going", "Talk the case through with a colleague")
    )
    until = str(date(2026, 8, 3) + timedelta(days=7))
    told = (
        {"item": look, "outcome": "accepted"},
        {"item": consult, "outcome": "overridden", "reason": "other", "comment": "We met on Friday."},
        {"item": talk, "outcome": "snoozed", "reason": "not-the-time", "until": until},
    )
    for one in told:
        assert app.post("/clients/4711", data=one).status_code == 303

    assert rows(practice, "SELECT item, outcome, reason, done_by FROM journal") == [
        (look, "accepted", None, "clinician-1"),
        (consult, "overridden", "other", "clinician-1"),
        (talk, "snoozed", "not-the-time", "clinician-1"),
    ]
    later = app.get("/clients/4711").text
    assert "“Talk again about how it is going” rests until 10 August 2026." in text_of(later)
    assert "Shown since 3 August 2026." in later
    records = ["records", "--db", str(Path(practice["PRACTICE_DB"]).with_suffix(".records.db"))]
    verified = cdsrules(practice, *records, "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_an_answer_that_cannot_be_taken_is_said_and_changes_nothing(
    app: httpx.Client, practice: Mapping[str, str]
) -> None:
    item = item_titled(app.get("/clients/4712").text, "A risk item was endorsed")
    until = {"reason": "not-the-time", "until": "2026-08-10"}

    refused = app.post("/clients/4712", data={"item": item, "outcome": "snoozed", **until})
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert "A risk item was endorsed" in refused.text
    other = app.post("/clients/4711", data={"item": item, "outcome": "accepted"})
    assert "No item" in other.text
    assert rows(practice, "SELECT * FROM journal") == []


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": None},
        {"item": None},
        {"outcome": "nonsense"},
        {"until": "garbage"},
        {"outcome": "snoozed", "reason": "not-the-time", "until": "garbage"},
        {"outcome": "overridden", "reason": "no-such-reason"},
        {"comment": "x" * 3000},
    ],
)
def test_an_answer_that_no_button_gives_is_refused_in_words(
    app: httpx.Client, practice: Mapping[str, str], changed: Mapping[str, str | None]
) -> None:
    item = item_titled(app.get("/clients/4711").text, "Look afresh")
    form = {"item": item, "outcome": "accepted", **changed}

    refused = app.post("/clients/4711", data={name: value for name, value in form.items() if value is not None})
    assert refused.status_code == 400
    assert 'role="alert"' in refused.text
    assert "Look afresh" in refused.text
    assert rows(practice, "SELECT * FROM journal") == []


def test_bytes_that_are_no_text_are_refused_in_words(app: httpx.Client) -> None:
    refused = app.post("/clients/4711", content=b"outcome=\xff")

    assert refused.status_code == 400
    assert "This could not be read, and nothing was recorded" in refused.text


def test_a_field_that_no_form_has_is_passed_over(app: httpx.Client, practice: Mapping[str, str]) -> None:
    item = item_titled(app.get("/clients/4711").text, "Look afresh")
    answer = {"item": item, "outcome": "accepted", "foo": "1", "by": "somebody", "client": "practice-4712"}

    assert app.post("/clients/4711", data=answer).status_code == 303
    assert rows(practice, "SELECT client, done_by FROM journal") == [("practice-4711", "clinician-1")]


@pytest.mark.parametrize("number", ["9999", "04711", "-4711", "x", "9" * 30, "9" * 5000])
def test_a_number_that_no_client_has_is_not_found(app: httpx.Client, number: str) -> None:
    for answered in (
        app.get(f"/clients/{number}"),
        app.get(f"/clients/{number}/whole"),
        app.post(f"/clients/{number}", data={"outcome": "accepted"}),
    ):
        assert (answered.status_code, answered.text) == (404, "No client of the practice has this number.")


@pytest.mark.parametrize("page", ["/", "/clients/4711", "/clients/4711/whole"])
def test_where_the_database_is_away_the_page_says_so(app: httpx.Client, practice: Mapping[str, str], page: str) -> None:
    away = Path(practice["PRACTICE_DB"])
    away.rename(away.with_suffix(".away"))

    answered = app.get(page)
    assert (answered.status_code, answered.text) == (
        503,
        f"The database of the practice, {away}, is not there: name its file in PRACTICE_DB.",
    )


def test_whatever_is_shown_is_on_record_and_has_its_receipt(app: httpx.Client, practice: Mapping[str, str]) -> None:
    records = ["records", "--db", str(Path(practice["PRACTICE_DB"]).with_suffix(".records.db"))]
    assert cdsrules(practice, *records, "activate", "--approved-by", "the lead").returncode == 0
    for shown in ("/clients/4711", "/clients/4711/whole"):
        assert app.get(shown).status_code == 200

    listed = cdsrules(practice, *records, "list", "--kind", "evaluation", "--format", "json").stdout.splitlines()
    entries = [json.loads(line)["seq"] for line in listed]
    assert len(entries) == 2
    for entry in entries:
        receipt = str(Path(practice["PRACTICE_DB"]).with_name(f"receipt-{entry}.json"))
        made = cdsrules(practice, *records, "receipt", str(entry), "--output", receipt)
        assert made.returncode == 0, made.stderr
        replayed = cdsrules(practice, "replay", receipt)
        assert replayed.returncode == 0, replayed.stdout + replayed.stderr


def cdsrules(practice: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *CDSRULES, *arguments], env=practice, capture_output=True, text=True, check=False
    )


def test_on_the_command_line_the_practice_has_a_command_and_a_check(
    practice: Mapping[str, str], tmp_path: Path
) -> None:
    answered = cdsrules(practice, "practice", "4712")
    assert (answered.returncode, answered.stderr) == (0, "")
    assert "Client practice-4712, 3 August 2026" in answered.stdout
    assert "plugin practice 1.0.0" in " ".join(answered.stdout.split())

    assert cdsrules(practice, "check").stdout == "No problems found.\n"
    changed = shutil.copytree(practice["PYTHONPATH"], tmp_path / "changed")
    rules = changed / "practice_app" / "rules" / "practice" / "rules.yaml"
    title = "The form on measuring is not signed"
    longer = rules.read_text(encoding="utf-8").replace(title, f"{title}, and nobody has asked about it so far")
    rules.write_text(longer, encoding="utf-8")
    checked = cdsrules({**practice, "PYTHONPATH": str(changed)}, "check")
    assert checked.returncode == 1
    assert "error PRACTICE001: The title of practice-consent-missing is too long." in checked.stdout

    tested = cdsrules(practice, "test", str(Path(practice["PYTHONPATH"], "practice_app", "rules")))
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({}, "No client of the practice has this number."),
        ({"PRACTICE_DB": "no.db"}, "The database of the practice, no.db, is not there: name its file in PRACTICE_DB."),
    ],
)
def test_on_the_command_line_the_practice_says_why_there_is_no_client(
    practice: Mapping[str, str], lacking: Mapping[str, str], said: str
) -> None:
    answered = cdsrules({**practice, **lacking}, "practice", "99")

    assert (answered.returncode, answered.stdout) == (1, "")
    assert " ".join(answered.stderr.split()) == f"plugin practice: error CDS301 {said}"


def test_the_service_answers_the_practices_route_beside_its_own(practice: Mapping[str, str], port: int) -> None:
    settings = {**practice, "CDSRULES_PORT": str(port)}
    cdsrules(practice, "practice", "4712")

    with serving([*CDSRULES, "serve"], settings, port) as service:
        assert service.get("/cds-services").json()["services"]
        (found,) = service.get("/practice/open").json()["clients"]
    assert found["client"] == "practice-4712"
    assert found["safety"] > 0
