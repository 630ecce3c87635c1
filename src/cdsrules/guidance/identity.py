"""The stable identity of an item: the same advice for the same facts is the same item."""

from __future__ import annotations

import hashlib

from cdsrules.guidance.reasoning import Reasoning, fact_leaves
from cdsrules.model.condition import FactKey, keys_of


def identity(reasoning: Reasoning, support: tuple[FactKey, ...]) -> str:
    """Return the identity as 16 hex digits: the start of a SHA-256.

    It covers the client, the rule, the dated records behind the support, and the truth
    of each leaf that the support decides. A fact that merely ages enters by that truth
    and not by its value, so tomorrow's identical advice is today's item; a new score
    makes a new one (DESIGN §4.1).
    """
    case = reasoning.case
    records = {
        (one.label, one.on.isoformat() if one.on else "") for key in support for one in case.facts.get(key).evidence
    }
    truths = {
        (" ".join(str(key) for key in keys_of(leaf)), str(reasoning.leaf_truth(leaf)))
        for leaf in fact_leaves(case.program, reasoning.rule)
        if all(key in support for key in keys_of(leaf))
    }
    text = repr((case.client_id, reasoning.rule.id, sorted(records), sorted(truths)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
