"""The steps of the Dockerfile, gone through without Docker: what it copies is built, installed and run as it says.

What pip would fetch is copied from this environment (see `test_wheel`); the base image, the user and the mount that
cannot be written to are Docker's own, so it is looked at instead that nothing is written.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.packaging.test_wheel import clean_environment, succeed

ROOT = Path(__file__).parents[2]
DOCKERFILE = re.sub(r"\\\n\s*", "", Path(ROOT, "Dockerfile").read_text(encoding="utf-8"))
_, BUILD, LAST = DOCKERFILE.split("\nFROM ")


def copied() -> list[str]:
    return [name for line in re.findall(r"^COPY (?!--)(.+) \S+$", BUILD, re.MULTILINE) for name in line.split()]


def of_image(instruction: str) -> str:
    (found,) = re.findall(rf"^{instruction}\s+(.+)$", LAST, re.MULTILINE)
    return str(found)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of the image, built from nothing but what is copied into it."""
    folder = tmp_path_factory.mktemp("image")
    context = folder / "src"
    context.mkdir()
    for name in copied():
        here = ROOT / name
        if here.is_dir():
            shutil.copytree(here, context / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(here, context / name)
    succeed([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, context], at=folder)
    (wheel,) = folder.glob("*.whl")
    (extras,) = re.findall(r'install --no-cache-dir "\.\[([a-z,]+)\]"', BUILD)
    return clean_environment(folder / "cdsrules", wheel, frozenset(extras.split(",")))


CLIENTS = 'base_url = "https://cds.example.org"\n[[clients]]\nissuer = "https://ehr.example.org"\njwks_url = "https://ehr.example.org/keys"\n'


def written_in(folder: Path) -> dict[Path, int]:
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*")}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def started(programs: Path, settings: Path, port: int, records: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The image's command in the image's environment, which knows nothing of this one."""
    environment = dict(one.split("=", 1) for one in shlex.split(of_image("ENV")))
    environment |= {
        "PATH": str(programs),
        "CDSRULES_SETTINGS": str(settings),
        "CDSRULES_PORT": str(port),
        "CDSRULES_RECORDS": str(records),
    }
    entry, command = json.loads(of_image("ENTRYPOINT")), json.loads(of_image("CMD"))
    started = subprocess.Popen(
        [programs / entry[0], *entry[1:], *command], env=environment, cwd=settings.parent, stderr=subprocess.PIPE
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.wait()
        assert started.stderr is not None
        started.stderr.close()


def is_healthy(programs: Path, port: int) -> bool:
    """What the health check of the image says; it is asked inside, where the service has its usual port."""
    check = json.loads(re.findall(r"CMD (\[\"python.+\])$", LAST, re.MULTILINE)[0])
    asked = [one.replace(":8000/", f":{port}/") for one in check[1:]]
    return subprocess.run([programs / check[0], *asked], capture_output=True, check=False).returncode == 0


def test_the_image_answers_and_writes_nothing_but_its_records(programs: Path, tmp_path: Path) -> None:
    settings, port = tmp_path / "etc" / "service.toml", free_port()
    settings.parent.mkdir()
    settings.write_text(f'keep = "nothing"\n{CLIENTS}')
    before = written_in(programs.parent), written_in(settings.parent)

    assert not is_healthy(programs, port)
    with started(programs, settings, port, tmp_path / "records.db") as service:
        assert any(is_healthy(programs, port) or service.poll() is not None for _ in range(500))
        assert service.poll() is None, "it ended by itself"
        service.send_signal(signal.Signals[of_image("STOPSIGNAL")])

        assert service.wait(30) == 0
    assert (written_in(programs.parent), written_in(settings.parent)) == before
    assert (tmp_path / "records.db").exists()


def test_it_does_not_start_for_everybody_who_reaches_it(programs: Path, tmp_path: Path) -> None:
    settings = tmp_path / "service.toml"
    settings.write_text('keep = "nothing"\n')

    with started(programs, settings, free_port(), tmp_path / "records.db") as service:
        assert service.stderr is not None
        said = service.stderr.read().decode()
        assert service.wait(30) == 1
    assert "clients" in said


def test_settings_that_are_wrong_stop_it_at_once_with_a_line_for_each(programs: Path, tmp_path: Path) -> None:
    settings = tmp_path / "service.toml"
    settings.write_text('prot = 8000\nsite = "site.toml"\n')

    with started(programs, settings, free_port(), tmp_path / "records.db") as service:
        assert service.stderr is not None
        said = service.stderr.read().decode()
        assert service.wait(30) == 1
    assert f"{settings}:1: prot: there is no such setting; did you mean port?" in said
