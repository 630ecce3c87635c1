"""Which addresses may be reached, whatever a name says and however an address is written."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest

from cdsrules.service.connecting import Address, looked_up, may_be_reached

INSIDE = [ip_network("10.20.0.0/16"), ip_network("fd00:20::/32")]


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.20.3.4", True),
        ("fd00:20::1", True),
        ("::ffff:10.20.3.4", True),
        ("10.21.0.1", False),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_a_name_may_stand_for_a_public_address_or_one_of_our_networks(address: str, fine: bool) -> None:
    assert may_be_reached("ehr.example", ip_address(address), INSIDE) is fine


@pytest.mark.parametrize(
    ("host", "address", "fine"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("[::1]", "::1", True),
        ("10.0.0.7", "10.0.0.7", True),
        ("10.0.0.7", "10.0.0.8", False),
        ("localhost", "127.0.0.1", True),
        ("LOCALHOST", "::1", True),
        ("localhost", "10.0.0.7", False),
        ("localhost.ehr.example", "127.0.0.1", False),
        ("2130706433", "127.0.0.1", False),
        ("0x7f.1", "127.0.0.1", False),
        ("127.1", "127.0.0.1", False),
    ],
)
def test_what_the_settings_write_out_is_meant(host: str, address: str, fine: bool) -> None:
    assert may_be_reached(host, ip_address(address), []) is fine


@pytest.mark.parametrize("written", ["2130706433", "0x7f000001", "017700000001", "127.1", "localhost"])
def test_an_address_in_disguise_is_looked_up_as_what_it_is(written: str) -> None:
    import asyncio

    found: Sequence[Address] = asyncio.run(looked_up(written, 80))

    assert found
    assert all(address.is_loopback for address in found)
