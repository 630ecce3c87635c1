"""Documents made from the rules, never written by hand: what carries each requirement, the rule book, the dossier."""
