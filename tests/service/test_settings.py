"""Settings: from a file and the environment, with everything that is wrong at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import cdsrules
from cdsrules.adapters.fhir import SettingsError
from cdsrules.records.bands import Band
from cdsrules.records.store import Keep
from cdsrules.service.clients_table import Trusted
from cdsrules.service.settings import PREFIX, ServiceSettings, check_expected, read_settings

KEY = f"{'A' * 43}="  # 32 bytes
WHOLE = f"""
host = "0.0.0.0"
port = 8443
base_url = "https://cds.example/"
rules = ["/etc/cdsrules/rules"]
fhir_servers = ["https://ehr.example/fhir"]
origins = ["https://ehr.example"]
records = "postgresql://cdsrules@db/records"
keep = "sealed"
record_keys = ["{KEY}"]
request_seconds = 5
per_second = 20

[[clients]]
issuer = "https://ehr.example"
jwks_url = "https://ehr.example/jwks"

[fhir]
zone = "Europe/London"
prescribers = ["https://clinic.example|md"]

[fhir.flags]
"https://clinic.example|suicidal" = "ideation"
"""


def refused(text: str, **environment: str) -> list[str]:
    with pytest.raises(SettingsError) as wrong:
        read_settings(text, environment)
    return str(wrong.value).splitlines()


def test_an_origin_is_read_as_a_browser_sends_it() -> None:
    written = '["https://EHR.example:443", "http://ehr.example:80/", "https://ehr.example:8443", "http://[::1]:3000"]'

    assert read_settings(f"origins = {written}", {}).origins == (
        "https://ehr.example",
        "http://ehr.example",
        "https://ehr.example:8443",
        "http://[::1]:3000",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        *("https://ehr.example/app", "https://ehr.example?x", "https://me@ehr.example", "ehr.example", "*", "null"),
        *("https://ehr.example:port", "https://ehr.example:99999", "https://", "ftp://ehr.example", "http://[::1"),
    ],
)
def test_an_origin_that_no_browser_sends_is_refused(wrong: str) -> None:
    (said,) = refused(f'origins = ["https://ehr.example", "{wrong}"]')

    assert f"{wrong} is no origin; write scheme, host and port alone, like https://ehr.example.org." in said


def test_without_settings_the_service_is_for_this_machine() -> None:
    assert read_settings("", {}) == ServiceSettings()
    assert read_settings("", {}).is_open


def test_a_whole_file_is_read() -> None:
    settings = read_settings(WHOLE, {})

    assert settings.base_url == "https://cds.example"
    assert settings.clients == (Trusted("https://ehr.example", "https://ehr.example/jwks"),)
    assert settings.keep is Keep.SEALED
    assert settings.fhir.zone == ZoneInfo("Europe/London")
    assert settings.fhir.flags == {"https://clinic.example|suicidal": "ideation"}
    assert not settings.is_open


def test_the_environment_comes_first() -> None:
    given = {
        "CDSRULES_PORT": "9000",
        "CDSRULES_FHIR_SERVERS": "https://a.example https://b.example",
    }
    settings = read_settings(WHOLE, given)

    assert settings.port == 9000
    assert settings.fhir_servers == ("https://a.example", "https://b.example")


def test_what_no_variable_can_hold_is_refused_in_the_environment() -> None:
    """Passed over in silence, a service that was to ask who calls would answer everybody."""
    assert refused("", CDSRULES_CLIENTS="x", CDSRULES_EXPECTED="x", CDSRULES_FHIR="x") == [
        "CDSRULES_CLIENTS: this stands in the settings file alone, as [[clients]].",
        "CDSRULES_EXPECTED: this stands in the settings file alone, as a table [expected].",
        "CDSRULES_FHIR: this stands in the settings file alone, as a table [fhir].",
    ]
    assert len(refused(WHOLE, CDSRULES_CLIENTS="x")) == 1


def test_without_an_address_of_its_own_the_service_is_called_where_it_listens() -> None:
    assert read_settings("port = 9000", {}).base_url == "http://127.0.0.1:9000"
    assert read_settings('host = "::1"', {}).base_url == "http://[::1]:8000"


@pytest.mark.parametrize("name", ["fhir_servers", "clients"])
def test_what_is_read_elsewhere_is_read_over_https(name: str) -> None:
    written = {
        "fhir_servers": 'fhir_servers = ["{address}"]',
        "clients": '[[clients]]\nissuer = "https://ehr.example"\njwks_url = "{address}"',
    }[name]
    (said,) = refused(written.format(address="http://ehr.example/x"))

    assert "http://ehr.example/x is read over https; only on this machine is http enough." in said
    for fine in ("https://ehr.example/x", "http://127.0.0.1/x", "http://localhost:8001/x", "http://[::1]/x"):
        assert fine in repr(read_settings(written.format(address=fine), {}))


def test_networks_are_read() -> None:
    assert read_settings("", {"CDSRULES_NETWORKS": "10.20.0.0/16 fd00::/8"}).networks == (
        ip_network("10.20.0.0/16"),
        ip_network("fd00::/8"),
    )
    (said,) = refused('networks = ["10.20.0.0/16", "10.20.0.1/16"]')
    assert said == "settings:1: networks: 10.20.0.1/16 is no network; write a list of networks, like 10.20.0.0/16."


@pytest.mark.parametrize("wrong", ["*", "ftp://x", "https://ehr.example?x=1", "ehr.example"])
def test_an_address_that_is_none_is_named_among_those_that_are(wrong: str) -> None:
    assert refused("", CDSRULES_FHIR_SERVERS=f"https://ehr.example {wrong}") == [
        f"CDSRULES_FHIR_SERVERS: {wrong} is no whole address; write a list of them, each like https://ehr.example.org."
    ]


def test_keys_are_not_shown() -> None:
    assert "secret" not in repr(ServiceSettings(record_keys=("secret",)))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = 'port = 0\nbase_url = "cds.example"\nkeep = "all"\nrules = "x"\nprot = 1\nhost = 7\nbody_bytes = 1000.5\n'

    assert refused(wrong + "[fhir]\nzone = 'Mars/Base'\n[[clients]]\nissuer = 'x'\n") == [
        "settings:1: port: write a number from 1 to 65535.",
        "settings:2: base_url: write a whole address, like https://cds.example.org.",
        "settings:3: keep: write one of nothing, sealed, plain.",
        "settings:4: rules: write a list of texts.",
        "settings:5: prot: there is no such setting; did you mean port?",
        "settings:6: host: write a text.",
        "settings:7: body_bytes: write a whole number from 1000 to 50000000.",
        "settings:9:1: CDS026 There is no time zone `Mars/Base`. Write one like `Europe/London`.",
        'settings:10:1: CDS023 A client has no `jwks_url`. Write `jwks_url = "https://ehr.example.org/jwks"`.',
    ]


def test_a_setting_that_is_like_no_other_is_told_all_there_are() -> None:
    names = ", ".join(sorted(one.name for one in fields(ServiceSettings)))

    assert refused("zzz = 1\n") == [f"settings:1: zzz: there is no such setting; write one of {names}."]


def test_the_environment_is_held_to_the_same() -> None:
    assert refused("", CDSRULES_PORT="many", CDSRULES_RECORD="x.db") == [
        "CDSRULES_RECORD: there is no such setting; did you mean CDSRULES_RECORDS?",
        "CDSRULES_PORT: write a number from 1 to 65535.",
    ]
    assert refused("", CDSRULES_KEEP="sealed", CDSRULES_RECORDS_KEY="x")[0] == (
        "CDSRULES_RECORDS_KEY: there is no such setting; did you mean CDSRULES_RECORD_KEYS?"
    )
    others = {f"CDSRULES_{name}": "x" for name in ("BROWSER", "PLUGINS", "SETTINGS", "TRACE_PLUGINS")}
    assert read_settings("", {**others, "PATH": "/bin", "CDSRULES_ZEBRA_XYZ": "1"}) == ServiceSettings()


def test_what_else_cdsrules_reads_of_the_environment_is_no_misspelt_setting() -> None:
    """Every variable that is named in the sources is a setting, or one of the others."""
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(cdsrules.__file__).parent.rglob("*.py"))
    named = set(re.findall(r"CDSRULES_[A-Z]+(?:_[A-Z]+)*", sources))

    assert "CDSRULES_SITE" in named
    for variable in named - {f"{PREFIX}{one.name.upper()}" for one in fields(ServiceSettings)}:
        read_settings("", {variable: "x"})


def test_a_rule_that_is_none_has_no_band() -> None:
    """A slip would leave the rule that was meant without one."""
    rules = ["consult-colleague", "plan-reviewed"]

    def bands(*lines: str) -> Mapping[str, Band]:
        text = "\n".join(["[expected]", *(f"{line} = {{at_least = 2}}" for line in lines)])
        return read_settings(text, {}, "service.toml").expected

    check_expected(bands("plan-reviewed", '"practice:over-capacity"'), rules)
    with pytest.raises(SettingsError) as wrong:
        check_expected(bands("plan-reviewed", "plan-reveiwed", "zzz"), rules)
    assert str(wrong.value) == (
        "service.toml:3:1: CDS330 There is no rule `plan-reveiwed`, so nothing is held to this band. "
        "Did you mean `plan-reviewed`?\n"
        "service.toml:4:1: CDS330 There is no rule `zzz`, so nothing is held to this band. "
        "Write the id of a rule that is loaded, or delete the line."
    )


def test_what_is_no_toml_is_said() -> None:
    (said,) = refused("port = ")

    assert said.startswith("settings:1:1: CDS380 This is no TOML.")
    (said,) = refused("host = 'caf\udce9'")
    assert said.startswith("settings:1:12: CDS004 Here stands a character that is not stored as UTF-8.")


def test_an_open_service_listens_on_this_machine_only() -> None:
    (said,) = refused("", CDSRULES_HOST="0.0.0.0")

    assert said == (
        "CDSRULES_HOST: 0.0.0.0 is not this machine alone, and without [[clients]] everybody could call. Name the "
        "clients that may, or set host to 127.0.0.1."
    )
    assert read_settings("", {"CDSRULES_HOST": "::1"}).is_open


def test_documents_are_not_sealed_without_a_key() -> None:
    words = "to keep client documents sealed, give a key in record_keys."
    assert refused('port = 8001\nkeep = "sealed"') == [f"settings:2: keep: {words}"]
    assert refused("", CDSRULES_KEEP="sealed") == [f"CDSRULES_KEEP: {words}"]
    assert refused('keep = "sealed"\nrecord_keys = []') == [f"settings:2: record_keys: {words}"]


def test_a_key_that_is_none_is_told_by_its_line_and_number_and_never_shown() -> None:
    (said,) = refused(f'keep = "sealed"\nrecord_keys = ["{KEY}", "abc"]', CDSRULES_PORT="8001")

    assert said.startswith("settings:2: record_keys: number 2 of 2 is no key. A key for records is 32 random bytes in ")
    assert "abc" not in said
    assert refused("", CDSRULES_RECORD_KEYS="x")[0].startswith("CDSRULES_RECORD_KEYS: number 1 of 1 is no key. ")


TWO = """
[[clients]]
issuer = "https://north.example"
jwks_url = "https://north.example/jwks"
{north}
[[clients]]
issuer = "https://south.example"
jwks_url = "https://south.example/jwks"
{south}
"""


def test_ehrs_that_share_records_say_whose_patients_they_call_about() -> None:
    plain = TWO.format(north="", south="")
    named = TWO.format(north='register = "north"', south='register = "south"')

    same = "patients of two EHRs may have the same id"
    first, second = refused('records = "r.db"\n' + plain)
    assert first.startswith(f"settings:3: clients: {same}")
    assert second.startswith(f"settings:7: clients: {same}")
    (said,) = refused('records = "r.db"\n' + TWO.format(north='register = "n"', south=""))
    assert said.startswith(f"settings:7: clients: {same}")
    assert read_settings(plain, {}).register_of("https://north.example") == ""
    settings = read_settings('records = "r.db"\n' + named, {})
    assert [settings.register_of(f"https://{one}.example") for one in ("north", "south", "west")] == [
        *("north", "south", ""),
    ]


def test_either_all_have_a_register_or_none() -> None:
    """Who has none could otherwise answer for the patients of all; a plugin may record where no setting says so."""
    (said,) = refused(TWO.format(north='register = "north"', south=""))

    assert said.startswith("settings:6: clients: patients of two EHRs may have the same id")


def test_a_client_without_a_register_has_that_of_the_site() -> None:
    settings = read_settings('[fhir]\nregister = "site"\n' + TWO.format(north="", south=""), {})

    assert settings.register_of("https://north.example") == "site"


@pytest.mark.parametrize("wrong", ['"North"', '"no rth"', "5", '"-"', '"n:1"', f'"{"n" * 33}"'])
def test_a_register_is_a_word(wrong: str) -> None:
    for text in (TWO.format(north=f"register = {wrong}", south=""), f"[fhir]\nregister = {wrong}"):
        (said,) = refused(text)
        assert "a word of small letters" in said or "has to be a text" in said


def test_an_issuer_that_is_named_twice_is_refused() -> None:
    (said,) = refused(TWO.replace("south", "north").format(north="", south=""))

    twice = "The issuer `https://north.example` stands in line 2 too. Write one `[[clients]]` for each issuer."
    assert said == f"settings:6:1: CDS095 {twice}"


def test_everything_that_is_wrong_with_a_client_is_said_where_it_stands() -> None:
    """Also of several at once: which key, which value, and what to write."""
    text = """\
