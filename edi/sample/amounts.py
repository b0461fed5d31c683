"""Fees as practices write them, and what another payer paid of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edi.sample.chance import Chance


def dollars(cents: int) -> str:
    """Cents with two places: 21550 is "215.50"."""
    return f"{cents // 100}.{cents % 100:02d}"


def fee(chance: Chance, cents: int) -> str | int | float:
    """Cents as dollars the way somebody types them: "215.00", "215.5", "215", 215 or 215.5."""
    if chance.flip(0.6):
        return dollars(cents)
    if chance.flip(0.5):
        return dollars(cents).rstrip("0").rstrip(".")
    return cents // 100 if cents % 100 == 0 else cents / 100


def decision(chance: Chance, charges: Sequence[int], day: str) -> dict[str, Any]:
    """What another payer paid and adjusted. Paid and adjusted equal the charge of each line, or of the claim where it did not
    decide by line."""
    by_line = chance.flip(0.5)
    share = chance.pick((50, 60, 80))
    decided = []
    for charge in charges if by_line else [sum(charges)]:
        contractual = charge * chance.between(5, 20) // 100
        paid = (charge - contractual) * share // 100
        amounts = (("CO", "45", contractual), ("PR", "2", charge - contractual - paid))
        adjustments = [
            {"group": group, "reason": reason, "amount": dollars(cents)} for group, reason, cents in amounts
        ]
        decided.append((paid, {"paidAmount": dollars(paid), "paidDate": day, "adjustments": adjustments}))
    if not by_line:
        return decided[0][1]
    lines = [{"line": number} | line for number, (_, line) in enumerate(decided, start=1)]
    return {"paidAmount": dollars(sum(paid for paid, _ in decided)), "lines": lines}
