"""cdsrules itself: three-valued compiled conditions, chained by the reference or by durable-rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.contenders.contender import Contender
from benchmarks.made import AS_OF, Document, RuleSet, Truth
from cdsrules.inference.engine import Engine
from cdsrules.inference.program import Conclusions
from cdsrules.inference.reference import conclude
from cdsrules.logic.moment import Moment
from cdsrules.model.condition import FactKey
from cdsrules.model.facts import Known, Measured, Reason, Unknown

_NOT_RECORDED = Unknown(Reason.NOT_RECORDED, "not recorded")
_MOMENT = Moment(AS_OF, ())


class Recorded:
    """A document as facts: what `measures` hands to the core."""

    def __init__(self, document: Document, keys: Mapping[str, FactKey]) -> None:
        known: dict[FactKey, Measured] = {
            keys[name]: _NOT_RECORDED if value is None else Known(value) for name, value in document.items()
        }
        self.get = known.__getitem__


def _recorder(rules: RuleSet) -> Callable[[Document], Recorded]:
    """Return how documents become facts, under the keys that the rules ask by: measured facts are kept under these."""
    keys = {name: FactKey(name) for name in rules.catalogue} | {key.name: key for key in rules.program.plan.slots}
    return lambda document: Recorded(document, keys)


def _truths(conclusions: Conclusions) -> tuple[Truth, ...]:
    return conclusions.rules


def reference(rules: RuleSet) -> Contender[Recorded, Conclusions]:
    """Return the core with the reference chainer."""
    program = rules.program
    plan = program.plan

    def decide(facts: Recorded) -> Conclusions:
        return conclude(program, plan.encode(facts), plan.cutoffs(_MOMENT))

    return Contender("cdsrules", _recorder(rules), decide, _truths)


def durable(rules: RuleSet) -> Contender[Recorded, Conclusions]:
    """Return the core with durable-rules as the chainer, held to the reference."""
    from cdsrules.inference.durable import DurableChainer

    program = rules.program
    plan = program.plan
    engine = Engine(program, DurableChainer, verify=True, on_disagreement="raise")

    def decide(facts: Recorded) -> Conclusions:
        return engine.conclude(plan.encode(facts), plan.cutoffs(_MOMENT))[0]

    return Contender("cdsrules, durable-rules verified", _recorder(rules), decide, _truths, engine.close)
