"""What a change of the rules does to real clients: who gains, loses or keeps which advice, and why."""
