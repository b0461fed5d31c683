"""Rules on fees, and on the amounts of other payers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from edi.guide.segments import ADJUSTED, ADJUSTMENTS
from edi.rules import sources
from edi.rules.messages import line_path, quoted, safe
from edi.rules.profile import Profile
from edi.rules.registry import APEXIFICATION_CLAIM, Problem, Problems, Scope, rule
from edi.visit import feature as has
from edi.visit.facts import Facts
from edi.visit.money import dollars
from edi.visit.record import Adjustment, OtherInsurance

_CENTS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,2})?")
_AMOUNT = re.compile(r"-?[0-9]{1,8}(?:\.[0-9]{1,2})?")


def is_amount(fee: object) -> bool:
    """A decimal of at most two places and eight digits before them, as text or as a JSON number."""
    if type(fee) is str:
        return _AMOUNT.fullmatch(fee) is not None
    # repr gives a float's shortest decimal: 215.1 is "215.1", and 215.005, 1e+22, nan and inf do not match.
    return type(fee) in (int, float) and _AMOUNT.fullmatch(repr(fee)) is not None


@lru_cache(maxsize=4096, typed=True)  # true is no amount, 1 is one
def _is_usual(fee: str | int | float) -> bool:
    return is_amount(fee) and float(fee) > 0


def _has_odd_fee(facts: Facts) -> bool:
    return not all(map(_is_usual, [line["fee"] for line in facts.procedures])) or any(_other_amounts(facts))


def _other_amounts(facts: Facts) -> Iterator[tuple[str, str | int | float]]:
    """Path and amount of what the patient paid, and of sales taxes."""
    if "patientPaid" in facts.visit:
        yield "/patientPaid", facts.visit["patientPaid"]
    for place, line in enumerate(facts.procedures):
        if "salesTax" in line:
            yield f"/procedures/{place}/salesTax", line["salesTax"]


@rule(
    "APX-CHG-FORM",
    "charge",
    "error",
    title="Fee not in dollars and cents",
    checks="Every fee, sales tax and payment of the patient is an amount of at most two decimal places, below 100,000,000.",
    why="The payer rejects an amount that it cannot read, or pays a wrong one.",
    fix="Write dollars and cents with a point and no sign: 215.00.",
    source=sources.GUIDE,
    when=_has_odd_fee,
    denials=("16",),
    remarks=("M79",),
    element=("2400", "SV302"),
)
def unreadable_fee(facts: Facts, profile: Profile) -> Problems:
    return [
        Problem(
            f"/procedures/{place}/fee",
            f"The fee of {safe(line['code'])} is {quoted(str(line['fee']))}, not an amount below 100,000,000 with at most two decimal places.",
        )
        for place, line in enumerate(facts.procedures)
        if not is_amount(line["fee"])
    ] + [
        Problem(path, "This is not an amount below 100,000,000 with at most two decimal places.")
        for path, amount in _other_amounts(facts)
        if not is_amount(amount)
    ]


@rule(
    "APX-CHG-NEGATIVE",
    "charge",
    "error",
    title="Negative fee",
    checks="No fee of a procedure is below zero.",
    why="A claim cannot give money back: that takes a void or a replacement.",
    fix="Write the fee that was charged; to take a claim back use `claim.frequency` void.",
    source=sources.GUIDE,
    when=_has_odd_fee,
    denials=("16",),
    remarks=("M79",),
    element=("2400", "SV302"),
)
def negative_fee(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, line in enumerate(facts.procedures):
        fee = line["fee"]
        below = fee.startswith("-") if isinstance(fee, str) else fee < 0
        if below and is_amount(fee):
            message = f"The fee of {safe(line['code'])} is {fee}."
            problems.append(Problem(f"/procedures/{place}/fee", message))
    return problems


@rule(
    "APX-CHG-ZERO",
    "charge",
    "warning",
    title="Fee of zero",
    checks="D3351, D3352 and D3353 have a fee above zero (an encounter may have none).",
    why="A fee of zero is paid zero, and a later correction looks suspicious.",
    fix="Write the office's usual fee, even if the plan pays less.",
    source=sources.CHOICE,
    scope=APEXIFICATION_CLAIM._replace(never=has.VOID | has.ENCOUNTER),
    when=_has_odd_fee,
    denials=("16",),
    remarks=("M79",),
    element=("2400", "SV302"),
)
def zero_fee(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for line in facts.lines:
        fee = facts.procedures[line.place]["fee"]
        if is_amount(fee) and not float(fee):
            problems.append(Problem(line_path(line, "fee"), f"{line.code} has a fee of zero."))
    return problems


def _adjusted(adjustments: Sequence[Adjustment]) -> Decimal:
    return sum((dollars(each["amount"]) for each in adjustments), Decimal(0))


@rule(
    "APX-CHG-OTHER-LINE",
    "charge",
    "error",
    title="Line of another payer that does not balance",
    checks="On each procedure, another payer's paid amount and adjustments add up to the fee; each procedure has one decision of that payer.",
    why="A secondary payer works from these sums; a claim that does not balance is refused before anybody reads it.",
    fix="Copy the paid amount and every adjustment of the line from the other payer's explanation of benefits.",
    source=sources.GUIDE,
    scope=Scope(needs=has.OTHER_PAYERS),
    denials=("16",),
    remarks=("MA04",),
    element=("2430", "SVD02"),
)
def unbalanced_line(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, other in enumerate(facts.visit.get("otherInsurance", ())):
        decided: set[int] = set()
        for row, line in enumerate(other.get("lines", ())):
            path = f"/otherInsurance/{place}/lines/{row}"
            if line["line"] > len(facts.procedures):
                message = (
                    f"The other payer decided on line {line['line']}; this claim has {len(facts.procedures)}."
                )
                problems.append(Problem(f"{path}/line", message, "Number the procedures from 1."))
                continue
            number = line["line"]
            if number in decided:
                message = f"The other payer has two decisions on line {number}."
                problems.append(Problem(f"{path}/line", message, "Write one decision with the total paid."))
                continue
            decided.add(number)
            fee = facts.procedures[number - 1]["fee"]
            amount = dollars(line["paidAmount"]) + _adjusted(line.get("adjustments", ()))
            if is_amount(fee) and amount != dollars(fee):
                message = f"The other payer's paid amount and adjustments of line {number} add up to {amount}, not to its fee of {fee}."
                problems.append(Problem(f"{path}/paidAmount", message))
    return problems


@rule(
    "APX-CHG-OTHER-PAYER",
    "charge",
    "error",
    title="Claim of another payer that does not balance",
    checks="Another payer's paid amount and its adjustments, of the claim and its lines, add up to the total charge.",
    why="A secondary payer works from these sums; a claim that does not balance is refused before anybody reads it.",
    fix="Copy the paid amount and every adjustment from the other payer's explanation of benefits.",
    source=sources.GUIDE,
    scope=Scope(needs=has.OTHER_PAYERS),
    denials=("16",),
    remarks=("MA04",),
    element=("2320", "AMT02"),
)
def unbalanced_payer(facts: Facts, profile: Profile) -> Problems:
    # A fee that is no amount, or a line that does not add up, is the finding; the sum of the claim only follows from it.
    if not all(is_amount(line["fee"]) for line in facts.procedures) or unbalanced_line(facts, profile):
        return None
    total = sum((dollars(line["fee"]) for line in facts.procedures), Decimal(0))
    problems = []
    for place, other in enumerate(facts.visit.get("otherInsurance", ())):
        lines = other.get("lines", ())
        if "paidAmount" not in other:
            continue
        decided = dollars(other["paidAmount"]) + _adjusted(other.get("adjustments", ()))
        decided += sum((_adjusted(line.get("adjustments", ())) for line in lines), Decimal(0))
        if decided != total:
            message = f"The other payer's paid amount and adjustments add up to {decided}, not to the total charge of {total}."
            problems.append(Problem(f"/otherInsurance/{place}/paidAmount", message))
    return problems


def _amounts(other: OtherInsurance) -> Iterator[tuple[str, str | int | float]]:
    """Every amount of another payer, with its place below it."""
    for key in ("paidAmount", "nonCoveredAmount", "remainingLiability"):
        if key in other:
            yield f"/{key}", other[key]
    for place, each in enumerate(other.get("adjustments", ())):
        yield f"/adjustments/{place}/amount", each["amount"]
    for row, line in enumerate(other.get("lines", ())):
        yield f"/lines/{row}/paidAmount", line["paidAmount"]
        if "remainingLiability" in line:
            yield f"/lines/{row}/remainingLiability", line["remainingLiability"]
        for place, each in enumerate(line.get("adjustments", ())):
            yield f"/lines/{row}/adjustments/{place}/amount", each["amount"]


@rule(
    "APX-CHG-OTHER-FORM",
    "charge",
    "error",
    title="Another payer's amount not in dollars and cents",
    checks="Every amount of another payer has at most two decimal places.",
    why="Payers pay whole cents. An amount with more places was calculated, and is rejected or misread.",
    fix="Copy the amount from the other payer's explanation of benefits, in dollars and cents.",
    source=sources.GUIDE,
    scope=Scope(needs=has.OTHER_PAYERS),
    denials=("16",),
    remarks=("MA04",),
    element=("2320", "AMT02"),
)
def parts_of_a_cent(facts: Facts, profile: Profile) -> Problems:
    # The schema has looked at amounts that are text.
    return [
        Problem(
            f"/otherInsurance/{place}{path}", "The other payer's amount has more than two decimal places."
        )
        for place, other in enumerate(facts.visit.get("otherInsurance", ()))
        for path, amount in _amounts(other)
        if type(amount) is float and not _CENTS.fullmatch(repr(amount))
    ]


@rule(
    "APX-CHG-OTHER-ROOM",
    "charge",
    "error",
    title="Too many adjustments of another payer",
    checks="Another payer's adjustments, of the claim or of a line, fit into five CAS segments of one group and at most six =>"
    "adjustments each.",
    why="A claim has no room for more, and is rejected.",
    fix="Combine adjustments of the same group and reason.",
    source=sources.GUIDE,
    scope=Scope(needs=has.OTHER_PAYERS),
    denials=("16",),
    remarks=("MA04",),
    element=("2320", "CAS01"),
)
def no_room(facts: Facts, profile: Profile) -> Problems:
    problems = []
    for place, other in enumerate(facts.visit.get("otherInsurance", ())):
        path = f"/otherInsurance/{place}"
        problems += _crowded(other.get("adjustments", ()), path)
        for row, line in enumerate(other.get("lines", ())):
            problems += _crowded(line.get("adjustments", ()), f"{path}/lines/{row}")
    return problems


def _crowded(adjustments: Sequence[Adjustment], path: str) -> list[Problem]:
    groups = Counter(each["group"] for each in adjustments)
    needed = sum(-(-count // ADJUSTMENTS) for count in groups.values())
    if needed <= ADJUSTED:
        return []
    message = (
        f"The {len(adjustments)} adjustments take {needed} CAS segments; a claim has room for {ADJUSTED}."
    )
    return [Problem(f"{path}/adjustments", message)]
