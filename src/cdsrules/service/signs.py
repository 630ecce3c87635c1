"""Signs of life: which of the processes that answer has given none for too long.

A process gives them from the loop that answers its calls, so it is silent where that loop stands still, be it that
code in C holds the interpreter and lets nobody else go on. It is the looks of the watching process that count, not
the time: while a machine stands still, or is so busy that nobody gets on, nobody is looked at either.
"""

from __future__ import annotations

from typing import Final, NamedTuple

LOOKS: Final = 10
"""So many looks in a row have to find no sign of life; they are spread over the time that a process may be silent."""


class Seen(NamedTuple):
    """What the last look at a process found: how many signs it had given, and for how many looks there was no new one.

    Looks count from its first sign: until then it may wait for a database, which another would wait for as well.

    >>> Seen(4).again(4)
    Seen(signs=4, silent=0, has_begun=False)
    >>> Seen(4).again(5).again(5)
    Seen(signs=5, silent=1, has_begun=True)
    """

    signs: int
    silent: int = 0
    has_begun: bool = False

    def again(self, signs: int) -> Seen:
        """Return what the next look finds."""
        if signs != self.signs:
            return Seen(signs, has_begun=True)
        return Seen(signs, self.silent + self.has_begun, self.has_begun)

    @property
    def is_to_say_where(self) -> bool:
        """Whether it is to be asked where it stands, as the next look may be its last."""
        return self.silent == LOOKS - 1

    @property
    def is_given_up(self) -> bool:
        """Whether this look found it silent for too long; true once, as nothing more can be done than is done then."""
        return self.silent == LOOKS
