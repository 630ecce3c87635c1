"""The declarations of facts about the course of a measure: its class, gains and losses.

`instruments.py` declares each once for every instrument and once for the primary measure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cdsrules.measures import outcome_class, progress
from cdsrules.measures.declare import Fact, fact
from cdsrules.measures.finding import Find, of_course, of_history, over_window
from cdsrules.model.facts import Kind

_JACOBSON: Final = "Jacobson & Truax 1991, by the named definition"
_CLASS_WORDS: Final = {
    outcome_class.RECOVERED: "recovery",
    outcome_class.IMPROVED: "reliable improvement",
    outcome_class.UNCHANGED: "no reliable change",
    outcome_class.DETERIORATED: "reliable deterioration",
}


def classes(prefix: str, name: str, find: Find, bands: Iterable[str]) -> tuple[Fact, ...]:
    """Return the facts that sort a score or a change into classes."""
    ask = f"an earlier {name} score to compare with, and a current one"
    names = tuple(bands)
    banded = fact(
        f"{prefix}band",
        Kind.CHOICE,
        of_course(find, progress.band),
        words=f"the band of the latest {name} score",
        meaning="The named band that the latest score lies in.",
        ask=f"a {name} score",
        choices=names,
        clause=f"the latest {name} score is in the band {{value}}",
    )
    return (
        *((banded,) if names else ()),
        fact(
            f"{prefix}in_clinical_range",
            Kind.YES_NO,
            of_course(find, progress.in_clinical_range),
            words=f"the latest {name} score in the clinical range",
            meaning="Whether the latest score lies in the clinical range of the definition.",
            reference=_JACOBSON,
            ask=f"a {name} score",
            clause=f"{name} is in the clinical range",
            negation=f"{name} is outside the clinical range",
        ),
        fact(
            f"{prefix}class",
            Kind.CHOICE,
            of_history(find, outcome_class.since_baseline),
            over=over_window(find, outcome_class.over_window),
            over_unit="calendar",
            over_words="since the baseline",
            words=f"the change on {name}",
            meaning="Recovered, reliably improved, no reliable change or reliably deteriorated since the baseline; "
            "over a window, since the first score from four weeks before to four weeks after its first day.",
            reference=_JACOBSON,
            ask=ask,
            choices=outcome_class.CLASSES,
            choice_words=_CLASS_WORDS,
            clause=f"{name} shows {{value}}",
            negation=f"{name} does not show {{value}}",
        ),
        fact(
            f"{prefix}reliably_better",
            Kind.YES_NO,
            of_history(find, outcome_class.better_since_baseline),
            over=over_window(find, outcome_class.better_over_window),
            over_unit="calendar",
            over_words="since the baseline",
            words=f"reliable improvement on {name} by itself",
            meaning="Whether the newest score is reliably better than the baseline, whatever another measure shows "
            "beside it; over a window, than the first score around its first day.",
            reference=_JACOBSON,
            ask=ask,
            clause=f"{name} by itself is reliably better",
            negation=f"{name} by itself is not reliably better",
        ),
        fact(
            f"{prefix}reliably_worse",
            Kind.YES_NO,
            of_course(find, progress.worse_than_baseline),
            words=f"reliable deterioration on {name}",
            meaning="Whether the newest score is reliably worse than the baseline. Stays true however old that "
            "score is, until a newer one says otherwise.",
            reference=_JACOBSON,
            ask=ask,
            clause=f"{name} is reliably worse than at the baseline",
            negation=f"{name} is not reliably worse than at the baseline",
        ),
    )


def courses(prefix: str, name: str, find: Find) -> tuple[Fact, ...]:
    """Return the facts about the shape of a course of scores."""
    more = f"more {name} scores"
    return (
        fact(
            f"{prefix}sudden_gain",
            Kind.YES_NO,
            of_course(find, progress.sudden_gain),
            words=f"a sudden gain on {name}",
            meaning="Whether one of the last six scores came after a gain that is reliable, a quarter of the score "
            "before it or more, and large against the three scores before and after it.",
            reference="Tang & DeRubeis, criteria as a two-sample t test (verify)",
            ask=more,
            clause=f"{name} shows a sudden gain",
            negation=f"{name} shows no sudden gain",
        ),
        fact(
            f"{prefix}single_worse_score",
            Kind.YES_NO,
            of_course(find, progress.single_worse_score),
            words=f"a single worse {name} score",
            meaning="Whether the latest score is worse than the one before, of at most twelve weeks earlier, either by "
            "less than a reliable change or after a score that was stable or better.",
            reference="twelve weeks: local default, confirm",
            ask=more,
            clause=f"{name} shows a single worse score",
            negation=f"{name} shows no single worse score",
        ),
        fact(
            f"{prefix}plateau_in_range",
            Kind.YES_NO,
            of_course(find, progress.plateau_in_range),
            words=f"a plateau of {name} outside the clinical range",
            meaning="Whether the last three scores lie outside the clinical range with no reliable change among them.",
            reference="local definition, confirm",
            ask=more,
            clause=f"{name} holds steady outside the clinical range",
            negation=f"{name} does not hold steady outside the clinical range",
        ),
        fact(
            f"{prefix}scores_in_range",
            Kind.NUMBER,
            of_course(find, progress.scores_in_range),
            words=f"the {name} scores outside the clinical range",
            meaning="How many of the newest scores in a row lie outside the clinical range; 0 if the latest is in it.",
            reference=_JACOBSON,
            ask=f"a {name} score",
            unit="scores",
            low=0,
            step=1,
            clause=f"{{value}} {name} {{unit}} in a row lie outside the clinical range",
        ),
        fact(
            f"{prefix}lost_gain",
            Kind.YES_NO,
            of_course(find, progress.lost_gain),
            words=f"the loss of a reliable gain on {name}",
            meaning="Whether a reliable gain since the baseline was reached and the latest score is reliably worse "
            "than the best.",
            reference=_JACOBSON,
            ask=more,
            clause=f"a reliable gain on {name} was lost",
            negation=f"no reliable gain on {name} was lost",
        ),
        fact(
            f"{prefix}item_missing",
            Kind.YES_NO,
            of_course(find, progress.item_missing),
            words=f"the missing risk item of the latest {name}",
            meaning="Whether the newest total came without the answer to a risk item.",
            ask=f"the answers to the single items of {name}",
            clause=f"the newest {name} total came without its risk item",
            negation=f"the newest {name} total came with its risk item",
        ),
    )
