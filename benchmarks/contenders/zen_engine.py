"""zen-engine, as a decision graph and as compiled expressions.

Zen has no third value: a comparison with null is an error. Where facts are unknown a rule is
written as two expressions, when it is true and when it is false.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any, TypeAlias

import zen

from benchmarks.contenders.contender import Contender
from benchmarks.contenders.two_rails import Rails, rails_of
from benchmarks.infix import ZEN
from benchmarks.made import FactOf, RuleSet, Truth

Json: TypeAlias = dict[str, Any]
Facts: TypeAlias = dict[str, FactOf]


def graph(rules: RuleSet, *, unknowns: bool) -> Contender[Facts, Json]:
    """Return a decision graph with an expression node a layer, loaded once: the way zen's guide shows."""
    layers = rails_of(rules, ZEN, two=unknowns)
    decision = zen.ZenEngine().create_decision(json.dumps(_graph(layers)))
    names = [name for layer in layers for name, _ in layer.rules]

    def decide(document: Facts) -> Json:
        result: Json = decision.evaluate(document)["result"]
        return result

    def truths(answer: Json) -> tuple[Truth, ...]:
        return layers[0].merged([answer[name] for name in names])

    return Contender("zen-engine, decision graph", dict, decide, truths)


def _graph(layers: tuple[Rails, ...]) -> Json:
    node = {"position": {"x": 0, "y": 0}}
    names = ["request", *(f"layer-{place}" for place in range(len(layers))), "response"]
    made = [
        {
            "id": f"layer-{place}",
            "name": f"layer-{place}",
            "type": "expressionNode",
            "content": {
                "passThrough": True,
                "expressions": [
                    {"id": name, "key": name, "value": text}
                    for name, text in (*layer.rules, *((name, layer.joined(ways, "$.")) for name, ways in layer.found))
                ],
            },
            **node,
        }
        for place, layer in enumerate(layers)
    ]
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "request", "name": "request", "type": "inputNode", "content": {}, **node},
            *made,
            {"id": "response", "name": "response", "type": "outputNode", "content": {}, **node},
        ],
        "edges": [
            {"id": f"{here}-{there}", "type": "edge", "sourceId": here, "targetId": there}
            for here, there in pairwise(names)
        ],
    }


def expression(rules: RuleSet, *, unknowns: bool) -> Contender[Facts, list[bool]]:
    """Return one compiled expression a layer that lists the truths of its rules: the fastest way found."""
    layers = rails_of(rules, ZEN, two=unknowns)
    compiled = [zen.compile_expression(f"[{', '.join(text for _, text in layer.rules)}]") for layer in layers]

    def decide(document: Facts) -> list[bool]:
        answers: list[bool] = compiled[0].evaluate(document)
        if len(layers) == 1:
            return answers
        known = dict(document)
        layers[0].carry(answers, known)
        for layer, one in zip(layers[1:], compiled[1:], strict=True):
            more = one.evaluate(known)
            layer.carry(more, known)
            answers += more
        return answers

    return Contender("zen-engine, compiled expressions", dict, decide, layers[0].merged)
