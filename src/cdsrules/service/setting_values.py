"""The values of settings: each reader takes what stands in a file or variable, and says what to write where it is none.

They raise `TypeError` or `ValueError` with a sentence that goes on from the name of the setting.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final
from urllib.parse import urlsplit

from cdsrules.loading.section import Section
from cdsrules.loading.values import shortened
from cdsrules.records.errors import RecordsError
from cdsrules.records.sealing import KeySeal

_USUAL_PORTS: Final = {"http": 80, "https": 443}


def read_text(value: object) -> str:
    """Return a text that says something."""
    if not isinstance(value, str) or not value.strip():
        raise TypeError("write a text.")
    return value.strip()


def read_texts(value: object) -> tuple[str, ...]:
    """Return a list of texts."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise TypeError("write a list of texts.")
    return tuple(one.strip() for one in value)


def number_within(low: float, high: float) -> Callable[[object], float]:
    """Return the reader of a number from `low` to `high`."""

    def read(value: object) -> float:
        words = f"write a number from {low:g} to {high:g}."
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise TypeError(words)
        try:
            number = float(value)
        except ValueError as problem:
            raise ValueError(words) from problem
        if not low <= number <= high:
            raise ValueError(words)
        return number

    return read


def whole_within(low: int, high: int) -> Callable[[object], int]:
    """Return the reader of a whole number from `low` to `high`."""
    read_number = number_within(low, high)

    def read(value: object) -> int:
        found = read_number(value)
        if found != int(found):
            message = f"write a whole number from {low} to {high}."
            raise ValueError(message)
        return int(found)

    return read


def read_address(value: object) -> str:
    """Return a web address without a slash at its end."""
    address = read_text(value).rstrip("/")
    if not _is_address(address):
        message = "write a whole address, like https://cds.example.org."
        raise ValueError(message)
    return address


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        named = parts.hostname is not None and parts.port != 0
    except ValueError:
        return False
    plain = re.fullmatch(r"[!-~]+", text) and not set(text) & set('?#@"<>\\^`{|}')
    return parts.scheme in ("http", "https") and named and bool(plain)


def read_addresses(value: object) -> tuple[str, ...]:
    """Return a list of web addresses."""
    return tuple(_one_address(one) for one in read_texts(value))


def _one_address(text: str) -> str:
    try:
        return read_address(text)
    except ValueError as problem:
        message = f"{text} is no whole address; write a list of them, each like https://ehr.example.org."
        raise ValueError(message) from problem


def read_origins(value: object) -> tuple[str, ...]:
    """Return a list of web origins, each as a browser sends it: in small letters, without the usual port."""
    return tuple(_one_origin(one) for one in read_texts(value))


def _one_origin(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    shown = f"{parts.scheme}://{host}{f':{port}' if port else ''}"
    if parts.scheme not in _USUAL_PORTS or not host or shown != text.rstrip("/").lower():
        message = f"{text} is no origin; write scheme, host and port alone, like https://ehr.example.org."
        raise ValueError(message)
    return shown.removesuffix(f":{_USUAL_PORTS[parts.scheme]}")


def register_in(section: Section) -> str:
    """Return the name of a register of patients that a section gives; nothing where it gives none."""
    name = section.text("register")
    if not name or re.fullmatch("[a-z][a-z0-9-]{0,31}", name):
        return name
    message = f"`{shortened(name)}` is no name of a register."
    advice = "Write a word of small letters, figures and hyphens for the register, like north."
    section.problems.add("CDS027", section.value_place("register"), message, advice)
    return ""


def read_networks(value: object) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return a list of networks."""
    return tuple(_one_network(one) for one in read_texts(value))


def _one_network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as problem:
        message = f"{text} is no network; write a list of networks, like 10.20.0.0/16."
        raise ValueError(message) from problem


def read_keys(value: object) -> tuple[str, ...]:
    """Return a list of keys to seal with; which one is none is told by its number, as nobody else is to read it."""
    keys = read_texts(value)
    for number, key in enumerate(keys, start=1):
        try:
            KeySeal([key])
        except RecordsError as problem:
            message = f"number {number} of {len(keys)} is no key. {problem}"
            raise ValueError(message) from problem
    return keys
