"""Synthetic visits: made-up practices, people and courses of apexification, the same for the same seed."""

from edi.sample.stream import ANCHOR, visits

__all__ = ["ANCHOR", "visits"]
