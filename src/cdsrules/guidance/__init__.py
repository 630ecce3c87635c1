"""From conclusions to guidance: order, verdicts, what is missing, explanation."""
