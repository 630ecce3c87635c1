"""Facts of a course of scores: the course is found first, or it is said why there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cdsrules.measures.declare import Measure, MeasureOver
from cdsrules.measures.history import History
from cdsrules.measures.scores import Course
from cdsrules.model.facts import Measurement, Unknown
from cdsrules.model.time import Duration

Find: TypeAlias = Callable[[History], Course | Unknown]


def of_course(find: Find, function: Callable[[Course], Measurement]) -> Measure:
    """Return the measure that asks a function about the course that is found."""

    def measure(history: History) -> Measurement:
        course = find(history)
        return course if type(course) is Unknown else function(course)

    return measure


def of_history(find: Find, function: Callable[[History, Course], Measurement]) -> Measure:
    """Return the measure that asks a function about the course and what else is on file."""

    def measure(history: History) -> Measurement:
        course = find(history)
        return course if type(course) is Unknown else function(history, course)

    return measure


def over_window(find: Find, function: Callable[[History, Course, Duration], Measurement]) -> MeasureOver:
    """Return the measure that asks a function about the course over a window."""

    def measure(history: History, over: Duration) -> Measurement:
        course = find(history)
        return course if type(course) is Unknown else function(history, course, over)

    return measure
