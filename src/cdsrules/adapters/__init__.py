"""Other records turned into a client state, and guidance turned into other records."""
