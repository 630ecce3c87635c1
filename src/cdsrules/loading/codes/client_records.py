"""Codes for what a client document says of measures, actions and everything else on record."""

from __future__ import annotations

from cdsrules.loading.codes.client_frame import LOST, NOT_GUESSED, document, phq, with_measures
from cdsrules.loading.codes.record import Code, Within

_MEASURES = (
    Code(
        "CDS720",
        "The vocabulary has no such instrument",
        means="A measure, or the primary measure, names an instrument that is not in vocabulary/instruments.yaml.",
        matters="Without its range and direction a score says nothing.",
        write="The id of an instrument of the vocabulary; a new instrument is added there first.",
        bad=with_measures({"instrument": "phq9", "date": "2026-07-06", "score": 12}),
        good=with_measures(phq(score=12)),
        within=Within.CLIENT,
    ),
    Code(
        "CDS721",
        "A score lies outside its instrument's range",
        means="The instrument cannot give this score.",
        matters="It is a slip, or the score of another instrument; some totals need doubling, others a mean.",
        write="The score as the instrument's manual counts it.",
        bad=with_measures(phq(score=30)),
        good=with_measures(phq(score=20)),
        within=Within.CLIENT,
    ),
    Code(
        "CDS722",
        "A score lies between two of its instrument's scores",
        means="The instrument's scores go in steps, and this is none of them.",
        matters="It may be a mean where a sum belongs.",
        write="The score as the instrument's manual counts it.",
        bad=with_measures(phq(score=12.5)),
        good=with_measures(phq(score=12)),
        within=Within.CLIENT,
    ),
    Code(
        "CDS723",
        "Two scores of one instrument on one day",
        means="The document holds two different scores of one instrument for one day.",
        matters="Which of them counts cannot be known, and change is judged by it.",
        write="The one that counts. The other may stay without its score, for the sake of its items.",
        bad=with_measures(phq(score=12), phq(score=14)),
        good=with_measures(phq(items={"9": 1}), phq(score=14)),
        within=Within.CLIENT,
    ),
    Code(
        "CDS724",
        "The instrument has no such item",
        means="Answers are given for an item that the instrument does not have, or that is no risk item of it.",
        matters="An answer under a wrong number may hide the answer to a question about suicide.",
        write="Items by their number in the questionnaire, from 1 on.",
        bad=with_measures(phq(items={"10": 0})),
        good=with_measures(phq(items={"9": 0})),
        within=Within.CLIENT,
    ),
    Code(
        "CDS725",
        "An answer lies outside the item's range",
        means="No answer to an item of this instrument counts so many points.",
        matters=NOT_GUESSED,
        write="The points of the answer as the instrument's manual counts them.",
        bad=with_measures(phq(items={"9": 4})),
        good=with_measures(phq(items={"9": 3})),
        within=Within.CLIENT,
    ),
    Code(
        "CDS726",
        "The items do not add up to the score",
        means="All items are given, and their sum is not the score.",
        matters="One of the two is wrong, and which of them cannot be known.",
        write="Correct whichever is wrong, or leave the items out.",
        bad=with_measures(phq(score=12, items={str(number): 1 for number in range(1, 10)})),
        good=with_measures(phq(score=9, items={str(number): 1 for number in range(1, 10)})),
        within=Within.CLIENT,
    ),
    Code(
        "CDS727",
        "An item is given twice, with different answers",
        means="`items` and `risk_items` give different answers to one item.",
        matters="Which of them counts cannot be known, and it is a question about suicide.",
        write="Each answer once.",
        bad=with_measures(phq(items={"9": 0}, risk_items={"9": 1})),
        good=with_measures(phq(risk_items={"9": 1})),
        within=Within.CLIENT,
    ),
    Code(
        "CDS728",
        "A measure without score and answers",
        means="A measure has neither a score nor the answer to any item.",
        matters="It says nothing, yet it may stand for a questionnaire that was filled in.",
        write="`score`, `items` or `risk_items`; leave the measure out if none is known.",
        bad=with_measures(phq()),
        good=with_measures(phq(score=12)),
        within=Within.CLIENT,
    ),
    Code(
        "CDS729",
        "The instrument has no such definition",
        means="The primary measure names a definition of change that the vocabulary does not have for the instrument.",
        matters="Without it nobody can tell recovery from a change within the error of measurement.",
        write="The id of one of the instrument's definitions in vocabulary/instruments.yaml.",
        bad=document(
            treatment={
                "started_on": "2026-01-05",
                "primary_measure": {"instrument": "phq-9", "definition": "nhs"},
            }
        ),
        good=document(
            treatment={
                "started_on": "2026-01-05",
                "primary_measure": {"instrument": "phq-9", "definition": "nhs-talking-therapies"},
            }
        ),
        within=Within.CLIENT,
    ),
)
_RECORDS = (
    Code(
        "CDS730",
        "The vocabulary has no such action",
        means="Something done, declined or proposed is not an action of vocabulary/actions.yaml.",
        matters=LOST,
        write="The id of an action of the vocabulary; a new action is added there first.",
        bad=document(actions=[{"action": "consulation", "date": "2026-06-15", "status": "done"}]),
        good=document(actions=[{"action": "consultation", "date": "2026-06-15", "status": "done"}]),
        within=Within.CLIENT,
    ),
    Code(
        "CDS731",
        "An action is proposed twice",
        means="`proposed_actions` holds two entries for one action.",
        matters="Where they differ, as in whether it was discussed, which of them holds cannot be known.",
        write="One entry for each action.",
        bad=document(proposed_actions=[{"action": "referral"}, {"action": "referral", "discussed": True}]),
        good=document(proposed_actions=[{"action": "referral", "discussed": True}]),
        within=Within.CLIENT,
    ),
    Code(
        "CDS732",
        "A proposal that contradicts itself",
        means="More frequent sessions are proposed, and fewer a week are given than now; or the other way round.",
        matters="Which of the two is planned cannot be known, and whether sessions grow rarer is watched for safety.",
        write="The number of now under `from` and the planned one under `to`, or the action that is meant.",
        bad=document(
            proposed_actions=[{"action": "increase_frequency", "sessions_per_week": {"from": 2, "to": 1}}],
        ),
        good=document(
            proposed_actions=[{"action": "increase_frequency", "sessions_per_week": {"from": 1, "to": 2}}],
        ),
        within=Within.CLIENT,
    ),
    Code(
        "CDS733",
        "Two different ratings by one person on one day",
        means="Client or clinician rated the progress twice on one day, differently.",
        matters="Which of them counts cannot be known.",
        write="The one that counts.",
        bad=document(
            ratings=[
                {"date": "2026-07-06", "by": "client", "rating": "same"},
                {"date": "2026-07-06", "by": "client", "rating": "worse"},
            ]
        ),
        good=document(ratings=[{"date": "2026-07-06", "by": "client", "rating": "worse"}]),
        within=Within.CLIENT,
    ),
    Code(
        "CDS734",
        "Dates in the wrong order",
        means="Something ended before it began, or treatment began before the client was born.",
        matters="One of the two dates is wrong, and which of them cannot be known.",
        write="Correct whichever is wrong.",
        bad=document(obstacles=[{"kind": "work", "date": "2026-06-01", "resolved_on": "2026-05-01"}]),
        good=document(obstacles=[{"kind": "work", "date": "2026-05-01", "resolved_on": "2026-06-01"}]),
        within=Within.CLIENT,
    ),
    Code(
        "CDS735",
        "Pauses or approaches that overlap",
        means="Two pauses share a day, or two approaches begin on one day.",
        matters="Paused days would count twice, or the present approach could not be told.",
        write="One pause for days that belong together; one approach for each beginning.",
        bad=document(
            treatment={
                "started_on": "2026-01-05",
                "pauses": [{"from": "2026-04-01"}, {"from": "2026-05-01", "to": "2026-05-08"}],
            }
        ),
        good=document(
            treatment={
                "started_on": "2026-01-05",
                "pauses": [{"from": "2026-04-01", "to": "2026-04-08"}, {"from": "2026-05-01", "to": "2026-05-08"}],
            }
        ),
        within=Within.CLIENT,
    ),
    Code(
        "CDS736",
        "Two ages, or an age band upside down",
        means="Both a birth date and an age band are given, or the band's lower end lies above its upper one.",
        matters="Which age counts cannot be known, and definitions of change are for certain ages.",
        write="A birth date, or an age band with the lower age under `from`.",
        bad=document(client={"id": "c-1", "age_band": {"from": 34, "to": 25}}),
        good=document(client={"id": "c-1", "age_band": {"from": 25, "to": 34}}),
        within=Within.CLIENT,
    ),
)
CODES = (*_MEASURES, *_RECORDS)
