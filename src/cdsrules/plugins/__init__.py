"""How other packages add to cdsrules: hook specifications, what hooks hand over, and the plugin session."""

from cdsrules.plugins.hookspecs import hookimpl
from cdsrules.plugins.measures import measure
from cdsrules.plugins.offers import Caution, FromRecord

__all__ = ["Caution", "FromRecord", "hookimpl", "measure"]
