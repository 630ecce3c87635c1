"""Every command of the guide for hosts runs, in its order, with real servers, and answers what the guide shows.

Three kinds are not run, but checked all the same:

* `pip install` fetches: what it installs is this package, with extras that its metadata has;
* `docker compose` needs a daemon: the file is there, and `deployment/` goes through the steps of the image;
* ports: those of the guide may be taken here, so others stand in for them.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.postgres import postgres_server, programs_of_postgres
from tests.shown import CHECKOUT, FENCE, agrees, run, shown_commands
from tests.test_readme import assert_is_this_package

PAGE = CHECKOUT / "docs" / "for-hosts.md"
GUIDE = PAGE.read_text(encoding="utf-8")
PORTS = ("8000", "8001", "8002")


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """A folder with the examples; whatever was started in it and still runs is ended."""
    shutil.copytree(CHECKOUT / "examples", tmp_path / "examples")
    yield tmp_path
    for file in tmp_path.glob("*.pid"):
        with suppress(ProcessLookupError):
            os.kill(int(file.read_text()), signal.SIGTERM)


@pytest.fixture
def guide() -> str:
    """The guide with ports that are free here, and with programs of the server that runs here."""
    with (
        socket.create_server(("", 0)) as one,
        socket.create_server(("", 0)) as two,
        socket.create_server(("", 0)) as six,
    ):
        free = [str(server.getsockname()[1]) for server in (one, two, six)]
    ports = dict(zip(PORTS, free, strict=True))
    # `pg_dump` wants to be no older than the server, and another one may come first here.
    here = GUIDE.replace("$ pg_dump", f"$ {programs_of_postgres()}/pg_dump")
    return re.sub(r"\b800[012]\b", lambda found: ports[found[0]], here)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, scratch: Path, guide: str) -> Iterator[None]:
    """The shell of a reader who has a database of PostgreSQL."""
    port = re.search(r"http://127\.0\.0\.1:(\d+)/ready", guide)
    assert port is not None
    monkeypatch.setenv("CDSRULES_PORT", port[1])
    monkeypatch.setenv("CDSRULES_BASE_URL", f"http://127.0.0.1:{port[1]}")
    monkeypatch.chdir(scratch)
    with postgres_server() as address:
        monkeypatch.setenv("RECORDS", address)
        yield


@pytest.mark.usefixtures("reader")
def test_every_command_answers_what_the_guide_shows(scratch: Path, guide: str) -> None:
    examples = "\n".join(fence["body"] for fence in FENCE.finditer(guide) if fence["language"] == "python")
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    runner.run(doctest.DocTestParser().get_doctest(examples, {}, "for-hosts.md", "for-hosts.md", 0))
    assert runner.summarize(verbose=False).failed == 0

    for shown in shown_commands(guide):
        match shlex.split(shown.command):
            case ["pip", "install", *what]:
                for one in set(what) - {"--upgrade"}:
                    assert_is_this_package(Requirement(one))
            case ["docker", "compose", "--env-file", settings, "--file", file, *_]:
                assert (scratch / settings).read_text().startswith("RECORDS_PASSWORD=")
                assert (scratch / file).exists()
            case _:
                ran = run(shown.command, scratch)
                assert ran.status == shown.status, f"$ {shown.command}\n{ran.output}"
                assert agrees(shown.output, ran.output), f"$ {shown.command}\n{ran.output}"


def test_links_of_the_guide_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", GUIDE)
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lower()).strip().replace(" ", "-")
        for line in re.findall("^## (.+)$", GUIDE, re.MULTILINE)
    }

    assert [target for target in targets if not (PAGE.parent / target).exists()] == []
    assert set(re.findall(r"\]\(#([^)]+)\)", GUIDE)) == headings
