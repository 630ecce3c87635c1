"""Each problem of a client document, word for word."""

from __future__ import annotations

import pytest

from tests.client_documents import Document, measure
from tests.loading.client_problems import the_problem

STATUSES = "attended, late, no_show, cancelled_by_client, cancelled_by_clinician or cancelled"
KINDS = (
    "ideation, plan, intent, attempt, psychosis, mania, harm_to_others, safeguarding, self_neglect, "
    "eating_disorder_instability, intoxication or withdrawal"
)

ID = "Write up to 128 letters, digits or . _ : / - without spaces, beginning with a letter or digit."

MESSAGES = [
    (
        {"measures": [measure("phq-9", "2026-01-05", "12")]},  # type: ignore[arg-type]
        "$.measures[0].score",
        "CDS712",
        'This is "12", where a number should stand.',
        "Write a number without quotes: PHQ-9 scores run from 0 to 27 in steps of 1.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", True)]},
        "$.measures[0].score",
        "CDS712",
        "This is true, where a number should stand.",
        "Write a number without quotes: PHQ-9 scores run from 0 to 27 in steps of 1.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", 28)]},
        "$.measures[0].score",
        "CDS721",
        "28 is no PHQ-9 score.",
        "PHQ-9 scores run from 0 to 27 in steps of 1.",
    ),
    (
        {"measures": [measure("ors", "2026-01-05", 20.05)]},
        "$.measures[0].score",
        "CDS722",
        "20.05 lies between two ORS scores.",
        "ORS scores run from 0 to 40 in steps of 0.1.",
    ),
    (
        {"measures": [measure("phq9", "2026-01-05", 12)]},
        "$.measures[0].instrument",
        "CDS720",
        'The vocabulary has no instrument "phq9".',
        "Did you mean `phq-9`?",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", 12), measure("phq-9", "2026-01-05", 14)]},
        "$.measures[1].score",
        "CDS723",
        "PHQ-9 has two scores on 5 January 2026: 14 here and 12 at $.measures[0].",
        "Keep the one that counts; the other may stay without its score, for its items.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", 12, items={str(item): 1 for item in range(1, 10)})]},
        "$.measures[0]",
        "CDS726",
        "The items add up to 9, and the score is 12.",
        "Correct whichever is wrong, or leave the items out.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", 12, items={"9": True})]},
        "$.measures[0].items.9",
        "CDS712",
        "This is true, where a whole number should stand.",
        "Write the answer as a number without quotes.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", 12, items={"9": 4})]},
        "$.measures[0].items.9",
        "CDS725",
        "4 is no answer to an item of PHQ-9.",
        "Answers run from 0 to 3.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", 12, items={"10": 0})]},
        "$.measures[0].items",
        "CDS724",
        'PHQ-9 has no item "10".',
        "Its items are numbered from 1 to 9.",
    ),
    (
        {"measures": [measure("ors", "2026-01-05", 12, items={"1": 0})]},
        "$.measures[0].items",
        "CDS724",
        "The vocabulary says nothing about the items of ORS.",
        "Leave them out, and send the score.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", 12, risk_items={"8": 0})]},
        "$.measures[0].risk_items",
        "CDS724",
        "Item 8 of PHQ-9 is no risk item.",
        "The vocabulary names item 9; other items go under `items`.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", 12, items={"9": 0}, risk_items={"9": 2})]},
        "$.measures[0].risk_items",
        "CDS727",
        "Item 9 is 0 under `items` and 2 under `risk_items`.",
        "Write each answer once.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05")]},
        "$.measures[0]",
        "CDS728",
        "There is neither a score nor the answer to any item.",
        "Write `score`, `items` or `risk_items`.",
    ),
    (
        {"sessions": [{"date": "2026-01-05", "status": "noshow"}]},
        "$.sessions[0].status",
        "CDS714",
        '"noshow" is none of the words that may stand here.',
        f"Did you mean `no_show`? Write {STATUSES}.",
    ),
    (
        {"sessions": [{"date": "5.1.2026", "status": "attended"}]},
        "$.sessions[0].date",
        "CDS715",
        '"5.1.2026" is no day.',
        "Write a day of the calendar between 1900 and 2199 as year-month-day, like 2026-08-03.",
    ),
    (
        {"sessions": {"2026-01-05": "attended"}},
        "$.sessions",
        "CDS712",
        "This is an object { … }, where a list should stand.",
        "Write [ … ], [] if nothing of the kind happened, and leave the field out if it is not recorded.",
    ),
    (
        {"actions": [{"action": "consulation", "date": "2026-06-15", "status": "done"}]},
        "$.actions[0].action",
        "CDS730",
        'The vocabulary has no action "consulation".',
        "Did you mean `consultation`?",
    ),
    (
        {"proposed_actions": [{"action": "referral"}, {"action": "referral"}]},
        "$.proposed_actions[1]",
        "CDS731",
        '"referral" is proposed at $.proposed_actions[0] already.',
        "Write one entry for each action.",
    ),
    (
        {"proposed_actions": [{"action": "increase_frequency", "sessions_per_week": {"from": 2, "to": 1}}]},
        "$.proposed_actions[0].sessions_per_week",
        "CDS732",
        '"increase_frequency" is proposed, with fewer sessions a week: from 2 to 1.',
        'Write {"from": 1, "to": 2}, or propose "decrease_frequency" if that is meant.',
    ),
    (
        {"proposed_actions": [{"action": "referral", "discussed": "no"}]},
        "$.proposed_actions[0].discussed",
        "CDS712",
        'This is "no", where true or false should stand.',
        "Write true or false, without quotes, or leave the field out if it is not known.",
    ),
    (
        {"treatment": {"primary_measure": {"instrument": "phq-9", "definition": "nhss"}}},
        "$.treatment.primary_measure.definition",
        "CDS729",
        'PHQ-9 has no definition "nhss".',
        "Did you mean `nhs`?",
    ),
    (
        {"treatment": {"primary_measure": {"instrument": "wai-sr", "definition": "any"}}},
        "$.treatment.primary_measure.definition",
        "CDS729",
        'WAI-SR has no definition "any".',
        "The vocabulary has none, so that it cannot be the primary.",
    ),
    (
        {"treatment": {"planned_interval_days": 7.5}},
        "$.treatment.planned_interval_days",
        "CDS712",
        "This is 7.5, where a whole number should stand.",
        "Write a whole number from 1 to 365, without quotes.",
    ),
    (
        {"treatment": {"planned_interval_days": 400}},
        "$.treatment.planned_interval_days",
        "CDS716",
        "400 is out of range.",
        "Write a whole number from 1 to 365, without quotes.",
    ),
    (
        {"client": {"id": "Jane Doe"}},
        "$.client.id",
        "CDS717",
        '"Jane Doe" cannot stand as an id.',
        ID,
    ),
    (
        {"client": {"birth_date": "2026-03-01"}},
        "$.client.birth_date",
        "CDS734",
        "The client was born on 1 March 2026, after treatment began (5 January 2026).",
        "Correct one of the two dates.",
    ),
    (
        {"client": {"birth_date": "1901-01-01"}},
        "$.client.birth_date",
        "CDS734",
        "By that birth date the client was over 120 years old when treatment began.",
        "Correct the birth date.",
    ),
    (
        {"client": {"age_band": {"from": 25, "to": 34}}},
        "$.client",
        "CDS736",
        "Both a birth date and an age band are given.",
        "Keep one of them.",
    ),
    (
        {"treatment": {"pauses": [{"from": "2026-05-01", "to": "2026-05-08"}, {"from": "2026-05-08"}]}},
        "$.treatment.pauses[1]",
        "CDS735",
        "The pauses $.treatment.pauses[0] and $.treatment.pauses[1] overlap.",
        "Correct their dates, or write one pause.",
    ),
    (
        {"treatment": {"pauses": [{"from": "2026-05-08", "to": "2026-05-01"}]}},
        "$.treatment.pauses[0].to",
        "CDS734",
        "1 May 2026 lies before 8 May 2026, the day it was to begin.",
        "Correct one of the two dates.",
    ),
    (
        {
            "treatment": {
                "approaches": [{"modality": "cbt", "since": "2026-01-05"}, {"modality": "act", "since": "2026-01-05"}]
            }
        },
        "$.treatment.approaches[1]",
        "CDS735",
        "Two approaches begin on one day, and which of them is the present one cannot be told.",
        "Correct one of the dates.",
    ),
    (
        {"recorded_since": {"actions": "2026-03-01"}},
        "$.recorded_since.actions",
        "CDS739",
        "There is no list `actions` in the document that could be complete from a day on.",
        "Write the list ([] if it is empty), or leave this out.",
    ),
    (
        {"risk": {"assessments": [{"date": "2026-03-01", "covers": []}]}},
        "$.risk.assessments[0].covers",
        "CDS712",
        "This is an empty list, where a list of kinds of risk should stand.",
        f"Write a list of {KINDS}.",
    ),
    (
        {"risk": {"flags": [{"date": "2026-03-01", "kind": "suicidal"}]}},
        "$.risk.flags[0].kind",
        "CDS714",
        '"suicidal" is none of the words that may stand here.',
        f"Write {KINDS}.",
    ),
    (
        {"ratings": [{"date": "2026-03-02", "by": "client", "rating": one} for one in ("same", "worse")]},
        "$.ratings[1]",
        "CDS733",
        "The client rated the progress twice on 2 March 2026: same and worse.",
        "Keep the one that counts.",
    ),
    (
        {"measures": [measure("phq-9", "2026-01-05", 12, items=[0])]},
        "$.measures[0].items",
        "CDS712",
        "This is a list, where an object should stand.",
        'Write the answers by item number: {"9": 0}.',
    ),
    (
        {"treatment": {"primary_measure": {"instrument": "phq", "definition": "nhs"}}},
        "$.treatment.primary_measure.instrument",
        "CDS720",
        'The vocabulary has no instrument "phq".',
        "Did you mean `phq-9`?",
    ),
    (
        {"treatment": {"primary_measure": {"instrument": "phq-9"}}},
        "$.treatment.primary_measure",
        "CDS713",
        "The field `definition` is missing.",
        ID,
    ),
    (
        {"client": {"pregnancy": [{"date": "2026-03-02"}]}},
        "$.client.pregnancy[0]",
        "CDS713",
        "The field `pregnant` is missing.",
        "Write true or false.",
    ),
    (
        {"proposed_actions": [{"action": "increse_frequency", "sessions_per_week": {"from": 1}}]},
        "$.proposed_actions[0].action",
        "CDS730",
        'The vocabulary has no action "increse_frequency".',
        "Did you mean `increase_frequency`?",
    ),
    (
        {"proposed_actions": [{"action": "increase_frequency", "sessions_per_week": {"to": 20}}]},
        "$.proposed_actions[0].sessions_per_week.to",
        "CDS716",
        "20 is out of range.",
        "Write a number from 0 to 14, without quotes.",
    ),
    (
        {"extensions": []},
        "$.extensions",
        "CDS712",
        "This is a list, where an object should stand.",
        "Correct it or leave it out.",
    ),
]


@pytest.mark.parametrize(
    ("sections", "path", "code", "message", "advice"), MESSAGES, ids=[f"{one[2]}-{one[1]}" for one in MESSAGES]
)
def test_each_problem_says_where_what_and_what_to_write(
    sections: Document, path: str, code: str, message: str, advice: str
) -> None:
    assert the_problem(**sections) == (path, code, message, advice)
