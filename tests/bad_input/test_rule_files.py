"""Rule files nobody would write, through `cdsrules check` and `Advisor.load`: a clear answer, soon."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from cdsrules import Advisor
from cdsrules.cli.app import run
from cdsrules.errors import RulebookError
from cdsrules.loading.codes.frame import RULEBOOK
from tests.bad_input.bounded import bounded
from tests.cli.program import DEMO
from tests.loading.rule_files import SHIPPED, check, given

Captured = pytest.CaptureFixture[str]

HEAD = """\
rulebook: ours
version: 1.0.0
status: active
title: Ours
owner: Us
review_by: 2099-11-01
sources:
  s: {title: A source, publisher: Somebody, grade: consensus}
"""


def rule(name: str, when: str) -> str:
    return f"  - id: {name}\n    finds: {name}\n    when: {{{when}}}\n    say: {{clinician: Something is seen.}}\n"


def book(*rules: str) -> str:
    return f"{HEAD.partition('sources:')[0]}rules:\n{''.join(rules)}"


def ages(count: int) -> str:
    """So many conditions on one fact that all hold for someone old enough."""
    return ", ".join(f"{{fact: client.age, at_least: {age % 90 + 1}}}" for age in range(count))


def stored(text: str | bytes, folder: Path) -> Path:
    file = folder / "rules.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def codes(told: str) -> list[str]:
    return re.findall(r"(?:error|warning) (CDS\d{3})", told)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(b"", "CDS002", id="empty"),
        pytest.param(b"\n\n# nothing\n", "CDS002", id="a comment"),
        pytest.param(bytes(range(256)) * 40, "CDS004", id="binary"),
        pytest.param(b"\x7fELF\x02\x01\x01\x00\x00", "CDS006", id="a program"),
        pytest.param(b"\x00" * 5_000, "CDS006", id="zeros"),
        pytest.param(HEAD.encode("utf-16"), "CDS004", id="utf-16"),
        pytest.param(b"# " + b"x" * 50_000_000, "CDS003", id="huge"),
        pytest.param("[" * 1_000_000, "CDS014", id="a million brackets"),
        pytest.param("{a: " * 250_000, "CDS014", id="deep mappings"),
        pytest.param("- " * 400_000, "CDS014", id="deep lists"),
        pytest.param(BOMB, "CDS009", id="an alias bomb"),
        pytest.param("a: &a [*a]\n", "CDS010", id="an alias inside itself"),
        pytest.param('{"rulebook": "ours"', "CDS001", id="half written"),
        pytest.param("--- !!python/object/apply:os.system ['true']\n", "CDS012", id="a tag that would run something"),
    ],
)
def test_what_is_no_rule_file_is_refused_in_one_sentence(text: str | bytes, code: str, tmp_path: Path) -> None:
    file = stored(text, tmp_path)

    shown = bounded("check", file)

    assert shown.returncode == 1, shown.stderr
    assert codes(shown.stdout.decode())[0] == code
    assert len(shown.stdout) < 1_000
    assert shown.stderr == b""
    with pytest.raises(RulebookError) as raised:
        Advisor.load([file])
    assert raised.value.diagnostics[0].code == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HEAD + "\tx\n" * 300_000, id="tabs"),
        pytest.param(HEAD + "".join(f"k{number}: 1\n" for number in range(90_000)), id="unknown keys"),
        pytest.param(HEAD + "a: 1\n" * 150_000, id="one key again and again"),
        pytest.param(f"{HEAD}rules: [{'a, ' * 300_000}a]\n", id="rules that are none"),
        pytest.param(book(*(rule(f"r{n}", "fact: client.agee, at_leest: 3") for n in range(6_000))), id="typos"),
        pytest.param(book(*(rule(f"r{n}", f"finding: r{(n + 1) % 6_000}") for n in range(6_000))), id="a long circle"),
    ],
)
def test_of_a_file_full_of_mistakes_a_thousand_are_listed_soon(text: str, tmp_path: Path) -> None:
    file = stored(text, tmp_path)

    shown = bounded("check", file)

    assert shown.returncode == 1, shown.stderr[-500:]
    told = shown.stdout.decode()
    found = codes(told)
    assert len(found) <= 1_001
    assert len(shown.stdout) < 1_000_000
    assert ("CDS106" in found) == (len(found) == 1_001)
    if "CDS106" in found:
        assert f"{file}:1:1: error CDS106: There are more than 1,000 problems; the others are not listed.\n" in told


def test_a_mistake_on_every_line_is_told_line_by_line(tmp_path: Path) -> None:
    lines = [
        "rulebok: ours",
        "version: one",
        "status: activ",
        "title:",
        "owner: [Us]",
        "review_by: 2026-02-30",
        "sourses:",
        "  s: {titel: A source, grade: consensus}",
        "parameters:",
        "  p: {valu: 6 months, source: local, why: So.}",
        "rules:",
        "  - id: not an id",
        "    recomends: consultation",
        "    when: {fakt: client.age}",
    ]
    lines[0] = "rulebook: Our Rules"

    assert run(["check", str(stored("\n".join(lines) + "\n", tmp_path))]) == 1
    with pytest.raises(RulebookError) as raised:
        Advisor.load([tmp_path])

    places = {one.where.line for one in raised.value.diagnostics if one.where is not None}
    assert places >= {1, 2, 3, 4, 5, 6, 7, 10, 12, 13}


def test_a_file_that_is_cut_off_anywhere_is_read_or_refused_with_a_place() -> None:
    """As when it is being saved while it is read."""
    whole = RULEBOOK.replace("rulebook: example", "rulebook: ours").replace("id: ", "id: our-")
    for end in range(0, len(whole), 3):
        for one in check(*SHIPPED, given(whole[:end])):
            assert one.where is not None
            assert one.where.line <= whole[:end].count("\n") + 1


# More than anyone can follow


def test_a_condition_of_too_many_parts_is_one_problem(tmp_path: Path, capsys: Captured) -> None:
    file = stored(book(rule("many", f"all: [{ages(15_000)}]")), tmp_path)

    assert run(["check", str(file)]) == 1

    told = capsys.readouterr().out
    assert codes(told) == ["CDS104"]
    assert "This condition has 15,001 parts; more than 200 nobody can check." in told


@pytest.mark.parametrize(
    "when",
    [
        pytest.param(f"all: [{ages(199)}]", id="all"),
        pytest.param(f"any: [{ages(199)}]", id="any"),
        pytest.param(f"at_least: {{count: 50, of: [{ages(190)}]}}", id="fifty of 190"),
        pytest.param("not: {" * 34 + "known: client.age" + "}" * 34, id="not not not"),
    ],
)
def test_as_much_as_is_allowed_is_answered_soon(when: str, tmp_path: Path) -> None:
    shown = bounded("evaluate", DEMO, "--all", "--rules", stored(book(rule("large", when)), tmp_path))

    assert (shown.returncode, shown.stderr) == (0, b"")


def test_choosing_among_many_findings_is_answered_soon(tmp_path: Path) -> None:
    """Fifteen of thirty are 155 million combinations, of which the engine must not be given one each."""
    findings = [rule(f"f{number}", "known: client.age") for number in range(30)]
    chosen = ", ".join(f"{{finding: f{number}}}" for number in range(30))
    some = rule("some", f"at_least: {{count: 15, of: [{chosen}]}}")
    few = rule("few", f"not: {{at_least: {{count: 15, of: [{chosen}]}}}}")

    shown = bounded("evaluate", DEMO, "--rules", stored(book(some, few, *findings), tmp_path))

    assert (shown.returncode, shown.stderr) == (0, b"")


def tower(stories: int, storey: str = "finding: NEXT") -> Iterable[str]:
    """Findings that rest on one another, the last on a fact."""
    yield from (rule(f"f{n}", storey.replace("NEXT", f"f{n + 1}")) for n in range(stories - 1))
    yield rule(f"f{stories - 1}", "known: client.age")


@pytest.mark.parametrize("stories", [11, 5_000])
def test_findings_piled_up_too_high_are_one_problem(stories: int, tmp_path: Path, capsys: Captured) -> None:
    assert run(["check", str(stored(book(*tower(stories)), tmp_path))]) == 1

    told = capsys.readouterr().out
    assert codes(told) == ["CDS105"]
    assert f"The finding `f{stories - 11}` rests on findings that rest on others, more than 10 deep." in told


def test_findings_piled_up_as_high_and_nested_as_deep_as_is_allowed_are_answered(tmp_path: Path) -> None:
    for opening, closing, times in (("not: {", "}", 34), ("all: [{known: client.age}, {any: [{", "}]}]", 8)):
        storey = opening * times + "finding: NEXT" + closing * times

        shown = bounded("evaluate", DEMO, "--all", "--rules", stored(book(*tower(10, storey)), tmp_path))

        assert (shown.returncode, shown.stderr) == (0, b"")


# Ids


@pytest.mark.parametrize(
    "name",
    [
        "our rule",
        "Règle",
        "ЖЖ",
        "a\u202eb",
        "a\x1b[31mb",
        "a\nb",
        "",
        "-",
        "💊",
        "a" * 300,
        "<b>bold</b>",
        "../up",
    ],
)
def test_an_id_that_cannot_be_one_is_refused_and_shown_harmlessly(name: str, tmp_path: Path, capsys: Captured) -> None:
    text = book(rule("ID", "known: client.age")).replace("id: ID", f"id: {json.dumps(name)}")

    assert run(["check", str(stored(text.replace("finds: ID", "finds: seen"), tmp_path))]) == 1

    told = capsys.readouterr()
    assert told.err == ""
    assert all(character.isprintable() or character == "\n" for character in told.out)


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_what_a_terminal_would_obey_is_in_no_form_of_report(form: str, tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "a\x1b[31m\u202e\x9b31m"
    folder.mkdir()
    stored("rulebook: [Ours]\n", folder)

    assert run(["check", str(folder), "--format", form]) == 1

    assert all(character.isprintable() or character == "\n" for character in capsys.readouterr().out)


# The disk


def test_a_folder_that_is_not_there_or_leads_nowhere(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "up").symlink_to(tmp_path / "rules")

    for name, code in (("missing", "CDS018"), ("gone", "CDS018"), ("loop", "CDS020"), ("rules", "CDS020")):
        assert run(["check", str(tmp_path / name)]) == 1
        assert codes(capsys.readouterr().out) == [code]
        assert run(["evaluate", str(DEMO), "--rules", str(tmp_path / name)]) == 1
        shown = capsys.readouterr()
        assert shown.out == ""
        assert code in shown.err


def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rules.yaml")

    for path in (tmp_path / "rules.yaml", Path("/dev/zero"), tmp_path):
        shown = bounded("check", path)

        assert shown.returncode == 1, path
        assert codes(shown.stdout.decode()) == ["CDS019"], path


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything; test_files.py lets the system refuse instead")
def test_a_folder_that_may_not_be_read(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "rules").mkdir(mode=0)

    assert run(["check", str(tmp_path / "rules")]) == 1
    assert codes(capsys.readouterr().out) == ["CDS019"]


def test_a_folder_called_like_a_file_is_a_folder(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "x.yaml").mkdir()
    stored(book(rule("r", "known: client.age")), tmp_path / "x.yaml")

    assert run(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "No problems found.\n"


def test_a_folder_of_links_to_nothing_is_listed_no_further_than_a_thousand(tmp_path: Path, capsys: Captured) -> None:
    for number in range(1_200):
        (tmp_path / f"{number}.yaml").symlink_to("nowhere")

    assert run(["check", str(tmp_path)]) == 1

    found = codes(capsys.readouterr().out)
    assert (found.count("CDS018"), found.count("CDS106")) == (1_000, 1)
