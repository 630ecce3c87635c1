"""Whether a list of a client document is all that there was: judged when everything is read."""

from __future__ import annotations

from collections.abc import Collection

from cdsrules.adapters.fhir.resources import Gathered
from cdsrules.frozen import frozen

SESSIONS = ("Appointment", "Encounter")
MEASURES = ("Observation", "QuestionnaireResponse")
GOALS = ("Goal",)
MEDICATION = ("MedicationRequest", "MedicationStatement")


@frozen
class Wholeness:
    """The types of resource that a source holds in full, and of which of them it is known that the record keeps them.

    Of what is not kept, an empty list may be one that nobody ever wrote.
    """

    complete: frozenset[str]
    kept: frozenset[str]

    def is_whole(self, kinds: Collection[str], mine: Gathered, unread: Collection[str], *, filled: bool) -> bool:
        """Return whether a list that is filled from some types of resource is whole.

        It never is where one that may be of it was left out of what is the patient's, or is `unread`. Of what is
        not kept it has to hold something, and one of its source has to be this patient's.
        """
        if not (mine.unread.isdisjoint(kinds) and set(kinds).isdisjoint(unread)):
            return False
        told = self.complete.intersection(kinds)
        return any(kind in self.kept or (filled and mine.of(kind)) for kind in told)

    def is_kept(self, kinds: Collection[str]) -> bool:
        """Return whether one of these types is held in full, and known to be kept."""
        return not (self.complete & self.kept).isdisjoint(kinds)
