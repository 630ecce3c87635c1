"""FHIR R4 resources -> a client-state document, and everything that was not understood.

Nothing is filled in: what a record does not say is left out and stays unknown, and what was
not understood is listed with resource and reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from cdsrules.adapters.fhir.beginning import Beginning, beginning_of, taken_to_begin, why_unknown
from cdsrules.adapters.fhir.belonging import Identity, identity_of, of_patient, why_not_of
from cdsrules.adapters.fhir.medication import read_medication
from cdsrules.adapters.fhir.notices import Notice, about, to_look_at, unread
from cdsrules.adapters.fhir.own_words import found_by, found_without_words, in_words_and_codes
from cdsrules.adapters.fhir.people import leave_out_birth_after, read_client, read_clinician
from cdsrules.adapters.fhir.questionnaires import read_questionnaire
from cdsrules.adapters.fhir.requests import is_proposal, read_actions, read_flags, read_proposals
from cdsrules.adapters.fhir.resources import MAY_BE_RISK, Gathered, LeftOut, gather, why_left_out
from cdsrules.adapters.fhir.risk_codes import OF_RISK, is_of_risk, risk_items
from cdsrules.adapters.fhir.scores import Scores, read_scores
from cdsrules.adapters.fhir.sessions import read_sessions
from cdsrules.adapters.fhir.settings import FhirSettings
from cdsrules.adapters.fhir.treatment import (
    planned_interval,
    plans_of_treatment,
    read_goals,
    read_problems,
)
from cdsrules.adapters.fhir.walk import Node, all_codes, name_of, text
from cdsrules.adapters.fhir.wholeness import GOALS, MEASURES, MEDICATION, SESSIONS, Wholeness
from cdsrules.errors import CdsrulesError
from cdsrules.frozen import frozen
from cdsrules.model.saying import say_list
from cdsrules.model.vocabulary import Vocabulary

Document = dict[str, object]

# The lists of a document of which it can say since when they are complete.
_COMPLETED: Final = ("sessions", "measures", "goals", "medication", "actions")
_DONE: Final = ("ServiceRequest", "Task", "Procedure", "RiskAssessment")


class FhirError(CdsrulesError):
    """No client state can be made of a record: `problem` says why, and the text also what a host can do about it."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(f"{problem} {advice}")
        self.problem = problem


@frozen
class FhirReading:
    """A client-state document, and notices on what was left out or read only in part.

    Those that press come first: that the patient has died, then the answers to questions on suicide. `on_drafts` are
    those on the requests that the clinician is writing.
    """

    document: Document
    notices: tuple[Notice, ...]
    on_drafts: frozenset[Notice] = frozenset()


def client_from_fhir(
    source: Mapping[str, object] | Iterable[object],
    vocabulary: Vocabulary,
    *,
    as_of: date,
    settings: FhirSettings | None = None,
    complete: Collection[str] = (),
    kept: Collection[str] | None = None,
    started_on: date | None = None,
    drafts: Iterable[Node] = (),
    clinician: str | None = None,
    patient: str | None = None,
) -> FhirReading:
    """Return the client state of the one patient of a Bundle, a prefetch by key, or a list of resources.

    `complete` names the types of resource that the source holds in full since the start of
    treatment ("Appointment", "Observation", …); a list that is filled from other types counts
    from its first record, as what came before cannot be told. `kept` names those of them of which it says
    something that there are none; without it all do. No list is whole of which something was not
    understood. `started_on` is the first day
    of treatment where the host knows it. `drafts` are requests that the clinician is writing
    at this moment. `clinician` says who treats ("Practitioner/7") where the record names several
    practitioners, and `patient` is the id of the patient where it names several. Raises
    `FhirError` where there is not exactly one Patient, or where nothing says when the treatment began.
    """
    site = settings or FhirSettings()
    gathered = gather(source)
    about_whom = _the_patient(gathered, patient)
    who = identity_of(about_whom)
    mine = of_patient(gathered, who, site.zone)
    wholeness = Wholeness(frozenset(complete), frozenset(complete if kept is None else kept))
    maker = _Maker(mine, about_whom, who, vocabulary, as_of, site, wholeness, clinician)
    return maker.reading(started_on, tuple(drafts))


def _the_patient(gathered: Gathered, named: str | None) -> Node:
    patients = [one for one in gathered.of("Patient") if named is None or text(one, "id") == named]
    if len(patients) != 1:
        named = f"here are {say_list([name_of(one) for one in patients])}" if patients else "there is none here"
        problem = f"Guidance is about one Patient, and {named}."
        raise FhirError(problem, "Give the record of one.")
    return patients[0]


