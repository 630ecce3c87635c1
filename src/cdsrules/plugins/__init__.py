"""How other packages add to cdsrules: hook specifications, what hooks hand over, and the plugin session."""

from cdsrules.model.unread import Alike
from cdsrules.plugins.hookspecs import hookimpl
from cdsrules.plugins.measures import measure
from cdsrules.plugins.offers import Caution, FromRecord, NotRead

__all__ = ["Alike", "Caution", "FromRecord", "NotRead", "hookimpl", "measure"]
