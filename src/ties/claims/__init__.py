"""Claims put to the test: what was said, the number that would make it true, and a verdict."""
