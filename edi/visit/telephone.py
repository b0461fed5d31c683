"""Telephone and fax numbers as a claim has them."""

from __future__ import annotations


def digits_of(number: str) -> str:
    """The digits of a number, without the 1 before ten of them."""
    kept = "".join(char for char in number if char.isdigit())
    return kept.removeprefix("1") if len(kept) == 11 else kept
