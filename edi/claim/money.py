"""Dollars as X12 writes them: no trailing zeros, no exponent ("215", "215.5")."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache


@lru_cache(maxsize=8192)
def dollars(amount: str | int | float) -> Decimal:
    """The exact amount a record means; a JSON number counts as it is written (215.1 is 215.10, not 215.0999...)."""
    return Decimal(amount) if isinstance(amount, str) else Decimal(repr(amount))


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
