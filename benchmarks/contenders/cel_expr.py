"""cel-expr-python, the bindings of Google's CEL in C++: an expression a rule, and a list a layer.

An expression a rule has three values of its own: what an unknown fact leaves open is an error, and
`&&` and `||` are commutative about errors. A list is an error as soon as one element is, so there
unknown facts need two rails.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from cel_expr_python import cel

from benchmarks.contenders.contender import Contender
from benchmarks.contenders.two_rails import rails_of
from benchmarks.infix import CEL
from benchmarks.made import Document, FactOf, RuleSet, Truth
from cdsrules.model.facts import Kind
from cdsrules.model.rulebook import Verb

Environment: TypeAlias = Any
_TYPES = {Kind.NUMBER: cel.Type.INT, Kind.CHOICE: cel.Type.STRING, Kind.YES_NO: cel.Type.BOOL}


def _environment(rules: RuleSet, findings: list[str], *, nullable: bool) -> Environment:
    types = {name: cel.Type.DYN if nullable else _TYPES[spec.kind] for name, spec in rules.catalogue.items()}
    return cel.NewEnv(variables=types | dict.fromkeys(findings, cel.Type.BOOL))


def expressions(rules: RuleSet) -> Contender[dict[str, FactOf], list[object]]:
    """Return an expression a rule over one shared activation a layer: the way its guide shows."""
    findings = list(rules.program.findings)
    environment = _environment(rules, findings, nullable=False)
    layers = []
    for layer in rules.layers:
        carriers: dict[str, list[int]] = {}
        for place, rule in enumerate(layer):
            if rule.verb is Verb.FINDS:
                carriers.setdefault(rule.target, []).append(place)
        compiled = [environment.compile(CEL.written(rule.when)) for rule in layer]
        layers.append((compiled, tuple(carriers.items())))

    def decide(document: dict[str, FactOf]) -> list[object]:
        known = dict(document)
        result: list[object] = []
        for compiled, carriers in layers:
            activation = environment.Activation(known)
            answers = [one.eval(activation).value() for one in compiled]
            for finding, places in carriers:
                found = _one_of([answers[place] for place in places])
                if found is not None:
                    known[finding] = found
            result += answers
        return result

    def handed(document: Document) -> dict[str, FactOf]:
        return {name: value for name, value in document.items() if value is not None}

    return Contender("cel-expr-python, an expression a rule", handed, decide, _truths)


def _one_of(answers: list[object]) -> bool | None:
    if any(answer is True for answer in answers):
        return True
    return False if all(answer is False for answer in answers) else None


def _truths(answers: list[object]) -> tuple[Truth, ...]:
    return tuple(answer if isinstance(answer, bool) else None for answer in answers)


def lists(rules: RuleSet, *, unknowns: bool) -> Contender[Document, list[bool]]:
    """Return one expression a layer that lists the truths of its rules: the fastest way found."""
    layers = rails_of(rules, CEL, two=unknowns)
    findings = [name for layer in layers for name, _ in layer.found]
    environment = _environment(rules, findings, nullable=unknowns)
    compiled = [environment.compile(f"[{', '.join(text for _, text in layer.rules)}]") for layer in layers]

    def decide(document: Document) -> list[bool]:
        answers: list[bool] = compiled[0].eval(data=document).plain_value()
        if len(layers) == 1:
            return answers
        known = dict(document)
        layers[0].carry(answers, known)
        for layer, one in zip(layers[1:], compiled[1:], strict=True):
            more = one.eval(data=known).plain_value()
            layer.carry(more, known)
            answers += more
        return answers

    return Contender("cel-expr-python, a list a layer", dict, decide, layers[0].merged)
