from __future__ import annotations

import pytest

from cdsrules import Advisor
from cdsrules.analysis.search import Search


@pytest.fixture(scope="session")
def shipped() -> Search:
    """A search over the shipped rules."""
    return Search(Advisor.load(on_disagreement="raise"))
