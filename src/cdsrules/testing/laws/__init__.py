"""Laws: what must hold for every client, written as YAML and put to clients who are imagined."""
