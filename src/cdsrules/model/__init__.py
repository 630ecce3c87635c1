"""Frozen values: conditions, rulebooks, vocabulary, clients and guidance."""
