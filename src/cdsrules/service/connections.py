"""Connections of callers: how long one may be silent, and how a process that goes leaves them to others."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Sequence
from typing import Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from cdsrules.service.sharing import Door, Share

LOG: Final = logging.getLogger("cdsrules.service")

_CLOSE: Final = (b"connection", b"close")
_BETWEEN_SIGNS_SECONDS: Final = 0.25


class Retiring(uvicorn.Server):
    """A server that can be told to leave: it takes no new connections, and ends when the last one it has is over.

    Each of those is answered once more, and told in the answer to come again by another. It leaves by itself
    when the process that watches it is gone: nobody could tell it of new rules, and the port would stay taken.
    """

    is_leaving = False

    def __init__(self, config: uvicorn.Config, watched_by: int, share: Share) -> None:
        super().__init__(config)
        self._watched_by = watched_by
        self._share = share
        self._doors: Sequence[Door] = ()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen on the sockets, as one of several processes that do."""
        await super().startup([])
        self._give_sign()
        self._doors = [Door(one, self._share, self._answering) for one in sockets or ()]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, answer what was begun, and end."""
        self._close_doors()
        await super().shutdown(sockets)

    def _answering(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    def _give_sign(self) -> None:
        """Tell that this loop goes round, for as long as it does."""
        self._share.give_sign()
        asyncio.get_running_loop().call_later(_BETWEEN_SIGNS_SECONDS, self._give_sign)

    def _close_doors(self) -> None:
        for door in self._doors:
            door.close()

    def retire(self) -> None:
        """Leave, as soon as what was begun is done."""
        self.is_leaving = True

    async def on_tick(self, counter: int) -> bool:
        """Return whether it is time to end."""
        ends = await super().on_tick(counter)
        if not self.is_leaving and os.getppid() != self._watched_by:
            LOG.error("left alone", extra={"said": {"watched_by": self._watched_by}})
            self.retire()
        if not self.is_leaving:
            return ends
        self._close_doors()
        state = self.server_state
        if _CLOSE not in state.default_headers:
            state.default_headers = [*state.default_headers, _CLOSE]
        return ends or not (state.connections or any(door.lets_in for door in self._doors))


def patient_for(seconds: float, share: Share) -> type[H11Protocol]:
    """Return the protocol of connections that are closed when the head of a request takes longer than this.

    The time that a request may take once its head is there is another matter; see `Watch`. `share` is told
    how many connections there are.
    """

    class Patient(H11Protocol):
        _waiting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            share.say(len(self.connections))
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)
            share.say(len(self.connections))

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.our_state in (h11.SEND_RESPONSE, h11.SEND_BODY):
                self._stop_waiting()
            else:
                self._wait()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if self.conn.their_state is h11.SEND_BODY:
                # It was answered before its body was read; the rest is thrown away, for as long as a head may take.
                self._wait()

        def _wait(self) -> None:
            if self._waiting is None:
                self._waiting = self.loop.call_later(seconds, self.transport.close)

        def _stop_waiting(self) -> None:
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None

    return Patient
