"""What a site sets: where the service is, whom it trusts, what it may read, and what it keeps.

Read from a TOML file and from environment variables, which come first; everything that is
wrong is said at once, with the line or variable, the name of the setting and what to write.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from cdsrules.adapters.fhir import FhirSettings, SettingsError
from cdsrules.diagnostics import in_order
from cdsrules.loading.meant import nearest
from cdsrules.loading.problems import EnoughProblems, Problems
from cdsrules.loading.toml_text import parse_toml
from cdsrules.loading.tree import Entries, Node, plain
from cdsrules.model.time import Duration
from cdsrules.records.bands import Band, bands_of_none, read_bands
from cdsrules.records.retention import read_retention
from cdsrules.records.store import Keep
from cdsrules.service.clients_table import Trusted, read_clients
from cdsrules.service.fhir_table import read_fhir
from cdsrules.service.setting_values import (
    number_within,
    read_address,
    read_addresses,
    read_keys,
    read_networks,
    read_origins,
    read_text,
    read_texts,
    whole_within,
)

PREFIX: Final = "CDSRULES_"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """The settings of a service.

    host, port: where to listen.
    base_url: the address that clients call it by, without a slash at the end; tokens are made out to it.
        Where it is not set, `host` and `port`.
    workers: how many processes answer.
    state: a file for what they remember together for minutes; empty takes one that goes when the service ends.
    rules: folders of rulebooks beside the shipped ones.
    site: the file of the site, with its crisis lines, its protocol and who is told; empty has none.
    clients: who may call; without any, everyone on this machine may, and the service listens there only.
    fhir_servers: beginnings of the addresses that may be read when something was not prefetched.
    networks: where those servers and `jwks_url` may be besides the public internet, such as 10.20.0.0/16.
    origins: web origins whose pages may call.
    records: a database to record in; empty records nothing.
    keep: what becomes of the client document (nothing, sealed, plain), `record_keys` the keys to seal with.
    retention: how long records are kept, such as 10 years; `cdsrules records retain` erases what is older.
    expected: of a hundred clients looked at, for how many each rule is expected to speak.
    request_seconds: how long a call may take.  fhir_seconds: how long one read of a record may take.
    plugin_seconds: how long a plugin may take to answer; what it adds is left out then, and the guidance says so.
    silent_seconds: how long a process may give no sign of life before it is killed and replaced.
    idle_seconds: how long a connection may wait for its next request to begin.
    body_bytes: how large a request may be.  per_second: how many calls a client may make on average.
    explanation_seconds: how long the page behind a card's link is there; 0 leaves the links out.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    workers: int = 1
    state: str = ""
    rules: tuple[str, ...] = ()
    site: str = ""
    clients: tuple[Trusted, ...] = ()
    fhir_servers: tuple[str, ...] = ()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    origins: tuple[str, ...] = ()
    records: str = ""
    keep: Keep = Keep.NOTHING
    record_keys: tuple[str, ...] = field(default=(), repr=False)
    retention: Duration | None = None
    expected: Mapping[str, Band] = field(default_factory=dict)
    request_seconds: float = 10.0
    fhir_seconds: float = 3.0
    plugin_seconds: float = 1.0
    silent_seconds: float = 30.0
    idle_seconds: float = 15.0
    body_bytes: int = 5_000_000
    per_second: float = 50.0
    explanation_seconds: float = 900.0
    fhir: FhirSettings = field(default_factory=FhirSettings)

    @property
    def is_open(self) -> bool:
        """Whether callers are not asked who they are."""
        return not self.clients

    def register_of(self, issuer: str) -> str:
        """Return whose patients a caller calls about; nothing where all callers have the same ones."""
        own = next((one.register for one in self.clients if one.issuer == issuer), "")
        return own or self.fhir.register


def read_settings(text: str, environment: Mapping[str, str], file: str = "settings") -> ServiceSettings:
    """Return the settings of a TOML text, with those of the environment over them; `file` is what it is called.

    Raises `SettingsError` with everything that is wrong, a line each with its place.
    """
    given = {**_from_file(text, file), **_from_environment(environment)}
    problems = list(_misspelt(environment))
    values: dict[str, object] = {}
    for name, one in given.items():
        if name in _TABLES and one.node is not None:
            found = Problems()
            with suppress(EnoughProblems):
                values[name] = _TABLES[name].read(one.node, found)
            problems += map(str, in_order(found.found))
            continue
        if name not in _READERS:
            problems.append(f"{one.place}: there is no such setting; {_meant(name)}")
            continue
        try:
            values[name] = _READERS[name](one.value)
        except (TypeError, ValueError) as problem:
            problems.append(f"{one.place}: {problem}")
    if not problems:
        settings = ServiceSettings(**values)  # type: ignore[arg-type]
        if "base_url" not in values:
            settings = replace(settings, base_url=_own_address(settings))
        problems = list(_contradictions(settings, given))
        if not problems:
            return settings
    raise SettingsError("\n".join(problems))


def check_expected(bands: Mapping[str, Band], rules: Collection[str]) -> None:
    """Raise `SettingsError` with each rule in [expected] that is none of these."""
    unknown = bands_of_none(bands, rules)
    if unknown:
        raise SettingsError("\n".join(map(str, unknown.values())))


class _Given(NamedTuple):
    """What is given for a setting, and where: "service.toml:3: port", or "CDSRULES_PORT".

    `node` is what stands in the file, with the places of what is in a table.
    """

    value: object
    place: str
    node: Node | None = None


