"""An example of a practice's own software with cdsrules in it."""
