"""What came of a test run, for people and for programs: text, JSON, JUnit."""
