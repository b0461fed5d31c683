"""Values of the record as X12 writes them: dates, and dollars without trailing zeros or an exponent ("215", "215.5")."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from edi.visit.money import dollars


def date_text(date: str) -> str:
    """An ISO date as CCYYMMDD."""
    return date.replace("-", "")


@lru_cache(maxsize=8192)
def decimal_text(amount: Decimal) -> str:
    """An exact amount."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


@lru_cache(maxsize=8192)
def amount_text(amount: str | int | float) -> str:
    """An amount of the record."""
    return decimal_text(dollars(amount))
