"""Turns, medians and tables; never how long anything takes."""

from __future__ import annotations

import gc
from collections import Counter

from benchmarks.part import Goal, Part, goals_table
from benchmarks.tables import BEGIN, END, duration, placed, table, times
from benchmarks.timing import ON_THE_WALL, Candidate, Times, interleaved, pooled


def test_every_candidate_has_its_turn_with_every_input_in_every_round() -> None:
    calls: list[str] = []
    names = ("a", "b", "c")
    taken = interleaved([Candidate(name, calls.append, [f"{name}{place}" for place in (1, 2)]) for name in names], 3)

    # Once in every round when it counts, and once before when it does not.
    assert set(Counter(calls).values()) == {6}
    # Another one begins each round.
    assert [calls[place] for place in (0, 12, 24)] == ["a1", "b1", "c1"]
    assert {name: len(one.rounds) for name, one in taken.items()} == dict.fromkeys(names, 3)
    assert gc.get_freeze_count() == 0


def test_pooled_times_are_one_for_every_call() -> None:
    taken = pooled([Candidate("a", str, [1, 2, 3])], 4, ON_THE_WALL)
    assert len(taken["a"]) == 12


def test_ratios_are_taken_within_a_round() -> None:
    one, other = Times("one", (10.0, 100.0, 40.0)), Times("other", (5.0, 50.0, 10.0))
    assert one.against(other) == 2
    assert one.median == 40


def test_a_part_is_taken_from_the_whole_round_by_round() -> None:
    assert Times("whole", (10.0, 30.0)).less(Times("part", (4.0, 5.0))) == Times("whole", (6.0, 25.0))


def test_numbers_are_said_with_few_digits() -> None:
    assert [duration(one) for one in (834, 8_345, 123_456, 1_234_567, 2.5e9)] == [
        "834 ns",
        "8.35 µs",
        "123 µs",
        "1.23 ms",
        "2.50 s",
    ]
    assert [times(one) for one in (0.3149, 0.999, 1, 9.94, 17.02)] == ["0.31x", "1.0x", "1.0x", "9.9x", "17x"]


def test_a_table_sets_all_columns_but_the_first_to_the_right() -> None:
    assert table(["who", "time"], [["ours", "1 µs"]]) == "| who | time |\n| --- | ---: |\n| ours | 1 µs |"


def test_tables_are_put_between_the_marks_and_nowhere_else() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert placed(page, "new") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert placed("no marks", "new") is None


def test_every_goal_is_shown_whether_it_is_reached_or_not() -> None:
    parts = [Part("", (Goal("fast", "9 ms", met=False),)), Part(""), Part("", (Goal("flat", "+0.0 MB", met=True),))]
    assert goals_table(parts).splitlines()[2:] == ["| fast | 9 ms | no |", "| flat | +0.0 MB | yes |"]
