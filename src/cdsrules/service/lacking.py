"""What of the record a call lacks: in sentences for who reads the cards, and by key for the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdsrules.model.saying import say_list
from cdsrules.service.not_read import LOG
from cdsrules.service.offered import in_words_of_all
from cdsrules.service.prefetched import Prefetched

_SOMETHING_ELSE: Final = "something else was sent than was asked for"
_REFUSED: Final = "the record refused it"


def lacking(prefetched: Prefetched) -> tuple[str, ...]:
    """Return the sentences on what was not sent, what the record refused, and what was sent instead of what was asked.

    They are told apart, as each is mended by somebody else; none where all was sent.
    """
    said = {
        "Not sent": say_list(in_words_of_all(prefetched.missing)),
        "The record refused": "; ".join(_refused(prefetched)),
        "Sent as something else than was asked for": say_list(
            in_words_of_all(prefetched.failed - prefetched.refused.keys())
        ),
    }
    return tuple(f"{what}: {which}." for what, which in said.items() if which)


def _refused(prefetched: Prefetched) -> Iterator[str]:
    """What was refused, by the reason that the record gives for it."""
    for reason in dict.fromkeys(sorted(prefetched.refused.values())):
        keys = [key for key, one in prefetched.refused.items() if one == reason]
        yield f"{say_list(in_words_of_all(keys))}{f' ({reason})' if reason else ''}"


def log_lacking(prefetched: Prefetched) -> None:
    """Log which keys a call lacks and why, and which it holds only in part; nothing where it has all."""
    wanting, cut_short = prefetched.wanting, prefetched.cut_short
    if wanting or cut_short:
        because = sorted({why for key in (*wanting, *cut_short) for why in _why(prefetched, key)})
        said: dict[str, object] = {"wanting": sorted(wanting), "because": because}
        LOG.warning("record not read", extra={"said": said | ({"cut_short": list(cut_short)} if cut_short else {})})


def _why(prefetched: Prefetched, key: str) -> Iterator[str]:
    if key in prefetched.refused:
        reason = prefetched.refused[key]
        yield f"{_REFUSED} ({reason})" if reason else _REFUSED
    elif key in prefetched.failed:
        yield _SOMETHING_ELSE
    if key in prefetched.unread:
        yield prefetched.unread[key].because
