"""Slips made in rules on purpose, and which of them no case notices."""