@dataclass(slots=True)
class _Maker:
    """One record on its way to a document: each part adds what it reads and what it could not."""

    mine: Gathered
    patient: Node
    who: Identity
    vocabulary: Vocabulary
    as_of: date
    settings: FhirSettings
    wholeness: Wholeness
    clinician: str | None
    notices: list[Notice] = field(default_factory=list)
    since: dict[str, str] = field(default_factory=dict)
    on_drafts: list[Notice] = field(default_factory=list)

    def reading(self, started_on: date | None, drafts: tuple[Node, ...]) -> FhirReading:
        self.notices += map(self._on_left_out, self.mine.left_out)
        client, on_the_client = read_client(self.patient, self.settings, self.as_of)
        self.notices += on_the_client
        others = (one for one in self.mine.of("Patient") if one is not self.patient)
        self.notices += [about(one, "it is another patient") for one in others]
        lists: Document = {}
        appointments, encounters = self.mine.of("Appointment"), self.mine.of("Encounter")
        sessions = self._kept(read_sessions(appointments, encounters, self.settings, self.as_of, self.who))
        self._list(lists, "sessions", sessions, SESSIONS)
        scores = self.scores()
        self._list(lists, "measures", scores.records(), MEASURES, scores.unread)
        self.notices += scores.notices  # also of what the records of one day contradict
        plans = self._plans()
        begun = Beginning(started_on) if started_on else beginning_of(plans, sessions, self.settings.zone, self.as_of)
        self.notices += begun.notices if begun else ()
        treatment = self._treatment(plans)
        document: Document = {
            "schema_version": "1.0",
            "as_of": str(self.as_of),
            "client": client,
            "treatment": treatment,
        }
        self._clinician(document)
        problems = self._kept(read_problems(self.mine.of("Condition"), self.settings))
        if problems:
            document["presenting_problems"] = problems
        document |= lists
        self._medication(document)
        self._actions(document)
        self._proposals(document, drafts)
        flags = self.flags()
        if flags:
            document["risk"] = {"flags": flags}
        pressing = any(one.pressing and one not in on_the_client for one in self.notices)
        told = begun or self._taken_to_begin(may_be_risk=bool(scores.signs_of_risk or flags or pressing))
        first = told.notices if told.is_assumed else ()  # seen before the rest, of which only the first are shown
        treatment["started_on"] = str(told.on)
        self.notices += leave_out_birth_after(told.on, client, self.patient)
        since = told.completed(self.since, [name for name in _COMPLETED if name in document or name in treatment])
        if since:
            document["recorded_since"] = since
        once = dict.fromkeys((*first, *self.mine.notices, *self.notices, *self.on_drafts))
        in_order = tuple(sorted(once, key=lambda one: (not one.foremost, not one.pressing)))
        return FhirReading(document, in_order, frozenset(self.on_drafts))

    def _kept(self, found: Iterator[Mapping[str, object] | Notice]) -> list[Mapping[str, object]]:
        kept: list[Mapping[str, object]] = []
        for one in found:
            if isinstance(one, Notice):
                self.notices.append(one)
            else:
                kept.append(one)
        return kept

    def _list(
        self,
        lists: Document,
        name: str,
        records: Sequence[Mapping[str, object]],
        kinds: Collection[str],
        unread: Collection[str] = (),
        *,
        day: str = "date",
    ) -> None:
        """A list that is there: whole where all of it was read, else from its first record."""
        whole = self._is_whole(kinds, unread, filled=bool(records))
        if records or whole:
            lists[name] = records
        if records and not whole:
            self.since[name] = min(str(one[day]) for one in records)

    def _is_whole(self, kinds: Collection[str], unread: Collection[str] = (), *, filled: bool) -> bool:
        named = {*unread, *(one.unread for one in self.notices)}
        return self.wholeness.is_whole(kinds, self.mine, named, filled=filled)

    def scores(self) -> Scores:
        scores = Scores(self.vocabulary, self.settings, self.as_of)
        answered = []
        for response in self.mine.of("QuestionnaireResponse"):
            one, notices = read_questionnaire(response, self.vocabulary, self.settings)
            self.notices += notices
            answered += [one] if one is not None else []
        for other in read_scores(self.mine.of("Observation"), answered, scores):
            codes = all_codes(other, "code")
            of_risk = any(is_of_risk(code, self.settings.flags) for code in codes)
            if of_risk:
                notice = to_look_at(other, found_by(other, self.settings.zone), OF_RISK, named=", ".join(codes))
            else:
                said = about if codes else unread
                named = in_words_and_codes(other)
                notice = said(other, "what it observes is no measure that is known here", named=named)
            self.notices.append(notice)
        return scores

    def flags(self) -> list[Mapping[str, object]]:
        flags = self.mine.of("Flag")
        of_risk = risk_items(self.vocabulary) if flags else ()
        return self._kept(read_flags(flags, self.settings, self.as_of, of_risk))

    def _on_left_out(self, one: LeftOut) -> Notice:
        """What is said of what does not count: somebody has to look at it where it would be about risk if it did."""
        turned = why_left_out(one.resource)
        if not self._is_about_risk(one, turned=turned is not None):
            return about(one.resource, f"{one.reason}: neither counts" if one.is_unclear else one.reason)
        # What somebody else's says is not for this patient's chart, nor what stands inside something of anybody's.
        own = (one.is_unclear or one.reason == turned) and self.who.stranger_in(one.resource) is None
        found = (found_by if own else found_without_words)(one.resource, self.settings.zone)
        return to_look_at(one.resource, found, f"it may be a sign of risk, and does not count, as {one.reason}")

    def _is_about_risk(self, one: LeftOut, *, turned: bool) -> bool:
        """Whether a resource would be a sign of risk, or to be looked at, if it were the patient's and counted."""
        resource = one.resource
        kind = text(resource, "resourceType") or ""
        if one.is_unclear or kind not in MAY_BE_RISK:
            return kind in MAY_BE_RISK
        if text(resource, "status") == "entered-in-error":
            return False
        if kind == "Flag" and turned:  # whatever was decided on flags that say what they say
            return True
        alone = replace(self, mine=Gathered({kind: (resource,)}), notices=[], since={})
        scores = alone.scores()
        signs = scores.signs_of_risk or alone.flags()
        return bool(signs) or any(one.pressing for one in (*alone.notices, *scores.notices))

    def _plans(self) -> tuple[Node, ...]:
        plans, others = plans_of_treatment(self.mine.of("CarePlan"), self.settings, self.as_of)
        self.notices += others
        return plans

    def _treatment(self, plans: Sequence[Node]) -> Document:
        """The treatment, of which the day on which it began is told at last."""
        treatment: Document = {"started_on": ""}
        interval = planned_interval(plans)
        if interval is not None:
            treatment["planned_interval_days"] = interval
        goals = self._kept(read_goals(self.mine.of("Goal"), self.settings))
        self._list(treatment, "goals", goals, GOALS, day="set_on")
        return treatment

    def _taken_to_begin(self, *, may_be_risk: bool) -> Beginning:
        """The beginning where nothing says it: what may be a sign of risk is not left unsaid for that."""
        if not (may_be_risk or self._is_nobodys_risk()):
            raise FhirError(why_unknown(self.mine.nowhere), "Send one of them, or say `started_on`.")
        return taken_to_begin(self.as_of)

    def _is_nobodys_risk(self) -> bool:
        """Whether something that names nobody who was sent may be a sign of risk."""
        return bool(self.mine.nowhere) and not self.mine.unread.isdisjoint(MAY_BE_RISK)

    def _clinician(self, document: Document) -> None:
        roles, practitioners = self.mine.of("PractitionerRole"), self.mine.of("Practitioner")
        clinician, notices = read_clinician(roles, practitioners, self.settings, self.clinician, self.as_of)
        self.notices += notices
        if clinician:
            document["clinician"] = clinician

    def _medication(self, document: Document) -> None:
        whole, kept = self._is_whole(MEDICATION, filled=True), self.wholeness.is_kept(MEDICATION)
        medication, notices = read_medication(self.mine, self.settings, complete=whole, kept=kept)
        self.notices += notices
        if medication is not None:
            document["medication"] = medication
            if not self._is_whole(MEDICATION, filled=True):  # nor where one is left out that was read in part
                self.since["medication"] = str(self.as_of)

    def _actions(self, document: Document) -> None:
        """What was done counts; that something was not done no record says: the list is whole from today only."""
        done = self._kept(read_actions(self.mine.of(*_DONE), self.settings))
        if done:
            document["actions"] = done
            self.since["actions"] = str(self.as_of)

    def _proposals(self, document: Document, drafts: tuple[Node, ...]) -> None:
        # Drafts may bring along the medication that they name.
        brought = [one for one in drafts if text(one, "resourceType") == "Medication"]
        known = {name_of(one): one for one in (*self.mine.of("Medication"), *brought)}
        written = [one for one in self.mine.of("ServiceRequest", "Task", "MedicationRequest") if is_proposal(one)]
        meant = []
        for one in drafts:
            reason = why_left_out(one) or why_not_of(one, self.who)
            if reason is not None:
                self.on_drafts.append(about(one, reason))
            elif one not in brought:
                meant.append(one)
        proposed = self._kept(read_proposals(written, known, self.settings))
        for found in read_proposals(meant, known, self.settings):
            if isinstance(found, Notice):
                self.on_drafts.append(found)
            elif found not in proposed:
                proposed.append(found)
        if proposed:
            document["proposed_actions"] = proposed
