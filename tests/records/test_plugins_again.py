"""A receipt runs again with the plugins that took part, and says which of them are not as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cdsrules import Advisor
from cdsrules.loading.files import read_rule_files
from cdsrules.model.client import Client
from cdsrules.model.source import Grade, Source
from cdsrules.plugins import Caution, hookimpl
from cdsrules.plugins.given import GivenFacts
from cdsrules.records.ledger import Ledger
from cdsrules.records.receipt import Receipt, make_receipt, replay
from cdsrules.records.store import Keep, Records
from tests.client_documents import document
from tests.plugins.installing import Install

PROPOSING = document(proposed_actions=[{"action": "referral"}])


class Practice:
    """Cautions against every referral."""

    plugin_name = "practice"

    def __init__(self, version: str = "1.0") -> None:
        self.plugin_version = version

    @hookimpl
    def cdsrules_cautions(self, client: Client, facts: GivenFacts) -> Iterator[Caution]:
        source = Source("list", "The waiting list", Grade.LOCAL)
        yield Caution("referral", "full", "No place is free", "No place is free.", "The list says so.", source)


class Audit:
    """Hears, and says nothing."""

    plugin_name = "audit"
    plugin_version = "2.0"

    @hookimpl
    def cdsrules_facts_ready(self, client: Client) -> None:
        assert client.id == "c-1"


def receipt(folder: Path, *plugins: object) -> Receipt:
    """The receipt of an evaluation in which these plugins took part."""
    with (
        Ledger.open(str(folder / "records.db")) as ledger,
        Advisor.load(plugins=plugins) as advisor,
    ):
        records = Records(ledger, keep=Keep.PLAIN)
        records.activation(read_rule_files([]), approved_by="the lead")
        seq = records.evaluation(advisor.evaluate(PROPOSING), PROPOSING)
        return make_receipt(ledger, seq, plugins=plugins)


def written(made: Receipt) -> Receipt:
    """A receipt as it is read from its file."""
    return Receipt.parse(json.loads(json.dumps(made.document())))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Receipt:
    return receipt(tmp_path_factory.mktemp("records"), Practice(), Audit())


def test_with_the_same_plugins_in_any_order_everything_comes_out_the_same(made: Receipt) -> None:
    again = replay(written(made), [Audit(), Practice()])

    assert again.differs == ()
    assert again.guidance is not None
    assert again.guidance.plugins == (("practice", "1.0"), ("audit", "2.0"))


def test_what_a_plugin_said_is_judged_like_a_rule(made: Receipt) -> None:
    (said,) = [one for one in made.judged if one["rule"] == "practice:full"]
    assert said["in_words"] == "Said by the plugin practice 1.0, not by a rule."


def test_a_plugin_that_is_missing_is_named(made: Receipt) -> None:
    differs = replay(written(made), [Audit()]).differs

    assert differs[0] == "the plugin practice 1.0 took part then, and is not there now"
    assert {"proposals came out otherwise", "plugins came out otherwise"} <= set(differs)
    assert not [one for one in differs if "audit" in one]


def test_a_plugin_of_another_version_is_named_and_does_not_take_part(made: Receipt) -> None:
    again = replay(written(made), [Practice("1.1"), Audit()])

    assert again.differs[0] == "the plugin practice took part as 1.0, and is there as 1.1"
    assert again.guidance is not None
    assert again.guidance.plugins == (("audit", "2.0"),)


def test_plugins_that_did_not_take_part_then_do_not_now(tmp_path: Path, installed: Install) -> None:
    without = receipt(tmp_path)
    installed("practice", "raise RuntimeError")

    assert replay(written(without), [Practice()]).differs == ()
    assert replay(written(without)).differs == ()


def test_installed_plugins_are_found_again(tmp_path: Path, installed: Install) -> None:
    code = "@hookimpl\ndef cdsrules_facts_ready(client):\n    pass\n"
    installed("audit", code, "2.0")
    with_audit = receipt(tmp_path, Audit())

    assert replay(written(with_audit)).differs == ()
