"""Findings and runs as text, JSON and HTML."""
