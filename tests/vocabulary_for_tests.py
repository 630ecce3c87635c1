"""A small vocabulary made in Python, for tests that need instruments and actions but no files."""

from __future__ import annotations

from cdsrules.model.time import Duration
from cdsrules.model.vocabulary import (
    Action,
    Band,
    Companion,
    Definition,
    Instrument,
    PrimaryDefault,
    Vocabulary,
    Worse,
)

SIX_WEEKS = Duration(6, "weeks")
TWO_WEEKS = Duration(2, "weeks")

PHQ_NHS = Definition(
    id="nhs",
    instrument="phq-9",
    title="NHS Talking Therapies",
    source="nhs",
    reliable_change=6,
    operator="at_least",
    cut_off=10,
    clinical_at="at_least",
    min_age=18,
    companion=Companion("gad-7", 4),
)
PHQ_ALONE = Definition(
    id="alone",
    instrument="phq-9",
    title="PHQ-9 by itself",
    source="made",
    reliable_change=6,
    operator="at_least",
    cut_off=10,
    clinical_at="at_least",
)
PHQ_REMISSION = Definition(
    id="remission",
    instrument="phq-9",
    title="Remission",
    source="made",
    reliable_change=None,
    operator="at_least",
    cut_off=5,
    clinical_at="at_least",
)
PHQ_9 = Instrument(
    id="phq-9",
    name="PHQ-9",
    title="Patient Health Questionnaire, nine items",
    role="outcome",
    low=0,
    high=27,
    step=1,
    worse=Worse.HIGHER,
    valid_for=SIX_WEEKS,
    interval=TWO_WEEKS,
    licence="public domain",
    items=9,
    item_low=0,
    item_high=3,
    risk_items=(9,),
    bands=(
        Band("minimal", 0),
        Band("mild", 5),
        Band("moderate", 10),
        Band("moderately severe", 15),
        Band("severe", 20),
    ),
    definitions=(PHQ_NHS, PHQ_ALONE, PHQ_REMISSION),
)
GAD_7 = Instrument(
    id="gad-7",
    name="GAD-7",
    title="Generalised Anxiety Disorder, seven items",
    role="outcome",
    low=0,
    high=21,
    step=1,
    worse=Worse.HIGHER,
    valid_for=SIX_WEEKS,
    interval=TWO_WEEKS,
    licence="public domain",
    items=7,
    item_low=0,
    item_high=3,
    bands=(Band("minimal", 0), Band("mild", 5), Band("moderate", 10), Band("severe", 15)),
    definitions=(
        Definition(
            id="nhs",
            instrument="gad-7",
            title="NHS Talking Therapies",
            source="nhs",
            reliable_change=4,
            operator="at_least",
            cut_off=8,
            clinical_at="at_least",
        ),
    ),
)


def _ors(name: str, cut_off: float, low: int | None, high: int | None) -> Definition:
    return Definition(
        id=name,
        instrument="ors",
        title=f"ORS manual, {name}",
        source="made",
        reliable_change=5,
        operator="at_least",
        cut_off=cut_off,
        clinical_at="less_than",
        min_age=low,
        max_age=high,
        verified=False,
    )


ORS = Instrument(
    id="ors",
    name="ORS",
    title="Outcome Rating Scale",
    role="outcome",
    low=0,
    high=40,
    step=0.1,
    worse=Worse.LOWER,
    valid_for=SIX_WEEKS,
    interval=Duration(1, "weeks"),
    licence="individual",
    definitions=(_ors("adults", 25, 18, None), _ors("adolescents", 28, 13, 17), _ors("children", 32, 6, 12)),
)
SRS = Instrument(
    id="srs",
    name="SRS",
    title="Session Rating Scale",
    role="alliance",
    low=0,
    high=40,
    step=0.1,
    worse=Worse.LOWER,
    valid_for=SIX_WEEKS,
    interval=Duration(1, "weeks"),
    licence="individual",
    definitions=(
        Definition(
            id="manual",
            instrument="srs",
            title="SRS manual",
            source="made",
            reliable_change=None,
            operator="at_least",
            cut_off=36,
            clinical_at="less_than",
        ),
    ),
)
WAI = Instrument(
    id="wai-sr",
    name="WAI-SR",
    title="Working Alliance Inventory, short",
    role="alliance",
    low=12,
    high=60,
    step=1,
    worse=Worse.LOWER,
    valid_for=SIX_WEEKS,
    interval=Duration(4, "weeks"),
    licence="licence",
)
# Its total is ten times the mean of its items, so that the items do not add up to it; four of them ask about risk.
CORE_OM = Instrument(
    id="core-om",
    name="CORE-OM",
    title="Clinical Outcomes in Routine Evaluation",
    role="outcome",
    low=0,
    high=40,
    step=0.1,
    worse=Worse.HIGHER,
    valid_for=SIX_WEEKS,
    interval=Duration(4, "weeks"),
    licence="CC BY-ND",
    items=34,
    item_low=0,
    item_high=4,
    risk_items=(9, 16, 24, 34),
    definitions=(
        Definition(
            id="made",
            instrument="core-om",
            title="CORE-OM",
            source="made",
            reliable_change=5,
            operator="more_than",
            cut_off=10,
            clinical_at="at_least",
        ),
    ),
)


def action(name: str, *attributes: str, requires: tuple[str, ...] = ()) -> Action:
    """Return an action with words made from its id."""
    said = name.replace("_", " ")
    return Action(
        id=name,
        name=said,
        do=f"do the {said}",
        done=f"the {said} was done",
        proposed=f"a {said} is planned",
        declined=f"the client declined the {said}",
        requires=requires,
        attributes=attributes,
    )


_ACTIONS = (
    action("reassessment"),
    action("progress_talk"),
    action("consultation"),
    action("plan_review"),
    action("resources"),
    action("medication_evaluation"),
    action("referral", "discussed", requires=("consultation",)),
    action("change_approach", "discussed", "gradual", requires=("reassessment", "progress_talk")),
    action("increase_frequency", "discussed", "gradual"),
    action("risk_assessment"),
    action("reach_out"),
    action("medical_assessment"),
    action("local_duty"),
    action("contact_prescriber"),
    action("medication_review"),
    action("share_scores"),
)

VOCABULARY = Vocabulary(
    actions={one.id: one for one in _ACTIONS},
    instruments={one.id: one for one in (PHQ_9, GAD_7, ORS, SRS, WAI, CORE_OM)},
    primary_defaults=(
        PrimaryDefault("depression", "phq-9", "nhs"),
        PrimaryDefault("generalised_anxiety", "gad-7", "nhs"),
    ),
)
