"""A share is never rounded up to what it is not."""

from __future__ import annotations

import pytest

from cdsrules.testing.reports.shares import Share


@pytest.mark.parametrize(
    ("share", "said"),
    [(Share(0, 3), "0 %"), (Share(2, 3), "66.6 %"), (Share(3, 3), "100 %"), (Share(0, 0), "100 %")],
)
def test_a_share_is_said_to_a_tenth(share: Share, said: str) -> None:
    assert share.said == said


def test_all_but_one_of_many_is_not_all() -> None:
    assert Share(99_999, 100_000).said == "99.9 %"
