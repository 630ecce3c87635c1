"""The log of what rules in shadow would have said: rules and actions, and nothing about the client.

It goes to the logger `cdsrules.shadow` at the level INFO; where nobody listens there, nothing
is worked out for it. This is the one place below the edge that logs.
"""

from __future__ import annotations

import logging
from typing import Final

from cdsrules.model.guidance import Guidance

LOGGER: Final = logging.getLogger("cdsrules.shadow")


def log_shadow(guidance: Guidance) -> None:
    """Log a line for each item that rules in shadow would have added or taken away."""
    if guidance.in_shadow is None or not LOGGER.isEnabledFor(logging.INFO):
        return
    shadow = guidance.in_shadow.value
    LOGGER.info("rules in shadow that hold: %s", ", ".join(shadow.holding) or "none")
    for said, items in (("would have been shown", shadow.items), ("would not have been shown", shadow.gone)):
        for item in items:
            rule = item.rule
            LOGGER.info("%s %s %s (rule %s of %s)", rule.verb.value, rule.target, said, rule.id, rule.rulebook)
