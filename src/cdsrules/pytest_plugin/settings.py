"""What the settings in a host's ini file are called."""

from __future__ import annotations

from typing import Final

WANTED: Final = "cdsrules_cases"
RULES: Final = "cdsrules_rules"
