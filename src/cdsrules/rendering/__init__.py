"""Guidance for the eye: text for a terminal, one HTML page, the chart of scores. Values in, strings out."""
