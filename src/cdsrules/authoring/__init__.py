"""For those who write rules: skeletons to fill in, and adding to a file without touching what stands there."""
