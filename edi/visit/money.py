"""The amounts of a record, exactly."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache


@lru_cache(maxsize=8192)
def dollars(amount: str | int | float) -> Decimal:
    """The exact amount a record means; a JSON number counts as it is written (215.1 is 215.10, not 215.0999...)."""
    return Decimal(amount) if isinstance(amount, str) else Decimal(repr(amount))


@lru_cache(maxsize=8192)
def two_places(amount: Decimal) -> str:
    """ "215.00", as payloads and reports have an amount."""
    return f"{amount:.2f}"
