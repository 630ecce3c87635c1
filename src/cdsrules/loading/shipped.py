"""Where the rules and schemas that come with cdsrules are, in a wheel or in a checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from cdsrules.errors import CdsrulesError


def shipped_rules() -> Path:
    """The folder of the shipped rulebooks and vocabularies.

    >>> shipped_rules().name
    'rules'

    Raises:
        CdsrulesError: the installation is damaged and the folder is not there.
    """
    return _shipped("rules")


def shipped_schemas() -> Path:
    """The folder of the shipped JSON Schemas.

    >>> shipped_schemas().name
    'schemas'

    Raises:
        CdsrulesError: the installation is damaged and the folder is not there.
    """
    return _shipped("schemas")


def _shipped(name: str) -> Path:
    package = Path(str(files("cdsrules")))
    in_wheel = package / "_shipped" / name
    in_checkout = package.parent.parent / name
    for folder in (in_wheel, in_checkout):
        if folder.is_dir():
            return folder
    message = (
        f"The {name} that come with cdsrules are missing: neither {in_wheel} nor {in_checkout} is there. "
        "Install it again: pip install --force-reinstall cdsrules"
    )
    raise CdsrulesError(message)