def _from_file(text: str, file: str) -> dict[str, _Given]:
    problems = Problems()
    root = parse_toml(text.encode("utf-8", "surrogateescape"), file, problems)
    if problems.found or not isinstance(root, Entries):
        raise SettingsError("\n".join(map(str, problems.found)))
    return {
        name: _Given(plain(entry.node), f"{file}:{entry.key_at.line}: {name}", entry.node)
        for name, entry in root.entries.items()
    }


def _from_environment(environment: Mapping[str, str]) -> dict[str, _Given]:
    """The settings in the environment: CDSRULES_PORT is `port`; lists have blanks between their parts."""
    found = ((name, f"{PREFIX}{name.upper()}") for name in _NAMES if name not in _TABLES)
    return {
        name: _Given(environment[variable].split() if name in _LISTS else environment[variable], variable)
        for name, variable in found
        if variable in environment
    }


def _misspelt(environment: Mapping[str, str]) -> Iterator[str]:
    """What in the environment was most likely meant as a setting, and would be passed over in silence."""
    for name, table in _TABLES.items():
        if f"{PREFIX}{name.upper()}" in environment:
            yield f"{PREFIX}{name.upper()}: this stands in the settings file alone, as {table.written}."
    known = {name.upper() for name in _NAMES} | _OTHERS
    for variable in sorted(environment):
        name = variable.removeprefix(PREFIX)
        if name != variable and name not in known:
            near = nearest(name, known)
            if near is not None:
                yield f"{variable}: there is no such setting; did you mean {PREFIX}{near}?"


def _meant(name: str) -> str:
    near = nearest(name, _NAMES)
    return f"did you mean {near}?" if near is not None else f"write one of {', '.join(sorted(_NAMES))}."


def _contradictions(settings: ServiceSettings, given: Mapping[str, _Given]) -> Iterator[str]:
    """Yield each setting that another does not go with, where it stands, and why."""
    if settings.is_open and not _is_loopback(settings.host):
        yield (
            f"{_place(given, 'host')}: {settings.host} is not this machine alone, and without [[clients]] everybody "
            "could call. Name the clients that may, or set host to 127.0.0.1."
        )
    elif settings.is_open and not _is_loopback(urlsplit(settings.base_url).hostname or ""):
        yield (
            f"{_place(given, 'base_url')}: {settings.base_url} is not on this machine, so what stands there lets "
            "everybody in, and no clients are named that may call. Name them, or leave base_url out."
        )
    yield from _without_a_register(settings)
    if settings.keep is Keep.SEALED and not settings.record_keys:
        yield f"{_place(given, 'record_keys', 'keep')}: to keep client documents sealed, give a key in record_keys."
    read = [(_place(given, "fhir_servers"), one) for one in settings.fhir_servers]
    read += [(_place_of(client), client.jwks_url) for client in settings.clients]
    for place, address in read:
        parts = urlsplit(address)
        if parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
            yield f"{place}: {address} is read over https; only on this machine is http enough."
    if settings.clients and urlsplit(settings.base_url).scheme != "https" and not _is_loopback(settings.host):
        place = _place(given, "base_url", "host")
        yield f"{place}: clients call over https; write the address they use as base_url, beginning with https://."


def _without_a_register(settings: ServiceSettings) -> Iterator[str]:
    """Yield each client whose patients cannot be told from those of others."""
    some = any(client.register for client in settings.clients)
    if len(settings.clients) > 1 and (settings.records or some):
        words = (
            "patients of two EHRs may have the same id, and would be one client in the records. Say for each client "
            'whose patients it calls about, like register = "north"; those who share their ids, the same word.'
        )
        yield from (f"{_place_of(client)}: {words}" for client in settings.clients if not client.register)


def _place(given: Mapping[str, _Given], *names: str) -> str:
    """The place of the first of these settings that is given."""
    return next((given[name].place for name in names if name in given), names[0])


def _place_of(client: Trusted) -> str:
    return f"{client.at.file}:{client.at.line}: clients"


def _own_address(settings: ServiceSettings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _keep(value: object) -> Keep:
    try:
        return Keep(read_text(value))
    except ValueError as problem:
        message = f"write one of {', '.join(Keep)}."
        raise ValueError(message) from problem


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "host": read_text,
    "port": whole_within(1, 65_535),
    "base_url": read_address,
    "workers": whole_within(1, 64),
    "state": read_text,
    "rules": read_texts,
    "site": read_text,
    "fhir_servers": read_addresses,
    "networks": read_networks,
    "origins": read_origins,
    "records": read_text,
    "keep": _keep,
    "record_keys": read_keys,
    "retention": read_retention,
    "request_seconds": number_within(0.1, 60),
    "fhir_seconds": number_within(0.1, 30),
    "plugin_seconds": number_within(0.01, 30),
    "silent_seconds": number_within(3, 600),
    "idle_seconds": number_within(0.1, 600),
    "body_bytes": whole_within(1_000, 50_000_000),
    "per_second": number_within(1, 10_000),
    "explanation_seconds": number_within(0, 86_400),
}
_LISTS: Final = frozenset({"rules", "fhir_servers", "networks", "origins", "record_keys"})


class _Table(NamedTuple):
    """What no variable can hold: how it is written in a file, and what reads it there."""

    written: str
    read: Callable[[Node, Problems], object]


_TABLES: Final[Mapping[str, _Table]] = {
    "clients": _Table("[[clients]]", read_clients),
    "expected": _Table("a table [expected]", read_bands),
    "fhir": _Table("a table [fhir]", read_fhir),
}
_NAMES: Final = (*_READERS, *_TABLES)
# Variables that other parts of cdsrules read.
_OTHERS: Final = frozenset({"BROWSER", "PLUGINS", "SETTINGS", "TRACE_PLUGINS"})
