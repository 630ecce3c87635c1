from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from cdsrules.cli.answers import to_file, to_folder, to_screen, undisturbed
from cdsrules.rendering.text import Line, Role

LINES = (Line("first", Role.HEADING), Line("second"))


def test_ctrl_c_waits_for_what_is_begun() -> None:
    done: list[str] = []

    def begun() -> None:
        with undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("finished")

    with pytest.raises(KeyboardInterrupt):
        begun()
    assert done == ["finished"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_without_ctrl_c_nothing_happens() -> None:
    with undisturbed():
        pass


def test_text_and_data_go_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with to_screen() as put:
        put("c-1", LINES)
        put("c-2", '{"a": 1}\n')

    assert capsys.readouterr().out == 'first\nsecond\n{"a": 1}\n'


def test_one_file_takes_every_answer_as_soon_as_it_is_there(tmp_path: Path) -> None:
    file = tmp_path / "answers.txt"
    file.write_text("from yesterday", encoding="utf-8")

    with to_file(file) as put:
        put("c-1", LINES)
        assert file.read_text(encoding="utf-8") == "first\nsecond\n"
        put("c-2", "Zoë\n")

    assert file.read_text(encoding="utf-8") == "first\nsecond\nZoë\n"


def test_a_folder_takes_a_file_for_each(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "answers"

    with to_folder(folder, "txt") as put:
        put("c-1", LINES)
        put("c-2", "two\n")

    assert {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()} == {
        "c-1.txt": "first\nsecond\n",
        "c-2.txt": "two\n",
    }


def test_a_page_that_cannot_be_written_leaves_the_old_one_whole(tmp_path: Path) -> None:
    (tmp_path / "c-1.html").write_text("old", encoding="utf-8")

    with to_folder(tmp_path, "html") as put, pytest.raises(UnicodeEncodeError):
        put("c-1", "half \ud800")

    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == {"c-1.html": "old"}