[[clients]]
issuer = "https://north.example"
jwks_url = "https://north.example/jwks"
register = "North East"
registr = "north"

[[clients]]
issuer = 5
jwks_url = "north.example"

[[clients]]
issuer = "https://north.example"
jwks_url = "https://north.example/jwks"
"""
    twice = "The issuer `https://north.example` stands in line 1 too. Write one `[[clients]]` for each issuer."
    word = "Write a word of small letters, figures and hyphens for the register, like north."
    quoted = "Put it in double quotes if a text is meant."
    whole, address = "a whole address", 'Write it like `jwks_url = "https://ehr.example.org/jwks"`.'
    assert refused(text) == [
        f"settings:4:1: CDS027 `North East` is no name of a register. {word}",
        "settings:5:1: CDS024 `registr` is not a key of a client. Did you mean `register`?",
        f"settings:8:1: CDS025 `issuer` has to be a text, but here stands the number 5. {quoted}",
        f"settings:9:1: CDS025 `jwks_url` has to be {whole}, but here stands the text `north.example`. {address}",
        f"settings:11:1: CDS095 {twice}",
    ]
    (said,) = refused('port = 1\nclients = "north"')
    assert said.startswith("settings:2:1: CDS025 `clients` has to be a list, but here stands the text `north`. Write ")


def test_so_many_slips_that_nobody_reads_them_are_a_thousand() -> None:
    said = refused("[expected]\n" + "\n".join(f"a{number} = 1" for number in range(2_000)))

    assert len(said) == 1_001
    assert said[0].startswith("settings:1:1: CDS106 There are more than 1,000 problems")


@pytest.mark.parametrize(
    "wrong", ["https://x/a b", "https://u:p@x", "https://x:port", "https://x:0", "https://x/é", "https://x/|"]
)
def test_an_address_that_nobody_can_call_is_refused(wrong: str) -> None:
    assert "write a whole address" in refused(f'base_url = "{wrong}"')[0]


@pytest.mark.parametrize("elsewhere", ["https://cds.example.org", "http://10.0.0.4:8000"])
def test_a_service_that_is_called_from_elsewhere_is_not_open_to_everybody(elsewhere: str) -> None:
    (said,) = refused(f'port = 8000\nbase_url = "{elsewhere}"')

    assert said == (
        f"settings:2: base_url: {elsewhere} is not on this machine, so what stands there lets everybody in, and no "
        "clients are named that may call. Name them, or leave base_url out."
    )
    assert read_settings('base_url = "http://localhost:9000"', {}).is_open


def test_clients_from_elsewhere_call_over_https() -> None:
    assert refused(WHOLE.replace("https://cds.example/", "http://cds.example")) == [
        "settings:4: base_url: clients call over https; write the address they use as base_url, beginning with https://."
    ]
    without = WHOLE.replace('base_url = "https://cds.example/"', "")
    assert refused(without)[0].startswith("settings:2: host: clients call over https; write the address they use as ")


def test_a_setting_of_fhir_that_is_none_is_named() -> None:
    (said,) = refused("[fhir]\nflag = {}\n")

    assert said == "settings:2:1: CDS024 `flag` is not a key of [fhir]. Did you mean `flags`?"
