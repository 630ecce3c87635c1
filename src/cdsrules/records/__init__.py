"""What was shown to whom, what was done with it, and which rules were in force: kept so that it can be proved."""
