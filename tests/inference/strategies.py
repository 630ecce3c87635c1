"""Rulebooks and clients made by Hypothesis: findings in layers, exceptions, ways out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from cdsrules.model.condition import AllOf, AnyOf, AtLeast, Condition, FactKey, KnownTest, Not
from cdsrules.model.rulebook import Rule
from tests.made_rules import LETTERS, cautions, fact, finding, finds, recommends

FINDINGS = ("u", "v", "w", "x", "y")

facts_given = st.dictionaries(st.sampled_from(LETTERS), st.sampled_from([True, False, None]))


def conditions(findings: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    """Return conditions over the letters and the findings that may be read."""
    leaves: list[st.SearchStrategy[Condition]] = [
        st.sampled_from(LETTERS).map(fact),
        st.sampled_from(LETTERS).map(lambda letter: KnownTest(FactKey(letter))),
    ]
    if findings:
        leaves.append(st.sampled_from(findings).map(finding))

    def grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(inner, min_size=1, max_size=4).map(tuple)
        return st.one_of(
            parts.map(AllOf),
            parts.map(AnyOf),
            inner.map(Not),
            parts.flatmap(lambda some: st.integers(1, len(some)).map(lambda count: AtLeast(count, some))),
        )

    return st.recursive(st.one_of(leaves), grown, max_leaves=8)


@st.composite
def rulebooks(draw: st.DrawFn) -> list[Rule]:
    """Return rules that find, recommend and caution; a finding reads earlier ones only."""
    rules: list[Rule] = []
    for place in range(draw(st.integers(1, 12))):
        layer = draw(st.integers(0, len(FINDINGS)))
        readable = conditions(FINDINGS[:layer])
        when = draw(readable)
        exception = draw(st.none() | readable)
        if layer < len(FINDINGS) and draw(st.booleans()):
            made = finds(FINDINGS[layer], when, rule_id=f"r{place}")
        elif draw(st.booleans()):
            made = recommends("talk", when, rule_id=f"r{place}")
        else:
            out = draw(st.lists(readable, max_size=2))
            made = cautions("referral", when, *out, rule_id=f"r{place}")
        rules.append(replace(made, unless=exception))
    return draw(st.permutations(rules))
