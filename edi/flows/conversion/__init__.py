"""Visits become claims: read, judge, write, verify, publish. `check` does the same and publishes nothing."""
