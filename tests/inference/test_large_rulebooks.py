"""Whole rulebooks on the durable-rules engine, verified by the reference: large, reloaded, shared, forked."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from cdsrules.inference.durable import DurableChainer
from cdsrules.inference.engine import Engine
from cdsrules.inference.program import Program, compile_program
from cdsrules.model.condition import AllOf, AnyOf, Condition, Not
from cdsrules.model.rulebook import Rule
from tests.made_rules import CATALOGUE, LETTERS, MOMENT, Given, fact, finding, finds, library, recommends

MEBIBYTE = 1024 * 1024


def large_rulebook(rules: int, findings: int) -> list[Rule]:
    """Return rules of which `findings` find something, each reading facts and earlier findings."""
    draw = Random(rules)
    made: list[Rule] = []
    for place in range(rules):
        facts = tuple(fact(letter) for letter in draw.sample(LETTERS, 3))
        earlier = [finding(f"f{draw.randrange(min(place, findings))}")] if place else []
        read: tuple[Condition, ...] = (*facts[:2], *(Not(one) if draw.random() < 1 / 3 else one for one in earlier))
        when = AnyOf((AllOf(read), AllOf(facts)))
        rule_id = f"r{place}"
        made.append(
            finds(f"f{place}", when, rule_id=rule_id) if place < findings else recommends("talk", when, rule_id=rule_id)
        )
    return made


def compiled(rules: list[Rule]) -> tuple[Program, Engine]:
    program = compile_program(library(rules), CATALOGUE)
    return program, Engine(program, DurableChainer, on_disagreement="raise")


def concludes(program: Program, engine: Engine, facts: dict[str, bool | None]) -> tuple[bool | None, ...]:
    values, cutoffs = program.plan.encode(Given(facts)), program.plan.cutoffs(MOMENT)
    conclusions, report = engine.conclude(values, cutoffs)
    assert report.verified
    return conclusions.rules


def some_facts(draw: Random) -> dict[str, bool | None]:
    return {letter: draw.choice([True, False, None]) for letter in LETTERS}


def resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_five_hundred_rules_and_sixty_findings_agree() -> None:
    program, engine = compiled(large_rulebook(500, 60))
    assert (len(program.rules), len(program.findings)) == (500, 60)
    draw = Random(1)
    seen = {concludes(program, engine, some_facts(draw)) for _ in range(200)}
    engine.close()
    assert len(seen) > 100


def test_a_changed_rulebook_is_reloaded_a_thousand_times_with_flat_memory() -> None:
    def reload(letter: str) -> None:
        program, engine = compiled([finds("x", fact(letter)), recommends("talk", finding("x"))])
        assert concludes(program, engine, {letter: True}) == (True, True)
        engine.close()

    for place in range(100):
        reload(LETTERS[place % len(LETTERS)])
    gc.collect()
    before = resident()
    for place in range(1_000):
        reload(LETTERS[place % len(LETTERS)])
    gc.collect()
    assert resident() - before < 8 * MEBIBYTE


def test_eight_threads_ask_two_engines_with_different_rulebooks() -> None:
    first, second = compiled(large_rulebook(60, 10)), compiled(large_rulebook(61, 12))
    clients = [some_facts(Random(place)) for place in range(40)]
    expected = [(concludes(*first, facts), concludes(*second, facts)) for facts in clients]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda facts: (concludes(*first, facts), concludes(*second, facts)), clients * 5))
    first[1].close()
    second[1].close()
    assert found == expected * 5


FORKING = """
import os, sys
from tests.inference.test_large_rulebooks import compiled, concludes, large_rulebook, some_facts
from random import Random
program, engine = compiled(large_rulebook(60, 10))
facts = some_facts(Random(7))
before = concludes(program, engine, facts)
child = os.fork()
if child == 0:
    os._exit(0 if all(concludes(program, engine, facts) == before for _ in range(50)) else 1)
same = all(concludes(program, engine, facts) == before for _ in range(50))
_, status = os.waitpid(child, 0)
sys.exit(0 if same and status == 0 else 1)
"""


def test_a_process_forked_after_loading_goes_on_on_both_sides() -> None:
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", FORKING], cwd=root, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
