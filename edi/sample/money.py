"""Fees of a practice, the ways it writes them, and what another payer did with them."""

from __future__ import annotations

from typing import Any

from edi.sample.chance import Chance

# Usual fees in cents; each practice multiplies by its own level.
_CENTS = {
    "D3351": 42500,
    "D3352": 19500,
    "D3353": 68500,
    "D0140": 7800,
    "D0220": 3250,
    "D0230": 2800,
    "D0274": 6840,
    "D1206": 4200,
    "D1510": 31975,
    "D2330": 16450,
    "D2391": 18500,
    "D7270": 41060,
    "D9110": 12500,
    "D9230": 6525,
}


def cents(code: str, level: int) -> int:
    return _CENTS[code] * level // 100


def written(chance: Chance, amount: int) -> str | int | float:
    """Cents as dollars the way somebody types them: "215.00", "215.5", "215", 215 or 215.5."""
    if chance.flip(0.6):
        return dollars(amount)
    if chance.flip(0.5):
        return short(amount)
    return amount // 100 if amount % 100 == 0 else amount / 100


def dollars(amount: int) -> str:
    """Cents with two places: 21550 is "215.50"."""
    return f"{amount // 100}.{amount % 100:02d}"


def short(amount: int) -> str:
    """Cents without needless zeros: 21550 is "215.5"."""
    return dollars(amount).rstrip("0").rstrip(".")


def settled(chance: Chance, charges: list[int], day: str, by_line: bool) -> dict[str, Any]:
    """What another payer paid and adjusted: paid + adjustments = charge, for each line and for the claim.

    By line, the adjustments stand with the lines alone; else with the claim alone.
    """
    share = chance.pick((50, 60, 80))
    lines, paid_in_all, cut_in_all, owed_in_all = [], 0, 0, 0
    for number, charge in enumerate(charges, start=1):
        cut = charge * chance.between(5, 20) // 100
        paid = (charge - cut) * share // 100
        owed = charge - cut - paid
        paid_in_all += paid
        cut_in_all += cut
        owed_in_all += owed
        line: dict[str, Any] = {"line": number, "paidAmount": dollars(paid), "paidDate": day}
        line["adjustments"] = _adjustments(cut, owed)
        lines.append(line)
    if by_line:
        return {"paidAmount": dollars(paid_in_all), "lines": lines}
    return {
        "paidAmount": dollars(paid_in_all),
        "paidDate": day,
        "adjustments": _adjustments(cut_in_all, owed_in_all),
    }


def _adjustments(cut: int, owed: int) -> list[dict[str, Any]]:
    """The contractual part and the patient's share."""
    return [
        {"group": "CO", "reason": "45", "amount": dollars(cut)},
        {"group": "PR", "reason": "2", "amount": dollars(owed)},
    ]
