"""What `make bench` measures: the decision core against its peers, and the whole road end to end."""
