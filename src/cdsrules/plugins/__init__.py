"""How other packages add to cdsrules: hook specifications and the plugin session."""

from cdsrules.plugins.hookspecs import hookimpl

__all__ = ["hookimpl"]
