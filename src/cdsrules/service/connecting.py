"""Connections to other servers, to the addresses alone that may be reached.

A name is looked up once for each connection, what it stands for is checked, and that very
address is connected to: a name that is answered otherwise a moment later changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from socket import SOCK_STREAM
from typing import Final, TypeAlias

import httpcore

from cdsrules.service.guards import LOG

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
LookUp: TypeAlias = Callable[[str, int], Awaitable[Sequence[Address]]]
"""What tells the addresses that a name stands for."""

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")


async def looked_up(name: str, port: int) -> Sequence[Address]:
    """Return the addresses that a name stands for at this moment. Raises `OSError` where there are none."""
    found = await asyncio.get_running_loop().getaddrinfo(name, port, type=SOCK_STREAM)
    return tuple(dict.fromkeys(ip_address(str(where[0]).partition("%")[0]) for *_, where in found))


def may_be_reached(host: str, address: Address, networks: Iterable[Network]) -> bool:
    """Return whether a host that the settings name may be reached at an address.

    It may where the address is public, in one of the networks that the settings add, or
    written out in the settings itself; `localhost` may be this machine.
    """
    plain = _unwrapped(address)
    if any(plain in network for network in networks) or str(address) == host.strip("[]"):
        return True
    if host.lower() == "localhost":
        return plain.is_loopback
    return plain.is_global and not plain.is_multicast


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address only wraps: mapped, translated, or through 6to4."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


class CheckedConnections(httpcore.AnyIOBackend):
    """Connects to checked addresses; the name stays what TLS is held to."""

    def __init__(self, networks: Iterable[Network], look_up: LookUp = looked_up) -> None:
        self._networks = tuple(networks)
        self._look_up = look_up

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Return a connection to one of the host's addresses. Raises `httpcore.ConnectError`."""
        failed: Exception = httpcore.ConnectError("none of its addresses may be reached")
        for address in await self._reachable(host, port):
            try:
                return await super().connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as problem:
                failed = problem
        raise failed

    async def _reachable(self, host: str, port: int) -> Sequence[Address]:
        try:
            addresses = await self._look_up(host, port)
        except OSError as problem:
            raise httpcore.ConnectError(str(problem)) from problem
        fine = [one for one in addresses if may_be_reached(host, one, self._networks)]
        if not fine:
            # The host is one that the settings name, so it tells nothing of a client.
            LOG.warning("server not reached", extra={"said": {"host": host, "reason": "its address is not allowed"}})
        return fine
