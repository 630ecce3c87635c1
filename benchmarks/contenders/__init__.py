"""Those that decide the same rules: ours, its peers, and Python compiled by hand as the limit."""
