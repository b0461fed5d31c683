"""Dollars as X12 writes them: no trailing zeros, no exponent ("215", "215.5")."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from edi.visit.money import dollars


@lru_cache(maxsize=8192)
def canonical(amount: Decimal) -> str:
    """X12 type R without anything to spare."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


@lru_cache(maxsize=8192)
def written(amount: str | int | float) -> str:
    """A record's amount as X12 writes it."""
    return canonical(dollars(amount))
