"""What users may rely on, pinned: a name that appears or goes is a decision, not an accident."""

from inspect import signature

import cdsrules
from cdsrules.loading.shipped import shipped_schemas
from cdsrules.plugins import hookspecs

PUBLIC = [
    "Advisor",
    "CdsrulesError",
    "Client",
    "ClientError",
    "Diagnostic",
    "EngineDisagreement",
    "EngineError",
    "EngineFailure",
    "EngineLimit",
    "EngineUnavailable",
    "Explanation",
    "ExtraMissing",
    "Guidance",
    "Item",
    "Library",
    "PluginMisfit",
    "Position",
    "ProposalAnswer",
    "RuleAccount",
    "RulebookError",
    "Severity",
    "Site",
    "SiteError",
    "Tier",
    "UnknownName",
    "Verdict",
]


def test_the_public_names_are_these_and_sorted() -> None:
    assert cdsrules.__all__ == PUBLIC == sorted(PUBLIC)


def test_every_public_name_is_there_and_explained() -> None:
    assert [name for name in PUBLIC if not (getattr(cdsrules, name).__doc__ or "").strip()] == []


def test_everything_raised_on_purpose_has_one_base() -> None:
    raised = [getattr(cdsrules, name) for name in PUBLIC if name.endswith(("Error", "Misfit", "Missing", "Name"))]
    assert raised
    assert all(issubclass(one, cdsrules.CdsrulesError) for one in raised)


def test_the_hooks_are_these_and_each_says_what_it_is_for() -> None:
    found = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("cdsrules_")}
    asked = {name: tuple(signature(hook).parameters) for name, hook in found.items()}
    assert asked == {
        "cdsrules_rulebooks": (),
        "cdsrules_measures": ("vocabulary",),
        "cdsrules_checks": (),
        "cdsrules_client_from_record": ("record",),
        "cdsrules_facts_ready": ("client", "facts"),
        "cdsrules_cautions": ("client", "facts", "proposed"),
        "cdsrules_guidance_ready": ("guidance",),
        "cdsrules_feedback": ("feedback",),
        "cdsrules_store": (),
        "cdsrules_commands": ("cli",),
        "cdsrules_routes": ("app",),
    }
    assert [name for name, hook in found.items() if not (hook.__doc__ or "").strip()] == []


def test_the_schemas_are_these() -> None:
    assert sorted(path.name for path in shipped_schemas().iterdir()) == [
        "cases.schema.json",
        "client-state.schema.json",
        "dossier.schema.json",
        "guidance.schema.json",
        "impact.schema.json",
        "laws.schema.json",
        "obligations.schema.json",
        "records-stats.schema.json",
        "rulebook.schema.json",
        "test-run.schema.json",
        "vocabulary.schema.json",
    ]
