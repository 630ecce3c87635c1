from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdsrules.cli.documents import Given, count, gather, read_one
from cdsrules.errors import ClientError
from cdsrules.loading.json_text import MAX_BYTES


def texts(clients: list[Given]) -> list[bytes]:
    return [one.read() for one in clients]


def stand_in(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))


def test_a_file_is_one_client_however_its_lines_are_set(tmp_path: Path) -> None:
    for text in (b'{"a": 1}', b'{"a": 1}\n', b'{\n  "a": 1\n}\n', b"\n\n{}\n", b"", b"not json", b'{"a": 1}\n\n \n'):
        file = tmp_path / "c-1.json"
        file.write_bytes(text)

        batch = gather([str(file)])
        [client] = batch.clients

        assert not batch.many
        assert client.read().strip() == text.strip()
        assert (client.name, client.stem) == (str(file), "c-1")


def test_a_document_on_each_line_is_many_clients_whatever_the_file_is_called(tmp_path: Path) -> None:
    for name in ("all.jsonl", "all.ndjson", "all.json"):
        file = tmp_path / name
        file.write_bytes(b'{"a": 1}\n\n{"a": 2}\n  \n{"a": 3}')

        batch = gather([str(file)])
        clients = list(batch.clients)

        assert batch.many
        assert [json.loads(text)["a"] for text in texts(clients)] == [1, 2, 3]
        assert [one.name for one in clients] == [f"{file}, line {number}" for number in (1, 3, 5)]
        assert [one.stem for one in clients] == ["all-1", "all-3", "all-5"]


def test_a_broken_line_of_a_file_of_lines_stays_a_line(tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    file.write_bytes(b'{"a": \n{"a": 2}\n')

    clients = list(gather([str(file)]).clients)

    assert texts(clients) == [b'{"a": \n', b'{"a": 2}\n']


def test_one_line_of_a_file_of_lines_is_still_many(tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    file.write_bytes(b'{"a": 1}')

    assert gather([str(file)]).many


def test_a_line_longer_than_any_document_spoils_itself_alone(tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    file.write_bytes(b'{"a": "' + b"x" * (2 * MAX_BYTES) + b'"}\n{"a": 2}\n')

    first, second = gather([str(file)]).clients

    assert len(first.read()) == MAX_BYTES + 1
    assert (second.name, second.read()) == (f"{file}, line 2", b'{"a": 2}\n')


def test_a_folder_gives_its_documents_by_name_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(b"{}")
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "c.jsonl").write_bytes(b"{}\n{}\n")
    (tmp_path / "notes.txt").write_bytes(b"no document")
    (tmp_path / "folder.json").mkdir()

    batch = gather([str(tmp_path)])

    assert batch.many
    assert [one.stem for one in batch.clients] == ["a", "b", "c-1", "c-2"]
    assert count([str(tmp_path)]) == 4


def test_an_empty_folder_has_no_clients(tmp_path: Path) -> None:
    assert list(gather([str(tmp_path)]).clients) == []
    assert count([str(tmp_path)]) == 0


def test_a_file_that_cannot_be_read_fails_when_it_is_read_and_the_next_one_comes(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    (tmp_path / "b.json").write_bytes(b"{}")
    (tmp_path / "c.json").write_bytes(b"{}")
    clients = gather([str(tmp_path)]).clients
    assert next(clients).read() == b"{}"

    (tmp_path / "b.json").unlink()
    gone, last = clients

    with pytest.raises(FileNotFoundError):
        gone.read()
    assert last.read() == b"{}"
    assert count([str(tmp_path / "b.json")]) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (b'{"a": 1}', [b'{"a": 1}']),
        (b'{\n"a": 1}', [b'{\n"a": 1}']),
        (b'{"a": 1}\n{"a": 2}\n', [b'{"a": 1}\n', b'{"a": 2}\n']),
    ],
)
def test_standard_input_is_one_client_or_many(text: bytes, read: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, text)

    batch = gather(["-"])

    assert batch.many is (len(read) > 1)
    assert texts(list(batch.clients)) == read
    assert count(["-"]) is None


def test_lines_from_standard_input_are_answered_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who writes line by line gets each answer before the end."""
    reader, writer = os.pipe()
    monkeypatch.setattr(sys, "stdin", os.fdopen(reader))
    with os.fdopen(writer, "wb", buffering=0) as sender, sys.stdin:
        sender.write(b'{"a": 1}\n{"a": 2}\n')
        clients = iter(gather(["-"]).clients)

        assert next(clients).read() == b'{"a": 1}\n'
        assert next(clients).read() == b'{"a": 2}\n'


@given(
    documents=st.lists(st.dictionaries(st.text(max_size=3), st.integers()), min_size=2, max_size=6),
    blanks=st.integers(0, 3),
)
def test_no_line_is_lost(
    documents: list[dict[str, int]], blanks: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("lines") / "all.jsonl"
    file.write_text(("\n" * (blanks + 1)).join(map(json.dumps, documents)), encoding="utf-8")

    clients = list(gather([str(file)]).clients)

    assert [json.loads(text) for text in texts(clients)] == documents
    assert count([str(file)]) == len(documents)


def test_one_document_is_asked_for_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "c-1.json"
    file.write_bytes(b'{"a": 1}')
    stand_in(monkeypatch, b'{"a": 2}')

    assert read_one(str(file)) == {"a": 1}
    assert read_one("-") == {"a": 2}
    file.write_bytes(b"[]")
    with pytest.raises(ClientError):
        read_one(str(file))
