"""Chance that is the same on every Python: only `random.Random(int).random()`, whose stream is promised stable."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws from one seed. `choice` and `randint` are avoided: their streams may change by version."""

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        return int(self._next() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + self.below(high - low + 1)

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def flip(self, share: float) -> bool:
        """True in `share` (0 to 1) of the draws."""
        return self._next() < share

    def digits(self, n: int) -> str:
        """n decimal digits, n at most 15."""
        return str(self.below(10**n)).zfill(n)
