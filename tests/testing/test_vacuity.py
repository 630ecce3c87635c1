"""A `never` that nothing could break is refused, with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdsrules.model.condition import AllOf, Not
from cdsrules.model.rulebook import Status, Tier
from cdsrules.model.text import Text
from cdsrules.testing.vacuity import Impossible
from tests.made_rules import CATALOGUE, cautions, fact, finds, library, recommends

NEVER = AllOf((fact("a"), Not(fact("a"))))
RULES = (
    finds("stuck", fact("a")),
    recommends("talk", fact("b")),
    replace(recommends("call", fact("b")), tier=Tier.SAFETY),
    cautions("rest", fact("c")),
    recommends("wait", NEVER, rule_id="never-waits"),
    replace(recommends("try", fact("d"), rule_id="tried"), status=Status.DRAFT),
    replace(recommends("try", fact("d"), rule_id="tested"), status=Status.SHADOW),
    replace(recommends("try", fact("d"), rule_id="gone"), status=Status.RETIRED, unless=fact("e")),
    replace(recommends("talk", fact("b"), rule_id="excepted"), unless=fact("f")),
)
IMPOSSIBLE = Impossible(library(RULES), CATALOGUE)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("never", "finds-stuck"),
        ("never", "talk"),
        ("never", "recommends-talk"),
        ("recommendations", "talk"),
        ("now", "talk"),
        ("then", "talk"),
        ("safety", "recommends-call"),
        ("cautions", "cautions-rest"),
        ("cannot_rule_out", "cautions-rest"),
        ("asks", "a"),
        ("asks", "f"),
        ("asks", "a over 6 months"),
        ("safety", "not-loaded"),
        ("cautions", "not-loaded"),
    ],
)
def test_what_could_appear_is_let_be(part: str, name: str) -> None:
    assert IMPOSSIBLE.why(part, name) is None


@pytest.mark.parametrize(
    ("part", "name", "why"),
    [
        ("never", "rest", "No rule recommends `rest`, so it could never appear."),
        ("never", "try", "No rule recommends `try`, so it could never appear."),
        ("never", "never-waits", "cannot all be met by one client"),
        ("never", "tried", "Rule `tried` is a draft, and drafts are not run, so"),
        ("never", "tested", "Rule `tested` runs in shadow, and nothing of it is shown, so"),
        ("never", "gone", "Rule `gone` is retired, and no longer run, so"),
        ("now", "rest", "No rule recommends `rest`, so it could never stand here."),
        ("recommendations", "call", "No rule recommends `call` other than as a safety item"),
        ("safety", "recommends-talk", "Rule `recommends-talk` makes no safety item"),
        ("safety", "finds-stuck", "Rule `finds-stuck` makes no safety item"),
        ("cautions", "recommends-talk", "Rule `recommends-talk` cautions against nothing"),
        ("asks", "e", "No rule reads `e`, so it is never asked for."),
    ],
)
def test_what_could_not_is_told_with_its_reason(part: str, name: str, why: str) -> None:
    told = IMPOSSIBLE.why(part, name)
    assert told is not None
    assert told.startswith(why) or why in told


def test_a_safety_finding_speaks_in_the_line_on_risk_and_is_no_item() -> None:
    spoken = replace(finds("risk", fact("a")), tier=Tier.SAFETY)
    spoken = replace(spoken, say=replace(spoken.say, clinician=Text("Seen.", ("Seen.",))))
    told = Impossible(library([spoken]), CATALOGUE).why("safety", "finds-risk")
    assert told is not None
