"""Imagined clients: a small record with everything open, and the facts as they follow from it."""
