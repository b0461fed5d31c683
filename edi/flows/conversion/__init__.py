"""Visits become claims: read, judge, write, verify, publish. `check` goes the same way and publishes nothing."""
