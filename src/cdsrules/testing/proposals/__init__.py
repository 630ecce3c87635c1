"""Cases that are proposed: each closes a gap that the present cases leave, and waits for somebody to sign it."""
