"""The day of an evaluation, and what a window on that day reaches back to."""

from __future__ import annotations

from datetime import date

from cdsrules.frozen import frozen
from cdsrules.model.time import Duration, before


@frozen
class Moment:
    """The day of the evaluation, and the days of the attended sessions, oldest first.

    `attended` is None when the client state has no list of sessions.
    """

    as_of: date
    attended: tuple[date, ...] | None = None

    def window_start(self, window: Duration) -> date | None:
        """Return the first day of the window that ends on `as_of`; None if it cannot be told.

        `3 sessions` begin on the day of the third last attended session; with fewer
        sessions, or years before the calendar begins, everything lies in the window.

        >>> Moment(date(2026, 3, 31)).window_start(Duration(60, "days"))
        datetime.date(2026, 1, 30)
        """
        if window.unit != "sessions":
            try:
                return before(self.as_of, window)
            except OverflowError:
                return date.min
        if self.attended is None:
            return None
        if window.amount == 0:
            return self.as_of
        return self.attended[-window.amount] if window.amount <= len(self.attended) else date.min
