"""Whether somebody is on record as having approved the rules in force: without that there is no receipt."""

from __future__ import annotations

import logging
from typing import Final

from cdsrules.records.errors import RecordsError
from cdsrules.records.offered import Keeper
from cdsrules.records.store import ACTIVATION, Records

LOG: Final = logging.getLogger("cdsrules.service")

NOT_APPROVED: Final = (
    "Nobody is on record as having approved the rules in force, and without that no receipt can be made of what is "
    "recorded. Once they are approved: `cdsrules records --db RECORDS activate --approved-by WHO`, with `--rules` for "
    "each folder of the setting `rules`."
)


def is_approved(keeper: Keeper, rules: str) -> bool:
    """Return whether it is on record that rules of this hash came into force; of a plugin's store nobody asks that.

    Raises `RecordsError`.
    """
    if not isinstance(keeper, Records):
        return True
    return any((row.content() or {}).get("rules") == rules for row in keeper.ledger.rows(kind=ACTIVATION))


class Approvals:
    """What was found to be approved, so that the records are not read for it again and again."""

    def __init__(self) -> None:
        """Know of none."""
        self._found: set[str] = set()

    def notes(self, keeper: Keeper, rules: str) -> list[str]:
        """Return what is to be seen to: nothing where rules of this hash are approved. Raises `RecordsError`."""
        if rules not in self._found and is_approved(keeper, rules):
            self._found.add(rules)
        return [] if rules in self._found else [NOT_APPROVED]


def log_unless_approved(keeper: Keeper, rules: str) -> None:
    """Log that nobody approved rules that came into force; that the records cannot be read is not for here to say."""
    try:
        approved = is_approved(keeper, rules)
    except RecordsError as problem:
        LOG.warning("records not read", extra={"said": {"because": str(problem)}})
    else:
        if not approved:
            LOG.warning("rules not approved", extra={"said": {"rules": rules, "to_do": NOT_APPROVED}})
