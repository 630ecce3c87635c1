"""What can go wrong with records, each in a sentence that says what to do."""

from __future__ import annotations

from cdsrules.errors import CdsrulesError


class RecordsError(CdsrulesError):
    """The records could not be read or written; nothing that was acknowledged is lost."""


class DiskFailed(RecordsError):
    """The disk of the records is full, or not in order."""


class RecordRefused(CdsrulesError):
    """What was to be recorded may not be, or asks for what is not there; the text says why."""
