"""Facts derived from a client's history as of a day, one pure function each."""
