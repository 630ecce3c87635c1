"""The fixtures of the command line serve here too."""

from tests.cli.conftest import write

__all__ = ["write"]
