"""What clinicians are imagined to be about to do, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from cdsrules.model.records import goes_against


def proposals(action: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, object]]:
    """Return proposals of these actions as they can be read, with some, all or nothing said of how."""
    often = st.integers(1, 3)
    per_week = st.fixed_dictionaries({}, optional={"from": often, "to": often})
    how = {"discussed": st.booleans(), "gradual": st.booleans(), "sessions_per_week": per_week}
    return st.fixed_dictionaries({"action": action}, optional=how).map(_one_way)


def _one_way(proposal: dict[str, object]) -> dict[str, object]:
    """Return a proposal whose sessions a week change the way that its action says."""
    ends = proposal.get("sessions_per_week")
    if isinstance(ends, dict) and len(ends) == 2 and goes_against(str(proposal["action"]), ends["from"], ends["to"]):
        return {**proposal, "sessions_per_week": {"from": ends["to"], "to": ends["from"]}}
    return proposal
